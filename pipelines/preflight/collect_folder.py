"""Collecting the facts about a local folder; a file that is made to try the file system is removed again."""

import fcntl
import os
import re
import secrets
import stat
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from transforms.object_store.atomic_files import PART
from transforms.preflight.judge_folder import Component, FolderFacts

_MOUNTS = Path("/proc/self/mounts")
_ONCE = os.O_WRONLY | os.O_CREAT | os.O_EXCL
_SYNCED = re.compile(
    r"Dropbox( \(.*\))?|OneDrive( - .*)?|Google ?Drive|My Drive|iCloud Drive|Mobile Documents|Nextcloud|ownCloud|"
    r"Syncthing|Box( Sync)?|pCloud ?Drive|MEGA(sync)?|Public|public_html",
    re.IGNORECASE,
)
_MARKERS = (".dropbox", ".dropbox.cache", ".stfolder", ".nextcloudsync.log", ".owncloudsync.log")
_PUBLISHED = tuple(Path(name) for name in ("/var/www", "/srv/http", "/srv/www", "/srv/ftp", "/usr/share/nginx"))


def collect_folder(path: Path, at: datetime, mounts: Path = _MOUNTS) -> FolderFacts:
    """Return the facts about ``path``, which need not exist; never raises for what cannot be read."""
    path = path.absolute()
    way = tuple(_way(path))
    real = Path(os.path.realpath(way[-1].path if way else path))
    kind, point = _mount(real, mounts)
    return FolderFacts(
        at=at,
        path=str(path),
        user=os.geteuid(),
        way=way,
        is_folder=real.is_dir() and bool(way) and stat.S_ISDIR(way[-1].mode),
        exists=bool(way) and way[-1].path == str(path),
        writable=os.access(real, os.W_OK | os.X_OK),
        kind=kind,
        mounted_on=point,
        free_bytes=_free_bytes(real),
        shared_by=_shared_by(real),
        lacks=_try_file_system(real) if way and way[-1].path == str(path) else None,
    )


def _way(path: Path) -> Iterator[Component]:
    """Yield what exists from the root to ``path``; links are followed, and noted with their owner."""
    for part in (*reversed(path.parents), path):
        try:
            shown, found = part.lstat(), part.stat()
        except OSError:
            return
        link_owner = shown.st_uid if stat.S_ISLNK(shown.st_mode) else None
        yield Component(str(part), found.st_mode, found.st_uid, link_owner)


def _mount(real: Path, mounts: Path) -> tuple[str | None, str | None]:
    """Return kind and mount point of the file system that holds ``real``, by the longest mount point above it."""
    try:
        lines = [line.split() for line in mounts.read_text(encoding="utf-8").splitlines()]
        found = [(re.sub(r"\\(\d{3})", lambda code: chr(int(code[1], 8)), words[1]), words[2]) for words in lines]
    except (OSError, UnicodeDecodeError, IndexError):
        return None, None
    # of two mounts on one point the later hides the earlier
    holding = [(len(point), index) for index, (point, _) in enumerate(found) if real.is_relative_to(point)]
    if not holding:
        return None, None
    point, kind = found[max(holding)[1]]
    return kind, point


def _free_bytes(real: Path) -> int | None:
    try:
        counts = os.statvfs(real)
    except OSError:
        return None
    return counts.f_bavail * counts.f_frsize


def _try_file_system(real: Path) -> str | None:
    """Find what keyveil needs and the file system of a folder does not have; '' if nothing, ``None`` if not tried.

    A network share or a mounted bucket may take files and refuse links or locks (``os.link`` on SMB and on S3 by FUSE).
    """
    made, linked = (real / f".{secrets.token_hex(8)}{PART}" for _ in range(2))
    try:
        descriptor = os.open(made, _ONCE, 0o600)
    except OSError:
        return None  # the check of access says so
    lacks = "locks (flock)"
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        lacks = "hard links"
        os.link(made, linked)
        lacks = "files that are made only once (O_EXCL)"
        return "" if _is_refused(linked) else lacks
    except OSError:
        return lacks
    finally:
        os.close(descriptor)
        for path in (made, linked):
            with suppress(OSError):
                path.unlink()


def _is_refused(existing: Path) -> bool:
    """Check that a file that exists cannot be made once more."""
    try:
        os.close(os.open(existing, _ONCE, 0o600))
    except FileExistsError:
        return True
    return False


def _shared_by(real: Path) -> str | None:
    """Return the folder on the way that is known to be copied or published, or ``None``."""
    for part in (real, *real.parents):
        if part in _PUBLISHED or _SYNCED.fullmatch(part.name) or any((part / name).exists() for name in _MARKERS):
            return str(part)
    return None
