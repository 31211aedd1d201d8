"""Who agreed to what, and since when.

The registry is a CSV with the columns ``user_id,purpose,version,granted_at,withdrawn_at`` (RFC 3339, UTC; empty means
open). Nobody who is not in it has agreed. Whoever withdrew has not agreed to anything any more, also not to the use of
what was recorded before; a later grant opens what is recorded from then on.
"""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from schemas.errors import FailedError, RefusedError
from transforms.objects.places import content_of

COLUMNS = ("user_id", "purpose", "version", "granted_at", "withdrawn_at")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
EVERYBODY = "all-for-evaluation"
"""Stands in place of a file: treats every user as consenting; for evaluation on a local folder only."""


@dataclass(frozen=True, slots=True)
class ConsentSnapshot:
    """Effective consent at one instant for one purpose: microseconds since the epoch from which each user agreed.

    ``everybody`` is the evaluation mode; ``erased`` then holds the tombstones of those who were erased.
    """

    purpose: str
    granted_us: Mapping[str, int] = field(repr=False)
    everybody: bool = False
    erased: frozenset[str] = frozenset()

    def agreed(self, user_id: str, first_us: int | None) -> bool:
        """Whether what ``user_id`` did from ``first_us`` on may be used (``None``: the recording has no times)."""
        if self.everybody:
            return True
        granted = self.granted_us.get(user_id)
        return granted is not None and (first_us is None or granted <= first_us)

    def as_json(self) -> dict[str, Any]:
        """Return the snapshot as values of JSON's kinds; it names people."""
        return asdict(self) | {"granted_us": dict(self.granted_us), "erased": sorted(self.erased)}

    @classmethod
    def from_json(cls, words: Mapping[str, Any]) -> "ConsentSnapshot":
        """Return the snapshot that ``as_json`` gave."""
        return cls(**{**words, "erased": frozenset(words["erased"])})

    def canonical(self) -> bytes:
        """Return bytes that are equal exactly when effective consent is; to be digested with a key."""
        lines = [self.purpose, "everybody" if self.everybody else "registry"]
        lines += sorted(self.erased)
        lines += [f"{user}\0{granted}" for user, granted in sorted(self.granted_us.items())]
        return "\n".join(lines).encode()


def read_registry(path: str, purpose: str, now: datetime) -> ConsentSnapshot:
    """Return the consent that is effective at ``now``; raise ``RefusedError`` where the file leaves any doubt.

    A user with several rows agreed from the earliest open grant on that is later than every withdrawal of theirs.
    """
    try:
        text = io.StringIO(content_of(path).decode("utf-8-sig"), newline="")
        grants = dict(_grants(csv.DictReader(text), path, purpose, now))
    except (OSError, FailedError):
        raise RefusedError(f"the consent registry {path} cannot be read; name a readable CSV with --consent") from None
    except (UnicodeDecodeError, csv.Error):
        raise RefusedError(f"the consent registry {path} is not CSV in UTF-8; save it as UTF-8 CSV") from None
    return ConsentSnapshot(purpose, grants)


def _grants(rows: "csv.DictReader[str]", path: str, purpose: str, now: datetime) -> Iterator[tuple[str, int]]:
    if tuple(rows.fieldnames or ()) != COLUMNS:
        raise RefusedError(f"the consent registry {path} must have exactly the columns {','.join(COLUMNS)}")
    grants: dict[str, list[int]] = {}
    withdrawn: dict[str, int] = {}
    for row in rows:
        where = f"{path}, line {rows.line_num}"
        if None in row or None in row.values() or not row["user_id"] or not row["purpose"]:
            raise RefusedError(f"the consent registry {where}: a field is missing or too many; correct the line")
        granted = _instant(row["granted_at"], where, "granted_at")
        ended = _instant(row["withdrawn_at"], where, "withdrawn_at") if row["withdrawn_at"] else None
        if ended is not None and ended < granted:
            raise RefusedError(f"the consent registry {where}: withdrawn_at is before granted_at; correct the line")
        if row["purpose"] != purpose:
            continue
        user = row["user_id"]
        if ended is not None and ended <= _microseconds(now):
            withdrawn[user] = max(ended, withdrawn.get(user, ended))
        elif granted <= _microseconds(now):
            grants.setdefault(user, []).append(granted)
    for user, instants in grants.items():
        open_from = [granted for granted in instants if user not in withdrawn or granted > withdrawn[user]]
        if open_from:
            yield user, min(open_from)


def _microseconds(instant: datetime) -> int:
    return (instant - _EPOCH) // timedelta(microseconds=1)


def _instant(text: str, where: str, column: str) -> int:
    """Return microseconds since the epoch."""
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        instant = None
    if instant is None or instant.utcoffset() is None:
        raise RefusedError(f"the consent registry {where}: {column} is not an RFC 3339 time with offset; correct it")
    return _microseconds(instant)
