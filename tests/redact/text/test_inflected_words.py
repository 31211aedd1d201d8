"""The filter of word forms: it holds every word that it was packed from, and few others."""

from transforms.redact.text import inflected_words
from transforms.redact.text.inflected_words import BITS_PER_WORD, is_inflected, pack


def _holds(bits: bytes, word: str) -> bool:
    return all(bits[at >> 3] >> (at & 7) & 1 for at in inflected_words._places(word, len(bits) * 8))


def test_a_filter_holds_its_words_and_one_other_in_fifty_at_most() -> None:
    bits = pack(f"word{number}" for number in range(2_000))
    assert len(bits) == 2_000 * BITS_PER_WORD // 8
    assert all(_holds(bits, f"word{number}") for number in range(2_000))
    assert sum(_holds(bits, f"other{number}") for number in range(2_000)) <= 40


def test_a_word_of_two_letters_is_never_a_form() -> None:
    assert not any(is_inflected(first + second) for first in "abcdefghij" for second in "abcdefghij")
    assert is_inflected("bildrutor")
