import pyarrow as pa

from transforms.redact.guard.released_text import _matching


def test_rows_without_a_word_match_no_rule() -> None:
    column = pa.array(["a", None, "b", "a", None]).dictionary_encode()
    assert _matching(column, lambda word: word == "a").tolist() == [True, False, False, True, False]
    assert _matching(column, lambda word: word == "b").tolist() == [False, False, True, False, False]
