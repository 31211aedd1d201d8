import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from schemas.errors import FailedError
from transforms.store.catalog import Catalog, read_catalog, sign_catalog

PRIVATE = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = PRIVATE.public_key()
CATALOG = Catalog(0, "typing", (), "").with_release("a" * 26, "aa").with_release("b" * 26, "bb")


def test_it_comes_back_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "catalog.json"
    assert read_catalog(path, "typing", PUBLIC) is None
    path.write_bytes(sign_catalog(CATALOG, PRIVATE))
    assert read_catalog(path, "typing", PUBLIC) == CATALOG
    form = json.loads(path.read_bytes())
    assert (form["version"], form["dataset"], form["current"]) == (2, "typing", "b" * 26)
    assert form["releases"] == [
        {"release_id": "a" * 26, "manifest_sha256": "aa"},
        {"release_id": "b" * 26, "manifest_sha256": "bb"},
    ]


def test_no_flipped_bit_goes_unnoticed(tmp_path: Path) -> None:
    path = tmp_path / "catalog.json"
    content = sign_catalog(CATALOG, PRIVATE)
    for position in range(len(content) * 8):
        altered = bytearray(content)
        altered[position // 8] ^= 1 << position % 8
        path.write_bytes(altered)
        with pytest.raises(FailedError, match=str(path)):
            read_catalog(path, "typing", PUBLIC)


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b"null", b"\xff", b"[" * 100_000])
def test_what_is_no_catalog_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "catalog.json"
    path.write_bytes(content)
    with pytest.raises(FailedError):
        read_catalog(path, "typing", PUBLIC)


def test_another_key_or_dataset_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "catalog.json"
    path.write_bytes(sign_catalog(CATALOG, PRIVATE))
    with pytest.raises(FailedError):
        read_catalog(path, "other", PUBLIC)
    with pytest.raises(FailedError):
        read_catalog(path, "typing", Ed25519PrivateKey.generate().public_key())


def test_a_folder_in_its_place_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FailedError, match="cannot be read"):
        read_catalog(tmp_path, "typing", PUBLIC)
