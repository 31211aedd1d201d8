"""Pictures that a recording names: a ``data:`` address, or a plain file of its folder or of ``images`` there."""

import base64
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from schemas.rejects import RejectRecord
from transforms.ingest.parsing.lines import read_pieces
from transforms.object_store.addresses import is_bucket

_FOLDERS = (".", "images")
_IMAGES = "images/"
_NAME = re.compile(r"[^/\\\0:]{1,255}\.(?:png|jpe?g|webp)", re.IGNORECASE)
_NAMED = re.compile(rb'"(?:image|content)"\s*:\s*"([^"\\/]{1,255})"')
_IN_LINE = re.compile(rb'"image"\s*:\s*"(?:images/)?([^"\\/]{1,255})"')
_LONGEST_FIELD = 320
_MOST_BYTES = 64 << 20


def read_name(value: object) -> str | None:
    """Return the name of a picture that a raw log names beside it, or in ``images/``; ``None`` for anything else."""
    name = value.removeprefix(_IMAGES) if isinstance(value, str) else ""
    return name if _NAME.fullmatch(name) else None


def find_beside(recording: str, name: str) -> Path | None:
    """Return the picture of that name, ``None`` where there is none that may be read; a name is never a way.

    A link is not followed: it could lead to any file of the machine.
    """
    if is_bucket(recording) or not _NAME.fullmatch(name):
        return None
    for folder in _FOLDERS:
        path = Path(recording).parent / folder / name
        if path.is_file() and not path.is_symlink() and not path.parent.is_symlink():
            return path
    return None


def load_named(recording: str, name: str) -> bytes:
    """Read a picture that a recording names; raise ``ValueError`` where there is none, or it is too large."""
    if name.startswith("data:"):
        _, is_packed, packed = name.partition(";base64,")
        return base64.b64decode(packed, validate=True) if is_packed else b""
    path = find_beside(recording, name)
    if path is None:
        raise ValueError("picture")
    with path.open("rb") as file:
        content = file.read(_MOST_BYTES + 1)
    if len(content) > _MOST_BYTES:
        raise ValueError("size")
    return content


def pictures_of_log(log: Path) -> Iterator[Path]:
    """Yield the pictures that a raw log names, each once, in order of their names; the log may be packed."""
    names: set[bytes] = set()
    rest = b""
    try:
        for piece in read_pieces(str(log)):
            names.update(_IN_LINE.findall(rest + piece))
            rest = (rest + piece)[-_LONGEST_FIELD:]
    except RejectRecord:
        pass  # what was read before is released
    yield from _find_all(log, names)


def named_pictures(recording: Path) -> Iterator[Path]:
    """Yield the pictures that a recording of plain JSON names, each once, in order of their names."""
    try:
        names = set(_NAMED.findall(recording.read_bytes()))
    except OSError:
        return
    yield from _find_all(recording, names)


def _find_all(recording: Path, names: Iterable[bytes]) -> Iterator[Path]:
    found = (find_beside(str(recording), name.decode(errors="replace")) for name in sorted(names))
    yield from dict.fromkeys(path for path in found if path is not None)
