"""Work of models on a text, in word pieces; it is bounded for each text."""

import re

MOST_PIECES = 6_000
"""Word pieces of one text that models are asked about, estimated: some 21,000 characters of prose in lines of its own.

Models cost 70 microseconds a piece, more than all else together."""
_IDEOGRAPHS = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_WORD_PIECE = re.compile(rf"[^\W_{_IDEOGRAPHS}]{{101,}}|[A-Za-z][a-z]{{0,3}}|\d{{1,2}}|\w|[^\w\s]")
"""About what the tokenizer of the classifier makes of a text: up to four small letters, two digits or one other sign.

A word of more than 100 characters is one unknown piece; ideographs are words by themselves."""


def count_pieces(line: str) -> int:
    """Estimate the word pieces of ``line``.

    >>> count_pieces("ask Thomas, 1234")
    6
    """
    return len(_WORD_PIECE.findall(line))
