"""Judgement of a line on such a window: the recorder's own words, the window's own, or somebody else's."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from schemas.raw import TypedField
from transforms.redact.text.word_lists import WordClass, word_class

_WORD = re.compile(r"[^\W_]+")
_LETTER = re.compile(r"[^\W_]")
_SENTENCE = re.compile(r"[\n.!?;:]+")
_MOST_OF = 0.7
"""Share of a line that own words must be: ``You: sounds good to me 10:32`` is the recorder's."""
_SHORTEST = 6
"""Fewest letters of a piece of text that make it somebody's."""

CONTROLS = frozenset(
    """button checkbox combobox menu menubar menuitem menuitemcheckbox menuitemradio radio scrollbar search searchbox
    slider spinbutton switch tab tablist textbox toolbar""".split()
)
"""Roles whose short names are the window's own words."""
_CONTROL_WORDS = 3
LABELS = CONTROLS | frozenset(
    """columnheader heading label legend menubaritem pagetab pushbutton radiobutton rowheader tabitem togglebutton
    tooltip""".split()
)
"""Roles whose short names are the window's own words where nothing tells that others write in it."""

TRANSCRIPTS = frozenset({"log", "feed"})
"""Roles that hold what several people wrote, in whatever application."""


@dataclass(frozen=True, slots=True)
class OwnWords:
    """Words that the recorder typed in one session, without blanks and case."""

    typed: str = field(repr=False)
    pieces: tuple[str, ...] = field(repr=False)

    @classmethod
    def of(cls, fields: Iterable[TypedField]) -> "OwnWords":
        """Collect them from the final texts of all fields but secret ones."""
        texts = ["".join(item.cells[cell] for cell in item.final.tolist()) for item in fields if not item.secret]
        pieces = {squash(part) for text in texts for part in (text, *_SENTENCE.split(text))}
        listed = sorted((piece for piece in pieces if len(piece) >= _SHORTEST), key=len, reverse=True)
        return cls("\n".join(map(squash, texts)), tuple(listed))

    def owns(self, line: str) -> bool:
        """Return whether a line is the recorder's: it stands in what was typed, or is mostly a piece of that."""
        plain = squash(line)
        if len(plain) >= _SHORTEST and plain in self.typed:
            return True
        return any(piece in plain and len(piece) >= _MOST_OF * len(plain) for piece in self.pieces)

    def is_incoming(self, line: str, *, is_control: bool = False) -> bool:
        """Return whether a line, or the name of a control, may be somebody else's words.

        >>> own = OwnWords("", ())
        >>> [own.is_incoming(line) for line in ("Reply", "Can you send it today?", "10:32")]
        [False, True, False]
        """
        words = [word for word in _WORD.findall(line) if not word.isdigit()]
        if not words or all(word_class(word) is WordClass.INTERFACE for word in words):
            return False
        if is_control and len(words) <= _CONTROL_WORDS:
            return False
        return not self.owns(line)


def squash(text: str) -> str:
    """Keep the letters and digits of a text, without case."""
    return "".join(_LETTER.findall(text)).casefold()
