"""Registry of consent: users, purposes, versions and the time from which each holds.

The registry is a CSV with the columns ``user_id,purpose,version,granted_at,withdrawn_at`` (RFC 3339, UTC; empty means
open). Nobody who is not in it has agreed. Whoever withdrew has not agreed to anything any more, also not to the use of
what was recorded before; a later grant opens what is recorded from then on. Ids and purposes are compared in their
canonical form (``schemas.ids``).
"""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from schemas.claims import NOTHING, Declared
from schemas.errors import FailedError, RefusedError
from schemas.ids import canonical_id, canonical_word, look_alike
from schemas.rejects import Reason
from transforms.keys.pseudonym import frame_parts
from transforms.object_store.addresses import content_of

COLUMNS = ("user_id", "purpose", "version", "granted_at", "withdrawn_at")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
EVERYBODY = "all-for-evaluation"
"""Stands in place of a file: treats every user as consenting; for evaluation on a local folder only."""


@dataclass(frozen=True, slots=True)
class ConsentSnapshot:
    """Effective consent at one instant for one purpose.

    ``grants`` maps each user (canonical id) to the versions agreed to (canonical) and the microseconds since the epoch
    from which each holds. ``everybody`` is the evaluation mode; ``erased`` then holds the tombstones of those who were
    erased.
    """

    purpose: str
    grants: Mapping[str, Mapping[str, int]] = field(repr=False)
    everybody: bool = False
    erased: frozenset[str] = frozenset()

    def has_agreed(self, user_id: str, first_us: int | None, declared: Declared = NOTHING) -> bool:
        """Return whether recordings of ``user_id`` from ``first_us`` on may be used."""
        return self.refusal(user_id, first_us, declared) is None

    def refusal(self, user_id: str, first_us: int | None, declared: Declared = NOTHING) -> Reason | None:
        """Find the reason against using recordings of ``user_id`` from ``first_us`` on, ``None`` if they may be used.

        ``first_us`` is ``None`` where the recording has no times. A recording that declares versions needs a grant of
        each of them; one that declares none needs any grant.
        """
        if self.everybody:
            return None
        grants = self.grants.get(user_id)
        if grants is None:
            return Reason.NO_CONSENT
        if self.is_other_purpose(declared):
            return Reason.OTHER_PURPOSE
        if declared.versions - grants.keys():
            return Reason.OTHER_VERSION
        since = max(grants[version] for version in declared.versions) if declared.versions else min(grants.values())
        return None if first_us is None or since <= first_us else Reason.NO_CONSENT

    def is_other_purpose(self, declared: Declared) -> bool:
        """Return whether a recording declares a purpose that is not that of the run."""
        return not self.everybody and not declared.purposes <= {canonical_word(self.purpose)}

    def as_json(self) -> dict[str, Any]:
        """Convert the snapshot to JSON values; they name people."""
        return asdict(self) | {"erased": sorted(self.erased)}

    @classmethod
    def from_json(cls, words: Mapping[str, Any]) -> "ConsentSnapshot":
        """Parse the JSON values of ``as_json``."""
        return cls(**{**words, "erased": frozenset(words["erased"])})

    def canonical(self) -> bytes:
        """Encode the snapshot to bytes that are equal exactly when effective consent is; to be digested with a key.

        Each list is one part behind its length, and so is each item in it: no id can look like two.
        """
        erased = _frame(sorted(self.erased))
        grants = (
            _frame([user, version, str(since)])
            for user, versions in sorted(self.grants.items())
            for version, since in sorted(versions.items())
        )
        mode = b"everybody" if self.everybody else b"registry"
        return b"".join(frame_parts(self.purpose.encode(), mode, erased, *grants))


def _frame(words: Sequence[str]) -> bytes:
    return b"".join(frame_parts(*(word.encode() for word in words)))


def read_registry(path: str, purpose: str, now: datetime, *, fold_case: bool = True) -> ConsentSnapshot:
    """Read the consent that is effective at ``now``; raise ``RefusedError`` where the file leaves any doubt.

    A user with several rows agreed, to each version, from the earliest open grant on that is later than every
    withdrawal of theirs.
    """
    rows = _read(path, fold_case=fold_case)
    wanted = canonical_word(purpose)
    return ConsentSnapshot(purpose, _grants([row for row in rows if row.purpose == wanted], _microseconds(now)))


def registered_users(path: str, *, fold_case: bool) -> frozenset[str]:
    """Read all users of a registry (canonical ids), for any purpose, withdrawn or not."""
    return frozenset(row.user for row in _read(path, fold_case=fold_case))


