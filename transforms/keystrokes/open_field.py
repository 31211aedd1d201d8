"""Field whose session is being replayed."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from schemas.raw import TypedField
from schemas.vocabulary import DEFAULT_ROLE, PASSWORD, role_of
from transforms.editor.buffer import Buffer
from transforms.editor.commands import Style
from transforms.editor.drafts import select_drafts
from transforms.editor.keymap import Platform


@dataclass(slots=True, eq=False)
class OpenField:
    """Field with its buffer and its key rows so far."""

    field_id: str = field(repr=False)
    field_row: int
    role: str = field(repr=False)
    label: str = field(repr=False)
    style: Style
    buffer: Buffer = field(repr=False)
    guessed: bool = False  # the log names no field
    secret: bool = False  # a password, or masked by the recorder
    key_rows: list[int] = field(default_factory=list)
    last_row: int = -1

    @property
    def was_typed_into(self) -> bool:
        """Check whether a character was inserted or, in a secret or named field, any key was pressed."""
        return bool(self.buffer.chars) or (bool(self.key_rows) and (self.secret or not self.guessed))

    def close(self, session_start: int, key_rows: npt.NDArray[np.int64]) -> TypedField:
        """End the replay of the field and return it with all its key rows."""
        buffer = self.buffer
        buffer.settle()
        gone = [-1] * len(buffer.chars)
        for cell, row in buffer.gone.items():
            gone[cell] = row
        drafts = select_drafts(buffer.chars, buffer.drafts, buffer.order)
        return TypedField(
            session_start=session_start,
            field_id=self.field_id,
            field_row=self.field_row,
            role=self.role,
            label=self.label,
            multiline=self.style.multiline,
            cells="".join(buffer.chars),
            cell_rows=np.array(buffer.rows, dtype=np.int64),
            gone_rows=np.array(gone, dtype=np.int64),
            final=np.array(buffer.order, dtype=np.int32),
            drafts=tuple(np.array(draft, dtype=np.int32) for draft in drafts),
            key_rows=key_rows,
            last_row=max(self.last_row, int(key_rows[-1]) if len(key_rows) else -1),
            exact=buffer.exact,
            secret=self.secret,
        )


def named_field(
    field_id: str, row: int, role: str | None, label: str | None, *, style: Style, exact: bool
) -> OpenField:
    """Open the field that the ``field`` row ``row`` names; at -1 only the ``field_id`` of other rows names it."""
    known = role_of(role)
    return OpenField(field_id, row, known, label or "", style, Buffer(exact=exact), secret=known == PASSWORD)


def guessed_field(row: int, platform: Platform, *, altgr: bool, exact: bool) -> OpenField:
    """Open a field for keys whose field the log does not name; ``row`` is the first of them."""
    style = Style(multiline=True, platform=platform, altgr=altgr)
    return OpenField(f"focus@{row}", -1, DEFAULT_ROLE, "", style, Buffer(exact=exact), guessed=True)
