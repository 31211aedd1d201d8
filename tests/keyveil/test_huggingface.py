import gzip
import json
from collections import Counter
from dataclasses import asdict
from pathlib import Path

import datasets
import pyarrow.compute as pc
import pytest
from datasets.distributed import split_dataset_by_node

import keyveil
from keyveil.huggingface import streaming_dataset, streaming_steps, to_hf
from schemas.errors import RefusedError
from tests.keyveil.conftest import WORDS, Publish, Published, published
from tests.keyveil.recordings import replaced_session
from transforms.keys.key_set import KeySet


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "cache"
    for name in ("HF_CACHE_HOME", "HF_DATASETS_CACHE", "HF_MODULES_CACHE", "DOWNLOADED_DATASETS_PATH"):
        monkeypatch.setattr(datasets.config, name, folder / name.lower())
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    folder.mkdir()
    return folder


def test_an_example_is_a_session(release: Published) -> None:
    stream = streaming_dataset(str(release.home), keys=release.reader)
    found = list(stream)
    assert [example["session"] for example in found] == release.sessions
    first = release.tables[0].slice(0, len(found[0]["seq"]))
    for name in first.schema.names:
        if name not in ("session", "user"):
            assert found[0][name] == first[name].to_pylist()
    assert found[0]["user"] == first["user"][0].as_py()


def test_columns_rows_nodes_and_shuffling(release: Published) -> None:
    where = pc.field("kind") == "key"
    stream = streaming_dataset(str(release.home), keys=release.reader, columns=["key"], where=where)
    assert set(stream.features) == {"session", "user", "key"}
    assert stream.num_shards == len(release.tables)
    nodes = [list(split_dataset_by_node(stream, rank, 2)) for rank in range(2)]
    every = [example["session"] for node in nodes for example in node]
    assert Counter(every) == Counter(example["session"] for example in stream)
    shuffled = [example["session"] for example in stream.shuffle(seed=1, buffer_size=50)]
    assert sorted(shuffled) == sorted(every)


def test_it_resumes(release: Published) -> None:
    stream = streaming_dataset(str(release.home), keys=release.reader, columns=["seq"])
    walk = iter(stream)
    seen = [next(walk)["session"] for _ in range(6)]
    again = streaming_dataset(str(release.home), keys=release.reader, columns=["seq"])
    again.load_state_dict(stream.state_dict())
    assert seen + [example["session"] for example in again] == release.sessions


def test_sessions_of_several_releases_stream_one_after_another(tmp_path: Path, keys: KeySet, reader: Path) -> None:
    for name, shards in (("a" * 26, [[5, 6], [7]]), ("b" * 26, [[8]])):
        made = published(tmp_path, keys, reader, shards, "sealed", release_id=name)
    stream = streaming_dataset(str(made.home), keys=reader, releases="all", columns=["seq"])
    assert [len(example["seq"]) for example in stream] == [5, 6, 7, 8]
    assert stream.num_shards == 3
    assert sorted(len(example["seq"]) for example in stream.shuffle(seed=1)) == [5, 6, 7, 8]


def test_no_decrypted_byte_reaches_the_cache(publish_release: Publish, cache: Path) -> None:
    made = publish_release([[40] * 5, [40] * 5], "sealed")
    stream = streaming_dataset(str(made.home), keys=made.reader)
    loaded = [text for example in stream.shuffle(seed=1) for text in example["title"] if text]
    assert set(loaded) == set(WORDS)
    written = [path for path in cache.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in written) < 4_096
    secret = [word.encode() for word in (*WORDS, *made.sessions)]
    for path in written:
        content = path.read_bytes()
        content += gzip.decompress(content) if content[:2] == b"\x1f\x8b" else b""
        assert not any(word in content for word in secret)
        assert path.suffix != ".arrow"


def test_steps_stream_with_pictures_and_shares(release: Published) -> None:
    stream = streaming_steps(str(release.home), keys=release.reader, observation="image", size=(80, 64))
    assert isinstance(stream.features["image"], datasets.Image)
    found = list(stream)
    expected = keyveil.steps(str(release.home), keys=release.reader)
    assert [(one["session"], one["number"]) for one in found] == [(s.session, s.number) for s in expected]
    assert [json.loads(one["next_action"]) for one in found] == [step.next_action for step in expected]
    seen = [one["image"].size for one in found if one["image"] is not None]
    assert set(seen) == {(80, 64)}
    nodes = [list(split_dataset_by_node(stream, rank, 2)) for rank in range(2)]
    assert Counter(one["session"] for node in nodes for one in node) == Counter(one["session"] for one in found)


def test_steps_can_be_filtered_by_what_is_known_of_their_screens(tmp_path: Path, keys: KeySet, reader: Path) -> None:
    made = published(tmp_path, keys, reader, [[1, 1]], "none", make=replaced_session)
    stream = streaming_steps(str(made.home), keys=reader, places="released")
    rows = list(stream)
    for row, step in zip(rows, keyveil.steps(str(made.home), keys=reader, places="released"), strict=True):
        screen = step.screen
        assert screen is not None
        assert (row["fresh"], row["synthetic"], row["kind"]) == (step.fresh, step.action.synthetic, step.action.kind)
        assert (row["is_replaced"], row["is_placed"]) == (screen.is_replaced, screen.is_placed)
        assert (row["app"], row["title"], row["url"]) == (screen.app, screen.title, screen.url)
        assert row["node"] == step.action.node
        assert row["box"] == (None if step.action.box is None else asdict(step.action.box))
    assert {row["is_replaced"] for row in rows} == {False, True}
    kept = stream.filter(lambda row: row["fresh"] and (row["is_placed"] or not row["is_replaced"]))
    assert 0 < len(list(kept)) < len(rows)


def test_a_copy_on_the_disk_is_refused_with_the_reason(release: Published, tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match="decrypted copy"):
        to_hf(str(release.home), tmp_path)
