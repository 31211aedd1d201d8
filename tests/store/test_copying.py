import hashlib
from pathlib import Path

import pytest

from schemas.errors import FailedError
from schemas.safe import ShardEntry
from transforms.keys.provider import KeySet
from transforms.store.catalog import read_catalog
from transforms.store.copying import copy_release
from transforms.store.layout import ReleaseLayout, release_layout
from transforms.store.manifest import Manifest, shard_records
from transforms.store.publish import publish

RELEASE = "a" * 26
BODY = b"sealed"


@pytest.fixture
def source(tmp_path: Path, keys: KeySet) -> ReleaseLayout:
    """A published release of one file, with a card beside it."""
    staged = tmp_path / "staged"
    staged.write_bytes(BODY)
    entry = ShardEntry("events/00000-ab.parquet", 3, len(BODY), hashlib.sha256(BODY).hexdigest(), str(staged))
    manifest = Manifest(
        release_id=RELEASE,
        dataset="typing",
        schema_version=1,
        keyveil_version="0.1.0",
        config_fingerprint="c0",
        code_digest="c1",
        model_digest="c2",
        inputs_digest="c3",
        consent_digest="c4",
        consent_mode="registry",
        run_key="ephemeral",
        noise=(),
        encryption="sealed",
        data_key="k0",
        counts={},
        shards=shard_records([entry]),
    )
    layout = release_layout(str(tmp_path / "first"), "typing", RELEASE)
    publish(layout, manifest, [entry], keys.signing_private())
    (layout.folder / "README.md").write_text("card")
    return layout


def test_a_copy_is_the_same_bytes_and_current_in_its_place(tmp_path: Path, source: ReleaseLayout, keys: KeySet) -> None:
    target = release_layout(str(tmp_path / "second"), "typing", RELEASE)
    for _ in range(2):  # safe to repeat
        copied = copy_release(source, target, keys.signing_private())
        assert copied is not None
        assert copied.release_id == RELEASE
    names = {path.relative_to(source.folder) for path in source.folder.rglob("*") if path.is_file()}
    assert {path.relative_to(target.folder) for path in target.folder.rglob("*") if path.is_file()} == names
    assert all((target.folder / name).read_bytes() == (source.folder / name).read_bytes() for name in names)
    catalog = read_catalog(target.catalog, "typing", keys.signing_public())
    assert catalog is not None
    assert catalog.current == RELEASE


def test_what_is_not_there_is_not_copied(tmp_path: Path, source: ReleaseLayout, keys: KeySet) -> None:
    target = release_layout(str(tmp_path / "second"), "typing", RELEASE)
    source.manifest.unlink()
    assert copy_release(source, target, keys.signing_private()) is None
    assert not target.folder.exists()


def test_an_altered_release_is_not_copied(tmp_path: Path, source: ReleaseLayout, keys: KeySet) -> None:
    target = release_layout(str(tmp_path / "second"), "typing", RELEASE)
    source.file("events/00000-ab.parquet").write_bytes(b"other!")
    with pytest.raises(FailedError, match="is not the file that the manifest signed"):
        copy_release(source, target, keys.signing_private())
    assert not target.folder.exists()
