from hypothesis import given
from hypothesis import strategies as st

from schemas.entities import EntityType, Span
from transforms.redact.detect.memo import SpanCache


def spans_of(text: str) -> tuple[Span, ...]:
    """Every ``a``."""
    return tuple(Span(at, at + 1, EntityType.PERSON, 0.5) for at, letter in enumerate(text) if letter == "a")


@given(st.lists(st.text(alphabet="ab\ud800é", max_size=3), max_size=20), st.integers(0, 5))
def test_what_is_recalled_is_what_was_kept(texts: list[str], most: int) -> None:
    memory = SpanCache(most)
    for text in texts:
        name = memory.name(text)
        assert memory.recall(name) in {None, spans_of(text)}
        memory.keep(name, spans_of(text))
        assert len(memory._known) <= most
        assert memory.recall(name) == (spans_of(text) if most else None)


def test_the_text_met_longest_ago_is_forgotten_first() -> None:
    memory = SpanCache(2)
    asked = []
    for text in ("a", "b", "a", "c", "a", "b"):
        if memory.recall(memory.name(text)) is None:
            asked.append(text)
            memory.keep(memory.name(text), spans_of(text))
    assert asked == ["a", "b", "c", "b"]


def test_no_text_is_kept() -> None:
    memory = SpanCache()
    memory.keep(memory.name("anna kowalska"), spans_of("anna kowalska"))
    assert "anna" not in repr(vars(memory)).lower()
    assert b"anna" not in b"".join(memory._known)


def test_a_text_is_known_by_sixteen_bytes_under_a_key_of_its_memory() -> None:
    one, other = SpanCache(), SpanCache()
    assert len(one.name("text")) == 16
    assert one.name("text") == one.name("text") != one.name("texts")
    assert one.name("text") != other.name("text")
