"""Compiled prefilters, kept from process to process: compiling takes seconds, loading less than a millisecond.

They hold patterns and nothing of any text. They lie in the user's cache folder (``XDG_CACHE_HOME``, default
``~/.cache``), in files for their owner alone; one that others could have changed is left where it is and not used.
"""

import contextlib
import hashlib
import os
import secrets
import stat
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

import hyperscan

_FOLDER = "keyveil/prefilters"
_OTHERS = 0o022


def compiled(expressions: Sequence[bytes], ids: Sequence[int], flags: int) -> hyperscan.Database:
    """Return a database of ``expressions``; raise ``hyperscan.error`` where it cannot take one of them."""
    content = repr((version("hyperscan"), expressions, ids, flags))
    path = _folder() / hashlib.sha256(content.encode()).hexdigest()
    database = _kept(path)
    if database is None:
        database = hyperscan.Database()
        many = len(expressions)
        database.compile(expressions=list(expressions), ids=list(ids), elements=many, flags=[flags] * many)
        with contextlib.suppress(OSError):  # a cache that cannot be written costs time and nothing else
            _keep(path, hyperscan.dumpb(database))
    return database


def _folder() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / _FOLDER


def _kept(path: Path) -> hyperscan.Database | None:
    """Return the database in ``path``; None where there is none of ours, or one of another processor or version."""
    try:
        with open(path, "rb", opener=_open_plainly) as file:
            found = os.fstat(file.fileno())
            if not stat.S_ISREG(found.st_mode) or found.st_uid != os.geteuid() or found.st_mode & _OTHERS:
                return None
            database = hyperscan.loadb(file.read(), hyperscan.HS_MODE_BLOCK)
            hyperscan.Scratch(database)
    except (OSError, hyperscan.error):
        return None
    return database


def _open_plainly(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK)


def _keep(path: Path, content: bytes) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    unfinished.replace(path)
