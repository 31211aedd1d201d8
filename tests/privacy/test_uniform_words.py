import numpy as np

from transforms.privacy.uniform_words import words

KEY = bytes(range(32))


def test_a_stream_does_not_depend_on_its_batch() -> None:
    alone = words(KEY, [b"b"], [5])
    among = words(KEY, [b"a", b"b", b"c"], [3, 5, 2])
    assert np.array_equal(among.high[3:8], alone.high)
    assert [among.low(3 + index) for index in range(5)] == [alone.low(index) for index in range(5)]


def test_halves_labels_and_keys_differ() -> None:
    base = words(KEY, [b"a"], [4])
    assert base.low(0) != int(base.high[0])
    assert not np.array_equal(base.high, words(KEY, [b"b"], [4]).high)
    assert not np.array_equal(base.high, words(bytes(32), [b"a"], [4]).high)


def test_sessions_without_a_draw_take_no_words() -> None:
    made = words(KEY, [b"a", b"b"], [0, 2])
    assert np.array_equal(made.high, words(KEY, [b"b"], [2]).high)
    assert made.low(1) == words(KEY, [b"b"], [2]).low(1)


def test_the_key_is_not_shown() -> None:
    assert "key" not in repr(words(KEY, [b"secret-session"], [1]))
    assert "secret-session" not in repr(words(KEY, [b"secret-session"], [1]))


def test_every_word_has_further_bits_of_its_own() -> None:
    made = words(KEY, [b"a", b"b"], [40, 40])
    low = [made.low(index) for index in range(80)]
    assert len(set(low)) == 80
    assert all(0 <= bits < 1 << 64 for bits in low)
    assert max(low) >= 1 << 62
