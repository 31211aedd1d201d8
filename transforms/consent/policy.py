"""Which sessions of a batch may be used."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from schemas.outcome import Outcome, Tally
from schemas.raw import RawSessions
from schemas.rejects import Reason
from transforms.consent.erasure import is_erased
from transforms.consent.registry import ConsentSnapshot


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
    first = [
        pc.min(table["t_us"].slice(int(start), int(length))).as_py()
        for start, length in zip(starts, lengths, strict=True)
    ]
    erased = {user for user in set(users) if consent.erased and is_erased(tombstone_keys, consent.erased, user)}
    agreed = np.array(
        [user not in erased and consent.agreed(user, at) for user, at in zip(users, first, strict=True)], dtype=np.bool_
    )
    kept = RawSessions(table.filter(pa.array(np.repeat(agreed, lengths))))
    dropped = int(lengths[~agreed].sum())
    if not dropped:
        return Consented(kept, ())
    return Consented(
        kept,
        (
            (f"outcome.{Outcome.SUPPRESSED}", dropped),
            (f"suppressed.{Reason.NO_CONSENT}", dropped),
            ("sessions.no_consent", int((~agreed).sum())),
        ),
    )
