"""Key set in Secret Manager, for workers that share no disk: one secret with the files of an exported key set.

The files are written to a folder of the process, in memory if the machine offers that, and removed when it ends; the
folder of a killed process is removed when the next one opens a key set.
"""

import atexit
import base64
import contextlib
import fcntl
import functools
import json
import os
import re
import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from schemas.errors import FailedError, RefusedError, UsageError
from transforms.keys.secret_files import FOLDER_MODE, write_secret

SCHEME = "secret:"
_VERSIONS = "/versions/"
_NAME = re.compile(r"projects/[a-z0-9:.-]+/secrets/[A-Za-z0-9_-]{1,255}(/versions/[0-9]+)?")
_FILE = re.compile(r"[a-z]+(\.[0-9a-f]+\.retired)?(\.private|\.public)?\.(json|pem)")
_PREFIX = "keyveil-keys-"
_MEMORY = Path("/dev/shm")  # noqa: S108 - a new folder for the owner alone is made in it
_ENDPOINT = "https://secretmanager.googleapis.com/v1"
_SCOPE = "https://www.googleapis.com/auth/cloud-platform"
_CALL_S = 60.0


def check_name(name: str) -> None:
    """Raise ``UsageError`` if ``name`` is no name of a secret, with or without a version."""
    if not _NAME.fullmatch(name):
        raise UsageError("a key set in Secret Manager is named secret:projects/PROJECT/secrets/NAME[/versions/NUMBER]")


def bundle(files: dict[str, bytes]) -> bytes:
    """Serialize the files of a key set as the content of a secret."""
    return json.dumps({name: content.decode() for name, content in sorted(files.items())}).encode()


@functools.cache
def folder_of(name: str) -> Path:
    """Write the key set of a secret to a folder, once a process, and return it.

    Raises ``RefusedError`` if the secret may not be read or holds no key set.
    """
    content = access(name).content
    try:
        files: dict[str, str] = json.loads(content)
        sound = bool(files) and all(_FILE.fullmatch(file) and isinstance(text, str) for file, text in files.items())
    except (ValueError, AttributeError, TypeError):
        sound = False
    if not sound:
        raise RefusedError(
            f"the secret {name} holds no key set; create one with: keyveil keys export DIR --role bundle -o FILE"
        )
    made = _new_folder(_MEMORY if _MEMORY.is_dir() else Path(tempfile.gettempdir()))
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    for file, text in files.items():
        write_secret(made / file, text.encode())
    return made


def _new_folder(base: Path) -> Path:
    """Create a folder for the owner alone, locked until this process ends or is killed."""
    _sweep(base)
    made = Path(tempfile.mkdtemp(prefix=f".{_PREFIX}", dir=base))
    made.chmod(FOLDER_MODE)
    fcntl.flock(os.open(made, os.O_RDONLY | os.O_DIRECTORY), fcntl.LOCK_EX)
    return made.rename(base / made.name.removeprefix("."))  # the final name implies a lock


def _sweep(base: Path) -> None:
    """Remove the folders of processes that were killed: their locks are free."""
    for left in base.glob(f"{_PREFIX}*"):
        with contextlib.suppress(OSError):
            lock = os.open(left, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if os.fstat(lock).st_uid == os.geteuid():
                    shutil.rmtree(left, ignore_errors=True)
            finally:
                os.close(lock)


@functools.cache
def pin_version(name: str) -> str:
    """Add the latest version to the name of a secret, read once a process.

    Without a version, a worker that starts late would open the keys of a rotation in between. Raises ``RefusedError``
    if the secret may not be read.
    """
    return name if _VERSIONS in name else f"{name}{_VERSIONS}{access(name).version}"


@dataclass(frozen=True, slots=True)
class SecretVersion:
    """Content of one version of a secret."""

    version: int
    content: bytes = field(repr=False)


def access(name: str) -> SecretVersion:
    """Read a secret as the account that the environment provides.

    Raises ``RefusedError`` if it may not be read, ``FailedError`` if the answer is malformed.
    """
    import google.auth  # noqa: PLC0415 - where keys lie in files no client is needed
    from google.auth.exceptions import GoogleAuthError  # noqa: PLC0415
    from google.auth.transport.requests import AuthorizedSession  # noqa: PLC0415
    from requests import RequestException  # noqa: PLC0415

    address = name if _VERSIONS in name else f"{name}{_VERSIONS}latest"
    try:
        own, _ = google.auth.default(scopes=[_SCOPE])
        answer: Any = AuthorizedSession(own).get(f"{_ENDPOINT}/{address}:access", timeout=_CALL_S)  # type: ignore[no-untyped-call]
        if answer.ok:
            found = answer.json()
            version = int(found["name"].rpartition("/")[2])  # the project is named by its number there
            return SecretVersion(version, base64.b64decode(found["payload"]["data"]))
        said = f"HTTP {answer.status_code}"
    except (GoogleAuthError, RequestException) as error:
        said = type(error).__name__
    except (ValueError, KeyError, TypeError, AttributeError):
        raise FailedError(f"Secret Manager did not give the secret {name} back; run again") from None
    raise RefusedError(
        f"the secret {name} cannot be read ({said}); grant the account roles/secretmanager.secretAccessor on it"
    )
