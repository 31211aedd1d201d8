import hashlib
import json
import shutil
import subprocess
import sys
import warnings
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from pyarrow import fs

from keyveil import Event, WithheldColumnsWarning, episodes, open_dataset, open_release
from schemas.errors import FailedError, KeyveilError, RefusedError, UsageError
from schemas.safe import EVENTS_SCHEMA, SENSITIVITIES
from tests.keyveil.conftest import RELEASE, Publish, Published
from transforms.dataset.manifest import sign_manifest, verify_manifest
from transforms.dataset.publish import change_catalog
from transforms.keys.key_set import KeyReference, KeyRole, KeySet, create_key_set, export_reader
from transforms.keys.rotation import rotate
from transforms.object_store.addresses import open_store

OPENED_ONLY = """
import sys, time
begun = time.process_time()
import keyveil
seconds = time.process_time() - begun
banned = {"apache_beam", "presidio_analyzer", "torch", "datasets", "spacy", "opacus", "google", "pipelines",
          "PIL", "ray"}
print(sorted(banned.intersection(sys.modules)), sorted(name for name in sys.modules if name.endswith(".stage")))
print(seconds)
"""


def test_the_import_is_light() -> None:
    words = [sys.executable, "-c", OPENED_ONLY]
    done = subprocess.run(words, check=True, capture_output=True, text=True)
    found, seconds = done.stdout.splitlines()
    assert found == "[] []"
    assert float(seconds) < 5.0  # one second is the bound of tests/packaging; this only catches a heavy import


def test_a_release_is_a_plain_pyarrow_dataset(release: Published) -> None:
    dataset = open_dataset(str(release.home), keys=release.reader)
    assert dataset.schema.equals(EVENTS_SCHEMA)
    found = dataset.to_table().sort_by([("session", "ascending"), ("seq", "ascending")])
    expected = pa.concat_tables(release.tables).sort_by([("session", "ascending"), ("seq", "ascending")])
    assert found.to_pylist() == expected.to_pylist()
    assert dataset.count_rows() == expected.num_rows


def test_columns_and_filters_reach_the_shards(release: Published) -> None:
    dataset = open_dataset(str(release.home), RELEASE, keys=release.reader)
    wanted = dataset.to_table(["key"], filter=(pc.field("kind") == "key") & (pc.field("key") == "a"))
    every = pa.concat_tables(release.tables)
    rows = zip(every["kind"].to_pylist(), every["key"].to_pylist(), strict=True)
    assert wanted.num_rows == sum(row == ("key", "a") for row in rows)
    assert wanted.schema.names == ["key"]


def test_the_other_tables_open_too(release: Published) -> None:
    opened = open_release(str(release.home), keys=release.reader)
    assert opened.tables == ("events", "sessions")
    assert sorted(opened.dataset("sessions").to_table()["session"].to_pylist()) == sorted(release.sessions)
    with pytest.raises(UsageError, match="aggregates/none; choose from events, sessions"):
        opened.dataset("aggregates/none")


def test_a_path_a_file_address_and_a_folder_of_a_release_name_the_same(release: Published) -> None:
    for uri in (str(release.home) + "/", f"file://{release.home}", str(release.folder)):
        assert open_release(uri, keys=release.reader).manifest.release_id == RELEASE
    inside = fs.SubTreeFileSystem(str(release.home.parent), fs.LocalFileSystem())
    assert open_dataset("s3://typing", keys=release.reader, filesystem=inside).count_rows() > 0


def test_nothing_is_read_before_it_is_needed(publish_release: Publish) -> None:
    made = publish_release([[5]] * 8)
    paths = sorted((made.folder / "events").iterdir())
    paths[7].unlink()
    stream = iter(episodes(str(made.home), keys=made.reader))
    assert open_dataset(str(made.home), keys=made.reader).schema.equals(EVENTS_SCHEMA)
    assert next(stream).session == "s00000"
    with pytest.raises(FailedError, match=paths[7].name):
        list(stream)


@pytest.mark.parametrize("encryption", ["none", "sealed"])
@pytest.mark.parametrize("change", ["flip", "cut", "longer", "other"])
def test_an_altered_shard_is_named_and_gives_no_row(publish_release: Publish, encryption: str, change: str) -> None:
    made = publish_release([[30], [30]], encryption)
    first, second = sorted((made.folder / "events").iterdir())
    content = first.read_bytes()
    middle = len(content) // 2
    first.write_bytes(
        {
            "flip": content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :],
            "cut": content[:-1],
            "longer": content + b"x",
            "other": second.read_bytes(),
        }[change]
    )
    with pytest.raises(FailedError, match=rf"{first.name} is not the file that the manifest signed"):
        open_dataset(str(made.home), keys=made.reader).to_table()
    with pytest.raises(FailedError, match=first.name):
        next(iter(episodes(str(made.home), keys=made.reader)))


