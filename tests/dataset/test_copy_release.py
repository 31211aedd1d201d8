import hashlib
from pathlib import Path

import pytest

from schemas.errors import FailedError
from schemas.safe import ShardEntry
from transforms.dataset.catalog import parse_catalog
from transforms.dataset.copy_release import copy_release
from transforms.dataset.layout import CATALOG, ReleaseLayout, release_layout
from transforms.dataset.manifest import Manifest, shard_records
from transforms.dataset.publish import publish
from transforms.keys.key_set import KeySet
from transforms.object_store.addresses import open_store

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
    publish(open_store(layout.home), layout, manifest, [entry], keys)
    (Path(layout.folder) / "README.md").write_text("card")
    return layout


def test_a_copy_is_the_same_bytes_and_current_in_its_place(tmp_path: Path, source: ReleaseLayout, keys: KeySet) -> None:
    target = release_layout(str(tmp_path / "second"), "typing", RELEASE)
    for _ in range(2):  # safe to repeat
        copied = copy_release(source, target, keys)
        assert copied is not None
        assert copied.release_id == RELEASE
    origin, store = open_store(source.home), open_store(target.home)
    assert store.names() == origin.names()
    for name in store.names():
        one, other = store.get(name), origin.get(name)
        assert one is not None
        assert other is not None
        assert one.content == other.content or name == CATALOG
        if name == CATALOG:
            assert parse_catalog(one.content, "it", keys.verifying()).current == RELEASE


def test_what_is_not_there_is_not_copied(tmp_path: Path, source: ReleaseLayout, keys: KeySet) -> None:
    target = release_layout(str(tmp_path / "second"), "typing", RELEASE)
    open_store(source.home).delete(source.manifest)
    assert copy_release(source, target, keys) is None
    assert open_store(target.home).names() == []


def test_an_altered_release_is_not_copied(tmp_path: Path, source: ReleaseLayout, keys: KeySet) -> None:
    target = release_layout(str(tmp_path / "second"), "typing", RELEASE)
    (Path(source.home) / source.file("events/00000-ab.parquet")).write_bytes(b"other!")
    with pytest.raises(FailedError, match="is not the file that the manifest signed"):
        copy_release(source, target, keys)
    assert open_store(target.home).names() == []
