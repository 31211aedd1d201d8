"""Index of processed files: finds inputs that no night has read, and copies.

The index is part of the journal. It holds keyed digests alone: of where a file lies with its size and age, so that most
files are known without being opened, and of its bytes, so that a copy is known under any name.
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
from transforms.ingest.formats.registry import recognise
from transforms.ingest.inputs import describe_objects, digests_by_path, list_paths
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
    ``listed`` counts the files of the day itself, read before or not.
    """

    sources: tuple[Source, ...]
    seen: tuple[SeenFile, ...]
    late: int
    duplicates: int
    listed: int


def find_new_files(inputs: Inputs, day: date, standing: JournalState, keys: tuple[bytes, ...]) -> NewFiles:
    """Find the inputs of ``day`` and of all days before it that no night has read.

    ``keys`` are the key of digests and those before rotations. A file that was read is known by where it lies, its size
    and age: only the others are opened, so that a night does not cost more with every night before it.
    """
    listed = list(_list_inputs(inputs, day, standing.first))
    facts = _describe_places([path for _, path in listed], inputs)
    places = [{path: _digest_facts(key, b"place", words) for path, words in facts.items()} for key in keys]
    unseen = [item for item in listed if standing.stamps.isdisjoint(by_path[item[1]] for by_path in places)]
    sources = [(of, _recognise(path, inputs)) for of, path in unseen]
    stamps = [_stamps([source for _, source in sources], key) for key in keys]
    unknown = [item for item in sources if standing.stamps.isdisjoint(by_path[item[1].path] for by_path in stamps)]
    digests = [digests_by_path([source for _, source in unknown], key) for key in keys]
    found: list[Source] = []
    seen: list[SeenFile] = []
    late, duplicates, contents = 0, 0, set(standing.contents)
    for of, source in unknown:
        known_as = [by_path[source.path] for by_path in digests]
        if _opens(source):
            # what no adapter recognises is looked at every night: a later version may recognise it
            seen.append(SeenFile((places if source.format else stamps)[0][source.path], known_as[0]))
            if not contents.isdisjoint(known_as):
                duplicates += 1
                continue
            contents.add(known_as[0])
        late += of < day
        found.append(dataclasses.replace(source, index=len(found)))
    return NewFiles(tuple(found), tuple(seen), late, duplicates, sum(of == day for of, _ in listed))


def _opens(source: Source) -> bool:
    return is_bucket(source.path) or all(os.access(file, os.R_OK) for file in _files(Path(source.path)))


def _list_inputs(inputs: Inputs, day: date, first: date | None) -> Iterator[tuple[date, str]]:
    """Yield the paths of all days up to ``day``, each once, with the day of its pattern."""
    listed: set[str] = set()
    for of in days_between(min(first or day, day), day):
        for pattern in fill_in_day(of, inputs.patterns):
            for path in _list_matches(pattern):
                if path not in listed:
                    listed.add(path)
                    yield of, path


def _list_matches(pattern: str) -> Sequence[str]:
    """List the paths that match a pattern; a day may have no log."""
    try:
        return list_paths((pattern,))
    except UsageError:
        normal_uri(pattern)  # an address that cannot be read at all is refused; no match is a day without a log
        return ()


def _recognise(path: str, inputs: Inputs) -> Source:
    """Build the source at a path; looks into the file unless its format is named."""
    named = recognise(Path(path)) if inputs.format is None else inputs.format
    return Source(0, path, named, _find_user(path, inputs))


def _find_user(path: str, inputs: Inputs) -> str | None:
    subjects = inputs.subjects
    return subjects.get(path, subjects.get(Path(path).name, inputs.user)) or None


def _describe_places(paths: Sequence[str], inputs: Inputs) -> dict[str, list[str]]:
    """Describe, by path, files that are not opened: address, size and age, user, and format where it is named."""
    objects = describe_objects(paths)
    found = {}
    for path in paths:
        item = objects.get(path)
        facts = [f"{item.bytes}\0{item.digest}"] if item else map(_fact, _files(Path(path)))
        found[path] = [inputs.format or "", _find_user(path, inputs) or "", path, *facts]
    return found


def _stamps(sources: Sequence[Source], key: bytes) -> dict[str, str]:
    """Digest the same with the format that was recognised, as journals of earlier versions hold it."""
    objects = digests_by_path([source for source in sources if is_bucket(source.path)], key)
    return {source.path: _stamp(source, objects.get(source.path), key) for source in sources}


def _stamp(source: Source, digest: str | None, key: bytes) -> str:
    facts = [digest] if digest else map(_fact, _files(Path(source.path)))
    return _digest_facts(key, b"stamp", [source.format, source.user or "", source.path, *facts])


def _digest_facts(key: bytes, purpose: bytes, facts: Sequence[str]) -> str:
    return keyed_digest(key, purpose, *(fact.encode(errors="surrogateescape") for fact in facts))


def _files(path: Path) -> list[Path]:
    return sorted(item for item in path.rglob("*") if item.is_file()) if path.is_dir() else [path]


def _fact(file: Path) -> str:
    try:
        status = file.stat()
    except OSError:
        return f"{file}\0unreadable"
    return f"{file}\0{status.st_size}\0{status.st_mtime_ns}"
