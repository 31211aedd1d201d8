"""Reads of a bucket of S3 in the data events of CloudTrail.

Files are read as it delivers them: ``{"Records": [...]}``, mostly gzipped. Data events have to be turned on for the
bucket; CloudTrail records none by itself.
"""

import gzip
import json
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from pipelines.operations.disclosure.access_log import UNKNOWN, Access
from schemas.errors import UsageError

_SERVICE = "s3.amazonaws.com"
_READS = frozenset({"GetObject", "GetObjectTorrent", "SelectObjectContent"})
_LISTINGS = frozenset({"ListObjects", "ListObjectsV2", "ListObjectVersions"})
_COPIES = frozenset({"CopyObject", "UploadPartCopy"})
_LOOKS = frozenset({"HeadObject", "GetObjectAttributes"})
"""Calls that tell that an object exists and how large it is: as a listing does."""
_ANONYMOUS = "ANONYMOUS_PRINCIPAL"


def read_trail(place: Path, bucket: str) -> Iterator[Access]:
    """Yield the data events about a bucket in a file, or in the .json and .json.gz files below a folder.

    Raises ``UsageError`` where a file holds no events of CloudTrail.
    """
    files = sorted(path for path in place.rglob("*.json*") if path.is_file()) if place.is_dir() else [place]
    for file in files:
        for number, event in enumerate(_read_records(file), 1):
            try:
                yield from _read_event(event, bucket)
            except (KeyError, TypeError, AttributeError):
                raise UsageError(
                    f"record {number} of {file} is none of CloudTrail; pass files as it delivers them"
                ) from None


def _read_event(event: Mapping[str, Any], bucket: str) -> Iterator[Access]:
    name, at = event["eventName"], str(event["eventTime"])
    asked: Mapping[str, Any] = event.get("requestParameters") or {}
    if event["eventSource"] != _SERVICE:
        return
    member, is_done = _name_member(event["userIdentity"]), not event.get("errorCode")
    source, _, copied = _read_source(asked).partition("/")
    if name in _COPIES and source == bucket:
        yield Access(member, at, copied, is_done=is_done)
    elif asked.get("bucketName") != bucket:
        return
    elif name in _READS:
        yield Access(member, at, str(asked.get("key") or ""), is_done=is_done)
    elif name in _LISTINGS or name in _LOOKS:
        yield Access(member, at, str(asked.get("key") or asked.get("prefix") or ""), is_listing=True, is_done=is_done)
    else:
        yield Access(member, at, None, is_done=is_done)


def _read_source(asked: Mapping[str, Any]) -> str:
    """Read bucket and object that a copy reads: ``/acme/a%20b?versionId=1`` is ``acme/a b``."""
    return unquote(str(asked.get("x-amz-copy-source") or "").partition("?")[0]).lstrip("/")


def _name_member(identity: Mapping[str, Any]) -> str:
    """Name who called: the role behind a session, whose ARN the agreement has, else the user, account or service."""
    issuer = (identity.get("sessionContext") or {}).get("sessionIssuer") or {}
    if identity.get("accountId") == _ANONYMOUS or identity.get("principalId") == _ANONYMOUS:
        return "anonymous"
    account = identity.get("accountId")
    named = issuer.get("arn") or identity.get("arn") or identity.get("invokedBy")
    return str(named or (f"account {account}" if account else UNKNOWN))


def _read_records(file: Path) -> list[Any]:
    try:
        content = file.read_bytes()
        records = json.loads(gzip.decompress(content) if content.startswith(b"\x1f\x8b") else content)["Records"]
    except (OSError, EOFError, zlib.error, ValueError, KeyError, TypeError, RecursionError):
        raise UsageError(f"{file} cannot be read as events of CloudTrail; pass files as it delivers them") from None
    return list(records)
