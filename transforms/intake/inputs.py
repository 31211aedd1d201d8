"""Which files and recordings a run reads, in which format, and whose they are."""

import csv
import glob
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from schemas.errors import UsageError
from transforms.intake.registry import FORMATS, recognise
from transforms.keys.pseudonym import keyed_digest

_CHUNK = 2**20
_COMPRESSION = 10
"""About how much a compressed log grows when it is read."""


@dataclass(frozen=True, slots=True)
class Source:
    """One input. ``format`` is '' where nothing recognises it; ``user`` names the person of a recording without one."""

    index: int
    path: str
    format: str
    user: str | None


def expand(
    patterns: Sequence[str], format_name: str | None, user: str | None, subjects: Mapping[str, str]
) -> tuple[Source, ...]:
    """Return the inputs that ``patterns`` name, sorted and each once; raise ``UsageError`` where one names nothing."""
    if format_name is not None and format_name not in FORMATS:
        raise UsageError(f"--format must be one of {', '.join(FORMATS)}")
    paths: set[str] = set()
    for pattern in patterns:
        if pattern.startswith("gs://"):
            raise UsageError("this version reads local files only; copy the recordings first")
        found = glob.glob(pattern, recursive=True) or ([pattern] if Path(pattern).exists() else [])
        if not found:
            raise UsageError(f"--input {pattern} matches no file; check the path and quote the pattern")
        paths.update(str(Path(path)) for path in found)
    return tuple(
        Source(index, path, format_name or recognise(Path(path)), subjects.get(path, subjects.get(Path(path).name, user)))
        for index, path in enumerate(sorted(paths))
    )


def read_subjects(path: Path) -> dict[str, str]:
    """Return user by source from a CSV with the columns ``source,user_id``; raise ``UsageError`` for another form."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as text:
            rows = csv.DictReader(text)
            if tuple(rows.fieldnames or ()) != ("source", "user_id"):
                raise UsageError(f"{path} must have exactly the columns source,user_id")
            return {row["source"]: row["user_id"] for row in rows if row["user_id"]}
    except (OSError, UnicodeDecodeError):
        raise UsageError(f"{path} cannot be read as a UTF-8 CSV; check the path") from None


def files_of(source: Source) -> list[Path]:
    """Return the files of a source in order."""
    path = Path(source.path)
    return sorted(item for item in path.rglob("*") if item.is_file()) if path.is_dir() else [path]


def total_bytes(sources: Sequence[Source]) -> int:
    """Return about how many bytes of plain log ``sources`` hold; unreadable ones count nothing."""
    total = 0
    for source in sources:
        for path in files_of(source):
            try:
                total += path.stat().st_size * (_COMPRESSION if path.suffix in {".gz", ".zst"} else 1)
            except OSError:
                continue
    return total


def input_digests(sources: Sequence[Source], key: bytes) -> tuple[str, ...]:
    """Return a keyed digest of each source's content, format and named user; the path does not count."""
    return tuple(_digest(source, key) for source in sources)


def _digest(source: Source, key: bytes) -> str:
    parts = [source.format.encode(), (source.user or "").encode()]
    for path in files_of(source):
        try:
            with path.open("rb") as file:
                parts += list(iter(lambda file=file: file.read(_CHUNK), b""))  # type: ignore[misc]
        except OSError:
            parts.append(b"\0unreadable")
    running = key
    for part in parts:
        running = bytes.fromhex(keyed_digest(running, part))
    return running.hex()
