import base64
import hashlib
import hmac
import re

from hypothesis import given
from hypothesis import strategies as st

from transforms.keys.pseudonym import keyed_digest, pseudonym

KEY = bytes(range(32))


@given(st.lists(st.binary(max_size=4), max_size=4), st.lists(st.binary(max_size=4), max_size=4))
def test_digests_agree_only_for_equal_lists(left: list[bytes], right: list[bytes]) -> None:
    assert (keyed_digest(KEY, *left) == keyed_digest(KEY, *right)) == (left == right)


def test_a_digest_is_hmac_over_parts_behind_their_lengths() -> None:
    framed = b"\0\0\0\0\0\0\0\x02ab\0\0\0\0\0\0\0\0"
    assert keyed_digest(KEY, b"ab", b"") == hmac.new(KEY, framed, hashlib.sha256).hexdigest()
    assert keyed_digest(KEY, memoryview(b"ab"), b"") == keyed_digest(KEY, b"ab", b"")


@given(st.text(max_size=30), st.integers(0, 5))
def test_a_pseudonym_is_26_letters_and_depends_on_everything(identity: str, episode: int) -> None:
    name = pseudonym(KEY, "session", identity, episode)
    assert re.fullmatch("[a-z2-7]{26}", name)
    assert name == pseudonym(KEY, "session", identity, episode)
    others = {
        pseudonym(bytes(32), "session", identity, episode),
        pseudonym(KEY, "user", identity, episode),
        pseudonym(KEY, "session", identity + "x", episode),
        pseudonym(KEY, "session", identity, episode + 1),
    }
    assert len(others | {name}) == 5


def test_a_pseudonym_does_not_change_between_versions() -> None:
    assert pseudonym(KEY, "user", "u1") == expected("user", "u1", 0)
    assert pseudonym(KEY, "session", "s1", 12) == expected("session", "s1", 12)


def test_lone_surrogates_have_a_name_too() -> None:
    assert pseudonym(KEY, "user", "\ud800") != pseudonym(KEY, "user", "\udfff")


def expected(kind: str, identity: str, episode: int) -> str:
    parts = [b"pseudonym", kind.encode(), identity.encode(), str(episode).encode()]
    message = b"".join(len(part).to_bytes(8, "big") + part for part in parts)
    return base64.b32encode(hmac.new(KEY, message, hashlib.sha256).digest()).decode().lower()[:26]
