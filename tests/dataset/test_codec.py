import hashlib
import io
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from schemas.errors import FailedError, RefusedError, UsageError
from schemas.safe import EVENTS_SCHEMA, SCHEMA_VERSION, SESSIONS_SCHEMA
from transforms.dataset.codec import DatasetUnsealing, FileHeader, decode, encode
from transforms.dataset.settings import StoreSettings
from transforms.dataset.shards import in_total_order, sessions_of
from transforms.keys.key_set import KeyReference, KeyRole, KeySet, create_key_set, export_reader
from transforms.keys.reader_keys import ReaderKeys
from transforms.keys.rotation import rotate

Batch = Callable[[int], pa.Table]
CLEAR = StoreSettings(encryption="none")
SEALED = StoreSettings()


@pytest.fixture(scope="module")
def events(batch: Batch) -> pa.Table:
    return in_total_order([batch(seed) for seed in range(8)])


@pytest.fixture(scope="module")
def sealed(events: pa.Table, header: FileHeader, keys: KeySet) -> pa.Buffer:
    return pa.py_buffer(encode(events, header, SEALED, keys.reader()))


@pytest.mark.parametrize("settings", [CLEAR, SEALED])
def test_every_column_comes_back(events: pa.Table, header: FileHeader, keys: KeySet, settings: StoreSettings) -> None:
    for table in (events, sessions_of(events), events.slice(0, 0)):
        back = decode(bytes(encode(table, header, settings, keys.reader())), keys.reader())
        assert back.schema.equals(table.schema)
        assert back.equals(table)
        assert [column.metadata[b"sensitivity"] for column in back.schema]
        assert back.schema.metadata == {
            b"keyveil.schema_version": str(SCHEMA_VERSION).encode(),
            b"keyveil.release_id": header.release_id.encode(),
            b"keyveil.privacy_statement": header.privacy_statement.encode(),
        }


def test_clear_bytes_are_the_same_every_time_and_sealed_ones_never(
    events: pa.Table, header: FileHeader, keys: KeySet, other_keys: KeySet
) -> None:
    clear = {bytes(encode(events, header, CLEAR, held.reader())) for held in (keys, keys, other_keys)}
    sealed = {bytes(encode(events, header, SEALED, keys.reader())) for _ in range(3)}
    assert (len(clear), len(sealed)) == (1, 3)


def test_a_sealed_file_shows_nothing_without_keys(events: pa.Table, header: FileHeader, keys: KeySet) -> None:
    content = bytes(encode(events, header, SEALED, keys.reader()))
    assert content[:4] == content[-4:] == b"PARE"
    users = events["user"].unique().to_pylist()
    for word in (b"session-0", *map(str.encode, users), b"editor", b"Message", b"keyveil.", b"redactions", b"x" * 60):
        assert word not in content
    with pytest.raises(OSError, match="encrypted"):
        pq.ParquetFile(io.BytesIO(content))
    with pytest.raises(RefusedError, match="keys export"):
        decode(content, None)


def test_another_key_set_opens_nothing(events: pa.Table, header: FileHeader, keys: KeySet, other_keys: KeySet) -> None:
    with pytest.raises(FailedError, match="another data key"):
        decode(bytes(encode(events, header, SEALED, keys.reader())), other_keys.reader())


def test_the_exported_reader_file_opens_a_file_by_path(
    events: pa.Table, header: FileHeader, keys: KeySet, tmp_path: Path
) -> None:
    export_reader(keys.folder, tmp_path / "reader.json")
    path = tmp_path / "shard.parquet"
    path.write_bytes(encode(events, header, SEALED, keys.reader()))
    back = decode(path, ReaderKeys.open(tmp_path / "reader.json"), ["session", "modifiers", "text"])
    assert back.equals(events.select(["session", "modifiers", "text"]))


