"""From what stands behind ``--input`` to a list of sources, and to what a release id knows of them."""

import glob
import hmac
import os
import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath

from schemas.errors import RefusedError, UsageError
from schemas.rejects import Fault, Problem, Reason
from transforms.ingest.formats.adapter import Source
from transforms.ingest.formats.agents.agent_data_protocol import AGENT_DATA_PROTOCOL
from transforms.ingest.formats.agents.opencua import OPENCUA
from transforms.ingest.formats.canonical import CANONICAL
from transforms.ingest.formats.desktop.openadapt import OPENADAPT
from transforms.ingest.formats.desktop.owamcap import OWAMCAP
from transforms.ingest.formats.registry import SEALED, find_adapter, recognise
from transforms.ingest.formats.sealed_log import read_sealed
from transforms.ingest.parsing.block import Block, lone_fault
from transforms.ingest.screenshots.beside import named_pictures
from transforms.ingest.screenshots.log_pictures import list_pictures
from transforms.ingest.settings import IngestSettings
from transforms.keys.key_set import KeySet
from transforms.keys.pseudonym import frame_parts
from transforms.object_store.addresses import bucket_of, is_bucket, list_metadata, normal_uri
from transforms.object_store.interface import ObjectMetadata

_UNKNOWN_FORMAT = Problem(
    Reason.UNREADABLE,
    "",
    "no adapter recognises this file or directory; name the format with --format, the files of a folder with a pattern"
    " (FOLDER/*), or leave it out",
)
_NAMING = frozenset({OPENCUA.name, AGENT_DATA_PROTOCOL.name})
"""Formats whose recordings name pictures beside them."""

_FILMING = {form.name: form for form in (OPENADAPT, OWAMCAP)}
"""Formats whose recordings have a video beside them."""

_PIECE = 1 << 20
_WILD = re.compile(r"(\*\*|\*|\?)")
_MEANING = {"**": ".*", "*": "[^/]*", "?": "[^/]"}
_PACKED = (".gz", ".zst")
_PACKING = 10
"""Usual size of a packed log once it is unpacked, in multiples of its own."""


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
    paths = list_paths(patterns)
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


def list_paths(patterns: Sequence[str]) -> list[str]:
    """List the paths that ``patterns`` name, each once, in order; raise ``UsageError`` where one matches nothing."""
    return sorted({path for pattern in patterns for path in _matches(pattern)})


def _matches(pattern: str) -> list[str]:
    if is_bucket(pattern):
        return _matching_objects(pattern)
    if "://" in pattern:
        raise UsageError(
            "--input reads local files and objects of gs:// and s3://; copy or mount anything else and name the path"
        )
    if Path(pattern).exists() or Path(pattern).is_symlink():
        return [pattern]
    found = glob.glob(pattern, recursive=True)  # noqa: PTH207 - patterns may be absolute
    if not found:
        raise UsageError(f"--input {pattern} matches nothing; check the path, and quote patterns from the shell")
    return found


def _matching_objects(pattern: str) -> list[str]:
    """Return the objects of a bucket that match: ``*`` and ``?`` stop at a slash, ``**`` does not."""
    if not {"{", "}"}.isdisjoint(pattern):
        raise UsageError(
            f"--input {pattern} has braces, which stand for nothing in a bucket; {{day}} goes with --since-last, --day "
            "or --days, and several patterns are named one after the other"
        )
    parts = _WILD.split(normal_uri(pattern))
    wanted = re.compile("".join(_MEANING.get(part) or re.escape(part) for part in parts))
    found = [uri for uri in list_metadata(parts[0].rpartition("/")[0]) if wanted.fullmatch(uri)]
    if not found:
        raise UsageError(f"--input {pattern} matches no object; check the bucket and the name")
    return found


def read(source: Source, settings: IngestSettings, keys: KeySet | None = None) -> Iterator[Block]:
    """Yield what ``source`` holds, by the adapter that its format names.

    ``keys`` open a sealed log; raises ``RefusedError`` where they lack the private key of the quarantine.
    """
    if not source.format:
        yield lone_fault(Fault(_UNKNOWN_FORMAT, source.index, 0))
    elif source.format == SEALED.name and keys is not None:
        yield from read_sealed(source, settings, keys.quarantine_privates())
    else:
        yield from find_adapter(source.format).read(source, settings)


