"""Judgement of a line in a window in which others may write: the recorder's own words, the window's, or another's."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, groupby, pairwise

import numpy as np
import numpy.typing as npt

from schemas.raw import TypedField
from transforms.redact.bystanders.message_words import is_sentence
from transforms.redact.bystanders.own_text.earlier_texts import NONE_EARLIER, EarlierTexts
from transforms.redact.text.word_lists import WordClass, word_class

_WORD = re.compile(r"[^\W_]+")
_LETTER = re.compile(r"[^\W_]")
_MOST_OF, _WHOLE = 7, 10
"""Share of a line that own words must be: ``You: sounds good to me 10:32`` is the recorder's."""
_SHORTEST = 6
"""Fewest letters of own words in a line that make it the recorder's."""
_LONGEST_ENTRY = 400
"""Most characters of a line in which whole texts are looked for: an item that is read out, or one line of a mail."""
_END = re.compile(r"(?:\s?[.!?\u2026\u3002\uff01\uff1f]+)?")
"""Marks behind a text that are part of it."""

CONTROLS = frozenset(
    """button checkbox combobox menu menubar menuitem menuitemcheckbox menuitemradio radio scrollbar search searchbox
    slider spinbutton switch tab tablist textbox toolbar""".split()
)
"""Roles whose short names are the window's own words."""
_CONTROL_WORDS, _LONGEST_CONTROL = 3, 60
"""Most words and characters of a short name; a sentence of a script without spaces is one word."""
LABELS = CONTROLS | frozenset(
    """columnheader heading label legend menubaritem pagetab pushbutton radiobutton rowheader tabitem togglebutton
    tooltip""".split()
)
"""Roles whose short names are the window's own words where nothing tells that others write in it."""

TRANSCRIPTS = frozenset({"log", "feed"})
"""Roles that hold what several people wrote, in whatever application."""


