"""Origin of the running code: a foreign package named ``transforms`` would let text through."""

import hashlib
import importlib.util
import zipfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from schemas.errors import RefusedError

_PACKAGES = ("schemas", "transforms", "pipelines", "keyveil")
_MAKING = ("schemas", "transforms", "pipelines")


def check_origin() -> None:
    """Raise ``RefusedError`` unless all packages of the project are beside this one."""
    home = Path(__file__).resolve().parent.parent
    for name in _PACKAGES:
        spec = importlib.util.find_spec(name)
        if spec is None or spec.origin is None or Path(spec.origin).resolve().parent.parent != home:
            raise RefusedError(
                f"the package {name} was imported from another place than keyveil; start from another folder or set "
                "PYTHONSAFEPATH=1"
            )


@cache
def code_digest() -> str:
    """Digest the source files that make releases, once a process: imported code does not change."""
    home = Path(__file__).resolve().parent.parent
    found = (path for package in _MAKING for path in (home / package).rglob("*.py"))
    return _digest({path.relative_to(home).as_posix(): path.read_bytes() for path in found})


def wheel_is_ours(wheel: str) -> bool:
    """Check whether a file is a wheel with exactly the running code."""
    try:
        with zipfile.ZipFile(wheel) as archive:
            names = [name for name in archive.namelist() if name.endswith(".py") and name.split("/")[0] in _MAKING]
            return _digest({name: archive.read(name) for name in names}) == code_digest()
    except (OSError, zipfile.BadZipFile):
        return False


def _digest(sources: Mapping[str, bytes]) -> str:
    digest = hashlib.sha256()
    for name in sorted(sources):
        digest.update(name.encode() + b"\0" + sources[name] + b"\0")
    return digest.hexdigest()
