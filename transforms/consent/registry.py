"""Registry of consent: users, purposes, versions and the time from which each holds.

The registry is a table (``tables``) with the columns ``user_id,purpose,version,granted_at,withdrawn_at`` (RFC 3339,
UTC; empty means open). Nobody who is not in it has agreed. Whoever withdrew has not agreed to anything any more, also
not to the use of what was recorded before; a later grant opens what is recorded from then on. Ids and purposes are
compared in their canonical form (``schemas.ids``).
"""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from schemas.claims import NOTHING, Declaration
from schemas.errors import RefusedError
from schemas.ids import canonical_id, canonical_word, look_alike
from schemas.rejects import Reason
from transforms.consent.restrictions import Restrictions
from transforms.consent.tables import Line, TableForm, name_source, parse_instant, read_lines, to_microseconds
from transforms.keys.pseudonym import frame_parts

REGISTRY = TableForm(
    ("user_id", "purpose", "version", "granted_at", "withdrawn_at"), "consent", "the consent registry", "--consent"
)
_NO_RESTRICTIONS = Restrictions()
EVERYBODY = "all-for-evaluation"
"""Stands in place of a file: treats every user as consenting; for evaluation on a local folder only."""


@dataclass(frozen=True, slots=True)
class ConsentSnapshot:
    """Effective consent at one instant for one purpose.

    ``grants`` maps each user (canonical id) to the versions agreed to (canonical) and the microseconds since the epoch
    from which each holds. ``everybody`` is the evaluation mode; ``erased`` then holds the tombstones of those who were
    erased. ``registered`` counts who stands in the registry for the purpose, also those who withdrew.
    ``restrictions`` are what people take out of what they agreed to; ``unknown`` counts those people whom no row of the
    registry names, ``elsewhere`` those with rows alone for purposes of no dataset, in ``elsewhere_lines``. ``listed``
    are all people of the registry for the purpose, ``gone`` those of them who agreed and were erased, ``missing``
    counts whom the registry of the last run had and this one has not. ``rows`` digests all rows of the registry, and is
    to be digested with a key before it leaves the process.
    """

    purpose: str
    grants: Mapping[str, Mapping[str, int]] = field(repr=False)
    everybody: bool = False
    erased: frozenset[str] = frozenset()
    registered: int = field(default=0, compare=False)
    rows: str = field(default="", compare=False, repr=False)
    restrictions: Restrictions = field(default_factory=Restrictions, repr=False)
    unknown: int = field(default=0, compare=False)
    elsewhere: int = field(default=0, compare=False)
    elsewhere_lines: tuple[int, ...] = field(default=(), compare=False)
    missing: int = field(default=0, compare=False)
    listed: frozenset[str] = field(default=frozenset(), compare=False, repr=False)
    gone: frozenset[str] = field(default=frozenset(), compare=False, repr=False)

    def has_agreed(self, user_id: str, first_us: int | None, declared: Declaration = NOTHING) -> bool:
        """Return whether recordings of ``user_id`` from ``first_us`` on may be used."""
        return self.refusal(user_id, first_us, declared) is None

    def refusal(self, user_id: str, first_us: int | None, declared: Declaration = NOTHING) -> Reason | None:
        """Find the reason against using recordings of ``user_id`` from ``first_us`` on, ``None`` if they may be used.

        ``first_us`` is ``None`` where the recording has no times. A recording that declares versions needs a grant of
        each of them; one that declares none needs any grant.
        """
        if self.everybody:
            return None
        grants = self.grants.get(user_id)
        if grants is None:
            return Reason.ERASED if user_id in self.gone else Reason.NO_CONSENT
        if self.is_other_purpose(declared):
            return Reason.OTHER_PURPOSE
        if declared.versions - grants.keys():
            return Reason.OTHER_VERSION
        since = max(grants[version] for version in declared.versions) if declared.versions else min(grants.values())
        return None if first_us is None or since <= first_us else Reason.NO_CONSENT

    def is_other_purpose(self, declared: Declaration) -> bool:
        """Return whether a recording declares a purpose that is not that of the run."""
        return not self.everybody and not declared.purposes <= {canonical_word(self.purpose)}

    def still_allows(self, earlier: "ConsentSnapshot") -> bool:
        """Return whether all that people agreed to ``earlier`` still holds, and they took nothing more out of it."""
        if tuple(self.restrictions.canonical()) != tuple(earlier.restrictions.canonical()):
            return False
        return not self.find_lost(earlier)

    def find_lost(self, earlier: "ConsentSnapshot") -> frozenset[str]:
        """Find the users who took back any of what they agreed to ``earlier``."""
        if self.everybody:
            return frozenset()
        return frozenset(
            user
            for user, versions in earlier.grants.items()
            for version, since in versions.items()
            if version not in (held := self.grants.get(user, {})) or held[version] > since
        )

    def as_json(self) -> dict[str, Any]:
        """Convert the snapshot to JSON values; they name people."""
        left_out = {"rows": "", "listed": [], "elsewhere_lines": []}
        return asdict(self) | {"erased": sorted(self.erased), "gone": sorted(self.gone)} | left_out

    @classmethod
    def from_json(cls, words: Mapping[str, Any]) -> "ConsentSnapshot":
        """Parse the JSON values of ``as_json``."""
        restrictions = Restrictions.from_json(words["restrictions"])
        sets = {name: frozenset(words[name]) for name in ("erased", "gone", "listed")}
        return cls(**{**words, **sets, "elsewhere_lines": (), "restrictions": restrictions})

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
        restricted = [_frame(["restrictions", *self.restrictions.canonical()])] if self.restrictions else []
        return b"".join(frame_parts(self.purpose.encode(), mode, erased, *grants, *restricted))


