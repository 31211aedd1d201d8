import base64
import json

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from schemas.errors import FailedError
from transforms.dataset.signing import canonical_json, find_signer, holds, pae, sign, signer_id, verify

TYPE = "http://example.com/HelloWorld"
PRIVATE = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = PRIVATE.public_key()

SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
DOCUMENTS = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4), max_leaves=12
)


def test_pae_agrees_with_the_vector_of_the_dsse_protocol() -> None:
    assert pae(TYPE, b"hello world") == b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"
    assert pae("", b"") == b"DSSEv1 0  0 "
    assert pae("é", b"\x00") == b"DSSEv1 2 \xc3\xa9 1 \x00"


@given(st.tuples(st.text(max_size=6), st.binary(max_size=6)), st.tuples(st.text(max_size=6), st.binary(max_size=6)))
def test_pae_is_unambiguous(left: tuple[str, bytes], right: tuple[str, bytes]) -> None:
    assert (pae(*left) == pae(*right)) == (left == right)


@given(DOCUMENTS)
def test_canonical_json_reads_back_and_is_a_fixed_point(document: object) -> None:
    text = canonical_json(document)
    assert text.isascii()
    assert canonical_json(json.loads(text)) == text


@given(st.permutations([("b", 1), ("a", 2), ("é", 3), ("B", 4)]))
def test_canonical_json_ignores_the_order_of_keys(items: list[tuple[str, int]]) -> None:
    assert canonical_json(dict(items)) == b'{"B":4,"a":2,"b":1,"\\u00e9":3}'


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf")])
def test_numbers_that_json_lacks_are_refused(value: float) -> None:
    with pytest.raises(ValueError, match="JSON compliant"):
        canonical_json({"epsilon": value})


@given(DOCUMENTS)
def test_what_was_signed_verifies(document: object) -> None:
    envelope = sign(document, TYPE, PRIVATE)
    assert canonical_json(verify(envelope, TYPE, PUBLIC, "it")) == canonical_json(document)
    assert envelope == sign(document, TYPE, PRIVATE)


def test_the_signer_that_an_envelope_names_is_found() -> None:
    assert find_signer(sign({"a": 1}, TYPE, PRIVATE)) == signer_id(PUBLIC)


@pytest.mark.parametrize("keyid", ["\x1b[2J", "hunter2", "A" * 16, "0" * 15, "0" * 17, "0" * 16 + "\n", 7, ["0" * 16]])
def test_what_is_no_id_of_a_key_is_no_signer(keyid: object) -> None:
    assert find_signer(json.dumps({"signatures": [{"keyid": keyid}]}).encode()) is None


def test_the_envelope_is_what_any_dsse_verifier_expects() -> None:
    outer = json.loads(sign({"a": 1}, TYPE, PRIVATE))
    assert outer["payloadType"] == TYPE
    assert base64.b64decode(outer["payload"]) == b'{"a":1}'
    (signature,) = outer["signatures"]
    assert signature["keyid"] == signer_id(PUBLIC)
    PUBLIC.verify(base64.b64decode(signature["sig"]), b'DSSEv1 29 http://example.com/HelloWorld 7 {"a":1}')


def test_no_flipped_bit_goes_unnoticed() -> None:
    envelope = sign({"shards": [{"rows": 10, "epsilon": 1.5}]}, TYPE, PRIVATE)
    for position in range(len(envelope) * 8):
        altered = bytearray(envelope)
        altered[position // 8] ^= 1 << position % 8
        with pytest.raises(FailedError, match=r"manifest\.dsse\.json was altered"):
            verify(bytes(altered), TYPE, PUBLIC, "manifest.dsse.json")


def test_another_key_or_type_does_not_verify() -> None:
    envelope = sign({"a": 1}, TYPE, PRIVATE)
    with pytest.raises(FailedError):
        verify(envelope, TYPE, Ed25519PrivateKey.generate().public_key(), "it")
    with pytest.raises(FailedError):
        verify(envelope, "another/type", PUBLIC, "it")


@pytest.mark.parametrize(
    "envelope",
    [
        b"",
        b"{}",
        b"[]",
        b"null",
        b"\xff",
        b"[" * 100_000,
        b'{"payload":3}',
        b'{"payload":"","signatures":[]}',
        b'{"payload":"","signatures":{}}',
        b'{"payload":"","signatures":[{"sig":"AAAA"}]}',
    ],
)
def test_what_is_no_envelope_is_refused(envelope: bytes) -> None:
    with pytest.raises(FailedError):
        verify(envelope, TYPE, PUBLIC, "it")


def test_a_signed_payload_that_is_not_canonical_is_refused() -> None:
    payload = b'{"a": 1, "a": 2}'
    signature = base64.b64encode(PRIVATE.sign(pae(TYPE, payload))).decode()
    outer = {
        "payload": base64.b64encode(payload).decode(),
        "payloadType": TYPE,
        "signatures": [{"keyid": signer_id(PUBLIC), "sig": signature}],
    }
    with pytest.raises(FailedError):
        verify(canonical_json(outer), TYPE, PUBLIC, "it")


def test_a_key_is_held_by_its_id_alone_and_among_others() -> None:
    one, two, other = (Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32).public_key() for seed in (1, 2, 3))
    for verifying in (one, (one,), (two, one)):
        assert holds(signer_id(one), verifying)
        assert not holds(signer_id(other), verifying)
    assert not holds(signer_id(one), ())


def test_a_document_of_another_key_is_told_from_one_that_was_altered() -> None:
    other = Ed25519PrivateKey.from_private_bytes(bytes(32))
    envelope = sign({"a": 1}, TYPE, other)
    with pytest.raises(FailedError) as told:
        verify(envelope, TYPE, PUBLIC, "it")
    assert signer_id(other.public_key()) in str(told.value)
    assert signer_id(PUBLIC) in str(told.value)
    assert "If the signing key was rotated, pass the public key of that time" in str(told.value)
    for altered in (sign({"a": 1}, TYPE, PRIVATE)[:-1], b"", envelope.replace(b'"keyid":"', b'"keyid":"x')):
        with pytest.raises(FailedError, match="another key; do not use it"):
            verify(altered, TYPE, PUBLIC, "it")