@dataclass(frozen=True, slots=True)
class OwnWords:
    """Words that the recorder typed in one session, without blanks and case, and ``earlier`` ones."""

    typed: str = field(repr=False)
    rows: Mapping[str, int] = field(default_factory=dict, repr=False)
    """Row of the batch by which a whole text was typed."""
    earlier: EarlierTexts = field(default=NONE_EARLIER, repr=False)
    _known: dict[str, bool] = field(default_factory=dict, repr=False, compare=False)
    _wholes: dict[str, tuple[int, int] | None] = field(default_factory=dict, repr=False, compare=False)
    _texts: tuple[str, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        texts = {text for text in self.typed.split("\n") if len(text) >= _SHORTEST}
        object.__setattr__(self, "_texts", tuple(sorted(texts, key=lambda text: (-len(text), text))))

    @classmethod
    def of(cls, fields: Iterable[TypedField], earlier: EarlierTexts = NONE_EARLIER) -> "OwnWords":
        """Collect them from all that stood in fields, also where it was sent and is gone, but in secret ones."""
        rows: dict[str, int] = {}
        for item in fields:
            for text, row in _list_typed(item):
                rows[squash(text)] = min(row, rows.get(squash(text), row))
        return cls("\n".join(rows), rows, earlier)

    def with_lines(self, groups: Iterable[Sequence[str]]) -> "OwnWords":
        """Add lines that the recorder wrote elsewhere, those that stood together as one text."""
        joined = [text for group in groups for text in (" ".join(group), *group) if is_sentence(text)]
        if not joined:
            return self
        return OwnWords("\n".join(dict.fromkeys([self.typed, *map(squash, joined)])), self.rows, self.earlier)

    def is_whole(self, text: str) -> bool:
        """Return whether a text, but for blanks and marks, is all of one that was typed in the session."""
        return squash(text) in self._texts

    def holds(self, text: str) -> bool:
        """Return whether the whole of a text, but for blanks and marks, stands in what was typed."""
        return self._stands(squash(text)) or self.earlier.holds(text)

    def find_joined(self, lines: Sequence[str]) -> list[bool]:
        """Find lines that were typed in a row with the one before or behind: the last word of a line that is broken."""
        letters = [squash(line) for line in lines]
        joined = [
            bool(one and other) and (self._stands(one + other) or self.earlier.joins(first, second))
            for (one, other), (first, second) in zip(pairwise(letters), pairwise(lines), strict=True)
        ]
        beside = zip([False, *joined], [*joined, False], strict=True)
        return [before or behind for before, behind in beside][: len(lines)]

    # A run of 7 of 10 letters begins at one of the first 4, so that all runs share the letters from the 4th to the 7th:
    # where these were not typed, no run was.
    def owns(self, line: str) -> bool:
        """Return whether a line is the recorder's: most of it, in one run, stands in what was typed.

        Of a line that was typed in an earlier session all stands there, and it is long.

        >>> own = OwnWords(squash("It sounds good to me, see you there"))
        >>> [own.owns(line) for line in ("You: sounds good to me, see", "You: see you there, or at home with me")]
        [True, False]
        """
        plain = squash(line)
        if plain not in self._known:  # the same lines stand on many screens
            self._known[plain] = self._has_run(plain)
        return self._known[plain] or self.earlier.holds(line)

    def _stands(self, plain: str) -> bool:
        return len(plain) >= _SHORTEST and plain in self.typed

    def _has_run(self, plain: str) -> bool:
        length = max(_SHORTEST, -(-len(plain) * _MOST_OF // _WHOLE))
        starts = range(len(plain) - length + 1)
        shared = plain[len(plain) - length : length]
        return shared in self.typed and any(plain[start : start + length] in self.typed for start in starts)

    # A calendar reads out ``10am to 11am, Call Anna about the keys, Room 4``: the entry is the recorder's, if all of it
    # is a text that was typed, and a sentence; a part of such a text in the words of others is not.
    def find_whole(self, line: str) -> tuple[int, int] | None:
        """Find where a sentence that was typed as a text of its own stands in a line of an entry's length.

        The longest of the session comes first, then what was typed earlier, from the left.

        >>> own = OwnWords(squash("Call Anna about the keys"))
        >>> [own.find_whole(line) for line in ("10am, Call Anna about the keys, Room 4", "Call Anna about the car")]
        [(6, 30), None]
        """
        if len(line) > _LONGEST_ENTRY:
            return None
        if line not in self._wholes:  # the same lines stand on many screens
            self._wholes[line] = self._find_text(line)
        return self._wholes[line]

    def _find_text(self, line: str) -> tuple[int, int] | None:
        plain = squash(line)
        places = [at for at, sign in enumerate(line) for _ in squash(sign)]
        typed = ((places[at], places[at + len(text) - 1] + 1) for text in self._texts if (at := plain.find(text)) >= 0)
        for start, end in chain(typed, self.earlier.find(line)):
            outside = line[max(start - 1, 0) : start] + line[end : end + 1]
            if not _LETTER.search(outside) and is_sentence(line[start:end]):
                marks = _END.match(line, end)
                return start, marks.end() if marks else end
        return None

    def is_incoming(self, line: str, *, is_control: bool = False) -> bool:
        """Return whether a line, or the name of a control, may be somebody else's words.

        >>> own = OwnWords("")
        >>> [own.is_incoming(line) for line in ("Reply", "Can you send it today?", "10:32")]
        [False, True, False]
        """
        words = [word for word in _WORD.findall(line) if not word.isdigit()]
        if not words or all(word_class(word) is WordClass.INTERFACE for word in words):
            return False
        if is_control and len(words) <= _CONTROL_WORDS and len(line) <= _LONGEST_CONTROL and not is_sentence(line):
            return False
        return not self.owns(line)


# ``hello frend``, corrected, sent and gone: the last draft shows nearly all letters of the first. A draft counts if
# half of it, or more, stands in no later text: all texts together are at most thrice as long as what was typed.
def list_drafts(item: TypedField) -> Iterator[npt.NDArray[np.int32]]:
    """Yield the cells of the final text of a field and of what was sent or deleted; of a secret field none."""
    shown = np.zeros(len(item.cells), np.bool_)
    for cells in () if item.secret else (item.final, *reversed(item.drafts)):
        if np.count_nonzero(shown[cells]) * 2 <= len(cells):
            yield cells
            shown[cells] = True


def _list_typed(item: TypedField) -> Iterator[tuple[str, int]]:
    """Yield the texts of a field, cut where something stood that was not typed, each with the row that completed it."""
    put_in = _find_put_in(item)
    for cells in list_drafts(item):
        last = int(item.cell_rows[cells].max(initial=-1))
        text = "".join("\0" if cell in put_in else item.cells[cell] for cell in cells.tolist())
        yield from ((part, last) for part in text.split("\0"))


# A reply opens with the other's mail in it, a paste brings a sentence: what comes with one event into a field that has
# keys was not typed. A field without keys is of a recorder that tells values alone.
def _find_put_in(item: TypedField) -> frozenset[int]:
    """Collect the cells of sentences that one event put into a field that was typed into."""
    found = set[int]()
    if item.key_rows.size:
        rows = item.cell_rows.tolist()
        for _, run in groupby(range(len(rows)), rows.__getitem__):
            cells = list(run)
            if len(cells) > 1 and is_sentence(item.cells[cells[0] : cells[-1] + 1]):
                found.update(cells)
    return frozenset(found)


def squash(text: str) -> str:
    """Keep the letters and digits of a text, without case."""
    return "".join(_LETTER.findall(text)).casefold()