def test_clear_files_need_no_keys(events: pa.Table, header: FileHeader, keys: KeySet) -> None:
    assert decode(bytes(encode(events, header, CLEAR, keys.reader())), None).equals(events)


def test_no_flipped_bit_of_a_sealed_file_changes_a_row(header: FileHeader, keys: KeySet, batch: Batch) -> None:
    events = in_total_order([batch(1)])
    content = bytes(encode(events, header, SEALED, keys.reader()))
    # In clear before the footer stands how it was sealed: some bits there tell pyarrow nothing, as the name of a key
    # service. The digest in the manifest covers them too. A bit of a page or of the footer itself is always noticed.
    first = len(content) - 8 - int.from_bytes(content[-8:-4], "little")
    last = content.index(b"}\0", first) + 1
    draw = np.random.default_rng(3)
    chosen = {*range(12), *range(last, last + 9), *range(len(content) - 12, len(content))}
    chosen |= {*draw.integers(0, len(content), 120).tolist(), *draw.integers(first, last, 40).tolist()}
    unnoticed = {}
    for position in sorted(chosen):
        altered = bytearray(content)
        altered[position] ^= 1 << int(draw.integers(8))
        with suppress(FailedError, RefusedError):
            unnoticed[position] = decode(bytes(altered), keys.reader())
    assert all(first <= position <= last for position in unnoticed)
    assert all(table.equals(events) for table in unnoticed.values())


