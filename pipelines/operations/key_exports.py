"""Record of the exports of a key set: which role, to whom, until when. It lies in the folder of the key set.

A copy of a key cannot be called back: after the last day of an export, rotate its key and leave out its holder.
"""

import hmac
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path

from schemas.errors import FailedError, RefusedError, UsageError
from schemas.safe import SENSITIVITIES
from transforms.keys.key_set import EXPORTS, KeyReference, KeyRole, KeySet, export_reader
from transforms.keys.pipeline_copy import check_original, export_bundle, export_pipeline, is_copy, renew_pipeline
from transforms.keys.pseudonym import keyed_digest
from transforms.keys.secret_files import read_secret, replace_secret
from transforms.object_store.atomic_files import lock_folder

READER = "reader"
UNSTATED = "not stated"
_LONGEST_ROLE = 100


@dataclass(frozen=True, slots=True)
class KeyExport:
    """Export of keys on the UTC day ``at``; ``data_key`` is the id of the newest key in it, ``end`` its last day."""

    role: str
    holder: str
    at: str
    end: str | None
    up_to: str | None
    data_key: str

    @property
    def scope(self) -> str:
        """Describe what the keys open: the role, and the class of columns up to which a reader may read."""
        return self.role if self.up_to is None else f"{self.role} up to {self.up_to}"

    @property
    def term(self) -> str:
        """Describe the time until which the holder may use the keys."""
        return "without end" if self.end is None else f"until {self.end}"

    @property
    def opens(self) -> str:
        """Describe what the keys open: an export holds the newest data key of its day and all before it."""
        return (
            f"opens every release sealed until {self.at}, whatever its data key, and later ones under {self.data_key}"
        )

    @property
    def opens_texts(self) -> bool:
        """Return whether the keys open what was typed and shown, the most sensitive class of columns."""
        return self.up_to in (None, SENSITIVITIES[-1])

    def has_ended(self, today: date) -> bool:
        """Return whether the last day is over."""
        return self.end is not None and date.fromisoformat(self.end) < today


def describe_export(
    directory: Path, role: str, holder: str | None, end: date | None, up_to: str | None, *, today: date
) -> KeyExport:
    """Describe an export of today.

    Raises ``UsageError`` for a holder of another form, an end that has passed, or a sensitivity that does not exist or
    that the role does not obey.
    """
    if holder is not None:
        check_role("--holder", holder)
    if end is not None and end < today:
        raise UsageError("--until must be today or later: the last day on which the holder may use the keys")
    if up_to is not None and role != READER:
        raise UsageError(f"--up-to goes with --role {READER} alone: {role} holds the keys of every column")
    reader = KeySet.open(KeyReference.parse(str(directory))).reader()
    if up_to is not None:
        reader.up_to(up_to)
    last = None if end is None else end.isoformat()
    return KeyExport(role, holder or UNSTATED, today.isoformat(), last, up_to, reader.data.key_id)


def check_role(option: str, text: str) -> None:
    """Raise ``UsageError`` where the value of an option is not one short line."""
    if not (text.strip() and text.isprintable() and len(text) <= _LONGEST_ROLE):
        raise UsageError(f"{option} must be one line of 1 to {_LONGEST_ROLE} characters: a team or a role")


def write_export(directory: Path, export: KeyExport, target: Path) -> None:
    """Record an export, then write its keys to the new file or folder ``target``: no copy is without its record.

    A copy for the pipeline that lies there already is renewed.

    The caller holds the key set: of two exports at once, one would be left out. An export that could not be written
    stays on record. Raises ``RefusedError`` where the target exists, and
    ``FailedError`` if the record was altered; neither records anything.
    """
    check_original(directory, "exports are made and recorded")
    renewed = export.role == "pipeline" and not target.is_symlink() and is_copy(target)
    if not renewed and (target.exists() or target.is_symlink()):
        raise RefusedError(f"{target} exists and is not overwritten; pass another one")
    _record_export(directory, export)
    if renewed:
        with lock_folder(target):
            renew_pipeline(directory, target)
    elif export.role == "pipeline":
        export_pipeline(directory, target)
    elif export.role == "bundle":
        export_bundle(directory, target)
    else:
        export_reader(directory, target, export.up_to)