def _read(path: str, *, fold_case: bool) -> list["_Row"]:
    try:
        text = io.StringIO(content_of(path).decode("utf-8-sig"), newline="")
        rows = list(_rows(csv.DictReader(text), path, fold_case=fold_case))
    except (OSError, FailedError):
        raise RefusedError(f"the consent registry {path} cannot be read; name a readable CSV with --consent") from None
    except (UnicodeDecodeError, csv.Error):
        raise RefusedError(f"the consent registry {path} is not CSV in UTF-8; save it as UTF-8 CSV") from None
    _check_spellings(rows, path, fold_case=fold_case)
    return rows


@dataclass(frozen=True, slots=True)
class _Row:
    """Line of the registry; ``user``, ``purpose`` and ``version`` are canonical, ``spelled`` as they were written."""

    line: int
    user: str = field(repr=False)
    purpose: str
    version: str
    spelled: tuple[str, str] = field(repr=False)
    granted: int
    ended: int | None


def _rows(rows: "csv.DictReader[str]", path: str, *, fold_case: bool) -> Iterator[_Row]:
    if tuple(rows.fieldnames or ()) != COLUMNS:
        raise RefusedError(f"the consent registry {path} must have exactly the columns {','.join(COLUMNS)}")
    for row in rows:
        where = f"{path}, line {rows.line_num}"
        if None in row or None in row.values() or not row["user_id"].strip() or not row["purpose"].strip():
            raise RefusedError(f"the consent registry {where}: a field is missing or too many; correct the line")
        granted = _instant(row["granted_at"], where, "granted_at")
        ended = _instant(row["withdrawn_at"], where, "withdrawn_at") if row["withdrawn_at"] else None
        if ended is not None and ended < granted:
            raise RefusedError(f"the consent registry {where}: withdrawn_at is before granted_at; correct the line")
        try:
            user = canonical_id(row["user_id"], fold_case=fold_case)
            purpose = canonical_word(row["purpose"])
            version = canonical_word(row["version"]) if row["version"].strip() else ""
        except ValueError:
            raise RefusedError(
                f"the consent registry {where}: a field holds a control or invisible character; correct the line"
            ) from None
        spelled = (row["user_id"], row["purpose"])
        yield _Row(rows.line_num, user, purpose, version, spelled, granted, ended)


def _check_spellings(rows: Sequence[_Row], path: str, *, fold_case: bool) -> None:
    """Raise ``RefusedError`` where one id or purpose seems to be spelled in two ways.

    A grant of ``anna`` and a withdrawal of ``Anna`` may be one person's; nobody but the registry's owner can tell.
    """
    for place, name, fold in ((0, "user_id", fold_case), (1, "purpose", True)):
        seen: dict[str, _Row] = {}
        for row in rows:
            first = seen.setdefault(look_alike(row.spelled[place], fold_case=fold), row)
            if first.spelled[place] != row.spelled[place]:
                raise RefusedError(
                    f"the consent registry {path}, lines {first.line} and {row.line}: {name} is spelled in two ways "
                    "(case, spaces or Unicode form); spell it in one"
                )


def _grants(rows: Sequence[_Row], now: int) -> dict[str, dict[str, int]]:
    """Collect the time from which each user agreed to each version.

    A withdrawal counts from its own instant on, also at ``now`` itself, and a grant at that instant is withdrawn:
    granted 1 March, withdrawn 1 February and 1 April -> nothing is agreed.
    """
    withdrawn: dict[str, int] = {}
    for row in rows:
        if row.ended is not None and row.ended <= now:
            withdrawn[row.user] = max(row.ended, withdrawn.get(row.user, row.ended))
    grants: dict[str, dict[str, int]] = {}
    for row in rows:
        is_open = row.granted <= now and (row.ended is None or row.ended > now)
        if is_open and (row.user not in withdrawn or row.granted > withdrawn[row.user]):
            versions = grants.setdefault(row.user, {})
            versions[row.version] = min(row.granted, versions.get(row.version, row.granted))
    return grants


def _microseconds(instant: datetime) -> int:
    return (instant - _EPOCH) // timedelta(microseconds=1)


def _instant(text: str, where: str, column: str) -> int:
    """Parse an instant as microseconds since the epoch."""
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        instant = None
    if instant is None or instant.utcoffset() is None:
        raise RefusedError(f"the consent registry {where}: {column} is not an RFC 3339 time with offset; correct it")
    return _microseconds(instant)