def test_a_shard_that_no_manifest_names_does_not_exist(publish_release: Publish) -> None:
    made = publish_release([[30]])
    (path,) = (made.folder / "events").iterdir()
    path.with_name("00009-ff.parquet").write_bytes(path.read_bytes())
    assert open_dataset(str(made.home), keys=made.reader).count_rows() == 30


def altered_manifest(made: Published) -> str:
    path = made.folder / "manifest.dsse.json"
    path.write_bytes(path.read_bytes().replace(b"A", b"B", 1))
    return "manifest"


def altered_catalog(made: Published) -> str:
    path = made.home / "catalog.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"version": 7}))
    return r"catalog\.json was altered"


def missing_manifest(made: Published) -> str:
    (made.folder / "manifest.dsse.json").unlink()
    return r"manifest\.dsse\.json is missing"


@pytest.mark.parametrize("damage", [altered_manifest, altered_catalog, missing_manifest])
def test_a_damaged_release_is_refused_by_name(publish_release: Publish, damage: Callable[[Published], str]) -> None:
    made = publish_release([[4]])
    expected = damage(made)
    with pytest.raises(KeyveilError, match=expected):
        open_release(str(made.home), keys=made.reader)


def test_wrong_addresses_say_what_to_do(release: Published, tmp_path: Path) -> None:
    for uri, name, sentence in (
        (str(tmp_path), "latest", r"holds no catalog\.json"),
        (str(release.home), "z" * 26, f"choose from {RELEASE}"),
        ("ftp://host/typing", "latest", "give filesystem="),
        ("", "latest", "is empty"),
    ):
        with pytest.raises(UsageError, match=sentence):
            open_release(uri, name, keys=release.reader)


def test_another_key_set_is_refused(release: Published, tmp_path: Path) -> None:
    create_key_set(tmp_path / "keys")
    export_reader(tmp_path / "keys", tmp_path / "other.json")
    with pytest.raises(FailedError, match="signed by another key"):
        open_release(str(release.home), keys=tmp_path / "other.json")


def test_releases_from_before_a_rotation_stay_open(publish_release: Publish, tmp_path: Path) -> None:
    made = publish_release([[9]], "sealed")
    folder = shutil.copytree(made.keys.folder, tmp_path / "copy")
    for role in (KeyRole.DATA, KeyRole.SIGNING):
        rotate(folder, role)
    export_reader(folder, tmp_path / "rotated.json", "text")
    assert open_dataset(str(made.home), keys=tmp_path / "rotated.json").to_table(["text"]).num_rows == 9


def test_a_reader_of_before_a_rotation_opens_a_later_release_by_its_own_address(
    publish_release: Publish, tmp_path: Path
) -> None:
    made = publish_release([[9]], "sealed")
    folder = shutil.copytree(made.keys.folder, tmp_path / "copy")
    rotate(folder, KeyRole.SIGNING)
    rotated = KeySet.open(KeyReference.parse(str(folder)))
    manifest, catalog = made.folder / "manifest.dsse.json", made.home / "catalog.json"
    signed = verify_manifest(manifest.read_bytes(), rotated.verifying(), "")
    manifest.write_bytes(sign_manifest(signed, rotated.signing_private()))
    digest = hashlib.sha256(manifest.read_bytes()).hexdigest()
    change_catalog(open_store(str(made.home)), "typing", rotated, lambda old: old.with_manifest(RELEASE, digest))
    assert open_release(str(made.folder), keys=made.reader).manifest == signed
    catalog.unlink()
    with pytest.raises(FailedError, match=r"names key [0-9a-f]{16}, and no signed rotation leads there from"):
        open_release(str(made.folder), keys=made.reader)


def test_a_release_that_the_catalog_does_not_name_is_refused_by_its_own_address_too(publish_release: Publish) -> None:
    made = publish_release([[9]], "sealed")
    other = made.folder.with_name("s" * 26)
    shutil.copytree(made.folder, other)
    with pytest.raises(UsageError, match="has no release"):
        open_release(str(other), keys=made.reader)
    assert open_release(str(made.folder), keys=made.reader).manifest.release_id == RELEASE


