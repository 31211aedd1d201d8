"""Refuses to run code that is not ours: ``transforms`` is a common name, and a foreign one would let text through."""

import hashlib
import importlib.util
from pathlib import Path

from schemas.errors import RefusedError

_PACKAGES = ("schemas", "transforms", "pipelines", "readers")
_MAKING = ("schemas", "transforms", "pipelines")


def check_origin() -> None:
    """Raise ``RefusedError`` unless all of our packages lie beside this one."""
    home = Path(__file__).resolve().parent.parent
    for name in _PACKAGES:
        spec = importlib.util.find_spec(name)
        if spec is None or spec.origin is None or Path(spec.origin).resolve().parent.parent != home:
            raise RefusedError(
                f"the package {name} was imported from another place than keyveil; start from another folder or set "
                "PYTHONSAFEPATH=1"
            )


def code_digest() -> str:
    """Return a digest of the source files that make releases."""
    home = Path(__file__).resolve().parent.parent
    digest = hashlib.sha256()
    for package in _MAKING:
        for path in sorted((home / package).rglob("*.py")):
            digest.update(str(path.relative_to(home)).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()
