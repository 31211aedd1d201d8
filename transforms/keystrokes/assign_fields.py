"""Assignment of the events of a session to fields.

A key goes to the field of its ``field_id`` if the row has one; else to the last ``field`` since the last focus
change; else to a guessed field, which begins at the first key after a focus change, a press of the pointer or Tab, as
each of these may have moved the focus. A key-up goes to the field of its key-down.
"""

from transforms.editor.commands import Command, Style, Verb, command_of
from transforms.editor.keymap import Platform, has_altgr, platform_of
from transforms.keystrokes.editor_events import Act, Details, Events, Window
from transforms.keystrokes.open_field import OpenField, guessed_field, named_field

_TYPE, _RELEASE, _PRESS = int(Act.TYPE), int(Act.RELEASE), int(Act.PRESS)


def assign_fields(events: Events, details: Details) -> list[OpenField]:
    """Replay the events of one session; return the fields that were typed into, in order of first appearance.

    Their key rows lack the key-ups that ``events`` lacks.
    """
    session = _Session(details)
    columns = (events.rows, events.act, events.field_id, events.key, events.held)
    for rows, act, field_id, key, held in zip(*columns, strict=True):
        row = rows[0]
        if act == _TYPE:
            found = session.target(field_id, row)
            found.key_rows += rows
            found.buffer.type_all(key, rows)
        elif act == _RELEASE:
            released = session.field_of_key_up(field_id)
            if released is not None:
                released.key_rows.append(row)
        elif act == _PRESS:
            found = session.target(field_id, row)
            found.key_rows.append(row)
            session.press(found, key, held, row)
        else:
            session.notice(Act(act), field_id, row)
    for item in session.fields:
        item.secret |= item.field_id in session.secret
    return [item for item in session.fields if item.was_typed_into]


class _Session:
    """Fields of a session and the one that has the focus."""

    def __init__(self, details: Details) -> None:
        self.fields: list[OpenField] = []
        self.secret: set[str] = set()  # ids of fields
        self._details = details
        self._by_id: dict[str, OpenField] = {}
        self._commands: dict[tuple[str, int, Style], Command] = {}
        self._current: OpenField | None = None
        self._window: Window | None = None
        self._clipboard = ""
        self._platform, self._altgr = Platform.UNKNOWN, True
        self._masked = False  # the last value that was logged since the focus changed was masked
        self._split = False  # a press of the pointer cut a guessed field that held text

    def target(self, field_id: str | None, row: int) -> OpenField:
        """Return the field of a row and give it the focus; open one where none is known."""
        current = self._current
        if current is not None and (field_id is None or current.field_id == field_id):
            return current
        return self._enter(self._find_or_open(field_id, row))

    def press(self, found: OpenField, key: str, held: int, row: int) -> None:
        """Apply a key press that is not just one typed character to the field ``found``."""
        command = self._commands.get((key, held, found.style))
        if command is None:
            command = self._commands[key, held, found.style] = command_of(key, held, found.style)
        if command.verb is not Verb.NOTHING:
            found.buffer.press(command, key, row)
        if key == "Tab" and found.guessed:
            self._leave()

    def field_of_key_up(self, field_id: str | None) -> OpenField | None:
        """Return the field of a key-up without its key-down, if any: by its ``field_id`` or the focus."""
        return self._current if field_id is None else self._by_id.get(field_id)

    def notice(self, act: Act, field_id: str | None, row: int) -> None:
        """Apply a row that is no key event."""
        match act:
            case Act.PASTE:
                found = self.target(field_id, row)
                found.last_row = row
                found.buffer.paste(self._details.texts[row], row)
            case Act.VALUE:
                found = self._find_or_open(field_id, row)
                found.last_row = row
                found.buffer.set_value(self._details.texts[row], row)
                self._mark(found, masked=row in self._details.masked)
            case Act.COPY | Act.CUT:
                self._copy(row, cut=act is Act.CUT)
            case Act.POINT:
                self._point()
            case Act.FIELD:
                self._focus_field(field_id, row)
            case Act.FOCUS:
                self._focus_window(self._details.windows[row])
            case _:
                os, layout = self._details.headers[row]
                self._platform, self._altgr = platform_of(os), has_altgr(layout)

    def _mark(self, found: OpenField, *, masked: bool) -> None:
        """Mark ``found`` as secret if its value was ``masked``, and with it a guessed field that has the focus.

        Keys without a field id go to a guessed field, though the masked value names the id of their field.
        """
        if masked:
            self.secret.add(found.field_id)
            if self._current is not None and self._current.guessed:
                self.secret.add(self._current.field_id)
        self._masked = masked

    def _find_or_open(self, field_id: str | None, row: int) -> OpenField:
        if field_id is None:
            if self._current is not None:
                return self._current
            return self._add(guessed_field(row, self._platform, altgr=self._altgr, exact=not self._split))
        if field_id not in self._by_id:
            style = Style(multiline=True, platform=self._platform, altgr=self._altgr)
            self._by_id[field_id] = self._add(named_field(field_id, -1, None, None, style=style, exact=True))
        return self._by_id[field_id]

    def _add(self, found: OpenField) -> OpenField:
        self.fields.append(found)
        if found.secret or (found.guessed and self._masked):
            self.secret.add(found.field_id)
        return found

    def _enter(self, found: OpenField) -> OpenField:
        self._leave()
        found.buffer.clipboard = self._clipboard
        self._current = found
        return found

    def _leave(self) -> None:
        if self._current is not None:
            self._current.buffer.settle()
            self._clipboard = self._current.buffer.clipboard
            self._current = None

    def _copy(self, row: int, *, cut: bool) -> None:
        self._clipboard = self._details.texts[row]
        if self._current is not None:
            if cut:
                self._current.buffer.remove_selection(row)
                self._current.last_row = row
            self._current.buffer.clipboard = self._clipboard

    def _point(self) -> None:
        """Mark the caret of a named field as unknown; leave a guessed field, as the press may have moved the focus."""
        current = self._current
        if current is None:
            return
        if current.guessed:
            self._split |= bool(current.buffer.chars)
            self._leave()
        else:
            current.buffer.lose_caret()

    def _focus_field(self, field_id: str | None, row: int) -> None:
        self._masked = False
        info = self._details.fields[row]
        name = field_id if field_id is not None else f"field@{row}"
        if not info.resumed or name not in self._by_id:
            style = Style(bool(info.multiline), info.role == "terminal", self._platform, self._altgr)
            opened = named_field(name, row, info.role, info.label, style=style, exact=not info.resumed)
            self._by_id[name] = self._add(opened)
        self._enter(self._by_id[name])

    def _focus_window(self, window: Window) -> None:
        """Drop the focus when the application or address changes; another title may be the same window, renamed."""
        before, self._window = self._window, window
        if before is None or (before[0], before[2]) != (window[0], window[2]):
            self._leave()
            self._split = self._masked = False
        elif before[1] != window[1] and self._current is not None and self._current.guessed:
            self._current.buffer.lose_caret()
