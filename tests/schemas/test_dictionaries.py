import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.arrow import renumber

CODE = pa.dictionary(pa.int32(), pa.string())


@given(st.lists(st.none() | st.sampled_from(["a", "b", "ä", ""])), st.integers(0, 3))
def test_only_the_words_of_the_column_are_left_by_first_appearance(words: list[str | None], cut: int) -> None:
    cut = min(cut, len(words))
    whole = pa.chunked_array([pa.array(["z", *words[:cut]], CODE)[1:], pa.array(words[cut:], CODE)], CODE)
    made = renumber(whole.unify_dictionaries())
    assert made.type == CODE
    assert made.to_pylist() == words
    assert made.dictionary.to_pylist() == list(dict.fromkeys(word for word in words if word is not None))
    assert made.equals(pc.cast(pa.array(words, pa.string()).dictionary_encode(), CODE))


@pytest.mark.parametrize("held", [["a", "b", "a"], ["a", None, "b"]], ids=["twice", "null"])
def test_a_dictionary_that_is_none_is_made_one(held: list[str | None]) -> None:
    encoded = pa.DictionaryArray.from_arrays(pa.array([2, 1, None, 0], pa.int32()), pa.array(held, pa.string()))
    made = renumber(pa.chunked_array([encoded]))
    assert made.to_pylist() == [held[2], held[1], None, held[0]]
    assert made.dictionary.to_pylist() == list(dict.fromkeys(word for word in made.to_pylist() if word is not None))