def end_exports(directory: Path, holder: str, last: date) -> tuple[KeyExport, ...]:
    """End every export to a holder that may be used after the day ``last``; return those that were ended.

    Nothing is taken back by it: the holder gave the file back, or left. Raises ``UsageError`` where no export to the
    holder is recorded, and ``FailedError`` if the record was altered. The caller holds the key set.
    """
    exports, day = read_exports(directory), last.isoformat()
    if not any(item.holder == holder for item in exports):
        raise UsageError(f"no export to this holder is recorded; keyveil keys holders {directory} lists them")
    is_open = [item.holder == holder and (item.end is None or item.end > day) for item in exports]
    ended = [replace(item, end=day) if opened else item for item, opened in zip(exports, is_open, strict=True)]
    _write_record(directory, ended)
    return tuple(item for item, opened in zip(ended, is_open, strict=True) if opened)


def _record_export(directory: Path, export: KeyExport) -> None:
    _write_record(directory, (*read_exports(directory), export))


def _write_record(directory: Path, exports: Sequence[KeyExport]) -> None:
    keys = KeySet.open(KeyReference.parse(str(directory)))
    key = keys.derive(KeyRole.TRANSIT, EXPORTS)
    form = {"exports": [asdict(item) for item in exports], "digest": keyed_digest(key, _canonical(exports))}
    replace_secret(directory / EXPORTS, json.dumps(form, indent=1).encode() + b"\n")


def has_record(directory: Path) -> bool:
    """Return whether the exports of a key set are recorded in its folder: not in a copy, nor in Secret Manager."""
    return directory.is_dir() and not is_copy(directory)


def read_exports(directory: Path) -> tuple[KeyExport, ...]:
    """Read the record of a key set, oldest export first.

    Raises ``FailedError`` if it was altered, ``RefusedError`` for a copy: the record lies with its original.
    """
    check_original(directory, "its exports are recorded")
    keys = KeySet.open(KeyReference.parse(str(directory))).derivations(KeyRole.TRANSIT, EXPORTS)
    place = directory / EXPORTS
    if not place.exists():
        return ()
    try:
        form = json.loads(read_secret(place, "restore it from the backup of the key set"))
        exports = tuple(KeyExport(**item) for item in form["exports"])
        digest = str(form["digest"])
    except (ValueError, KeyError, TypeError):
        exports, digest = (), ""
    if not any(hmac.compare_digest(keyed_digest(key, _canonical(exports)), digest) for key in keys):
        raise FailedError(
            f"{place} was altered or belongs to another key set; restore it from the backup of the key set"
        )
    return exports


def list_holders(directory: Path) -> tuple[KeyExport, ...] | None:
    """List the exports of keys to readers; ``None`` where the folder of the key set has no record of them."""
    return tuple(each for each in read_exports(directory) if each.role == READER) if has_record(directory) else None


def render_export(export: KeyExport, today: date, newest: str | None = None) -> str:
    """Render an export: day, role, holder, last day, and what its keys open; ``newest`` is the data key of now."""
    rotated = newest is not None and newest != export.data_key
    remedy = (
        "that key was rotated; what it opens remains open until you erase or retain it"
        if rotated
        else "rotate that key"
    )
    ended = f" (ended: {remedy})" if export.has_ended(today) else ""
    closed = f"opens every release sealed under {export.data_key} or an earlier data key, and none under a later one"
    opens = closed if rotated else export.opens
    return f"{export.at}  {export.scope}: holder {export.holder}, {export.term}{ended}; {opens}"


def _canonical(exports: Sequence[KeyExport]) -> bytes:
    return json.dumps([asdict(item) for item in exports], sort_keys=True).encode()
