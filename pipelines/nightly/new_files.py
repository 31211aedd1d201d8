"""Index of processed files: finds inputs that no night has read, and copies.

The index is part of the journal. It holds keyed digests alone: of where a file lies with its size and age, so that most
files are known at a glance, and of its bytes, so that a copy is known under any name.
"""

import dataclasses
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from pipelines.nightly.days import days_between, fill_in_day
from pipelines.nightly.journal_state import JournalState
from pipelines.nightly.records import SeenFile
from schemas.errors import UsageError
from transforms.ingest.formats.adapter import Source
from transforms.ingest.inputs import digests_by_path, expand
from transforms.keys.pseudonym import keyed_digest
from transforms.object_store.addresses import is_bucket, normal_uri


@dataclass(frozen=True, slots=True)
class Inputs:
    """Inputs of each day: patterns with the day, a format, and the users of recordings without a user id."""

    patterns: tuple[str, ...]
    format: str | None
    user: str | None = field(repr=False)
    subjects: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class NewFiles:
    """Files that a night must read; ``late`` counts those of earlier days.

    ``seen`` also names the copies, but no file that cannot be opened: it is rejected, and tried again every night.
    """

    sources: tuple[Source, ...]
    seen: tuple[SeenFile, ...]
    late: int
    duplicates: int


def find_new_files(inputs: Inputs, day: date, standing: JournalState, keys: tuple[bytes, ...]) -> NewFiles:
    """Find the inputs of ``day`` and of all days before it that no night has read.

    ``keys`` are the key of digests and those before rotations.
    """
    listed = list(_sources(inputs, day, standing.first))
    stamps = [_stamps([source for _, source in listed], key) for key in keys]
    unknown = [item for item in listed if standing.stamps.isdisjoint(by_path[item[1].path] for by_path in stamps)]
    digests = [digests_by_path([source for _, source in unknown], key) for key in keys]
    found: list[Source] = []
    seen: list[SeenFile] = []
    late, duplicates, contents = 0, 0, set(standing.contents)
    for of, source in unknown:
        known_as = [by_path[source.path] for by_path in digests]
        if _opens(source):
            seen.append(SeenFile(stamps[0][source.path], known_as[0]))
            if not contents.isdisjoint(known_as):
                duplicates += 1
                continue
            contents.add(known_as[0])
        late += of < day
        found.append(dataclasses.replace(source, index=len(found)))
    return NewFiles(tuple(found), tuple(seen), late, duplicates)


def _opens(source: Source) -> bool:
    return is_bucket(source.path) or all(os.access(file, os.R_OK) for file in _files(Path(source.path)))


def _sources(inputs: Inputs, day: date, first: date | None) -> Iterator[tuple[date, Source]]:
    """Yield the inputs of all days up to ``day``, each once, with the day of its pattern."""
    listed: set[str] = set()
    for of in days_between(min(first or day, day), day):
        for pattern in fill_in_day(of, inputs.patterns):
            for source in _list_matches(pattern, inputs):
                if source.path not in listed:
                    listed.add(source.path)
                    yield of, source


def _list_matches(pattern: str, inputs: Inputs) -> Sequence[Source]:
    """List the inputs that match a pattern; a day may have no log."""
    try:
        sources = expand((pattern,), inputs.format, inputs.user, {})
    except UsageError:
        normal_uri(pattern)  # an address that cannot be read at all is refused; no match is a day without a log
        return ()
    return [dataclasses.replace(source, user=_subject(source, inputs)) for source in sources]


def _subject(source: Source, inputs: Inputs) -> str | None:
    subjects = inputs.subjects
    return subjects.get(source.path, subjects.get(Path(source.path).name, inputs.user)) or None


def _stamps(sources: Sequence[Source], key: bytes) -> dict[str, str]:
    """Digest, by path, the address and state of sources with a key: size and age, or an object's digest."""
    objects = digests_by_path([source for source in sources if is_bucket(source.path)], key)
    return {source.path: _stamp(source, objects.get(source.path), key) for source in sources}


def _stamp(source: Source, digest: str | None, key: bytes) -> str:
    facts = [
        source.format,
        source.user or "",
        source.path,
        *([digest] if digest else map(_fact, _files(Path(source.path)))),
    ]
    return keyed_digest(key, b"stamp", *(fact.encode(errors="surrogateescape") for fact in facts))


def _files(path: Path) -> list[Path]:
    return sorted(item for item in path.rglob("*") if item.is_file()) if path.is_dir() else [path]


def _fact(file: Path) -> str:
    try:
        status = file.stat()
    except OSError:
        return f"{file}\0unreadable"
    return f"{file}\0{status.st_size}\0{status.st_mtime_ns}"
