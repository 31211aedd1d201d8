import pyarrow as pa
import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from schemas.errors import FailedError
from transforms.keys.envelope import decrypt, decrypt_by_any, encrypt, seal, unseal

KEY = bytes(range(32))
PRIVATE = X25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = PRIVATE.public_key()


@given(st.binary(max_size=300), st.binary(max_size=20))
def test_what_was_sealed_opens_again(payload: bytes, context: bytes) -> None:
    assert decrypt(KEY, encrypt(KEY, payload, context), context) == payload
    assert unseal(PRIVATE, seal(PUBLIC, payload, context), context) == payload


def test_what_was_sealed_before_a_rotation_opens_by_the_key_of_then() -> None:
    sealed = encrypt(KEY, b"row", b"c")
    assert decrypt_by_any((bytes(32), KEY), sealed, b"c") == b"row"
    for keys, context in (((bytes(32), KEY), b"d"), ((bytes(32),), b"c"), ((), b"c")):
        with pytest.raises(FailedError, match="does not open"):
            decrypt_by_any(keys, sealed, context)


def test_arrow_buffers_are_sealed_without_a_copy() -> None:
    assert decrypt(KEY, encrypt(KEY, pa.py_buffer(b"row"), b""), b"") == b"row"


def test_sealing_twice_gives_different_bytes() -> None:
    assert encrypt(KEY, b"row", b"c") != encrypt(KEY, b"row", b"c")
    assert seal(PUBLIC, b"row", b"c") != seal(PUBLIC, b"row", b"c")


def test_every_bit_counts() -> None:
    for blob, opening in ((encrypt(KEY, b"r", b"c"), decrypt), (seal(PUBLIC, b"r", b"c"), unseal)):
        key = KEY if opening is decrypt else PRIVATE
        for position in range(len(blob) * 8):
            altered = bytearray(blob)
            altered[position // 8] ^= 1 << position % 8
            with pytest.raises(FailedError, match="does not open"):
                opening(key, bytes(altered), b"c")  # type: ignore[arg-type]


@pytest.mark.parametrize("length", [0, 1, 5, 28, 40])
def test_short_blobs_are_refused(length: int) -> None:
    with pytest.raises(FailedError):
        decrypt(KEY, encrypt(KEY, b"payload of it", b"")[:length], b"")
    with pytest.raises(FailedError):
        unseal(PRIVATE, seal(PUBLIC, b"payload of it", b"")[:length], b"")


def test_another_key_or_context_does_not_open_and_nothing_of_the_payload_is_said() -> None:
    with pytest.raises(FailedError) as other_key:
        decrypt(bytes(32), encrypt(KEY, b"hush", b"c"), b"c")
    with pytest.raises(FailedError) as other_context:
        unseal(PRIVATE, seal(PUBLIC, b"hush", b"c"), b"d")
    with pytest.raises(FailedError):
        unseal(X25519PrivateKey.generate(), seal(PUBLIC, b"hush", b"c"), b"c")
    assert str(other_key.value) == str(other_context.value)
    assert other_key.value.__cause__ is None
