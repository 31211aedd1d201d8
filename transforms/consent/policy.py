"""Consent rules for the sessions of a batch and for rejected records."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from schemas.claims import NOTHING, Claim, ConsentStatus, Declaration
from schemas.raw import RawSessions
from schemas.rejects import Reason
from schemas.tally import Tally, TallyGroup, tally_suppressed
from transforms.consent.erasure import is_erased
from transforms.consent.registry import ConsentSnapshot
from transforms.editor.event_columns import session_starts

_NEVER = np.iinfo(np.int64).max


@dataclass(frozen=True, slots=True)
class ConsentedSessions:
    """Sessions of people who agreed, and the counts of dropped events, which are stored nowhere."""

    sessions: RawSessions
    tally: tuple[Tally, ...]


def keep_consented(
    sessions: RawSessions, consent: ConsentSnapshot, tombstone_keys: tuple[bytes, ...] = ()
) -> ConsentedSessions:
    """Keep the sessions whose every event was recorded after its user agreed; a session stays or goes whole.

    ``tombstone_keys`` are needed where the snapshot carries tombstones (``without_erased``).
    """
    table = sessions.table
    if not table.num_rows:
        return ConsentedSessions(sessions, ())
    begun = _Sessions.of(table)
    erased = {user for user in set(begun.users) if consent.erased and is_erased(tombstone_keys, consent.erased, user)}
    refusals = [
        Reason.ERASED if user in erased else consent.refusal(user, at, declared)
        for user, at, declared in zip(begun.users, begun.first_us, begun.declared, strict=True)
    ]
    lengths = np.diff(np.append(begun.starts, table.num_rows))
    agreed = np.array([refusal is None for refusal in refusals], dtype=np.bool_)
    if agreed.all():
        return ConsentedSessions(sessions, ())
    kept = RawSessions(table.filter(pa.array(np.repeat(agreed, lengths))))
    return ConsentedSessions(kept, _count_dropped(zip(refusals, lengths.tolist(), strict=True)))


def list_refused_by_header(
    sessions: RawSessions, consent: ConsentSnapshot, tombstone_keys: tuple[bytes, ...] = ()
) -> list[str]:
    """List the sessions that may not be used for what they declare alone: their people agreed to something else.

    A part of such a session that comes later may not declare it again.
    """
    table = sessions.table
    begun = _Sessions.of(table)
    ids = table["session_id"].take(pa.array(begun.starts)).to_pylist()
    return [
        session
        for session, user, at, declared in zip(ids, begun.users, begun.first_us, begun.declared, strict=True)
        if declared
        and consent.refusal(user, at, declared) is not None
        and consent.refusal(user, at) is None
        and not (consent.erased and is_erased(tombstone_keys, consent.erased, user))
    ]


@dataclass(frozen=True, slots=True)
class _Sessions:
    """First row, user, first time and declaration of each session of a batch."""

    starts: npt.NDArray[np.int64]
    users: Sequence[str] = field(repr=False)
    first_us: Sequence[int | None]
    declared: Sequence[Declaration] = field(repr=False)

    @classmethod
    def of(cls, table: pa.Table) -> "_Sessions":
        """Find the sessions of a table of ``RAW_SCHEMA``, whose rows are contiguous."""
        starts = np.array(session_starts(table), dtype=np.int64)
        begun = table.select(["user_id", "declared_purposes", "declared_versions"]).take(pa.array(starts))
        first = _first_times(table["t_us"], starts)
        return cls(starts, begun["user_id"].to_pylist(), first, list(_read_declared(begun)))


def consent_status_of(claim: Claim, consent: ConsentSnapshot, tombstone_keys: tuple[bytes, ...] = ()) -> ConsentStatus:
    """Return whether everybody in a record agreed; nobody's default is yes.

    Where nobody knows who they are, they agreed in evaluation mode alone, and there only while nobody was erased: a
    record without a name may be that person's. A record that may lie in a stretch that its user took out is refused.
    """
    for user in claim.users:
        if consent.restrictions.may_touch(user, claim.first_us):
            return ConsentStatus.REFUSED
        gone = consent.erased and is_erased(tombstone_keys, consent.erased, user)
        if gone or not consent.has_agreed(user, claim.first_us, claim.declared):
            return ConsentStatus.REFUSED
    if consent.is_other_purpose(claim.declared):
        return ConsentStatus.REFUSED
    if claim.is_certain:
        return ConsentStatus.AGREED
    return ConsentStatus.AGREED if consent.everybody and not consent.erased else ConsentStatus.UNKNOWN


def _read_declared(begun: pa.Table) -> Iterator[Declaration]:
    """Yield the consent that the session of each row declares."""
    if begun["declared_purposes"].null_count == begun["declared_versions"].null_count == begun.num_rows:
        yield from [NOTHING] * begun.num_rows
        return
    columns = (begun[name].to_pylist() for name in ("declared_purposes", "declared_versions"))
    for purposes, versions in zip(*columns, strict=True):
        yield Declaration(frozenset(purposes or ()), frozenset(versions or ()))


def _count_dropped(refusals: Iterable[tuple[Reason | None, int]]) -> tuple[Tally, ...]:
    counts: Counter[str] = Counter()
    for reason, events in refusals:
        if reason is not None:
            counts.update(dict(tally_suppressed(reason, events)))
            counts[TallyGroup.SESSIONS.of(reason)] += 1
    return tuple(counts.items())


def _first_times(t_us: pa.ChunkedArray, starts: npt.NDArray[np.int64]) -> list[int | None]:
    """Find the earliest time of each session, ``None`` where it has none."""
    if not len(starts):
        return []
    first = np.minimum.reduceat(t_us.fill_null(_NEVER).to_numpy(), starts).tolist()
    return [None if time == _NEVER else time for time in first]
