"""Trust in one signing key extends along signed statements to later keys, and to no other."""

from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from transforms.keys.key_history import Succession, follow, hand_over, list_earlier

A, B, C, X = (Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32) for number in range(1, 5))
DAY = "2026-11-29"
A_TO_B, B_TO_C = hand_over(A, B.public_key(), DAY), hand_over(B, C.public_key(), DAY)


@pytest.mark.parametrize("history", [(A_TO_B, B_TO_C), (B_TO_C, A_TO_B)])
def test_a_chain_is_followed_in_any_order(history: tuple[Succession, ...]) -> None:
    assert follow([A.public_key()], history) == (A.public_key(), B.public_key(), C.public_key())
    assert follow([B.public_key()], history) == (B.public_key(), C.public_key())


def test_a_broken_chain_ends_where_it_breaks() -> None:
    assert follow([A.public_key()], [B_TO_C]) == (A.public_key(),)


def test_a_statement_of_an_untrusted_key_adds_no_key() -> None:
    assert follow([A.public_key()], [hand_over(X, A.public_key(), DAY), hand_over(X, C.public_key(), DAY)]) == (
        A.public_key(),
    )


@pytest.mark.parametrize(
    "changed",
    [
        {"new": X.public_key().public_bytes_raw()},
        {"at": "2026-11-30"},
        {"signature": bytes(64)},
        {"old": bytes(31)},
    ],
)
def test_a_changed_statement_is_ignored(changed: dict[str, object]) -> None:
    altered = replace(A_TO_B, **changed)  # type: ignore[arg-type]
    assert not altered.is_signed()
    assert follow([A.public_key()], [altered]) == (A.public_key(),)


def test_a_statement_survives_json() -> None:
    assert Succession.from_json(A_TO_B.to_json()) == A_TO_B


@pytest.mark.parametrize("name", ["old", "new", "sig"])
def test_a_statement_with_other_signs_than_base64_is_none(name: str) -> None:
    form = A_TO_B.to_json()
    with pytest.raises(ValueError, match="base64"):
        Succession.from_json(form | {name: f"!{form[name]}"})


def test_whoever_signed_a_history_vouches_for_the_keys_before_it() -> None:
    a, b, c = (key.public_key() for key in (A, B, C))
    assert list_earlier([c], [A_TO_B, B_TO_C]) == (c, a, b)
    assert list_earlier([b], [A_TO_B, replace(B_TO_C, at="2026-11-30")]) == (b, a)
    assert list_earlier([c], []) == (c,)
