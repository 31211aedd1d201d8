import json
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from schemas.errors import FailedError
from transforms.dataset.catalog import Catalog, follow_signers, parse_catalog, sign_catalog
from transforms.keys.key_history import hand_over

PRIVATE = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = PRIVATE.public_key()
CATALOG = Catalog(0, "typing", (), "").with_release("a" * 26, "aa").with_release("b" * 26, "bb")


def test_it_comes_back_as_it_was() -> None:
    content = sign_catalog(CATALOG, PRIVATE)
    assert parse_catalog(content, "it", PUBLIC) == CATALOG
    form = json.loads(content)
    assert (form["version"], form["dataset"], form["current"]) == (2, "typing", "b" * 26)
    assert form["releases"] == [
        {"release_id": "a" * 26, "manifest_sha256": "aa"},
        {"release_id": "b" * 26, "manifest_sha256": "bb"},
    ]


def test_no_flipped_bit_goes_unnoticed() -> None:
    content = sign_catalog(CATALOG, PRIVATE)
    for position in range(len(content) * 8):
        altered = bytearray(content)
        altered[position // 8] ^= 1 << position % 8
        with pytest.raises(FailedError, match=r"here/catalog\.json"):
            parse_catalog(bytes(altered), "here/catalog.json", PUBLIC)


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b"null", b"\xff", b"[" * 100_000])
def test_what_is_no_catalog_is_refused(content: bytes) -> None:
    with pytest.raises(FailedError):
        parse_catalog(content, "it", PUBLIC)


def test_a_retired_key_still_verifies_and_a_foreign_one_does_not() -> None:
    content = sign_catalog(CATALOG, PRIVATE)
    other = Ed25519PrivateKey.generate().public_key()
    assert parse_catalog(content, "it", (other, PUBLIC)) == CATALOG
    with pytest.raises(FailedError):
        parse_catalog(content, "it", other)


def test_another_manifest_of_a_listed_release_is_the_next_version_and_the_same_one_is_none() -> None:
    changed = CATALOG.with_manifest("a" * 26, "cc")
    assert changed.version == CATALOG.version + 1
    assert [item.manifest_sha256 for item in changed.releases] == ["cc", "bb"]
    assert CATALOG.with_manifest("a" * 26, "aa") == CATALOG
    assert CATALOG.with_manifest("z" * 26, "aa") == CATALOG


def test_the_history_in_a_catalog_leads_from_the_old_key_to_the_new_one_and_back() -> None:
    new, foreign = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
    history = (hand_over(PRIVATE, new.public_key(), "2026-11-29"),)
    content = sign_catalog(replace(CATALOG, history=history), new)
    assert parse_catalog(content, "it", new.public_key()).history == history
    assert follow_signers(content, PUBLIC) == (PUBLIC, new.public_key())
    assert follow_signers(content, new.public_key()) == (new.public_key(), PUBLIC)
    assert follow_signers(content, foreign.public_key()) == (foreign.public_key(),)


def test_an_untrusted_signer_adds_no_keys() -> None:
    foreign, trusted = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
    history = (hand_over(PRIVATE, trusted.public_key(), "2026-11-29"),)
    content = sign_catalog(replace(CATALOG, history=history), foreign)
    assert follow_signers(content, trusted.public_key()) == (trusted.public_key(),)


@pytest.mark.parametrize("content", [b"", b"[]", b"null", b"{}", b"[" * 100_000])
def test_a_file_that_is_no_catalog_gives_no_keys(content: bytes) -> None:
    assert follow_signers(content, PUBLIC) == (PUBLIC,)
