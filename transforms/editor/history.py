"""Undo and redo history of a text."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Change:
    """Edit that replaced the cells ``removed`` at position ``at`` by ``inserted``, in a number of key presses."""

    at: int
    removed: list[int]
    inserted: list[int]
    presses: int


@dataclass(slots=True)
class DeletionRun:
    """Run of deletions in one place."""

    before: list[int]  # the cells of the text before the run
    head: int  # cells at the start of the text that no deletion of the run reached
    tail: int  # the same at its end
    hole: int  # position of the gap in the current text
    presses: int = 0

    def widen(self, head: int, tail: int) -> None:
        """Add a press that leaves ``head`` cells before the gap and ``tail`` cells behind it."""
        self.head, self.tail, self.hole = min(self.head, head), min(self.tail, tail), head
        self.presses += 1

    def change(self) -> Change:
        """Return the run as one edit."""
        return Change(self.head, self.before[self.head : len(self.before) - self.tail], [], self.presses)


@dataclass(slots=True)
class History:
    """Changes of a text in order, and those that were undone."""

    done: list[Change] = field(default_factory=list)
    undone: list[Change] = field(default_factory=list)

    def add(self, change: Change) -> None:
        """Append a change and forget the undone ones: they can no longer be redone."""
        self.done.append(change)
        self.undone.clear()

    def undo(self) -> Change | None:
        """Return the change to revert, ``None`` where there is none."""
        return _move_last(self.done, self.undone)

    def redo(self) -> Change | None:
        """Return the change to apply again, ``None`` where nothing was undone."""
        return _move_last(self.undone, self.done)


def _move_last(source: list[Change], target: list[Change]) -> Change | None:
    if not source:
        return None
    target.append(source.pop())
    return target[-1]
