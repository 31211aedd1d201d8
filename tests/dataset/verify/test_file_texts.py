"""Texts are read out of any file: packed or not, in UTF-8 or UTF-16, or in the cells of Parquet."""

import gzip
import io
import tarfile
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard

from schemas.errors import FailedError, KeyveilError
from transforms.dataset.verify import file_texts
from transforms.dataset.verify.file_texts import read_texts
from transforms.keys.key_set import KeyReference, KeySet, create_key_set
from transforms.keys.reader_keys import ReaderKeys
from transforms.keys.sealed_file import SealedWriter
from transforms.object_store.addresses import open_store

_TEXT = "three shelves in the Küche\nand a lamp"


def read(path: Path) -> str:
    return "\n".join(read_texts(open_store(str(path.parent)), path.name, None))


@pytest.mark.parametrize("pack", [bytes, gzip.compress, zstandard.compress], ids=["plain", "gzip", "zstd"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_text_is_read_in_each_packing_and_encoding(
    encoding: str, pack: Callable[[bytes], bytes], tmp_path: Path
) -> None:
    path = tmp_path / "notes"
    path.write_bytes(pack(_TEXT.encode(encoding)))
    assert read(path).lstrip("\ufeff") == _TEXT


@pytest.mark.parametrize(
    "content",
    [
        b"\x1f\x8b\x08 cut",
        gzip.compress(_TEXT.encode() * 99)[:-9],
        b"\x28\xb5\x2f\xfd" + b"\xff" * 20,
        b"PK\x03\x04",
        b"%PDF-1.7",
        b"7z\xbc\xaf",
        b"Rar!",
    ],
    ids=["a cut head", "a cut gzip", "a damaged zstd", "zip", "pdf", "7z", "rar"],
)
def test_what_cannot_be_read_whole_is_named(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "notes"
    path.write_bytes(content)
    with pytest.raises(FailedError, match="notes"):
        read(path)


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"PK,notes", bytes(100)])
def test_what_is_no_text_is_read_as_far_as_it_goes(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "notes"
    path.write_bytes(content)
    assert "shelves" not in read(path)


def test_pieces_overlap_so_that_no_run_of_words_is_cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_texts, "_PIECE", 50)
    monkeypatch.setattr(file_texts, "_OVERLAP", 10)
    path = tmp_path / "notes"
    path.write_text("".join(f"{number:04} " for number in range(100)))
    pieces = list(read_texts(open_store(str(tmp_path)), "notes", None))
    assert len(pieces) == 10
    assert {piece[-10:] == after[:10] for piece, after in pairwise(pieces)} == {True}
    assert pieces[0] + "".join(piece[10:] for piece in pieces[1:]) == path.read_text()


def test_cells_of_parquet_are_read_with_what_lies_in_them(tmp_path: Path) -> None:
    path = tmp_path / "table"
    nested = pa.array([[{"name": "a lamp"}], None], pa.list_(pa.struct([("name", pa.string())])))
    pq.write_table(pa.table({"text": ["three shelves", None], "nodes": nested, "n": [1, 2]}), path)
    assert sorted(read(path).split("\n")) == ["1", "2", "a lamp", "three shelves"]


def test_damaged_parquet_is_named(tmp_path: Path) -> None:
    path = tmp_path / "table"
    path.write_bytes(b"PAR1 cut")
    with pytest.raises(FailedError, match="table"):
        read(path)


def seal(folder: Path, keys: ReaderKeys, content: bytes) -> None:
    with (folder / "a").open("wb") as file, SealedWriter(file, keys) as writer:
        writer.write(content)


def test_a_sealed_archive_is_read_with_its_keys_and_named_without(tmp_path: Path) -> None:
    for name in ("keys", "other"):
        create_key_set(tmp_path / name)
    held, other = (KeySet.open(KeyReference.parse(str(tmp_path / name))).reader() for name in ("keys", "other"))
    seal(tmp_path, held, b"two red chairs")
    store = open_store(str(tmp_path))
    assert list(read_texts(store, "a", held)) == ["two red chairs"]
    for keys in (None, other, held.up_to("timing")):
        with pytest.raises(KeyveilError):
            list(read_texts(store, "a", keys))
    (tmp_path / "a").write_bytes((tmp_path / "a").read_bytes()[:-1])
    with pytest.raises(FailedError, match="cut short"):
        list(read_texts(store, "a", held))


def test_a_tar_file_is_no_utf_16(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "a", "w", format=tarfile.PAX_FORMAT) as archive:
        member = tarfile.TarInfo("step.json")
        member.size = len(text := b"two red chairs")
        archive.addfile(member, io.BytesIO(text))
    assert "two red chairs" in "".join(read_texts(open_store(str(tmp_path)), "a", None))
