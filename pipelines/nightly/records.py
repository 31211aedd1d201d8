"""Records of the nightly journal, and their JSON form.

Each record names its ``kind`` in the file, so that a class may be renamed and an old journal still be read.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, ClassVar

from transforms.staging.sealed_files import SealedFile


@dataclass(frozen=True, slots=True)
class SeenFile:
    """An input that was read: a keyed digest of its address, size and age, and one of its content."""

    stamp: str
    content: str


@dataclass(frozen=True, slots=True)
class NightStaged:
    """The files of a day were read and their sessions staged for ``window``."""

    kind: ClassVar[str] = "night"

    day: str
    window: str
    files: tuple[SeenFile, ...]
    late: int
    duplicates: int
    log_bytes: int  # approximate size of the clear log
    staged: tuple[SealedFile, ...]
    held: tuple[SealedFile, ...]  # all open sessions, which wait for their end
    closed: tuple[SealedFile, ...]  # fingerprints of staged sessions, to find late events and copies
    aside: Mapping[str, int]  # outcomes of the events that are not staged
    redaction: str  # digest of settings, models and purpose


@dataclass(frozen=True, slots=True)
class ReleaseStarted:
    """The release of a window began under an id; it may have been sealed since without a record here."""

    kind: ClassVar[str] = "begun"

    window: str
    release_id: str


@dataclass(frozen=True, slots=True)
class OutputStarted:
    """The release of a window began to write to the output: from now on its charge belongs to it alone."""

    kind: ClassVar[str] = "showing"

    window: str
    release_id: str
    charge_id: str


@dataclass(frozen=True, slots=True)
class WindowReleased:
    """The release of a window is sealed and its staged files are gone; the id is '' if the window held no session."""

    kind: ClassVar[str] = "released"

    window: str
    release_id: str


@dataclass(frozen=True, slots=True)
class ReleaseRefused:
    """The budget refused the release of a window, for the first time on the UTC day ``on``."""

    kind: ClassVar[str] = "refused"

    window: str
    on: str


@dataclass(frozen=True, slots=True)
class FilesReplaced:
    """Staged files were rewritten without an erased person: the new file by the old name, ``None`` if none is left."""

    kind: ClassVar[str] = "rewritten"

    files: Mapping[str, SealedFile | None] = field(default_factory=dict)


Record = NightStaged | ReleaseStarted | OutputStarted | WindowReleased | ReleaseRefused | FilesReplaced
_KINDS: Mapping[str, type[Record]] = {
    record.kind: record
    for record in (NightStaged, ReleaseStarted, OutputStarted, WindowReleased, ReleaseRefused, FilesReplaced)
}


def record_to_json(record: Record) -> dict[str, Any]:
    """Return the JSON form of a record."""
    return {"kind": record.kind, **asdict(record)}


def record_from_json(form: Mapping[str, Any]) -> Record:
    """Parse a record; raise ``KeyError``, ``TypeError`` or ``ValueError`` if it is none."""
    words = dict(form)
    kind = _KINDS[words.pop("kind")]
    if kind is FilesReplaced:
        return FilesReplaced({name: None if file is None else _resting(file) for name, file in words["files"].items()})
    if kind is NightStaged:
        words["files"] = tuple(SeenFile(**item) for item in words["files"])
        words |= {name: tuple(_resting(item) for item in words[name]) for name in ("staged", "held", "closed")}
    return kind(**words)


def _resting(form: Mapping[str, Any]) -> SealedFile:
    return SealedFile(form["name"], form["rows"], tuple(form["digests"]))
