"""Copy of private state as it was at one moment, and its way back into an empty place.

What a listing names is copied, and the place is listed again: what changed meanwhile is copied again, until a listing
is the same as the one before. Then everything lay there at once, although nobody was kept from writing.
  listed {a: 1, b: 1} and copied; listed {a: 2, b: 1}, so a is copied again; listed {a: 2, b: 1}: the copy is of now

What a run was in the middle of is in the copy as after a kill of that run, which the next run takes up.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from pipelines.state.state_owner import OWNER
from schemas.errors import FailedError, RefusedError, UsageError
from transforms.object_store.addresses import join_uri, normal_uri, open_store
from transforms.object_store.atomic_files import LOCKS, PART
from transforms.object_store.interface import ObjectMetadata, ObjectStore, create, put
from transforms.object_store.parallel_reads import read_each

NEVER_COPIED = ("run-keys", "runs", LOCKS, "prefilters")
"""Folders of a state that hold nothing to come back to; a copied run key would outlive its destruction."""
CONTENTS = "keyveil-backup.json"
"""Written last: a copy without it was not finished."""
_FORM = "keyveil/backup/1"
_ATTEMPTS = 20
_LEDGER = "ledger/"


@dataclass(frozen=True, slots=True)
class StateCopy:
    """A finished copy: the address of the backup, that of the state, and how many files and bytes it holds."""

    backup: str
    state: str
    files: int
    bytes: int


def back_up_state(state: str, to: str, at: datetime) -> StateCopy:
    """Copy a private state into a new folder below ``to``, which is named by the time ``at``.

    Raises ``UsageError`` where there is no state or a backup of that second, ``FailedError`` if the state changes
    faster than it can be copied.
    """
    origin = open_store(normal_uri(state))
    place = open_store(join_uri(normal_uri(to), at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")))
    if f"{place.uri}/".startswith(f"{origin.uri}/"):
        raise UsageError(f"{to} lies inside of the state; pass a place of its own, apart from state and releases")
    listed = _list_kept(origin)
    if OWNER not in listed and not any(name.startswith(_LEDGER) for name in listed):
        raise UsageError(f"{origin.uri} holds no private state; pass the --state of the runs")
    if place.names():
        raise UsageError(f"{place.uri} holds something already; try again in a second")
    copied: dict[str, ObjectMetadata] = {}
    digests: dict[str, str] = {}
    for _ in range(_ATTEMPTS):
        for name in copied.keys() - listed.keys():
            place.delete(name)
            del digests[name]
        changed = [name for name, described in listed.items() if copied.get(name) != described]
        found = dict(zip(changed, read_each(partial(_copy, origin, place), changed), strict=True))
        digests |= {name: digest for name, digest in found.items() if digest is not None}
        copied = {name: described for name, described in listed.items() if found.get(name, "") is not None}
        listed = _list_kept(origin)
        if listed == copied:
            contents = {"form": _FORM, "state": origin.uri, "files": digests}
            put(place, CONTENTS, json.dumps(contents, sort_keys=True, indent=1).encode())
            return StateCopy(place.uri, origin.uri, len(copied), sum(item.bytes for item in copied.values()))
    raise FailedError(f"{origin.uri} changes faster than it can be copied; back it up when no run is under way")


def restore_state(backup: str, state: str) -> StateCopy:
    """Copy a backup into an empty place, or go on where an earlier attempt was stopped; the ledger is first.

    Raises ``UsageError`` where there is no finished backup, ``RefusedError`` where anything else lies in the place,
    ``FailedError`` if a file of the backup is missing or was altered.
    """
    origin, place = open_store(normal_uri(backup)), open_store(normal_uri(state))
    digests = _read_contents(origin)
    foreign = [name for name in place.names() if name not in digests or _digest(place, name) != digests[name]]
    if foreign:
        raise RefusedError(
            f"{place.uri} is not empty; pass an empty place, or move away what lies there: files of two states are none"
        )
    first = [name for name in digests if name.startswith(_LEDGER)]
    rest = [name for name in digests if not name.startswith(_LEDGER)]
    sizes = [size for names in (first, rest) for size in read_each(partial(_put_back, origin, place, digests), names)]
    return StateCopy(origin.uri, place.uri, len(sizes), sum(sizes))


def _list_kept(origin: ObjectStore) -> dict[str, ObjectMetadata]:
    """List the files that a backup holds: not those that come back to nothing, nor unfinished ones."""
    return {name: described for name, described in origin.list_metadata().items() if _is_kept(name)}


def _is_kept(name: str) -> bool:
    """Return whether a backup holds a file of this name; nobody signs a backup, so its names are not trusted.

    >>> _is_kept("ledger/1.json"), _is_kept("../ledger/1.json"), _is_kept("run-keys/1")
    (True, False, False)
    """
    parts = name.split("/")
    return parts[0] not in NEVER_COPIED and not name.endswith(PART) and not {"", ".", ".."} & {*parts}


def _copy(origin: ObjectStore, place: ObjectStore, name: str) -> str | None:
    """Copy a file and return its digest; return ``None`` if it is gone."""
    seen = origin.get(name)
    if seen is None:
        return None
    put(place, name, seen.content)
    return hashlib.sha256(seen.content).hexdigest()


def _read_contents(origin: ObjectStore) -> Mapping[str, str]:
    seen = origin.get(CONTENTS)
    if seen is None:
        raise UsageError(
            f"{origin.uri} holds no finished backup; pass the address that keyveil state backup ended with"
        )
    try:
        contents = json.loads(seen.content)
        if contents["form"] == _FORM and all(map(_is_kept, contents["files"])):
            return {str(name): str(digest) for name, digest in contents["files"].items()}
    except (ValueError, KeyError, TypeError, AttributeError):
        pass
    raise FailedError(f"{origin.uri}/{CONTENTS} is damaged; restore an earlier backup")


def _digest(place: ObjectStore, name: str) -> str:
    seen = place.get(name)
    return "" if seen is None else hashlib.sha256(seen.content).hexdigest()


def _put_back(origin: ObjectStore, place: ObjectStore, digests: Mapping[str, str], name: str) -> int:
    """Write a file of the backup, unless it is there; return its size."""
    seen = origin.get(name)
    if seen is None or hashlib.sha256(seen.content).hexdigest() != digests[name]:
        raise FailedError(f"{origin.uri}/{name} is missing or was altered; restore an earlier backup")
    if not create(place, name, seen.content):
        raise FailedError(f"{place.uri}/{name} was written meanwhile; stop the runs and restore into an empty place")
    return len(seen.content)
