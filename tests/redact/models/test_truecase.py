from hypothesis import given
from hypothesis import strategies as st

from transforms.redact.models.truecase import truecase


def test_names_get_their_capital_back() -> None:
    assert truecase("meeting with anna kowalski tomorrow") == "meeting with Anna Kowalski tomorrow"


def test_names_in_capitals_keep_one() -> None:
    assert truecase("CALL FOR ANNA KOWALSKI") == "CALL FOR Anna Kowalski"


def test_ordinary_words_stay() -> None:
    assert truecase("mark the page and save it, will you") == "mark the page and save it, will you"


@given(st.text())
def test_the_length_stays(text: str) -> None:
    cased = truecase(text)
    assert len(cased) == len(text)
    assert [character.upper() for character in cased] == [character.upper() for character in text]
