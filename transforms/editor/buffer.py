"""Editor buffer that remembers for each character the event that made it and the event that removed it.

A *cell* is the number of a character that was once inserted. The text is a list of cells; what is deleted leaves the
list and keeps its number, what is undone comes back with it. The buffer is total: every sequence of calls gives a
text; where an editor's answer cannot be known it makes its best guess and ``exact`` turns false.
"""

from transforms.editor.boundaries import find_deletion, find_target, is_plain_word, splits_word
from transforms.editor.cells import Cells
from transforms.editor.commands import Command, TextUnit, Verb
from transforms.editor.diff import common_ends
from transforms.editor.drafts import Draft, cut_draft
from transforms.editor.history import Change, DeletionRun, History

_SURE, _CARET_LOST, _TEXT_LOST = range(3)
_NONE = -1


class Buffer(Cells):
    """Text, caret and selection of one field, which change by key presses, pastes and values."""

    __slots__ = (
        "_dead", "_erasing", "_history", "_moved", "_overwritten", "_pasting", "_state", "_typing", "clipboard",
        "drafts", "exact",
    )  # fmt: skip

    def __init__(self, *, exact: bool = True) -> None:
        super().__init__()
        self.drafts: dict[Draft, None] = {}  # earlier texts around each change, in order, none twice
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
        self.put(text, [row] * len(text))

    def type_all(self, text: str, rows: list[int]) -> None:
        """Insert the characters of several key presses, one for each of ``rows``."""
        if self._typing < 0:
            self._begin_typing(text[0], rows[0])
        self.put(text, rows)

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
            case Verb.ENTER | Verb.RUN:
                self.settle()
                self.end_line(row, firm=command.verb is Verb.RUN)
                self._state = _SURE if self._state == _CARET_LOST else self._state
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
                if self._holds_text():
                    self.anchor, self.caret, self._state = self.lines.floor, len(self.order), _SURE
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
        the caret stays behind an edit before it: who types ``teh cat`` and has it corrected goes on at the end. Lines
        that were submitted before stay.
        """
        self._pasting, self._dead, self._state = _NONE, False, _SURE
        before = self.standing()[self.lines.floor :]
        if self.lines.waits and not value:
            self.lines.firm = True
            return
        if before != value:
            self.lines.take_back()
        head, tail = common_ends(before, value)
        low, end = self.lines.floor + head, len(self.order) - tail
        behind = len(self.order) - self.caret if self._typing >= 0 else -1
        if low < end:
            self._remove(low, end, row)
        if len(value) > head + tail:
            self.settle()
            self._moved |= low != self.caret
            self.caret = self.anchor = low
            self._insert(value[head : len(value) - tail], row)
        if 0 <= behind <= tail and self.caret != len(self.order) - behind:
            self.settle()
            self.caret = self.anchor = len(self.order) - behind

    def remove_selection(self, row: int) -> None:
        """Remove the selection, for a cut whose key press was not recorded."""
        if self.anchor != self.caret:
            self.settle()
            self._copy(row, cut=True)

    def lose_caret(self) -> None:
        """Mark the caret as unknown, after a pointer press in the text."""
        self.settle()
        if not (self.lines.waits and self.lines.firm):
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
        return self.standing()

    def _begin_typing(self, text: str, row: int) -> None:
        self.settle()
        if self._dead:
            self._dead = False
            self.exact &= not (text.isascii() and (text.isalnum() or text == " "))
        self._doubt()
        self._overwritten = self._replace_selection(row)
        if self.lines.waits:
            self.start_line()
            self._history = History()
        at = self.caret
        if self._moved and not self._overwritten and splits_word(self.chars, self.order, at):
            self.drafts[cut_draft(self.chars, self.order, at, at)] = None
        self._typing, self._moved = at, False

    def _insert(self, text: str, row: int) -> None:
        """Insert ``text`` as one change."""
        if text or self.anchor != self.caret:
            self._begin_typing("", row)
            at = self.caret
            self.put(text, [row] * len(text))
            self._history.add(Change(at, self._overwritten, self.order[at : self.caret], 1))
            self._typing, self._overwritten = _NONE, []
            self._part_empty_line(row)

    def _part_empty_line(self, row: int) -> None:
        if self.lines.floor and len(self.order) == self.lines.floor:
            self.settle()
            self._history = History()
            self.part_line(row)

    def _holds_text(self) -> bool:
        """Check whether keys reach a text; in a field that may have kept a submitted one, the Enter is taken back."""
        if self.lines.waits and not self.lines.firm:
            self.lines.take_back()
            self._lose(_TEXT_LOST)
        return not self.lines.waits

    def _replace_selection(self, row: int) -> list[int]:
        """Remove the selection as part of the next insertion; return its cells."""
        start, end = self.selection()
        if start == end:
            return []
        removed = self.order[start:end]
        self.drafts[cut_draft(self.chars, self.order, start, end)] = None
        self.delete(start, end, row)
        return removed

    def _remove(self, start: int, end: int, row: int) -> None:
        """Delete a range as part of the run of deletions, which lasts while each deletion touches its gap."""
        run = self._erasing
        if run is None or run.hole not in (start, end):
            self.settle()
            run = self._erasing = DeletionRun(self.order.copy(), start, len(self.order) - end, start)
        run.widen(start, len(self.order) - end)
        self.delete(start, end, row)
        self._part_empty_line(row)

    def _erase(self, command: Command, row: int) -> None:
        if not self._holds_text():
            return
        if self._erasing is None:
            self.settle()
            self._doubt()
        self._dead = self._moved = False
        start, end = self.selection()
        if start == end:
            start, end, sure = find_deletion(command, self.chars, self.order, self.caret)
            self.exact &= sure and (self.lines.firm or self.lines.floor <= start)
            start = max(start, self.lines.floor)
        if start < end:
            self._remove(start, end, row)
        elif not self.chars:
            self.exact = False  # a text that was never recorded is being deleted

    def _move(self, command: Command) -> None:
        if not self._holds_text():
            return
        if command.verb is Verb.ROW:
            self._lose(_CARET_LOST)
        target = find_target(command, self.chars, self.order, self.caret, self.anchor)
        self._find_caret(command)
        low, high = min(self.caret, target), max(self.caret, target)
        if command.unit is TextUnit.WORD and not is_plain_word(self.chars, self.order, low, high):
            self._lose(_CARET_LOST)
        if target < self.lines.floor:
            target = self.lines.floor
            self._lose(_SURE if self.lines.firm else _CARET_LOST)
        self._moved |= target != self.caret
        self.caret = target
        if not command.extend:
            self.anchor = target

    def _find_caret(self, command: Command) -> None:
        """Mark the caret as known again at the start or end of the text."""
        if self._state == _CARET_LOST and command.unit in (TextUnit.LINE, TextUnit.TEXT) and command.verb is Verb.MOVE:
            known = command.unit is TextUnit.TEXT or "\n" not in self.standing()
            self._state = _SURE if known else _CARET_LOST

    def _copy(self, row: int, *, cut: bool) -> None:
        start, end = self.selection()
        if start < end:
            self.clipboard = "".join([self.chars[cell] for cell in self.order[start:end]])
            if cut:
                self._doubt()
                self._remove(start, end, row)

    def _travel(self, row: int, *, back: bool) -> None:
        """Undo or redo one change as a whole; editors differ for a change of many presses."""
        if not self._holds_text():
            return
        change = self._history.undo() if back else self._history.redo()
        if change is None:
            self.exact &= not back
            return
        self._doubt()
        old, new = (change.inserted, change.removed) if back else (change.removed, change.inserted)
        start, end = change.at, change.at + len(old)
        if old:
            self.drafts[cut_draft(self.chars, self.order, start, end)] = None
        self.delete(start, end, row)
        self.order[start:start] = new
        for cell in new:
            self.gone.pop(cell, None)
        self.caret = self.anchor = start + len(new)
        self.exact &= change.presses == 1
        self._part_empty_line(row)

    def _lose(self, state: int) -> None:
        if self.order:
            self._state = max(self._state, state)

    def _doubt(self) -> None:
        """Record the text as a draft and clear ``exact`` where an edit follows a lost caret or text."""
        if self._state != _SURE:
            self._state = _SURE
            self.exact = False
            self.drafts[cut_draft(self.chars, self.order, self.caret, self.caret)] = None
