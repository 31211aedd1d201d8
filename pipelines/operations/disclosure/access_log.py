"""Reads of a bucket in the entries of its audit log, by who read.

Of the entries of ``gcloud logging read --format=json`` those count that call storage.objects.get without an error.
"""

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from schemas.errors import UsageError

_READ = "storage.objects.get"
_UNKNOWN = "not named"


@dataclass(frozen=True, slots=True)
class Reads:
    """Objects that a member read: how often, and the first and the last UTC day."""

    member: str
    count: int
    first: str
    last: str
    is_agreed: bool


def find_reads(file: Path, bucket: str, prefix: str, agreed: Collection[str]) -> tuple[Reads, ...]:
    """Find who read objects below ``prefix``, those with whom it was not agreed first, then by name.

    Raises ``UsageError`` where the file holds no entries of an audit log.
    """
    days: dict[str, list[str]] = {}
    for member, day in _list_reads(_read_entries(file), f"projects/_/buckets/{bucket}/objects/{prefix}", file):
        days.setdefault(member, []).append(day)
    names = {name.rpartition(":")[2] for name in agreed}
    found = [Reads(member, len(of), min(of), max(of), member in names) for member, of in days.items()]
    return tuple(sorted(found, key=lambda reads: (reads.is_agreed, reads.member)))


def _read_entries(file: Path) -> list[Any]:
    """Read a JSON array, or one entry a line."""
    try:
        text = file.read_text(encoding="utf-8")
        entries = (
            json.loads(text) if text.lstrip().startswith("[") else [json.loads(line) for line in text.splitlines()]
        )
    except (OSError, ValueError, RecursionError):
        raise UsageError(
            f"{file} cannot be read as JSON; write it with gcloud logging read FILTER --format=json"
        ) from None
    return list(entries)


def _list_reads(entries: list[Any], below: str, file: Path) -> Iterator[tuple[str, str]]:
    """Yield member and day of each entry that counts."""
    for number, entry in enumerate(entries, 1):
        try:
            call: Mapping[str, Any] = entry["protoPayload"]
            if call["methodName"] != _READ or not f"{call['resourceName']}/".startswith(below):
                continue
            if not call.get("status", {}).get("code"):
                yield str(call.get("authenticationInfo", {}).get("principalEmail") or _UNKNOWN), entry["timestamp"][:10]
        except (KeyError, TypeError, AttributeError):
            raise UsageError(
                f"entry {number} of {file} is none of the audit log; restrict the filter to "
                'log_id("cloudaudit.googleapis.com/data_access")'
            ) from None
