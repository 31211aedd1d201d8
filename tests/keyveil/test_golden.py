"""Readers open what any earlier version wrote; a changed column needs a new version with golden shards of its own."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from keyveil import episodes, open_release
from schemas.safe import EVENTS_SCHEMA, SCHEMA_VERSION

GOLDEN = Path(__file__).parents[1] / "golden" / "shards"
VERSIONS = sorted(path.name for path in GOLDEN.glob("v*"))


def test_every_version_so_far_is_kept() -> None:
    expected = [f"v{number}" for number in range(1, SCHEMA_VERSION + 1)]
    assert expected == sorted(path.name for path in GOLDEN.glob("v*"))


def test_the_schema_is_the_one_that_its_version_froze() -> None:
    frozen = json.loads((GOLDEN / f"v{SCHEMA_VERSION}" / "schema.json").read_text(encoding="utf-8"))
    now = {column.name: str(column.type) for column in EVENTS_SCHEMA}
    assert now == frozen, "a column changed: raise SCHEMA_VERSION, say how readers see old files, run make.py"


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("encryption", ["none", "sealed"])
def test_golden_shards_read_as_they_were_written(version: str, encryption: str, tmp_path: Path) -> None:
    keys = tmp_path / "reader.json"
    shutil.copyfile(GOLDEN / version / "reader.json", keys)
    keys.chmod(0o600)
    home = str(GOLDEN / version / encryption)
    release = open_release(home, keys=keys)
    assert release.manifest.schema_version == int(version.removeprefix("v"))
    rows = json.loads((GOLDEN / version / "rows.json").read_text(encoding="utf-8"))
    found = [row for episode in episodes(home, keys=keys) for row in episode.events.to_pylist()]
    assert _as_in(found, rows) == rows
    fragment = next(iter(release.fragments(release.shards("events"))))
    metadata = fragment.physical_schema.metadata
    assert metadata[b"keyveil.schema_version"] == version.removeprefix("v").encode()
    assert metadata[b"keyveil.release_id"] == release.manifest.release_id.encode()
    assert b"keyveil.privacy_statement" in metadata


def _as_in(found: Any, old: Any) -> Any:
    """Return the parts of ``found`` that ``old`` has: later versions add columns and parts of them."""
    if isinstance(old, dict):
        return {name: _as_in(found[name], old[name]) for name in old}
    if isinstance(old, list):
        return [_as_in(one, other) for one, other in zip(found, old, strict=True)]
    return found
