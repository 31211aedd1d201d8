"""Bad lines that name a session: they go, sealed, to where its rows meet, and learn there whose they are."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

import pyarrow as pa
import pyarrow.compute as pc

from schemas.claims import NOBODY, NOTHING, Claim, Declaration, declare
from schemas.rejects import Fault, Problem, Reason
from transforms.ingest.formats.adapter import Source
from transforms.ingest.formats.canonical import CANONICAL
from transforms.ingest.parsing.read_claim import read_claim

_WORDS = pa.list_(pa.string())
STRAY_SCHEMA = pa.schema(
    [
        ("session_id", pa.string()),
        ("users", _WORDS),
        ("first_us", pa.int64()),
        ("purposes", _WORDS),
        ("versions", _WORDS),
        ("doubtful", pa.bool_()),
        ("undated", pa.bool_()),
        ("reason", pa.string()),
        ("field_name", pa.string()),
        ("rule", pa.string()),
        ("source", pa.int32()),
        ("line", pa.int64()),
        ("events", pa.int64()),
        ("content", pa.binary()),
    ]
)
"""One row a bad line: the session that it names, its own claim, and the fault."""

_NAMING = ("session_id", "user_id", "t_us", "purpose", "consent_version")


@dataclass(frozen=True, slots=True)
class Stray:
    """A fault whose line names a session."""

    session_id: str = field(repr=False)
    fault: Fault


def split_faults(faults: Iterable[Fault], source: Source, *, fold_case: bool) -> tuple[list[Fault], list[Stray]]:
    """Part the faults of a source, each with its own claim, into those that stand alone and those of a session.

    A recording in a foreign format names no user: it is that of the user who was named for it.
    """
    alone, strays = [], []
    named = Claim(frozenset[str]() if source.user is None else frozenset({source.user}))
    for fault in faults:
        is_line = source.format == CANONICAL and fault.content
        session, claim = read_claim(fault.content, fold_case=fold_case) if is_line else (None, NOBODY)
        known = replace(fault, claim=claim if claim.users or claim.doubtful else claim | named)
        if session is None:
            alone.append(known)
        else:
            strays.append(Stray(session, known))
    return alone, strays


def to_table(strays: Iterable[Stray]) -> pa.Table:
    """Write strays as a table of ``STRAY_SCHEMA``."""
    rows = []
    for stray in strays:
        fault, claim = stray.fault, stray.fault.claim
        rows.append(
            {
                "session_id": stray.session_id,
                "users": sorted(claim.users),
                "first_us": claim.first_us,
                "purposes": sorted(claim.declared.purposes),
                "versions": sorted(claim.declared.versions),
                "doubtful": claim.doubtful,
                "undated": claim.undated,
                "reason": fault.problem.reason.value,
                "field_name": fault.problem.field_name,
                "rule": fault.problem.rule,
                "source": fault.source,
                "line": fault.line,
                "events": fault.events,
                "content": fault.content,
            }
        )
    return pa.Table.from_pylist(rows, schema=STRAY_SCHEMA)


def is_strays(table: pa.Table) -> bool:
    """Tell strays from rows of sessions; either may lack columns that were all null."""
    return "rule" in table.column_names


def from_table(table: pa.Table) -> Iterator[Stray]:
    """Read what ``to_table`` wrote."""
    for row in table.to_pylist():
        declared = Declaration(frozenset(row["purposes"]), frozenset(row["versions"]))
        users, first = frozenset(row["users"]), row.get("first_us")
        claim = Claim(users, first, declared, row["doubtful"], row["undated"])
        problem = Problem(Reason(row["reason"]), row["field_name"], row["rule"])
        fault = Fault(problem, row["source"], row["line"], row["events"], row["content"], claim)
        yield Stray(row["session_id"], fault)


def declared_by(strays: Iterable[Stray]) -> dict[str, Declaration]:
    """Collect what bad lines declare, by session: a header that breaks a rule still names its purpose."""
    found: dict[str, Declaration] = {}
    for stray in strays:
        if stray.fault.claim.declared:
            found[stray.session_id] = found.get(stray.session_id, NOTHING) | stray.fault.claim.declared
    return found


def complete_claims(strays: Iterable[Stray], tables: Iterable[pa.Table]) -> list[Fault]:
    """Complete the claim of each bad line by what the good lines of its session tell.

    Where neither names a user, the other bad lines of the session do. Order: source, line.
    """
    strays = list(strays)
    sessions = _claims({stray.session_id for stray in strays}, tables)
    named: dict[str, frozenset[str]] = {}
    for stray in strays:
        named[stray.session_id] = named.get(stray.session_id, frozenset()) | stray.fault.claim.users
    faults = []
    for stray in strays:
        claim = stray.fault.claim | sessions.get(stray.session_id, NOBODY)
        if not claim.users:
            claim = replace(claim, users=named[stray.session_id])
        faults.append(replace(stray.fault, claim=claim))
    return sorted(faults, key=_place)


def _claims(wanted: set[str], tables: Iterable[pa.Table]) -> Mapping[str, Claim]:
    """Collect the claims of sessions from their rows, which may lack columns that are all null."""
    found: dict[str, Claim] = {}
    ids = pa.array(sorted(wanted), pa.string())
    for table in tables if wanted else ():
        theirs = table.filter(pc.is_in(table["session_id"], value_set=ids))
        for row in theirs.select([name for name in _NAMING if name in theirs.column_names]).to_pylist():
            found[row["session_id"]] = found.get(row["session_id"], NOBODY) | _claim(row)
    return found


def _claim(row: Mapping[str, object]) -> Claim:
    user, first = row.get("user_id"), row.get("t_us")
    users = frozenset({user}) if isinstance(user, str) else frozenset[str]()
    declared = declare(row.get("purpose"), row.get("consent_version"))
    return Claim(users, first if isinstance(first, int) else None, declared)


def _place(fault: Fault) -> tuple[int, int]:
    return fault.source, fault.line
