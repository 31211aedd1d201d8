"""What undo and redo go through."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Change:
    """One edit: at ``at`` the cells ``removed`` gave way to ``inserted``, by so many key presses."""

    at: int
    removed: list[int]
    inserted: list[int]
    presses: int


@dataclass(slots=True)
class DeletionRun:
    """A run of deletions in one place: the text before it, how much of both its ends still stands, where it is now."""

    before: list[int]
    head: int
    tail: int
    hole: int
    presses: int = 0

    def widen(self, head: int, tail: int) -> None:
        """Count a press after which only ``head`` and ``tail`` characters around the hole stand."""
        self.head, self.tail, self.hole = min(self.head, head), min(self.tail, tail), head
        self.presses += 1

    def change(self) -> Change:
        """Return the run as one edit."""
        return Change(self.head, self.before[self.head : len(self.before) - self.tail], [], self.presses)


@dataclass(slots=True)
class History:
    """Changes in order, and those that were undone."""

    done: list[Change] = field(default_factory=list)
    undone: list[Change] = field(default_factory=list)

    def add(self, change: Change) -> None:
        """Take note of a change; what was undone before it can no longer be redone."""
        self.done.append(change)
        self.undone.clear()

    def undo(self) -> Change | None:
        """Return the change to take back, ``None`` where nothing is left."""
        return _move_last(self.done, self.undone)

    def redo(self) -> Change | None:
        """Return the change to make again, ``None`` where nothing was undone."""
        return _move_last(self.undone, self.done)


def _move_last(source: list[Change], target: list[Change]) -> Change | None:
    if not source:
        return None
    target.append(source.pop())
    return target[-1]
