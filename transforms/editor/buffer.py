"""Editor buffer that remembers for each character the event that made it and the event that removed it.

A *cell* is the number of a character that was once inserted. The text is a list of cells; what is deleted leaves the
list and keeps its number, what is undone comes back with it. The buffer is total: every sequence of calls gives a
text; where an editor's answer cannot be known it makes its best guess and ``exact`` turns false.
"""

from transforms.editor.boundaries import ENDS, STARTS, find_deletion, is_plain_word, row_above, row_below, splits_word
from transforms.editor.commands import Command, TextUnit, Verb
from transforms.editor.diff import common_ends
from transforms.editor.drafts import Draft, cut_draft
from transforms.editor.history import Change, DeletionRun, History

_SURE, _CARET_LOST, _TEXT_LOST = range(3)
_NONE = -1


class Buffer:
    """Text, caret and selection of one field.

    Cells are numbers into ``chars``; the text is ``order``, a list of cells. Rows are the numbers of the events.
    """

    __slots__ = (
        "_dead", "_erasing", "_history", "_moved", "_overwritten", "_pasting", "_state", "_typing", "anchor", "caret",
        "chars", "clipboard", "drafts", "exact", "gone", "order", "rows",
    )  # fmt: skip

    def __init__(self, *, exact: bool = True) -> None:
        self.chars: list[str] = []  # the character of each cell
        self.rows: list[int] = []  # the row that inserted each cell
        self.gone: dict[int, int] = {}  # the row that removed a cell, for cells that are not in the text now
        self.order: list[int] = []  # the cells of the text
        self.drafts: dict[Draft, None] = {}  # earlier texts around each change, in order, none twice
        self.caret = self.anchor = 0  # positions in ``order``; equal where nothing is selected
        self.clipboard = ""  # the text of the last copy, in any field
        self.exact = exact
        self._history = History()
        self._typing = _NONE  # position at which the open run of typing began
        self._overwritten: list[int] = []  # the cells that this run replaced
        self._erasing: DeletionRun | None = None
        self._pasting = _NONE  # row of a paste key that no paste event has followed yet
        self._dead = self._moved = False  # a dead key waits; the caret went elsewhere since the last edit
        self._state = _SURE

    def type(self, text: str, row: int) -> None:
        """Insert the text of one key press, or of several; ``row`` is their event."""
        if self._typing < 0:
            self._begin_typing(text, row)
        self._put(text, [row] * len(text))

    def type_all(self, text: str, rows: list[int]) -> None:
        """Insert the characters of several key presses, one for each of ``rows``."""
        if self._typing < 0:
            self._begin_typing(text[0], rows[0])
        self._put(text, rows)

    def _put(self, text: str, rows: list[int]) -> None:
        at, first, typed = self.caret, len(self.chars), len(text)
        self.order[at:at] = range(first, first + typed)
        self.chars += text
        self.rows += rows
        self.caret = self.anchor = at + typed

    def press(self, command: Command, text: str, row: int) -> None:
        """Apply ``command``; ``text`` is the text of a key that types."""
        match command.verb:
            case Verb.TYPE:
                self.type(text, row)
            case Verb.NEWLINE:
                self.type("\n", row)
            case Verb.ERASE:
                self._erase(command, row)
            case Verb.NOTHING:
                pass
            case Verb.DEAD:
                self.settle()
                self._dead = True
            case _:
                self.settle()
                self._obey(command, row)
        if not command.sure:
            self._lose(_TEXT_LOST)

    def _obey(self, command: Command, row: int) -> None:
        match command.verb:
            case Verb.MOVE | Verb.ROW:
                self._move(command)
            case Verb.SELECT_ALL:
                self.anchor, self.caret, self._state = 0, len(self.order), _SURE
            case Verb.COPY | Verb.CUT:
                self._copy(row, cut=command.verb is Verb.CUT)
            case Verb.PASTE:
                self._pasting = row
            case Verb.UNDO | Verb.REDO:
                self._travel(row, back=command.verb is Verb.UNDO)
            case Verb.SUBMIT:
                self._lose(_TEXT_LOST)
            case Verb.WANDER:
                self._lose(_CARET_LOST)
            case _:
                self._state = _TEXT_LOST
                self._doubt()

    def paste(self, text: str, row: int) -> None:
        """Insert ``text`` in place of the selection, as one edit."""
        self._pasting = _NONE
        self._insert(text, row)

    def set_value(self, value: str, row: int) -> None:
        """Set the text to ``value`` by one edit: the start and end that both share stay.

        ``Jon Smith`` to ``John Smith`` inserts the one cell ``h``; the others keep their rows. In the midst of typing
        the caret stays behind an edit before it: who types ``teh cat`` and has it corrected goes on at the end.
        """
        self._pasting, self._dead, self._state = _NONE, False, _SURE
        before = self._standing()
        head, tail = common_ends(before, value)
        behind = len(before) - self.caret if self._typing >= 0 else -1
        if len(before) > head + tail:
            self._remove(head, len(before) - tail, row)
        if len(value) > head + tail:
            self.settle()
            self._moved |= head != self.caret
            self.caret = self.anchor = head
            self._insert(value[head : len(value) - tail], row)
        if 0 <= behind <= tail and self.caret != len(value) - behind:
            self.settle()
            self.caret = self.anchor = len(value) - behind

    def remove_selection(self, row: int) -> None:
        """Remove the selection, for a cut whose key press was not recorded."""
        if self.anchor != self.caret:
            self.settle()
            self._copy(row, cut=True)

    def lose_caret(self) -> None:
        """Mark the caret as unknown, after a pointer press in the text."""
        self.settle()
        self._lose(_CARET_LOST)

    def settle(self) -> None:
        """End the open run of typing or deleting; a paste key without a paste event inserts the own clipboard."""
        if self._typing >= 0:
            inserted = self.order[self._typing : self.caret]
            self._history.add(Change(self._typing, self._overwritten, inserted, len(inserted)))
            self._typing, self._overwritten = _NONE, []
        elif self._erasing is not None:
            run, self._erasing = self._erasing, None
            self.drafts[cut_draft(self.chars, run.before, run.head, len(run.before) - run.tail)] = None
            self._history.add(run.change())
        if self._pasting >= 0:
            row, self._pasting = self._pasting, _NONE
            self.exact = False
            if self.clipboard:
                self._insert(self.clipboard, row)

    def text(self) -> str:
        """Return the current text."""
        self.settle()
        return self._standing()

    def _standing(self) -> str:
        return "".join([self.chars[cell] for cell in self.order])

    def _selection(self) -> tuple[int, int]:
        return (self.anchor, self.caret) if self.anchor < self.caret else (self.caret, self.anchor)

    def _begin_typing(self, text: str, row: int) -> None:
        self.settle()
        if self._dead:
            self._dead = False
            self.exact &= not (text.isascii() and (text.isalnum() or text == " "))
        self._doubt()
        self._overwritten = self._replace_selection(row)
        at = self.caret
        if self._moved and not self._overwritten and splits_word(self.chars, self.order, at):
            self.drafts[cut_draft(self.chars, self.order, at, at)] = None
        self._typing, self._moved = at, False

    def _insert(self, text: str, row: int) -> None:
        """Insert ``text`` as one change."""
        if text or self.anchor != self.caret:
            self._begin_typing("", row)
            at = self.caret
            self._put(text, [row] * len(text))
            self._history.add(Change(at, self._overwritten, self.order[at : self.caret], 1))
            self._typing, self._overwritten = _NONE, []

    def _replace_selection(self, row: int) -> list[int]:
        """Remove the selection as part of the next insertion; return its cells."""
        start, end = self._selection()
        if start == end:
            return []
        removed = self.order[start:end]
        self.drafts[cut_draft(self.chars, self.order, start, end)] = None
        self._delete(start, end, row)
        return removed

    def _delete(self, start: int, end: int, row: int) -> None:
        for cell in self.order[start:end]:
            self.gone[cell] = row
        del self.order[start:end]
        self.caret = self.anchor = start

    def _remove(self, start: int, end: int, row: int) -> None:
        """Delete a range as part of the run of deletions, which lasts while each deletion touches its gap."""
        run = self._erasing
        if run is None or run.hole not in (start, end):
            self.settle()
            run = self._erasing = DeletionRun(self.order.copy(), start, len(self.order) - end, start)
        run.widen(start, len(self.order) - end)
        self._delete(start, end, row)

    def _erase(self, command: Command, row: int) -> None:
        if self._erasing is None:
            self.settle()
            self._doubt()
        self._dead = self._moved = False
        start, end = self._selection()
        if start == end:
            start, end, sure = find_deletion(command, self.chars, self.order, self.caret)
            self.exact &= sure
        if start < end:
            self._remove(start, end, row)
        elif not self.chars:
            self.exact = False  # a text that was never recorded is being deleted

    def _move(self, command: Command) -> None:
        chars, order = self.chars, self.order
        start, end = self._selection()
        if command.verb is Verb.ROW:
            self._lose(_CARET_LOST)
            target = (row_above if command.back else row_below)(chars, order, self.caret)
        elif start < end and not command.extend and command.unit is TextUnit.CHARACTER:
            target = start if command.back else end
        else:
            target = (STARTS if command.back else ENDS)[command.unit](chars, order, self.caret)
        self._find_caret(command)
        low, high = min(self.caret, target), max(self.caret, target)
        if command.unit is TextUnit.WORD and not is_plain_word(chars, order, low, high):
            self._lose(_CARET_LOST)
        self._moved |= target != self.caret
        self.caret = target
        if not command.extend:
            self.anchor = target

    def _find_caret(self, command: Command) -> None:
        """Mark the caret as known again at the start or end of the text."""
        if self._state == _CARET_LOST and command.unit in (TextUnit.LINE, TextUnit.TEXT) and command.verb is Verb.MOVE:
            known = command.unit is TextUnit.TEXT or "\n" not in self._standing()
            self._state = _SURE if known else _CARET_LOST

    def _copy(self, row: int, *, cut: bool) -> None:
        start, end = self._selection()
        if start < end:
            self.clipboard = "".join([self.chars[cell] for cell in self.order[start:end]])
            if cut:
                self._doubt()
                self._remove(start, end, row)

    def _travel(self, row: int, *, back: bool) -> None:
        """Undo or redo one change as a whole; editors differ for a change of many presses."""
        change = self._history.undo() if back else self._history.redo()
        if change is None:
            self.exact &= not back
            return
        self._doubt()
        old, new = (change.inserted, change.removed) if back else (change.removed, change.inserted)
        start, end = change.at, change.at + len(old)
        if old:
            self.drafts[cut_draft(self.chars, self.order, start, end)] = None
        self._delete(start, end, row)
        self.order[start:start] = new
        for cell in new:
            self.gone.pop(cell, None)
        self.caret = self.anchor = start + len(new)
        self.exact &= change.presses == 1

    def _lose(self, state: int) -> None:
        if self.order:
            self._state = max(self._state, state)

    def _doubt(self) -> None:
        """Record the text as a draft and clear ``exact`` where an edit follows a lost caret or text."""
        if self._state != _SURE:
            self._state = _SURE
            self.exact = False
            self.drafts[cut_draft(self.chars, self.order, self.caret, self.caret)] = None