def _frame(words: Sequence[str]) -> bytes:
    return b"".join(frame_parts(*(word.encode() for word in words)))


def read_registry(
    path: str,
    purpose: str,
    now: datetime,
    *,
    fold_case: bool = True,
    restrictions: Restrictions = _NO_RESTRICTIONS,
    served: Collection[str] = (),
) -> ConsentSnapshot:
    """Read the consent that is effective at ``now``, with what people take out of it.

    A user with several rows agreed, to each version, from the earliest open grant on that is later than every
    withdrawal of theirs. ``served`` are purposes of other datasets: who agreed to one of them alone is no mistake.
    Raises ``RefusedError`` where the file leaves any doubt.
    """
    rows = _read(path, fold_case=fold_case)
    wanted = canonical_word(purpose)
    asked = [row for row in rows if row.purpose == wanted]
    listed = frozenset(row.user for row in asked)
    known = {canonical_word(name) for name in served}
    others = [row for row in rows if row.user not in listed and row.purpose not in known]
    return ConsentSnapshot(
        purpose,
        _grants(asked, to_microseconds(now)),
        registered=len(listed),
        rows=_digest_rows(rows),
        restrictions=restrictions,
        elsewhere=len({row.user for row in others}),
        elsewhere_lines=tuple(row.line for row in others),
        listed=listed,
        unknown=len(restrictions.people - {row.user for row in rows}),
    )


def digest_registry(path: str, *, fold_case: bool) -> str:
    """Digest all rows of a registry as ``ConsentSnapshot.rows`` does; order and kind of file do not matter."""
    return _digest_rows(_read(path, fold_case=fold_case))


def _digest_rows(rows: Sequence["_Row"]) -> str:
    lines = sorted(_frame([row.user, row.purpose, row.version, str(row.granted), str(row.ended)]) for row in rows)
    return hashlib.sha256(b"".join(frame_parts(*lines))).hexdigest()


def registered_users(path: str, *, fold_case: bool) -> frozenset[str]:
    """Read all users of a registry (canonical ids), for any purpose, withdrawn or not."""
    return frozenset(row.user for row in _read(path, fold_case=fold_case))


def withdrawn_users(path: str, now: datetime, *, fold_case: bool) -> tuple[str, ...]:
    """Read who withdrew and agrees to nothing at ``now``, for any purpose (canonical ids, sorted)."""
    gone, agreed = _collect_withdrawals(_read(path, fold_case=fold_case), to_microseconds(now))
    return tuple(sorted(gone.keys() - agreed.keys()))


def count_partial_withdrawals(path: str, now: datetime, *, fold_case: bool) -> int:
    """Count the users who withdrew from a purpose, agree to it no more at ``now``, and still agree to another."""
    gone, agreed = _collect_withdrawals(_read(path, fold_case=fold_case), to_microseconds(now))
    return sum(bool(purposes - agreed[user]) for user, purposes in gone.items() if user in agreed)


def _collect_withdrawals(rows: Sequence["_Row"], at: int) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """Collect by user the purposes that they withdrew from, and those that they agree to."""
    gone: dict[str, set[str]] = {}
    for row in rows:
        if row.ended is not None and row.ended <= at:
            gone.setdefault(row.user, set()).add(row.purpose)
    agreed: dict[str, set[str]] = {}
    for purpose in {row.purpose for row in rows}:
        for user in _grants([row for row in rows if row.purpose == purpose], at):
            agreed.setdefault(user, set()).add(purpose)
    return gone, agreed


def count_later_withdrawals(path: str, now: datetime, *, fold_case: bool) -> int:
    """Count the users with a row whose withdrawal lies after ``now``, for any purpose."""
    rows, at = _read(path, fold_case=fold_case), to_microseconds(now)
    return len({row.user for row in rows if row.ended is not None and row.ended > at})


def _read(path: str, *, fold_case: bool) -> list["_Row"]:
    rows = [_parse(line, fold_case=fold_case) for line in read_lines(path, REGISTRY)]
    _check_spellings(rows, name_source(path), fold_case=fold_case)
    return rows


@dataclass(frozen=True, slots=True)
class _Row:
    """Line of the registry; ``user``, ``purpose`` and ``version`` are canonical, ``spelled`` as they were written."""

    line: int
    user: str = field(repr=False)
    purpose: str = field(repr=False)
    version: str = field(repr=False)
    spelled: tuple[str, str] = field(repr=False)
    granted: int
    ended: int | None


def _parse(line: Line, *, fold_case: bool) -> _Row:
    cells, where = line.cells, line.where
    if not cells["user_id"].strip() or not cells["purpose"].strip():
        raise RefusedError(f"{where}: a field is missing or too many; correct the line")
    granted = parse_instant(cells["granted_at"], where, "granted_at")
    ended = parse_instant(cells["withdrawn_at"], where, "withdrawn_at") if cells["withdrawn_at"] else None
    if ended is not None and ended < granted:
        raise RefusedError(f"{where}: withdrawn_at is before granted_at; correct the line")
    try:
        user = canonical_id(cells["user_id"], fold_case=fold_case)
        purpose = canonical_word(cells["purpose"])
        version = canonical_word(cells["version"]) if cells["version"].strip() else ""
    except ValueError:
        raise RefusedError(f"{where}: a field holds a control or invisible character; correct the line") from None
    return _Row(line.number, user, purpose, version, (cells["user_id"], cells["purpose"]), granted, ended)


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
