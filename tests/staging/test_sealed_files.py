"""Slices that rest in private state: sealed, the same digests for the same content, readable after a rotation."""

from pathlib import Path

import pyarrow as pa
import pytest

from schemas.errors import FailedError
from transforms.keys.key_set import KeyReference, KeyRole, KeySet, create_key_set
from transforms.keys.rotation import rotate
from transforms.object_store.local import FolderStore
from transforms.staging.sealed_files import SealedFileStore

TABLE = pa.table({"text": ["meet Ada Lovelace", "at noon"]})


@pytest.fixture
def keys(tmp_path: Path) -> KeyReference:
    create_key_set(tmp_path / "keys")
    return KeyReference.parse(str(tmp_path / "keys"))


def rest(keys: KeyReference, tmp_path: Path, kind: str = "staged") -> SealedFileStore:
    return SealedFileStore(KeySet.open(keys), FolderStore(tmp_path / "rest"), kind)


def test_tables_come_back_slice_by_slice_and_nothing_lies_in_the_clear(keys: KeyReference, tmp_path: Path) -> None:
    resting = rest(keys, tmp_path)
    slices = [resting.seal([TABLE, None]), resting.seal([TABLE.slice(1), TABLE])]
    file = resting.write("staged/1.sealed", slices)
    assert (file.rows, file.digests) == (3, tuple(item.digest for item in slices))
    first, second = resting.read("staged/1.sealed")
    assert first[0].equals(TABLE)
    assert first[1] is None
    assert (second[0].equals(TABLE.slice(1)), second[1].equals(TABLE)) == (True, True)
    assert b"Ada Lovelace" not in (tmp_path / "rest" / "staged" / "1.sealed").read_bytes()
    assert "sealed=" not in repr(slices[0])


def test_digests_are_of_content_and_kind_whatever_the_file(keys: KeyReference, tmp_path: Path) -> None:
    resting, other = rest(keys, tmp_path), rest(keys, tmp_path, "held")
    assert resting.seal([TABLE]).digest == rest(keys, tmp_path).seal([TABLE]).digest
    assert len({resting.seal([TABLE]).digest, resting.seal([TABLE.slice(1)]).digest, other.seal([TABLE]).digest}) == 3


def test_a_rotation_of_the_transit_key_leaves_what_rests_readable(keys: KeyReference, tmp_path: Path) -> None:
    resting = rest(keys, tmp_path)
    resting.write("staged/1.sealed", [resting.seal([TABLE])])
    rotate(tmp_path / "keys", KeyRole.TRANSIT)
    ((table,),) = rest(keys, tmp_path).read("staged/1.sealed")
    assert table.equals(TABLE)


def test_a_file_whose_first_answer_was_lost_is_written(
    keys: KeyReference, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = FolderStore.put_if_absent
    monkeypatch.setattr(FolderStore, "put_if_absent", lambda *words: write(*words) and write(*words))
    resting = rest(keys, tmp_path)
    resting.write("staged/1.sealed", [resting.seal([TABLE])])
    ((table,),) = resting.read("staged/1.sealed")
    assert table.equals(TABLE)


def test_a_file_that_was_altered_or_is_of_another_kind_does_not_open(keys: KeyReference, tmp_path: Path) -> None:
    resting = rest(keys, tmp_path)
    resting.write("staged/1.sealed", [resting.seal([TABLE])])
    with pytest.raises(FailedError, match="does not open"):
        list(rest(keys, tmp_path, "held").read("staged/1.sealed"))
    with pytest.raises(FailedError, match="is there already"):
        resting.write("staged/1.sealed", [])
    path = tmp_path / "rest" / "staged" / "1.sealed"
    content = path.read_bytes()
    for damaged in (content[:-1] + bytes([content[-1] ^ 1]), content[:-1], content + b"x", b"x"):
        path.write_bytes(damaged)
        with pytest.raises(FailedError, match="does not open"):
            list(resting.read("staged/1.sealed"))
