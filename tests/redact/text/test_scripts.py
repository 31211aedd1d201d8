import pyarrow as pa
import pytest

from transforms.redact.text.scripts import count_unmeasured


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ("plain and élan", 0),
        ("при вет", 0),
        ("漢字かなカナー", 0),
        ("αβγ delta", 1),
        ("αβ delta", 0),
        ("ಅಬಚ", 1),
        ("ភាសា", 1),
        ("12 + 3", 0),
        (None, 0),
    ],
)
def test_a_word_of_three_letters_in_another_script_counts_its_text(text: str | None, counts: int) -> None:
    assert count_unmeasured(pa.table({"title": [text, "plain"], "text": [None, "plain"]})) == counts


def test_titles_and_texts_count() -> None:
    assert count_unmeasured(pa.table({"title": ["αβγ"], "text": ["αβγ αβγ"]})) == 2
    assert count_unmeasured(pa.table({"title": pa.array([], pa.string()), "text": pa.array([], pa.string())})) == 0
