"""From what stands behind ``--input`` to a list of sources, and to what a release id knows of them."""

import glob
import hmac
import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath

from schemas.errors import UsageError
from schemas.rejects import Fault, Problem, Reason
from transforms.ingest.formats.adapter import Source
from transforms.ingest.formats.registry import find_adapter, recognise
from transforms.ingest.parsing.block import Block, lone_fault
from transforms.ingest.settings import IngestSettings
from transforms.keys.pseudonym import frame_parts
from transforms.object_store.addresses import is_bucket, list_metadata, normal_uri
from transforms.object_store.interface import BUCKET_SCHEME, ObjectMetadata

_UNKNOWN_FORMAT = Problem(
    Reason.UNREADABLE,
    "",
    "no adapter recognises this file or directory; name the format with --format, the files of a folder with a pattern"
    " (FOLDER/*), or leave it out",
)
_PIECE = 1 << 20
_WILD = re.compile(r"(\*\*|\*|\?)")
_MEANING = {"**": ".*", "*": "[^/]*", "?": "[^/]"}
_PACKED = (".gz", ".zst")
_PACKING = 10
"""How many times larger a packed log usually is."""


def expand(
    patterns: Sequence[str], format_name: str | None, user: str | None, subjects: Mapping[str, str]
) -> tuple[Source, ...]:
    """Return the inputs that ``patterns`` name, each once, in the order of their paths.

    ``subjects`` maps a path, as a pattern gives it, or its last part to a user, and goes before ``user``. A path that
    no adapter recognises stays in the list and is rejected when it is read. Raises ``UsageError`` where a pattern
    matches nothing or is no local path, where the format is unknown, and where ``subjects`` names no input.
    """
    if format_name is not None:
        find_adapter(format_name)
    paths = sorted({path for pattern in patterns for path in _matches(pattern)})
    names = {name for path in paths for name in (path, Path(path).name)}
    if not names.issuperset(subjects):
        raise UsageError("--subjects names a source that --input does not; both must spell its path the same way")
    return tuple(
        Source(
            index=place,
            path=path,
            format=recognise(Path(path)) if format_name is None else format_name,
            user=subjects.get(path, subjects.get(Path(path).name, user)) or None,
        )
        for place, path in enumerate(paths)
    )


def _matches(pattern: str) -> list[str]:
    if is_bucket(pattern):
        return _matching_objects(pattern)
    if "://" in pattern:
        raise UsageError("--input reads local files and gs:// objects; copy or mount anything else and name the path")
    if Path(pattern).exists() or Path(pattern).is_symlink():
        return [pattern]
    found = glob.glob(pattern, recursive=True)  # noqa: PTH207 - patterns may be absolute
    if not found:
        raise UsageError(f"--input {pattern} matches nothing; check the path, and quote patterns from the shell")
    return found


def _matching_objects(pattern: str) -> list[str]:
    """Return the objects of a bucket that match: ``*`` and ``?`` stop at a slash, ``**`` does not."""
    parts = _WILD.split(normal_uri(pattern))
    wanted = re.compile("".join(_MEANING.get(part) or re.escape(part) for part in parts))
    found = [uri for uri in list_metadata(parts[0].rpartition("/")[0]) if wanted.fullmatch(uri)]
    if not found:
        raise UsageError(f"--input {pattern} matches no object; check the bucket and the name")
    return found


def read(source: Source, settings: IngestSettings) -> Iterator[Block]:
    """Yield what ``source`` holds, by the adapter that its format names."""
    if not source.format:
        yield lone_fault(Fault(_UNKNOWN_FORMAT, source.index, 0))
        return
    yield from find_adapter(source.format).read(source, settings)


def _files(source: Source) -> list[Path]:
    """Return the local files of a source; one in a bucket has none."""
    if is_bucket(source.path):
        return []
    path = Path(source.path)
    return sorted(item for item in path.rglob("*") if item.is_file()) if path.is_dir() else [path]


def _describe_all(sources: Sequence[Source]) -> dict[str, ObjectMetadata]:
    """List the buckets of the sources once each, and describe their objects by address."""
    inside = [source.path for source in sources if is_bucket(source.path)]
    found: dict[str, ObjectMetadata] = {}
    folders = {posixpath.dirname(path.removeprefix(BUCKET_SCHEME)) for path in inside}
    for bucket in sorted({folder.partition("/")[0] for folder in folders}):
        shared = posixpath.commonpath([folder for folder in folders if folder.partition("/")[0] == bucket])
        found |= list_metadata(BUCKET_SCHEME + shared)
    return {path: found[path] for path in inside if path in found}


def input_digests(sources: Sequence[Source], key: bytes) -> tuple[str, ...]:
    """Return a keyed digest (HMAC-SHA256, hex) of each source's bytes, format and user, in order of their digests.

    Paths above a source are not in it: a moved file is the same input. What cannot be read has a digest of its own. Of
    an object the digest is taken that its bucket made, so that the launcher need not read it: a file and its copy in a
    bucket are two inputs.
    """
    return tuple(sorted(digests_by_path(sources, key).values()))


def digests_by_path(sources: Sequence[Source], key: bytes) -> dict[str, str]:
    """Return the digest of each source, as ``input_digests`` has it, by its path."""
    objects = _describe_all(sources)
    return {source.path: _digest(source, objects.get(source.path), key) for source in sources}


def _digest(source: Source, described: ObjectMetadata | None, key: bytes) -> str:
    mac = hmac.new(key, digestmod="sha256")
    for part in frame_parts(source.format.encode(), (source.user or "").encode()):
        mac.update(part)
    if described is not None:
        for part in frame_parts(str(described.bytes).encode(), described.digest.encode()):
            mac.update(part)
        return mac.hexdigest()
    for file in _files(source):
        name = str(file.relative_to(source.path)).encode(errors="surrogateescape")
        for part in frame_parts(name, _file_digest(file, key)):
            mac.update(part)
    return mac.hexdigest()


def _file_digest(file: Path, key: bytes) -> bytes:
    mac = hmac.new(key, digestmod="sha256")
    if not file.is_file():
        return mac.digest()
    try:
        with file.open("rb") as opened:
            while piece := opened.read(_PIECE):
                mac.update(piece)
    except OSError:
        return hmac.digest(key, b"unreadable", "sha256")
    return mac.digest()


def total_bytes(sources: Sequence[Source]) -> int:
    """Return about how many bytes of clear log ``sources`` hold: packed files count ten times."""
    total = sum(_unpack(PurePosixPath(path).suffix, item.bytes) for path, item in _describe_all(sources).items())
    for source in sources:
        for file in _files(source):
            if file.is_file():
                total += _unpack(file.suffix, file.stat().st_size)
    return total


def _unpack(suffix: str, size: int) -> int:
    return size * (_PACKING if suffix in _PACKED else 1)
