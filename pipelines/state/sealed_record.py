"""Record of one dataset or release that lies sealed in private state; each run replaces that of the run before it."""

import json
from collections.abc import Callable
from typing import Any, TypeVar

from pipelines.state.private_state import PrivateState
from schemas.errors import FailedError
from transforms.keys.envelope import decrypt_by_any, encrypt
from transforms.keys.key_set import KeyRole
from transforms.object_store.interface import put

Record = TypeVar("Record")
_SUFFIX = ".sealed"


def read_sealed(private: PrivateState, folder: str, dataset: str, parse: Callable[[Any], Record]) -> Record | None:
    """Read the record of a dataset from its JSON, ``None`` before the first; a retired key opens it too.

    Raises ``FailedError`` where it does not open, or is of another form than ``parse`` takes.
    """
    name = _name(dataset)
    seen = private.part(folder).get(name)
    if seen is None:
        return None
    try:
        keys = private.keys.derivations(KeyRole.TRANSIT, folder)
        return parse(json.loads(decrypt_by_any(keys, seen.content, name.encode())))
    except (FailedError, ValueError, TypeError, AttributeError):
        raise FailedError(
            f"{private.address(folder)}/{name} does not open; restore private state, or name its key set"
        ) from None


def keep_sealed(private: PrivateState, folder: str, dataset: str, content: object) -> None:
    """Keep the record of a dataset, as JSON, in place of the one before it."""
    name = _name(dataset)
    key = private.keys.derive(KeyRole.TRANSIT, folder)
    put(private.part(folder), name, encrypt(key, json.dumps(content).encode(), name.encode()))


def list_sealed(private: PrivateState, folder: str) -> list[str]:
    """List the datasets or releases that have a record in a folder."""
    names = private.part(folder).names()
    return sorted(name.removesuffix(_SUFFIX) for name in names if name.endswith(_SUFFIX))


def forget_sealed(private: PrivateState, folder: str, dataset: str) -> None:
    """Remove a record; does nothing where there is none."""
    private.part(folder).delete(_name(dataset))


def _name(dataset: str) -> str:
    return f"{dataset}{_SUFFIX}"
