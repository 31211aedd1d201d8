"""Records of the journal of nightly runs, and their JSON form.

Each record names its ``kind`` in the file, so that a class may be renamed and an old journal still be read.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, ClassVar

from transforms.staging.sealed_files import SealedFile


@dataclass(frozen=True, slots=True)
class SeenFile:
    """An input that was read: keyed digests of where it lies, how large and how old it is, and of what it holds."""

    stamp: str
    content: str


@dataclass(frozen=True, slots=True)
class Night:
    """Files of a day were read and their sessions staged for ``window``; ``held`` is all that now waits for its end.

    ``aside`` counts what became of the events that are not staged. ``naming`` is what the staged names were derived
    for, ``redaction`` a digest of how was redacted, ``log_bytes`` about the size of the clear log.
    """

    kind: ClassVar[str] = "night"

    day: str
    window: str
    files: tuple[SeenFile, ...]
    late: int
    duplicates: int
    log_bytes: int
    staged: tuple[SealedFile, ...]
    held: tuple[SealedFile, ...]
    closed: tuple[SealedFile, ...]
    aside: Mapping[str, int]
    redaction: str


@dataclass(frozen=True, slots=True)
class Begun:
    """The release of a window was begun under an id; it may have been sealed without a word here."""

    kind: ClassVar[str] = "begun"

    window: str
    release_id: str


@dataclass(frozen=True, slots=True)
class Showing:
    """The begun release of a window began to write to the output: its charge is that of no other release any more."""

    kind: ClassVar[str] = "showing"

    window: str
    release_id: str
    charge_id: str


@dataclass(frozen=True, slots=True)
class Released:
    """The release of a window is sealed, and nothing of the window is staged any more; '' where it held no session."""

    kind: ClassVar[str] = "released"

    window: str
    release_id: str


@dataclass(frozen=True, slots=True)
class Rewritten:
    """Somebody was taken out of resting files: what now stands in the place of each, by its old name, or nothing."""

    kind: ClassVar[str] = "rewritten"

    files: Mapping[str, SealedFile | None] = field(default_factory=dict)


Record = Night | Begun | Showing | Released | Rewritten
_KINDS: Mapping[str, type[Record]] = {record.kind: record for record in (Night, Begun, Showing, Released, Rewritten)}


def record_to_json(record: Record) -> dict[str, Any]:
    """Return the JSON form of a record."""
    return {"kind": record.kind, **asdict(record)}


def record_from_json(form: Mapping[str, Any]) -> Record:
    """Return the record; raise ``KeyError``, ``TypeError`` or ``ValueError`` where it is none."""
    words = dict(form)
    kind = _KINDS[words.pop("kind")]
    if kind is Rewritten:
        return Rewritten({name: None if file is None else _resting(file) for name, file in words["files"].items()})
    if kind is Night:
        words["files"] = tuple(SeenFile(**item) for item in words["files"])
        words |= {name: tuple(_resting(item) for item in words[name]) for name in ("staged", "held", "closed")}
    return kind(**words)


def _resting(form: Mapping[str, Any]) -> SealedFile:
    return SealedFile(form["name"], form["rows"], tuple(form["digests"]))
