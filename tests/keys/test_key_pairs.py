import hashlib

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from transforms.keys.key_pairs import fingerprint


def test_a_public_half_is_named_by_sixteen_digits_of_its_digest() -> None:
    one, other = (Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32).public_key() for seed in (1, 2))
    assert fingerprint(one) == hashlib.sha256(one.public_bytes_raw()).hexdigest()[:16]
    assert len(fingerprint(one)) == 16
    assert fingerprint(one) != fingerprint(other)
