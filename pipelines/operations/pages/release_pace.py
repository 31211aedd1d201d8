"""Pace of the releases of an output: whether they are made by days, as the signed manifests tell."""

from enum import StrEnum
from pathlib import Path

from pipelines.operations.audit_keys import open_verifying
from pipelines.operations.report import read_manifests
from pipelines.operations.sealed_releases import find_releases
from transforms.object_store.addresses import is_bucket, normal_uri, open_store


class ReleasePace(StrEnum):
    """Pace of releases: by days, of all logs at once so far, or not known."""

    DAYS = "days"
    ONCE = "once"
    UNKNOWN = "unknown"


def find_pace(uri: str, keys: str | None) -> ReleasePace:
    """Find the pace of the releases in a folder; without keys, releases or a folder it is not known."""
    if keys is None or not Path(keys).exists() or is_bucket(uri) or not Path(uri).is_dir():
        return ReleasePace.UNKNOWN
    store = open_store(normal_uri(uri))
    if not find_releases([store]):
        return ReleasePace.UNKNOWN
    windows = [manifest.window for manifest in read_manifests(store, open_verifying(keys))]
    return ReleasePace.DAYS if any(windows) else ReleasePace.ONCE