def require_keys(sources: Sequence[Source], keys: KeySet) -> None:
    """Raise ``RefusedError`` where a source is a sealed log and ``keys`` do not hold the private key."""
    if any(source.format == SEALED.name for source in sources):
        try:
            keys.quarantine_privates()
        except RefusedError:
            raise RefusedError(
                "--input names a sealed log, which opens only with the private key of the quarantine; this key set does"
                " not hold it: run where it is kept, or open the log there (keyveil ingest LOG -o CLEAR --clear)"
            ) from None


def _files(source: Source, settings: IngestSettings | None = None) -> list[Path]:
    """Return the local files of a source, pictures and videos beside it among them; one in a bucket has none."""
    if is_bucket(source.path):
        return []
    path = Path(source.path)
    if path.is_dir():
        return sorted(item for item in path.rglob("*") if item.is_file())
    return [path, *_beside(path, source.format, settings)]


def _beside(path: Path, form: str, settings: IngestSettings | None) -> Iterable[Path]:
    """Return the pictures and videos beside a recording of a format that are read with it."""
    if form in _NAMING:
        return named_pictures(path)
    if settings is None or not settings.ocr:
        return ()
    if form == CANONICAL:
        return list_pictures(path, settings)  # the whole log is read for them
    return _FILMING[form].videos(str(path)) if form in _FILMING else ()


def describe_objects(paths: Sequence[str]) -> dict[str, ObjectMetadata]:
    """List the buckets of ``paths`` once each, and describe their objects by address; local paths have no metadata."""
    inside = [path for path in paths if is_bucket(path)]
    found: dict[str, ObjectMetadata] = {}
    for scheme, bucket in sorted({(path.partition("://")[0], bucket_of(path)) for path in inside}):
        root = f"{scheme}://"
        folders = [posixpath.dirname(path.removeprefix(root)) for path in inside if path.startswith(f"{root}{bucket}/")]
        found |= list_metadata(root + posixpath.commonpath(folders))
    return {path: found[path] for path in inside if path in found}


def input_digests(sources: Sequence[Source], key: bytes, settings: IngestSettings | None = None) -> tuple[str, ...]:
    """Return a keyed digest (HMAC-SHA256, hex) of each source's bytes, format and user, in order of their digests.

    Paths above a source are not in it: a moved file is the same input. What cannot be read has a digest of its own. Of
    an object the digest is taken that its bucket made, so that the launcher need not read it: a file and its copy in a
    bucket are two inputs. Where ``settings`` have pictures read, those that a raw log names are a part of it.
    """
    return tuple(sorted(digests_by_path(sources, key, settings).values()))


def digests_by_path(sources: Sequence[Source], key: bytes, settings: IngestSettings | None = None) -> dict[str, str]:
    """Return the digest of each source, as ``input_digests`` has it, by its path."""
    objects = describe_objects([source.path for source in sources])
    return {source.path: _digest(source, objects.get(source.path), key, settings) for source in sources}


def _digest(source: Source, described: ObjectMetadata | None, key: bytes, settings: IngestSettings | None) -> str:
    mac = hmac.new(key, digestmod="sha256")
    for part in frame_parts(source.format.encode(), (source.user or "").encode()):
        mac.update(part)
    if described is not None:
        for part in frame_parts(str(described.bytes).encode(), described.digest.encode()):
            mac.update(part)
        return mac.hexdigest()
    for file in _files(source, settings):
        name = os.path.relpath(file, source.path).encode(errors="surrogateescape")
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
    objects = describe_objects([source.path for source in sources])
    total = sum(_unpack(PurePosixPath(path).suffix, item.bytes) for path, item in objects.items())
    for source in sources:
        for file in _files(source):
            if file.is_file():
                total += _unpack(file.suffix, file.stat().st_size)
    return total


def _unpack(suffix: str, size: int) -> int:
    return size * (_PACKING if suffix in _PACKED else 1)
