"""Which sessions of a batch may be used."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from schemas.outcome import Outcome, Tally
from schemas.raw import RawSessions
from schemas.rejects import Reason
from transforms.consent.erasure import is_erased
from transforms.consent.registry import ConsentSnapshot

_NEVER = np.iinfo(np.int64).max


@dataclass(frozen=True, slots=True)
class Consented:
    """The sessions of people who agreed, and how many events of others were dropped; those are kept nowhere."""

    sessions: RawSessions
    tally: tuple[Tally, ...]


def keep_consented(
    sessions: RawSessions, consent: ConsentSnapshot, tombstone_keys: tuple[bytes, ...] = ()
) -> Consented:
    """Return the sessions whose every event was recorded after its user agreed; a session stays or goes whole.

    ``tombstone_keys`` are needed where the snapshot carries tombstones (``without_erased``).
    """
    table = sessions.table
    if not table.num_rows:
        return Consented(sessions, ())
    codes = table["session_id"].combine_chunks().dictionary_encode().indices.to_numpy(zero_copy_only=False)
    episodes = table["episode"].to_numpy()
    starts = np.flatnonzero(np.concatenate([[True], (codes[1:] != codes[:-1]) | (episodes[1:] != episodes[:-1])]))
    lengths = np.diff(np.append(starts, len(codes)))
    users = table["user_id"].take(pa.array(starts)).to_pylist()
    first = _first_times(table["t_us"], starts)
    erased = {user for user in set(users) if consent.erased and is_erased(tombstone_keys, consent.erased, user)}
    agreed = np.array(
        [user not in erased and consent.agreed(user, at) for user, at in zip(users, first, strict=True)], dtype=np.bool_
    )
    if agreed.all():
        return Consented(sessions, ())
    dropped = int(lengths[~agreed].sum())
    return Consented(
        RawSessions(table.filter(pa.array(np.repeat(agreed, lengths)))),
        (
            (f"outcome.{Outcome.SUPPRESSED}", dropped),
            (f"suppressed.{Reason.NO_CONSENT}", dropped),
            ("sessions.no_consent", int((~agreed).sum())),
        ),
    )


def _first_times(t_us: pa.ChunkedArray, starts: npt.NDArray[np.int64]) -> list[int | None]:
    """Return the earliest time of each session, ``None`` where it has none."""
    first = np.minimum.reduceat(t_us.fill_null(_NEVER).to_numpy(), starts).tolist()
    return [None if time == _NEVER else time for time in first]
