"""Pointer rows of a batch in the form that a release has them in: actions on targets, or single events."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pyarrow as pa

from schemas.privacy import Pointer
from transforms.redact.actions.release_actions import merge_pointer_rows, release_actions
from transforms.redact.actions.seen_pointer import SeenPointer, release_windows, see_pointer
from transforms.redact.actions.window_sizes import Size
from transforms.redact.rows.assemble import RowPlan
from transforms.redact.rows.columns import Flags
from transforms.redact.rows.key_columns import KeyColumns
from transforms.redact.rows.session_ranges import SessionRange
from transforms.redact.rows.structure import Outcomes, find_targets, join_moves
from transforms.redact.screens.recorded_screens import RecordedScreen


@dataclass(frozen=True, slots=True)
class PointerRows:
    """Pointer rows; ``named`` maps each row whose target is released to the row at which it is.

    ``windows`` holds the released size of the window by row.
    """

    named: Mapping[int, int]
    windows: Mapping[int, Size]
    _seen: SeenPointer | None = field(repr=False)

    @classmethod
    def plan(
        cls,
        form: Pointer,
        table: pa.Table,
        allowed: Flags,
        sessions: Sequence[SessionRange],
        screens: Sequence[RecordedScreen],
    ) -> "PointerRows":
        """Read the rows; what a release says of them waits for the released texts and screens."""
        windows = release_windows(table, allowed, sessions)
        if form != Pointer.TARGETS:
            return cls(find_targets(table, allowed), windows, None)
        seen = see_pointer(table, allowed, sessions, screens)
        return cls(seen.named, windows, seen)

    def merge(self, release: RowPlan, outcome: Outcomes) -> None:
        """Decide which rows of actions stay."""
        release.windows = dict(self.windows)
        if self._seen is not None:
            merge_pointer_rows(self._seen, release, outcome)

    def release(
        self, table: pa.Table, sessions: Sequence[SessionRange], keys: KeyColumns, release: RowPlan, outcome: Outcomes
    ) -> None:
        """Put what is released of the rows into ``release``."""
        if self._seen is None:
            join_moves(table, sessions, release, outcome)
        else:
            release_actions(self._seen, table, keys, release)
