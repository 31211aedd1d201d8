"""Withdrawals while a release is sealed: who withdrew is taken out of it before the run ends (ADR 66).

A run reads the registry right before the signature, and once more when the release is sealed. From before the signature
on, private state holds who had agreed, sealed, so that the next run of the dataset does it for one that was killed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from pipelines.config import RunConfig
from pipelines.release.release_erasure import ReleaseErasure
from pipelines.state.private_state import PrivateState
from pipelines.state.sealed_record import forget_sealed, keep_sealed, list_sealed, read_sealed
from pipelines.state.tombstones import ErasureRecords
from schemas.errors import RefusedError
from schemas.privacy import Profile
from transforms.consent.registry import ConsentSnapshot
from transforms.dataset.layout import ReleaseLayout, release_at
from transforms.object_store.addresses import open_store
from transforms.object_store.atomic_files import lock_release

_FOLDER = "sealing"


@dataclass(frozen=True, slots=True)
class LateWithdrawals:
    """People who withdrew, and whether anybody took out a stretch or a word, while a release was sealed."""

    people: int = 0
    stretches: bool = False
    are_found: bool = True

    def __str__(self) -> str:
        """Say it in a sentence for whoever runs it; '' where there was nothing."""
        if self.people and not self.are_found:
            return (
                "somebody withdrew while it was sealed and stays in it: its rows name nobody, so theirs are not found"
            )
        said = ["whoever withdrew while it was sealed was taken out of it again"] if self.people else []
        if self.stretches:
            said.append(
                "somebody took out a stretch or a word while it was sealed, and it stays in; keyveil erase takes out a "
                "person"
            )
        return "; ".join(said)


class _Sealing(NamedTuple):
    """Release that a run began to seal: its address, and who had agreed."""

    release: str
    purpose: str
    profile: str
    consent: ConsentSnapshot


def note_sealing(private: PrivateState, layout: ReleaseLayout, consent: ConsentSnapshot, profile: Profile) -> None:
    """Keep who agrees to a release that is about to be signed."""
    if not consent.everybody:
        note = {"release": layout.folder, "profile": profile.value, "consent": consent.as_json()}
        keep_sealed(private, _FOLDER, layout.release_id, note)


def settle(private: PrivateState, release_id: str, now: ConsentSnapshot, config: RunConfig) -> LateWithdrawals:
    """Take whoever withdrew since the signature out of a sealed release; ``now`` was read after it.

    The caller holds the lock of the release. Raises ``RefusedError`` where the registry may have been cut short.
    """
    before = read_sealed(private, _FOLDER, release_id, _parse)
    if before is None:
        return LateWithdrawals()
    late = LateWithdrawals()
    if _is_sealed(release_at(before.release)):
        _check_whole(before, now, config.consent.max_drop)
        lost = now.find_lost(before.consent)
        is_found = before.profile == Profile.RESTRICTED
        for user in sorted(lost) if is_found else ():
            take_out(private, user, before.release)
        same = tuple(now.restrictions.canonical()) == tuple(before.consent.restrictions.canonical())
        late = LateWithdrawals(len(lost), not same, is_found)
    forget_sealed(private, _FOLDER, release_id)
    return late


def settle_earlier(
    private: PrivateState, home: str, now: ConsentSnapshot, config: RunConfig
) -> Iterator[tuple[str, LateWithdrawals]]:
    """Settle what runs into the dataset at ``home`` left that were killed; yield what there was, by release."""
    for release_id in () if now.everybody else list_sealed(private, _FOLDER):
        before = read_sealed(private, _FOLDER, release_id, _parse)
        if before is None or (release_at(before.release).home, before.purpose) != (home, now.purpose):
            continue
        with lock_release(private.folder, release_id):
            yield release_id, settle(private, release_id, now, config)


def take_out(private: PrivateState, user: str, release: str) -> dict[str, Any] | None:
    """Take a user out of one release; return the proof, ``None`` if the user is not in it. They may agree again.

    Every step may be repeated; a stopped one is finished by ``keyveil erase --pending`` too.
    """
    layout = release_at(release)
    home, erasures = open_store(layout.home), ErasureRecords.of(private)
    name = erasures.begin_withdrawal(user, release)
    work = ReleaseErasure(private, name, user)
    work.enter_tombstones()
    proof = work.erase(layout, home) if home.exists(layout.manifest) else None
    work.enter_replacements([(layout, home)])
    erasures.finish(name)
    return proof


def _is_sealed(layout: ReleaseLayout) -> bool:
    return open_store(layout.home).exists(layout.manifest)


def _check_whole(before: _Sealing, now: ConsentSnapshot, max_drop: float) -> None:
    """Raise ``RefusedError`` where far fewer people are in the registry than at the signature: it may be cut short."""
    gone = before.consent.registered - now.registered
    if gone > 1 and gone > max_drop * before.consent.registered:
        raise RefusedError(
            f"{before.release} is sealed, and the consent registry names over {max_drop:.0%} fewer people than when it "
            "was signed; nobody was taken out of it. Restore the registry if it was cut short, then run the same "
            "command again; if these people left, add --set consent.max_drop=1"
        )


def _parse(form: Any) -> _Sealing:
    consent = ConsentSnapshot.from_json(form["consent"])
    return _Sealing(form["release"], consent.purpose, form["profile"], consent)
