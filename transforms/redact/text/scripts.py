"""Scripts in which the recall of redaction was not measured: all but those of the twelve languages that were."""

import pyarrow as pa
import pyarrow.compute as pc

_LETTER = r"[^\P{L}\p{Latin}\p{Cyrillic}\p{Han}\p{Hiragana}\p{Katakana}\p{Common}\p{Inherited}]"
_WORD = rf"{_LETTER}(?:{_LETTER}|\p{{M}}){{2}}"
"""Three letters or vowel signs of another script: a word, not a sign of a formula."""
_COLUMNS = ("title", "text")


def count_unmeasured(table: pa.Table) -> int:
    """Count the texts of ``table``, the events of whole sessions, that hold a word in another script."""
    found = [pc.sum(pc.match_substring_regex(table[column].cast(pa.string()), _WORD)) for column in _COLUMNS]
    return sum(number.as_py() or 0 for number in found)
