import gc
import io
from pathlib import Path
from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.errors import FailedError, RefusedError
from transforms.keys import sealed_file
from transforms.keys.key_set import KeyReference, KeySet, create_key_set, export_reader
from transforms.keys.reader_keys import ReaderKeys
from transforms.keys.sealed_file import SealedReader, SealedWriter

BLOCK = 16


def sealed(content: bytes, keys: ReaderKeys) -> bytes:
    file = io.BytesIO()
    with mock.patch.object(sealed_file, "_BLOCK", BLOCK), SealedWriter(file, keys) as writer:
        for start in range(0, len(content), 7):
            writer.write(content[start : start + 7])
    return file.getvalue()


def opened(blob: bytes, keys: ReaderKeys) -> bytes:
    return SealedReader(io.BytesIO(blob), keys).read()


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> KeySet:
    folder = tmp_path_factory.mktemp("secrets") / "keys"
    create_key_set(folder)
    return KeySet.open(KeyReference.parse(str(folder)))


@pytest.fixture(scope="module")
def held(keys: KeySet, tmp_path_factory: pytest.TempPathFactory) -> ReaderKeys:
    reader = tmp_path_factory.mktemp("reader") / "reader.json"
    export_reader(keys.folder, reader)
    return ReaderKeys.open(reader)


@given(content=st.binary(max_size=100) | st.sampled_from([b"x" * size for size in (15, 16, 17, 32, 33)]))
def test_what_was_written_is_read(held: ReaderKeys, content: bytes) -> None:
    blob = sealed(content, held)
    assert opened(blob, held) == content
    assert io.BufferedReader(SealedReader(io.BytesIO(blob), held), 5).read() == content


def test_no_written_byte_stands_in_the_file(held: ReaderKeys) -> None:
    blob = sealed(b"Plevosti Quillonsedge " * 9, held)
    assert b"Plevosti" not in blob
    assert b"llonsedge" not in blob


def test_any_altered_byte_is_found(held: ReaderKeys) -> None:
    blob = sealed(b"0123456789" * 5, held)
    for place in range(len(blob)):
        altered = bytearray(blob)
        altered[place] ^= 1
        with pytest.raises(FailedError):
            opened(bytes(altered), held)


def test_a_file_that_was_cut_or_grew_is_found(held: ReaderKeys) -> None:
    blob = sealed(b"0123456789" * 5, held)
    for size in range(len(blob)):
        with pytest.raises(FailedError):
            opened(blob[:size], held)
    with pytest.raises(FailedError, match="follows the end"):
        opened(blob + b"\0", held)


def test_blocks_that_were_swapped_or_left_out_are_found(held: ReaderKeys) -> None:
    content = b"".join(bytes([letter]) * BLOCK for letter in b"abcd")
    blob = sealed(content, held)
    size = 4 + 1 + 12 + BLOCK + 16
    head, blocks = blob[: -4 * size], [blob[-4 * size :][start : start + size] for start in range(0, 4 * size, size)]
    assert opened(head + b"".join(blocks), held) == content
    for order in ([1, 0, 2, 3], [0, 1, 3], [0, 1, 2], [0, 0, 2, 3]):
        with pytest.raises(FailedError):
            opened(head + b"".join(blocks[place] for place in order), held)


def test_other_keys_and_keys_without_texts_do_not_open_it(held: ReaderKeys, keys: KeySet, tmp_path: Path) -> None:
    blob = sealed(b"secret", held)
    with pytest.raises(RefusedError):
        opened(blob, held.up_to("pointer"))
    with pytest.raises(RefusedError):
        sealed(b"secret", held.up_to("pointer"))
    assert opened(blob, keys.reader()) == b"secret"
    create_key_set(tmp_path / "other")
    export_reader(tmp_path / "other", tmp_path / "other.json")
    with pytest.raises(FailedError):
        opened(blob, ReaderKeys.open(tmp_path / "other.json"))


def test_another_file_is_refused_by_name(held: ReaderKeys) -> None:
    with pytest.raises(FailedError, match="no sealed archive"):
        opened(b"PK\x03\x04" * 9, held)


def test_a_writer_that_an_error_interrupts_leaves_a_file_that_does_not_open(held: ReaderKeys) -> None:
    for interrupt in (_raise_within, _forget):
        file = io.BytesIO()
        interrupt(file, held)
        with pytest.raises(FailedError):
            SealedReader(io.BytesIO(file.getvalue()), held).read()


def _raise_within(file: io.BytesIO, keys: ReaderKeys) -> None:
    writer = SealedWriter(file, keys)
    writer.write(b"one step")
    writer.__exit__(KeyboardInterrupt, KeyboardInterrupt(), None)


def _forget(file: io.BytesIO, keys: ReaderKeys) -> None:
    SealedWriter(file, keys).write(b"one step")
    gc.collect()
