"""An editor's buffer that remembers which event made and which removed each character.

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
    """One field's text, caret and selection.

    ``rows`` holds for each cell the event that inserted it, ``gone`` the event that removed a cell which does not
    stand any more. ``drafts`` are in order, none twice. ``anchor`` equals ``caret`` where nothing is selected.
    ``clipboard`` is what a copy in any field left.
    """

    __slots__ = (
        "_dead",
        "_erasing",
        "_history",
        "_moved",
        "_overwritten",
        "_pasting",
        "_state",
        "_typing",
        "anchor",
        "caret",
        "chars",
        "clipboard",
        "drafts",
        "exact",
        "gone",
        "order",
        "rows",
    )

    def __init__(self, *, exact: bool = True) -> None:
        self.chars: list[str] = []
        self.rows: list[int] = []
        self.gone: dict[int, int] = {}
        self.order: list[int] = []
        self.drafts: dict[Draft, None] = {}
        self.caret = self.anchor = 0
        self.clipboard = ""
        self.exact = exact
        self._history = History()
        self._typing = _NONE  # where the open run of typing began
        self._overwritten: list[int] = []  # what that run replaced
        self._erasing: DeletionRun | None = None
        self._pasting = _NONE  # row of a paste key that no paste event has followed yet
        self._dead = self._moved = False  # a dead key waits; the caret went elsewhere since the last edit
        self._state = _SURE

    def type(self, text: str, row: int) -> None:
        """Insert what one key types, or several one after the other; ``row`` is their event."""
        if self._typing < 0:
            self._begin_typing(text, row)
        self._put(text, [row] * len(text))

    def type_all(self, text: str, rows: list[int]) -> None:
        """Insert what several keys type, a character each."""
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
        """Obey ``command``; ``text`` is what the key types where it types anything."""
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
        """Make ``value`` the text by the one edit that explains it: what both share at start and end stays."""
        self._pasting, self._dead, self._state = _NONE, False, _SURE
        before = self._standing()
        head, tail = common_ends(before, value)
        if len(before) > head + tail:
            self._remove(head, len(before) - tail, row)
        if len(value) > head + tail:
            self.settle()
            self._moved |= head != self.caret
            self.caret = self.anchor = head
            self._insert(value[head : len(value) - tail], row)

    def remove_selection(self, row: int) -> None:
        """Remove what is selected, as a cut does of which only the clipboard event was seen."""
        if self.anchor != self.caret:
            self.settle()
            self._copy(row, cut=True)

    def lose_caret(self) -> None:
        """Take note that the caret may have moved, as a pointer press in the text does."""
        self.settle()
        self._lose(_CARET_LOST)

    def settle(self) -> None:
        """End the open run of typing or deleting; a paste key without a paste event takes the own clipboard."""
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
        """Return the text as it stands."""
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
        """Insert ``text`` at once."""
        if text or self.anchor != self.caret:
            self._begin_typing("", row)
            at = self.caret
            self._put(text, [row] * len(text))
            self._history.add(Change(at, self._overwritten, self.order[at : self.caret], 1))
            self._typing, self._overwritten = _NONE, []

    def _replace_selection(self, row: int) -> list[int]:
        """Remove the selection as part of what follows; return its cells."""
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
        """Delete as one press of a run of deletions; a run goes on while each touches the hole of the one before."""
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
            self.exact = False  # something is being deleted that was never seen

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
        """Know the caret again at the start or end of all text."""
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
        """Undo or redo one change; a change of many presses is taken back whole, where editors differ."""
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
        """Keep the text as it stood, and say so, where an edit comes after the caret or the text was lost."""
        if self._state != _SURE:
            self._state = _SURE
            self.exact = False
            self.drafts[cut_draft(self.chars, self.order, self.caret, self.caret)] = None
