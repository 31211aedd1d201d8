import hashlib
import hmac
from math import sqrt

import numpy as np
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from hypothesis import given
from hypothesis import strategies as st

from transforms.keys.secret import keystream

KEY = bytes(range(32))


@given(st.binary(max_size=12), st.integers(0, 200), st.integers(0, 200))
def test_a_shorter_request_is_a_prefix(label: bytes, short: int, more: int) -> None:
    longer = keystream(KEY, label, short + more)
    assert len(longer) == short + more
    assert longer.startswith(keystream(KEY, label, short))


def test_it_is_aes_in_counter_mode_under_the_labels_own_key() -> None:
    stream_key = hmac.new(KEY, b"label", hashlib.sha256).digest()
    block = Cipher(algorithms.AES256(stream_key), modes.ECB()).encryptor()  # noqa: S305 - one block at a time, by hand
    counted = block.update(b"".join(counter.to_bytes(16, "big") for counter in range(4)))
    assert keystream(KEY, b"label", 64) == counted


def test_keys_and_labels_share_nothing() -> None:
    streams = {keystream(key, label, 16) for key in (KEY, bytes(32)) for label in (b"", b"a", b"b", b"ab")}
    assert len(streams) == 8


def test_bits_are_balanced() -> None:
    bits = np.unpackbits(np.frombuffer(keystream(KEY, b"balance", 125_000), dtype=np.uint8))
    # one million fair bits, sd of their sum sqrt(n)/2: 5 sigma, and the key is fixed
    assert abs(int(bits.sum()) - bits.size / 2) < 5 * sqrt(bits.size) / 2