def test_columns_without_a_key_are_absent_with_one_warning(publish_release: Publish, tmp_path: Path) -> None:
    made = publish_release([[30, 8]], "sealed")
    export_reader(made.keys.folder, tmp_path / "part.json", "pointer")
    with pytest.warns(
        WithheldColumnsWarning, match="opens no key, code, app, title, url, name, text, nodes of"
    ) as caught:
        dataset = open_dataset(str(made.home), keys=tmp_path / "part.json")
    assert [item.filename for item in caught] == [__file__]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = dataset.to_table()
    assert set(EVENTS_SCHEMA.names) - set(found.schema.names) == {
        "key",
        "code",
        "app",
        "title",
        "url",
        "name",
        "text",
        "nodes",
    }
    assert found["x"].to_pylist() == made.tables[0]["x"].to_pylist()
    with pytest.warns(WithheldColumnsWarning):
        stream = episodes(str(made.home), keys=tmp_path / "part.json", where=pc.field("kind") == "key")
    assert {record.key for episode in stream for record in episode.records()} == {None}
    with pytest.warns(WithheldColumnsWarning), pytest.raises(UsageError, match="no column text"):
        episodes(str(made.home), keys=tmp_path / "part.json", columns=["text"])


@pytest.mark.parametrize("level", SENSITIVITIES)
def test_every_level_opens_the_columns_up_to_it(publish_release: Publish, tmp_path: Path, level: str) -> None:
    made = publish_release([[12]], "sealed")
    export_reader(made.keys.folder, tmp_path / "part.json", level)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", WithheldColumnsWarning)
        dataset = open_dataset(str(made.home), keys=tmp_path / "part.json")
    opened = SENSITIVITIES[: SENSITIVITIES.index(level) + 1]
    expected = [column.name for column in EVENTS_SCHEMA if column.metadata[b"sensitivity"].decode() in opened]
    assert dataset.schema.names == expected
    for count in range(1, len(expected) + 1):
        assert dataset.to_table(expected[-count:]).equals(made.tables[0].select(expected[-count:]))


def test_a_part_of_a_key_opens_nothing_else_even_by_force(publish_release: Publish, tmp_path: Path) -> None:
    made = publish_release([[30]], "sealed")
    export_reader(made.keys.folder, tmp_path / "part.json", "pointer")
    with pytest.warns(WithheldColumnsWarning):
        opened = open_release(str(made.home), keys=tmp_path / "part.json")
    forced = opened.dataset().replace_schema(EVENTS_SCHEMA)
    with pytest.raises((KeyveilError, OSError)):
        forced.to_table(["text"])
    assert made.keys.derive(KeyRole.DATA).hex() not in (tmp_path / "part.json").read_text()


def test_clear_releases_hide_nothing_from_a_part_of_a_key(publish_release: Publish, tmp_path: Path) -> None:
    made = publish_release([[3]])
    export_reader(made.keys.folder, tmp_path / "part.json", "id")
    assert open_dataset(str(made.home), keys=tmp_path / "part.json").schema.equals(EVENTS_SCHEMA)


def test_the_fields_of_an_event_are_the_columns_of_the_contract() -> None:
    assert list(Event.__dataclass_fields__) == EVENTS_SCHEMA.names


def test_a_dataset_is_read_only(release: Published) -> None:
    filesystem = open_dataset(str(release.home), keys=release.reader).filesystem
    with pytest.raises((UsageError, OSError)):
        filesystem.delete_file("events/x.parquet")
    with pytest.raises(RefusedError, match="missing"):
        open_release(str(release.home), keys="/nowhere/reader.json")


HALF_READ = """
import sys, keyveil
dataset = keyveil.open_dataset(sys.argv[1], keys=sys.argv[2])
batches = dataset.to_batches(batch_size=10)
next(batches)
stream = iter(keyveil.episodes(sys.argv[1], keys=sys.argv[2]))
next(stream)
"""


def test_a_process_ends_while_scans_are_half_read(publish_release: Publish) -> None:
    made = publish_release([[1_500]] * 12, "sealed")
    words = [sys.executable, "-c", HALF_READ, str(made.home), str(made.reader)]
    subprocess.run(words, check=True, capture_output=True)  # one that hangs is ended by the limit of every test


def test_a_session_is_read_by_its_name(release: Published) -> None:
    opened = open_release(str(release.home), keys=release.reader)
    for number in (0, 3, 5, len(release.sessions) - 1, 4):
        name = release.sessions[number]
        shard = next(table for table in release.tables if name in table["session"].to_pylist())
        expected = shard.filter(pc.field("session") == name)
        found = opened.session(name)
        assert (found.session, found.user) == (name, expected["user"][0].as_py())
        assert found.events.to_pylist() == expected.to_pylist()
    with pytest.raises(UsageError, match="no such session"):
        opened.session("somebody")


def test_a_session_of_an_altered_shard_is_refused(publish_release: Publish) -> None:
    made = publish_release([[30, 8], [5]])
    shard = sorted((made.folder / "events").iterdir())[1]
    content = bytearray(shard.read_bytes())
    content[len(content) // 2] ^= 1
    shard.write_bytes(content)
    with pytest.raises(FailedError, match="not the file that the manifest signed"):
        open_release(str(made.home), keys=made.reader).session(made.sessions[0])
