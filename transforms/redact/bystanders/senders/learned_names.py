"""Names of the recorder in one window, as the session tells them: beside typed words, and in labels of accounts."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from transforms.redact.bystanders.recorder_names import ListedNames
from transforms.redact.bystanders.senders.accounts import join_accounts
from transforms.redact.bystanders.senders.heads import RecorderNames
from transforms.redact.bystanders.senders.words import says_you

_LEAST_OTHERS = 2
"""Fewest messages of others that cannot be edited, beside those of one sender that can."""


class Evidence(NamedTuple):
    """Names beside words that were typed in the session, the sender first; whether they were typed before."""

    names: tuple[str, ...]
    was_typed: bool

    def __repr__(self) -> str:
        """Hide the names."""
        return f"Evidence(was_typed={self.was_typed})"


# Words that stood beside a name before they were typed: somebody else said them first. Typed words beside two names,
# one of which may be ``You``: the other said the same, or passed them on.
def learn_names(
    typed: Sequence[Evidence],
    accounts: Collection[frozenset[str]],
    editable: Sequence[tuple[str, bool | None]],
    listed: ListedNames,
) -> RecorderNames:
    """Judge by whose side typed words stand, whom the window calls the recorder, and whose messages can be edited.

    Names that contradict one another tell nothing.
    """
    told, edited = join_accounts(accounts), _find_editor(editable)
    names = {evidence.names[0] for evidence in typed}
    every = {name for evidence in typed for name in evidence.names}
    others = {name for name in every | told | edited if listed.is_other(name)}
    others |= {name for evidence in typed if not evidence.was_typed for name in evidence.names}
    named = {name for name in names if not says_you(name)}
    found = set[str]()
    if len(named) == 1 and named == names and not named & others:
        found |= {name for evidence in typed for name in evidence.names if not says_you(name)}
    if not told & others:
        found |= told
    known = found | names | {name for name, _ in editable if listed.is_own(name) or says_you(name)}
    if not known - edited:
        found |= edited
    return RecorderNames(listed.is_own, frozenset(found - others), you=not named or len(names) > len(named))


# ``Ann | 10:42 | see you | Edit`` among ``Bo | 10:43 | no | Reply``; who may edit all messages tells nothing.
def _find_editor(editable: Sequence[tuple[str, bool | None]]) -> set[str]:
    """Find the one sender whose messages, all of them and no others, can be edited, as far as that is known."""
    can = {name for name, is_editable in editable if is_editable}
    cannot = [name for name, is_editable in editable if is_editable is False]
    return can if len(can) == 1 and can.isdisjoint(cannot) and len(cannot) >= _LEAST_OTHERS else set()
