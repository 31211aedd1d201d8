"""Letters tell names from ordinary words, whatever the case, and no file of weights changes unseen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.redact.text.spelling import BUCKETS, list_runs, spelling_score


@pytest.mark.parametrize("word", ["fitzgerald", "Okonjo", "BRANDVOLD", "nakamura", "priyanka", "hernandez"])
def test_names_score_above_ordinary_words(word: str) -> None:
    assert spelling_score(word) > -1.5


@pytest.mark.parametrize(
    "word", ["Benutzertabellendateien", "desteklenmiyor", "virtualization", "obsługiwanych", "dataproc", "verwijderen"]
)
def test_ordinary_words_of_several_languages_score_below(word: str) -> None:
    assert spelling_score(word) < -1.5


@given(st.text(min_size=1, max_size=40))
def test_a_score_is_a_finite_number_whatever_the_word(word: str) -> None:
    assert abs(spelling_score(word)) < 1000
    assert spelling_score(word) == spelling_score(word.lower()) or word.lower() != word.lower().lower()


def test_runs_of_two_to_four_letters_and_the_edges_count() -> None:
    assert len(list_runs("ab")) == 3 + 2 + 1
    assert len(set(list_runs("ab")) & set(list_runs("abc"))) == 3  # ^a, ab, ^ab
    assert all(0 <= run < BUCKETS for run in list_runs("kowalska"))
