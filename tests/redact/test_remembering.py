from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from schemas.entities import EntityType, Span
from transforms.redact.remembering import Remembering


class _Counting:
    """Finds every ``a``, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def find(self, texts: Sequence[str]) -> list[tuple[Span, ...]]:
        self.asked += texts
        return [
            tuple(Span(at, at + 1, EntityType.PERSON, 0.5) for at, letter in enumerate(text) if letter == "a")
            for text in texts
        ]

    def digest(self) -> str:
        return "counting"


@given(st.lists(st.lists(st.text(alphabet="ab\ud800é", max_size=3), max_size=6), max_size=6), st.integers(0, 5))
def test_it_answers_what_the_model_answers(calls: list[list[str]], most: int) -> None:
    remembering = Remembering(_Counting(), most)
    for texts in calls:
        assert remembering.find(texts) == _Counting().find(texts)
        assert len(remembering._known) <= most


def test_a_text_is_asked_about_once_and_the_one_met_longest_ago_is_forgotten_first() -> None:
    model = _Counting()
    remembering = Remembering(model, 2)
    for text in ("a", "b", "a", "c", "a", "b"):
        remembering.find([text])
    assert model.asked == ["a", "b", "c", "b"]
    assert remembering.digest() == "counting"


def test_no_text_is_kept() -> None:
    remembering = Remembering(_Counting())
    remembering.find(["anna kowalska"])
    assert "anna" not in repr(vars(remembering)).lower()
    assert b"anna" not in b"".join(remembering._known)
