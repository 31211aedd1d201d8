"""Low-level rows as the actions that agents are trained on; names as in PyAutoGUI and OpenCUA.

Typing, corrections included, becomes the text that it leaves, so that a surrogate that was released key by key is one
``type`` again. Where the keys do more than insert a text (they delete what stood there before), they stay ``hotkey``;
the Control+A that a release puts before a text that it typed again is a part of that ``type``, as nobody pressed it.
A recorder that tells values and no keys gives one ``type`` for each field: its final text.
Where ``place`` is set, a position lies in the released box of what was acted on, and a scroll has its recorded way.
Elsewhere positions are noise: learn from kinds, targets and texts. A pointer movement is no action; a recording that
writes no ``drag`` rows shows a press and a release as a ``click``.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import pyarrow as pa

from keyveil.action_columns import ACTIONS, ACTIONS_SCHEMA, COLUMNS, PLACED
from keyveil.text_runs import EDITING, NAMES, Press, Run, Value, find_commands, find_values
from transforms.editor.keymap import MODIFIER_KEYS, is_printable

__all__ = ["ACTIONS", "ACTIONS_SCHEMA", "COLUMNS", "actions", "list_actions"]

_HELD = {"Control": "ctrl", "Alt": "alt", "Shift": "shift", "Meta": "win", "Super": "win"}
_OF_ONE_LINE = frozenset({"terminal", "searchbox"})
"""Roles of fields in which Enter submits a line, though their text holds several."""
Row = Mapping[str, Any]


def actions(events: pa.Table, *, wait_ms: int | None = None) -> pa.Table:
    """Return the actions of whole sessions (rows by session and ``seq``) as a table of ``ACTIONS_SCHEMA``.

    With ``wait_ms``, a ``wait`` comes between two actions where the released clock stands still that long. That clock
    is made up or noised, never the recording's: an agent would learn to wait for nothing. Columns that were not read
    count as null.
    """
    return pa.Table.from_pylist(list_actions(events, wait_ms), _plain(ACTIONS_SCHEMA)).cast(ACTIONS_SCHEMA)


def list_actions(events: pa.Table, wait_ms: int | None = None) -> list[dict[str, Any]]:
    """Return the rows of ``actions``; columns that are null throughout may be missing."""
    columns = events.select([name for name in COLUMNS if name in events.schema.names])
    rows = columns.cast(
        _plain(columns.schema)
    ).to_pylist()  # words of dictionaries are made one by one, ten times slower
    found: list[dict[str, Any]] = []
    begin = 0
    for end in range(1, len(rows) + 1):
        if end == len(rows) or rows[end].get("session") != rows[begin].get("session"):
            found += _session(rows[begin:end], wait_ms)
            begin = end
    return found


def _session(rows: list[Row], wait_ms: int | None) -> Iterator[dict[str, Any]]:
    values = find_values(rows)
    lines = {row["field"] for row in rows if row.get("field") is not None and "\n" in (row.get("text") or "")}
    reducer = _Reducer(lines - {value.field for value in values.values()}, values)
    for row in rows:
        reducer.add(row)
    reducer.end()
    step, clock = 0, None
    common = {name: rows[0].get(name) for name in ("session", "user")}
    for item in reducer.done:
        until = item.pop("until")
        if wait_ms is not None and clock is not None and item["t_ms"] is not None and item["t_ms"] - clock >= wait_ms:
            waited = {"action": "wait", "seconds": (item["t_ms"] - clock) / 1_000, "t_ms": clock}
            yield common | waited | {"step": step, "first_seq": item["first_seq"], "last_seq": item["first_seq"]}
            step += 1
        yield common | item | {"step": step}
        step, clock = step + 1, until if until is not None else clock


class _Reducer:
    """Reads the rows of one session in order and collects its actions."""

    def __init__(self, multiline: set[int], values: Mapping[int, Value]) -> None:
        self.done: list[dict[str, Any]] = []
        self._multiline, self._values = multiline, values
        self._front: dict[str, Any] = {}
        self._fields: dict[int, dict[str, Any]] = {}
        self._field: int | None = None
        self._run = Run()
        self._down: Row | None = None
        self._drag: tuple[Row, Row] | None = None

    def add(self, row: Row) -> None:
        """Read one row."""
        kind = row.get("kind")
        if row["seq"] in self._values:
            self._value(row, self._values[row["seq"]])
        if kind == "key" and row.get("action") == "down":
            self._key(row)
        elif kind == "pointer" and row.get("action") != "move":
            self._end_run()
            self._pointer(row)
        elif kind in ("focus", "field", "text_input"):
            self.end()
            if kind == "focus":
                self._front = {name: row.get(name) for name in ("app", "title", "url")}
            elif kind == "field":
                self._fields[row["field"]] = {name: row.get(name) for name in ("role", "name")}
                if row.get("role") in _OF_ONE_LINE:
                    self._multiline.discard(row["field"])

    def end(self) -> None:
        """Close what is open: a run of typing, a drag without a release."""
        self._end_run()
        self._end_drag()

    def _value(self, row: Row, value: Value) -> None:
        """Tell the text of a field whose keys were not released."""
        self.end()
        self._field = value.field
        ends = [Press(seq, row.get("t_ms"), "", "", value.synthetic) for seq in (row["seq"], value.seq)]
        self._tell(ends, {"action": "type", "text": value.text})

    def _key(self, row: Row) -> None:
        self._end_drag()
        key, held = row.get("key") or "", frozenset(row.get("modifiers") or ())
        if key in MODIFIER_KEYS or not key:
            return
        if row.get("field") != self._field:
            self._end_run()
            self._field = row.get("field")
        commands = find_commands(held)
        text = key if is_printable(key) else "\n" if key == "Enter" and self._field in self._multiline else ""
        press = Press(row["seq"], row.get("t_ms"), text, key, bool(row.get("synthetic")))
        if press.synthetic and commands:
            self._end_run()
            self._run = Run(selecting=[press])
            return
        alone = not commands and (text or key in EDITING) and not (key in EDITING and held & {"Shift", "AltGraph"})
        if alone and self._run.take(press):
            return
        self._end_run()
        if not (alone and self._run.take(press)):
            self._hotkey(press, [_HELD[name] for name in _HELD if name in held])

    def _hotkey(self, press: Press, held: list[str]) -> None:
        name = NAMES.get(press.key, press.key.lower())
        keys, last = [*dict.fromkeys(held), name], self.done[-1] if self.done else {}
        if last.get("action") == "hotkey" and last["keys"] == keys and last["field"] == self._field:
            last |= {"presses": last["presses"] + 1, "last_seq": press.seq, "until": press.t_ms}
            last["synthetic"] = last["synthetic"] or press.synthetic
            return
        self._tell([press], {"action": "hotkey", "keys": keys, "presses": 1})

    def _end_run(self) -> None:
        run, self._run = self._run, Run()
        if run.text:
            self._tell([*run.selecting, *run.settled], {"action": "type", "text": run.text})
        for press in run.open_presses:
            if press.text:
                self._tell([press], {"action": "type", "text": press.text})
            else:
                self._hotkey(press, [])

    def _tell(self, presses: list[Press], what: dict[str, Any]) -> None:
        target = self._fields.get(self._field, {}) if self._field is not None else {}
        first, last = presses[0], presses[-1]
        when = {"first_seq": first.seq, "last_seq": last.seq, "t_ms": first.t_ms, "until": last.t_ms}
        synthetic = any(press.synthetic for press in presses)
        self.done.append(self._front | target | when | what | {"synthetic": synthetic, "field": self._field})

    def _pointer(self, row: Row) -> None:
        action = row.get("action")
        if row.get("place") is not None:
            self._end_drag()
            self._read_placed(row)
            return
        if action == "drag":
            first = self._drag[0] if self._drag else self._down or row
            self._drag, self._down = (first, row), None
            return
        if action == "up" and self._drag:
            self._drag = (self._drag[0], row)
            self._end_drag()
            return
        self._end_drag()
        if action == "down":
            self._down = row
        elif action == "up" and self._down is not None:
            self._add("click", self._down, row, pressed=True)
            self._down = None
        elif action == "click":
            self._read_click(row)
        elif action == "double_click":
            self._read_double_click(row)
        elif action == "scroll":
            self._read_scroll(row)

    def _read_placed(self, row: Row) -> None:
        """Read a row that is a whole action: a pointer row with a ``place``."""
        self._down = None
        moved = {name: row.get(name) for name in ("dx", "dy")} if row.get("action") == "scroll" else {}
        self._add(row.get("action") or "click", row, row, **{name: row.get(name) for name in PLACED}, **moved)

    def _add(self, action: str, first: Row, last: Row, **more: Any) -> None:
        place = {name: first.get(name) for name in ("x", "y", "button", "role", "name", "t_ms", "modifiers")}
        place |= {"first_seq": first["seq"], "last_seq": last["seq"], "until": last.get("t_ms"), "synthetic": False}
        self.done.append(self._front | place | {"action": action, "field": None} | more)

    def _read_click(self, row: Row) -> None:
        """Read a ``click`` row, which repeats the press and release before it or stands for both."""
        last = self.done[-1] if self.done else {}
        if self._down is not None:
            self._add("click", self._down, row)
            self._down = None
        elif last.get("pressed") and last["last_seq"] == row["seq"] - 1 and last["button"] == row.get("button"):
            last |= {
                "pressed": False,
                "last_seq": row["seq"],
                "role": last["role"] or row.get("role"),
                "name": last["name"] or row.get("name"),
            }
        else:
            self._add("click", row, row)

    def _read_double_click(self, row: Row) -> None:
        first = dict(row)
        for _ in range(2):
            last = self.done[-1] if self.done else {}
            if (
                last.get("action") == "click"
                and last["button"] == row.get("button")
                and last["last_seq"] == first["seq"] - 1
            ):
                first = self.done.pop()
                first["seq"] = first["first_seq"]
        self._add("double_click", first, row)

    def _read_scroll(self, row: Row) -> None:
        last = self.done[-1] if self.done else {}
        moved = {name: row.get(name) or 0 for name in ("dx", "dy")}
        if last.get("action") == "scroll" and last.get("place") is None and _ways(last) == _ways(moved):
            last |= {name: last[name] + value for name, value in moved.items()}
            last |= {"last_seq": row["seq"], "until": row.get("t_ms")}
        else:
            self._add("scroll", row, row, **moved)

    def _end_drag(self) -> None:
        if self._drag:
            first, last = self._drag
            self._drag = None
            self._add("drag", first, last, to_x=last.get("x"), to_y=last.get("y"))


def _ways(scroll: Mapping[str, Any]) -> tuple[int, int]:
    """Return the signs of a scroll's two distances; sums of opposite ways would say nothing."""
    dx, dy = scroll["dx"], scroll["dy"]
    return (dx > 0) - (dx < 0), (dy > 0) - (dy < 0)


def _plain(schema: pa.Schema) -> pa.Schema:
    return pa.schema([f.with_type(f.type.value_type) if pa.types.is_dictionary(f.type) else f for f in schema])
