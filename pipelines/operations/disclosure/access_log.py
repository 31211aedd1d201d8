"""Reads of a bucket in an audit log, by who read, and whether the log could show any.

An empty log and one in which nobody read look alike. What tells them apart is kept beside the reads: how many entries
are of this bucket, from when to when, and whether a read, allowed or refused, is among them at all.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from schemas.errors import UsageError

UNKNOWN = "not named"
_READ, _LIST = "storage.objects.get", "storage.objects.list"


class Access(NamedTuple):
    """Entry of an audit log about a bucket: who, when, and what was asked for.

    ``names`` is the object, or the prefix of a listing, ``None`` for an entry about anything else. ``is_done``: it was
    not refused.
    """

    member: str
    at: str
    names: str | None
    is_listing: bool = False
    is_done: bool = True


@dataclass(frozen=True, slots=True)
class Reads:
    """Reads by a member: how many files, how many listings of names, and the first and the last UTC day."""

    member: str
    count: int
    first: str
    last: str
    is_agreed: bool
    listings: int = 0


@dataclass(frozen=True, slots=True)
class LogContent:
    """Content of a log about one bucket: reads below an address, and what shows that reads are in the log at all.

    ``first`` and ``last`` are the UTC times of its first and last entry, '' where there is none.
    """

    reads: tuple[Reads, ...]
    entries: int
    first: str
    last: str
    shows_reads: bool


@dataclass(slots=True)
class _Member:
    days: list[str] = field(default_factory=list)
    files: int = 0
    listings: int = 0


def summarise_log(accesses: Iterable[Access], prefix: str, agreed: Collection[str]) -> LogContent:
    """Summarise the entries of one bucket: reads below ``prefix``, those with whom it was not agreed first.

    A listing counts where it may name something below the prefix: of all of the bucket, or of a part of the way.
    """
    found = list(accesses)
    members: dict[str, _Member] = {}
    for item in found:
        if item.names is None or not item.is_done:
            continue
        if item.names.startswith(prefix) or (item.is_listing and prefix.startswith(item.names)):
            member = members.setdefault(item.member, _Member())
            member.days.append(item.at[:10])
            member.files += not item.is_listing
            member.listings += item.is_listing
    names = {name for of in agreed for name in (of, of.partition(":")[2])}
    reads = [
        Reads(name, of.files, min(of.days), max(of.days), name in names, of.listings) for name, of in members.items()
    ]
    times = sorted(item.at for item in found)
    return LogContent(
        tuple(sorted(reads, key=lambda item: (item.is_agreed, item.member))),
        len(found),
        times[0] if times else "",
        times[-1] if times else "",
        any(item.names is not None for item in found),
    )


def read_google_log(file: Path, bucket: str) -> Iterator[Access]:
    """Yield the entries about a bucket in what ``gcloud logging read --format=json`` wrote.

    Raises ``UsageError`` where the file holds no entries of an audit log.
    """
    place = f"projects/_/buckets/{bucket}"
    for number, entry in enumerate(_read_entries(file), 1):
        try:
            call: Mapping[str, Any] = entry["protoPayload"]
            method, resource, at = call["methodName"], f"{call['resourceName']}/", str(entry["timestamp"])
            if not resource.startswith(f"{place}/"):
                continue
            member = str(call.get("authenticationInfo", {}).get("principalEmail") or UNKNOWN)
            is_done, is_object = not call.get("status", {}).get("code"), resource.startswith(f"{place}/objects/")
            if method == _READ and is_object:
                yield Access(member, at, resource.removeprefix(f"{place}/objects/")[:-1], is_done=is_done)
            else:
                is_listing = method == _LIST
                yield Access(member, at, "" if is_listing else None, is_listing=is_listing, is_done=is_done)
        except (KeyError, TypeError, AttributeError):
            raise UsageError(
                f"entry {number} of {file} is none of the audit log; restrict the filter to "
                'log_id("cloudaudit.googleapis.com/data_access")'
            ) from None


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
