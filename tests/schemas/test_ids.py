import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.claims import Claim, Declaration, declare
from schemas.ids import canonical_id, canonical_word, look_alike

IDS = st.text(st.characters(exclude_categories=("Cc", "Cf", "Cs", "Zl", "Zp")), max_size=12).filter(str.strip)


@pytest.mark.parametrize(
    "spelled",
    ["josé", "jose\u0301", " josé", "josé\t", "\u00a0josé\u3000", "josé\n", "JOSÉ", "Jose\u0301", "\x85josé"],
)
def test_one_person_has_one_form_however_the_id_is_spelled(spelled: str) -> None:
    assert canonical_id(spelled, fold_case=True) == "josé"


def test_case_counts_where_it_is_not_folded() -> None:
    assert canonical_id(" Ann ", fold_case=False) == "Ann"
    assert canonical_id("STRASSE", fold_case=True) == canonical_id("straße", fold_case=True)
    assert canonical_id("STRASSE", fold_case=False) != canonical_id("straße", fold_case=False)


_UNSEEN = "\x00 \n \t \x7f \x1f \x80 \u200b \ufeff \u202e \xad \u200d \ud800 \u2028 \u2029"


@pytest.mark.parametrize("bad", ["", " ", "\u3000", *(f"a{char}b" for char in _UNSEEN.split(" "))])
def test_an_id_that_nobody_can_see_whole_is_refused(bad: str) -> None:
    for fold_case in (True, False):
        with pytest.raises(ValueError, match="control"):
            canonical_id(bad, fold_case=fold_case)


def test_only_the_neighbours_of_control_characters_are_taken() -> None:
    assert [canonical_id(f"a{char}b", fold_case=False) for char in " !~\xa1"] == ["a b", "a!b", "a~b", "a\xa1b"]


@given(IDS, st.booleans())
def test_the_form_is_its_own_form(text: str, fold_case: bool) -> None:
    once = canonical_id(text, fold_case=fold_case)
    assert canonical_id(once, fold_case=fold_case) == once


@given(IDS)
def test_any_spelling_of_an_id_has_its_form(text: str) -> None:
    form = canonical_id(text, fold_case=True)
    for other in (unicodedata.normalize("NFD", text), f"\u2003{text} ", canonical_id(text, fold_case=False)):
        assert canonical_id(other, fold_case=True) == form


def test_the_form_of_every_character_is_its_own_form() -> None:
    for point in range(sys.maxunicode + 1):
        try:
            once = canonical_id(f"a{chr(point)}", fold_case=True)
        except ValueError:
            continue
        assert canonical_id(once, fold_case=True) == once


@given(IDS, IDS)
def test_ids_of_one_form_look_alike(one: str, other: str) -> None:
    for fold_case in (True, False):
        if canonical_id(one, fold_case=fold_case) == canonical_id(other, fold_case=fold_case):
            assert look_alike(one, fold_case=fold_case) == look_alike(other, fold_case=fold_case)


def test_ids_that_a_person_takes_for_the_same_look_alike() -> None:
    assert look_alike("\uff41\uff4e\uff4e\uff41", fold_case=True) == look_alike("Anna ", fold_case=True) == "anna"
    assert look_alike("anna  b", fold_case=True) == look_alike("anna\u00a0b", fold_case=True)
    assert look_alike("Anna", fold_case=False) != look_alike("anna", fold_case=False)


def test_a_header_declares_words_in_their_form_and_a_blank_one_nothing() -> None:
    assert declare(" Training", "V1 ") == Declaration(frozenset({"training"}), frozenset({"v1"}))
    assert not declare("  ", None)
    assert declare("a\x00b", 7) == Declaration(frozenset({"a\x00b"}))
    assert canonical_word(" Research ") == "research"


def test_joined_claims_name_everybody_and_the_earlier_time() -> None:
    one = Claim(frozenset({"a"}), None, declare("x", None))
    other = Claim(frozenset({"b"}), 5, declare(None, "1"), doubtful=True)
    assert one | other == Claim(frozenset({"a", "b"}), 5, declare("x", "1"), doubtful=True)
    assert (Claim(first_us=0) | Claim(first_us=5)).first_us == 0
