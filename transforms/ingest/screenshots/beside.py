"""Pictures that a recording names: a ``data:`` address, or a plain file of its folder or of ``images`` there.

Its videos lie in its folder and are known by their names.
"""

import base64
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from transforms.object_store.addresses import is_bucket

_FOLDERS = (".", "images")
_IMAGES = "images/"
_NAME = re.compile(r"[^/\\\0:]{1,255}\.(?:png|jpe?g|webp)", re.IGNORECASE)
_VIDEO = re.compile(r"[^/\\\0:]{1,255}\.(?:mp4|m4v|mov|mkv|webm)", re.IGNORECASE)
_NAMED = re.compile(rb'"(?:image|content)"\s*:\s*"([^"\\/]{1,255})"')
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
        if _is_plain(path):
            return path
    return None


def _is_plain(path: Path) -> bool:
    try:
        return path.is_file() and not path.is_symlink() and not path.parent.is_symlink()
    except OSError:  # a name that is too long for the file system, or a folder that may not be searched
        return False


def load_named(recording: str, name: str) -> bytes:
    """Read a picture that a recording names; raise ``ValueError`` where there is none, or it is too large."""
    if name.startswith("data:"):
        _, is_packed, packed = name.partition(";base64,")
        return base64.b64decode(packed, validate=True) if is_packed else b""
    path = find_beside(recording, name)
    if path is None:
        raise ValueError("picture")
    try:
        with path.open("rb") as file:
            content = file.read(_MOST_BYTES + 1)
    except OSError:
        raise ValueError("picture") from None
    if len(content) > _MOST_BYTES:
        raise ValueError("size")
    return content


def named_pictures(recording: Path) -> Iterator[Path]:
    """Yield the pictures that a recording of plain JSON names, each once, in order of their names."""
    try:
        names = {name.decode(errors="replace") for name in _NAMED.findall(recording.read_bytes())}
    except OSError:
        return
    yield from find_all_beside(str(recording), names)


def find_all_beside(recording: str, names: Iterable[str]) -> Iterator[Path]:
    """Yield the pictures of these names that may be read, each once, in order of their names."""
    found = (find_beside(recording, name) for name in sorted(names))
    yield from dict.fromkeys(path for path in found if path is not None)


def find_videos(recording: str, owns: Callable[[str, str], bool]) -> list[Path]:
    """List the plain files beside a recording that are called like a video and that it ``owns``, by both names.

    A link is not followed: it could lead to any file of the machine.
    """
    path = Path(recording)
    try:
        beside = [] if is_bucket(recording) else sorted(path.parent.iterdir())
    except OSError:  # no folder, or one that may not be searched
        beside = []
    return [item for item in beside if _VIDEO.fullmatch(item.name) and owns(path.name, item.name) and _is_plain(item)]