def test_broken_files_are_named_without_a_word_of_them(
    events: pa.Table, header: FileHeader, keys: KeySet, tmp_path: Path
) -> None:
    path = tmp_path / "shard.parquet"
    content = bytes(encode(events, header, CLEAR, keys.reader()))
    for broken in (b"", b"PAR1", b"PARE", content[:-9], content[: len(content) // 2]):
        path.write_bytes(broken)
        with pytest.raises(FailedError, match=str(path)):
            decode(path, keys.reader())
    with pytest.raises(FailedError, match="nowhere"):
        decode(tmp_path / "nowhere", keys.reader())


def test_each_sensitivity_class_has_a_key_of_its_own(events: pa.Table, header: FileHeader, keys: KeySet) -> None:
    content = bytes(encode(events, header, SEALED, keys.reader()))
    classes = {column.metadata[b"sensitivity"].decode() for column in EVENTS_SCHEMA}
    assert classes == {"id", "structure", "timing", "pointer", "text"}
    # the footer names its own class in the clear; those of the columns are inside the sealed footer
    assert f"data/{keys.reader().data.key_id}/footer".encode() in content
    assert not any(f"/{name}\\".encode() in content or f'/{name}"'.encode() in content for name in classes)


@pytest.mark.parametrize(
    ("columns", "classes"),
    [
        (frozenset({"session"}), {"footer", "id"}),
        (frozenset({"redactions", "text"}), {"footer", "structure", "text"}),
        (frozenset({"seq", "t_ms"}), {"footer", "structure", "timing"}),
        (None, {"footer", "id", "structure", "timing", "pointer", "text"}),
    ],
)
def test_the_keys_of_the_columns_of_a_scan_are_unwrapped_before_it(
    columns: frozenset[str] | None, classes: set[str], sealed: pa.Buffer, keys: KeySet, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    unwrap = ReaderKeys.unwrap

    def note(reader: ReaderKeys, name: str, wrapped: bytes) -> bytes:
        asked.append(name.rpartition("/")[2])
        return unwrap(reader, name, wrapped)

    monkeypatch.setattr(ReaderKeys, "unwrap", note)
    DatasetUnsealing(keys.reader()).unwrap(sealed, columns)
    assert set(asked) == classes


def test_statistics_stand_on_session_and_seq_alone(events: pa.Table, header: FileHeader, keys: KeySet) -> None:
    group = pq.ParquetFile(io.BytesIO(encode(events, header, CLEAR, keys.reader()))).metadata.row_group(0)
    with_bounds = {group.column(index).path_in_schema for index in range(group.num_columns) if has_bounds(group, index)}
    assert with_bounds == {"session", "seq"}


def has_bounds(group: pq.RowGroupMetaData, index: int) -> bool:
    statistics = group.column(index).statistics
    return statistics is not None and statistics.has_min_max


def test_encodings_and_row_groups(events: pa.Table, header: FileHeader, keys: KeySet) -> None:
    settings = StoreSettings(encryption="none", row_group_mib=1)
    table = pa.concat_tables([events] * 100)
    metadata = pq.ParquetFile(io.BytesIO(encode(table, header, settings, keys.reader()))).metadata
    groups = [metadata.row_group(i).num_rows for i in range(metadata.num_row_groups)]
    assert sum(groups) == table.num_rows
    assert len(set(groups[:-1])) == 1
    assert 0.9 * 2**20 < table.nbytes / table.num_rows * groups[0] < 1.1 * 2**20
    columns = [metadata.row_group(0).column(index) for index in range(metadata.num_columns)]
    encodings = {column.path_in_schema: column.encodings for column in columns}
    assert all("DELTA_BINARY_PACKED" in encodings[name] for name in ("seq", "t_ms", "x", "y", "dx", "dy", "field"))
    assert all("RLE_DICTIONARY" in encodings[name] for name in ("session", "kind", "key", "modifiers.list.element"))
    assert "RLE_DICTIONARY" not in encodings["text"]
    assert {column.compression for column in columns} == {"ZSTD"}


def test_a_file_holds_no_time_and_no_place(events: pa.Table, header: FileHeader, keys: KeySet) -> None:
    metadata = pq.ParquetFile(io.BytesIO(encode(events, header, CLEAR, keys.reader()))).metadata
    assert set(metadata.metadata) == {
        b"ARROW:schema",
        b"keyveil.schema_version",
        b"keyveil.release_id",
        b"keyveil.privacy_statement",
    }
    assert metadata.created_by == f"parquet-cpp-arrow version {pa.__version__}"


def test_a_column_without_a_class_is_never_written(header: FileHeader, keys: KeySet) -> None:
    with pytest.raises(FailedError, match="sensitivity"):
        encode(pa.table({"stray": [1]}), header, SEALED, keys.reader())
    assert all(column.metadata[b"sensitivity"] for column in SESSIONS_SCHEMA)


@pytest.mark.parametrize(
    "values",
    [
        {"encryption": "maybe"},
        {"shards": -1},
        {"shards": 70_000},
        {"row_group_mib": 0},
        {"row_group_mib": 2000},
        {"compression_level": 0},
        {"compression_level": 23},
    ],
)
def test_settings_out_of_range_name_themselves(values: dict) -> None:
    with pytest.raises(UsageError, match=f"store.{next(iter(values))}"):
        StoreSettings(**values)


def test_content_is_hashable_as_it_is(events: pa.Table, header: FileHeader, keys: KeySet) -> None:
    content = encode(events, header, CLEAR, keys.reader())
    assert hashlib.sha256(memoryview(content)).hexdigest() == hashlib.sha256(bytes(content)).hexdigest()


def test_a_rotated_key_set_opens_old_shards_and_an_old_reader_does_not_open_new_ones(
    batch: Batch, header: FileHeader, tmp_path: Path
) -> None:
    folder = tmp_path / "keys"
    create_key_set(folder)
    old = KeySet.open(KeyReference.parse(str(folder))).reader()
    before = bytes(encode(batch(1), header, SEALED, old))
    rotate(folder, KeyRole.DATA)
    new = KeySet.open(KeyReference.parse(str(folder))).reader()
    assert decode(before, new).equals(decode(before, old))
    after = bytes(encode(batch(1), header, SEALED, new))
    assert decode(after, new).equals(decode(before, old))
    with pytest.raises(FailedError, match="another data key"):
        decode(after, old)
