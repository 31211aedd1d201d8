"""Sentences behind an erasure: what it does not do, who else withdrew, and what to back up."""

from collections.abc import Sequence
from datetime import UTC, datetime

from pipelines.cli.next_commands import BACK_UP
from pipelines.observe.text_table import count_people
from pipelines.operations.erase import EraseRequest, ErasureResult
from pipelines.release.subjects import normalise_user_id
from pipelines.state.id_case import folds_case
from pipelines.state.private_state import PrivateState
from transforms.consent.registry import (
    count_later_withdrawals,
    count_partial_withdrawals,
    registered_users,
    withdrawn_users,
)
from transforms.object_store.addresses import normal_uri

_BARRED = (
    "next: every later run leaves them out. Raw logs, and copies that readers made, remain: remove them yourself, and "
    "stop the recorder."
)
_MAYBE_OPEN = "Enter withdrawn_at where the consent registry still has an open row of them."
_OPEN = "Their row in the consent registry is still open: enter withdrawn_at."


def advise_next(request: EraseRequest, private: PrivateState) -> str:
    """Say what is left to do after an erasure."""
    return " ".join(filter(None, (_BARRED, _advise_registry(request, private), BACK_UP)))


def _advise_registry(request: EraseRequest, private: PrivateState) -> str:
    if request.consent is None:
        return _MAYBE_OPEN
    if request.user is None:
        return ""  # whoever is erased by a registry withdrew in it
    fold_case = folds_case(private)
    user = normalise_user_id(request.user, "--user", fold_case=fold_case)
    registered = user in registered_users(request.consent, fold_case=fold_case)
    return _OPEN if registered and user not in _read_withdrawn(request.consent, fold_case=fold_case) else ""


def render_nothing(request: EraseRequest, private: PrivateState) -> str:
    """Say why nobody was erased: no erasure is pending, and of those who withdrew nothing is kept."""
    gone = () if request.consent is None else _read_withdrawn(request.consent, fold_case=folds_case(private))
    return f"{count_people(len(gone))} withdrew; nothing of theirs is kept" if gone else "no erasure is pending"


def note_not_found(request: EraseRequest, found: ErasureResult) -> str:
    """Say that nobody of the id was found, and what that means for the request."""
    if request.dry_run and request.force:
        return f"nobody of this id was found: {found.not_found_in}; without --dry-run the id is barred all the same"
    return (
        f"nobody of this id was found and nothing was written: {found.not_found_in}; check the spelling, or keep out "
        "a person whose recordings are still to come with --force"
    )


def describe_reach(request: EraseRequest, done: Sequence[ErasureResult]) -> str:
    """Say, before an erasure, that it is final, and that it reaches beyond the address; '' where nothing is planned."""
    found = [release["release"] for item in done for release in item.releases]
    if request.user is None or request.uri is None or not request.dry_run or all(item.not_found_in for item in done):
        return ""
    here = f"{normal_uri(request.uri)}/"
    beyond = sum(not f"{address}/".startswith(here) for address in found)
    outside = f" ({beyond} of these releases outside of {request.uri})" if beyond else ""
    return (
        f"next: an erasure takes a person out of every dataset{outside}. Nobody can take it back, and every later run "
        "leaves out whoever has this id: compare these figures with keyveil subject-report of the person, then leave "
        "out --dry-run"
    )


def note_partial(request: EraseRequest, private: PrivateState) -> str:
    """Say how many withdrew from one purpose and agree to another, whom a request over all leaves out."""
    if request.user is not None or request.consent is None:
        return ""
    partly = count_partial_withdrawals(request.consent, datetime.now(UTC), fold_case=folds_case(private))
    if not partly:
        return ""
    agree = "agrees" if partly == 1 else "agree"
    return (
        f"of those who withdrew in the registry, {partly:,} still {agree} to another purpose and "
        f"{'is' if partly == 1 else 'are'} not erased: an erasure takes a person out of the datasets of every "
        "purpose; for who asks for that: keyveil erase --user-file FILE URI"
    )


def count_coming(request: EraseRequest, private: PrivateState) -> int:
    """Count who will withdraw after now by the registry of a request that erases all who withdrew."""
    if request.user is not None or request.consent is None:
        return 0
    return count_later_withdrawals(request.consent, datetime.now(UTC), fold_case=folds_case(private))


def _read_withdrawn(consent: str, *, fold_case: bool) -> tuple[str, ...]:
    return withdrawn_users(consent, datetime.now(UTC), fold_case=fold_case)
