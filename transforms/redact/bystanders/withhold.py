"""Incoming messages replaced by one marker, before anything else reads them.

Judged are screens, titles, pointer targets and what is copied in windows in which other people write or may write
(``known_windows``), what stands in a transcript of any window, and messages that a screen shows by its structure
(``message_screens``). A window that shows little else is one in which other people write. What the recorder typed
stays, and so do the words of the window itself.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from schemas.entities import EntityType
from schemas.raw import RawSessions, TypedField, TypedSessions
from transforms.redact.bystanders.known_windows import KnownWindows, WindowKind
from transforms.redact.bystanders.message_windows import Judged, name_windows, read_windows
from transforms.redact.bystanders.messengers import is_application, split_title
from transforms.redact.bystanders.node_lists import BOXES, role_of_node
from transforms.redact.bystanders.own_text.own_words import CONTROLS, LABELS, TRANSCRIPTS, OwnWords, squash
from transforms.redact.bystanders.own_text.typing_history import NO_HISTORY, TypingHistory
from transforms.redact.bystanders.recorder_names import NO_OWNERS, ListedNames, Owners
from transforms.redact.bystanders.remarks import find_remarks, shows_talk
from transforms.redact.bystanders.senders.own_messages import NOBODY, collect_screens, find_own_messages
from transforms.redact.bystanders.window_labels import is_addressee, is_window_label, split_addressed
from transforms.redact.denied_windows import find_denied_windows
from transforms.redact.deny_list import DenyList
from transforms.redact.detect.build import add_marker
from transforms.redact.detect.detector import Detector
from transforms.redact.rows.session_ranges import session_ranges
from transforms.redact.settings import Bystanders

MARKER = f"<{EntityType.INCOMING}>"

_SENTENCE = re.compile(r"(?<=[.!?;\u2026])\s+|(?<=[\u3002\uff01\uff1f])|(?<=:)\s")
_ROLES = {WindowKind.MESSENGER: CONTROLS, WindowKind.UNKNOWN: LABELS, WindowKind.OTHER: CONTROLS}
"""Roles whose short names stay; in a window of another kind among remarks."""

_TAKES = frozenset({"copy", "cut"})
"""Actions that take a text out of a window; what a paste put into a field is released like typed text."""

_COLUMNS = ("kind", "action", "app", "title", "url", "text", "nodes", "target")


def find_withheld(detector: Detector, policy: Bystanders) -> Detector:
    """Let ``detector`` find the marker, so that rows say where it stands and no box tells how long the words were."""
    return detector if policy is Bystanders.SURROGATE else add_marker(detector, MARKER, EntityType.INCOMING)


def withhold_incoming(
    typed: TypedSessions,
    policy: Bystanders,
    deny: DenyList,
    windows: KnownWindows,
    owners: Owners = NO_OWNERS,
    *,
    history: TypingHistory = NO_HISTORY,
) -> TypedSessions:
    """Replace the words of others in ``typed``; with ``drop_screen`` all that a messenger shows.

    Rows of denied windows keep their titles and names, by which the redaction knows and drops them. ``history`` has
    what the people of these sessions typed in others.
    """
    table = typed.sessions.table
    if policy is Bystanders.SURROGATE or not table.num_rows:
        return typed
    rows, sessions = table.select(_COLUMNS).to_pylist(), list(session_ranges(table))
    denied = frozenset(row for start, end in find_denied_windows(table, sessions, deny) for row in range(start, end))
    for session in sessions:
        begin_us = pc.min(table["t_us"].slice(session.start, session.end - session.start)).as_py()
        earlier = history.find_earlier(session.user_id, begin_us)
        own = OwnWords.of(_fields_of(typed.fields, session.start), earlier)
        told = [{**rows[place], "row": place} for place in range(session.start, session.end) if place not in denied]
        listed = ListedNames(owners, session.user_id)
        rewrite_session(told, own, windows, drops=policy is Bystanders.DROP_SCREEN, listed=listed)
        for row in told:
            rows[row["row"]] = row
    for name in ("title", "text", "nodes", "target"):
        place = table.schema.get_field_index(name)
        column = pa.array([row[name] for row in rows], table.schema.field(place).type)
        table = table.set_column(place, table.schema.field(place), column)
    return TypedSessions(RawSessions(table.combine_chunks()), typed.fields)


def rewrite_session(
    rows: Sequence[dict[str, Any]],
    own: OwnWords,
    windows: KnownWindows,
    *,
    drops: bool = False,
    listed: ListedNames = NOBODY,
) -> None:
    """Replace in place the words of others in the ``rows`` of a session; ``drops`` leaves nothing of a messenger.

    The recorder's are what was typed, and what ``listed`` names or the session itself tells as sent by the recorder.
    """
    sent = find_own_messages(collect_screens(rows, name_windows(rows, windows)), own, listed)
    _Session(own.with_lines(sent), windows, drops=drops).rewrite(rows)


def _fields_of(fields: Sequence[TypedField], start: int) -> Iterator[TypedField]:
    return (item for item in fields if item.session_start == start)


@dataclass(frozen=True, slots=True)
class _Session:
    own: OwnWords = field(repr=False)
    windows: KnownWindows
    drops: bool
    _withheld: set[str] = field(default_factory=set, repr=False)

    def rewrite(self, rows: Sequence[dict[str, Any]]) -> None:
        """Rewrite the rows of one session in place."""
        judged = read_windows(rows, self.windows, self.own)
        for row, window in zip(rows, judged, strict=True):
            inside = window.kind is not WindowKind.OTHER
            if row["kind"] == "focus" and inside and row["title"]:
                row["title"] = self._title(row["title"], window.app)
            elif row["kind"] == "screen":
                self._screen(row, window)
            elif row["kind"] == "pointer" and row["target"]:
                target = row["target"]
                if inside:
                    row["target"] = self._withhold_name(target, _ROLES[window.kind])
                elif squash(target["name"] or "") in self._withheld:  # a message of a transcript, elsewhere
                    row["target"] = self._withhold_name(target)
            elif row.get("action") in _TAKES and row["text"] and (inside or squash(row["text"]) in self._withheld):
                row["text"] = self._withhold_lines(row["text"])

    def _title(self, title: str, app: str) -> str:
        """Replace the parts of a title that others may have written; the name of the application at its end stays."""
        parts = split_title(title)
        for place in range(0, len(parts), 2):
            is_last = place == len(parts) - 1
            is_name = is_last and (is_application(parts[place]) or squash(parts[place]) == squash(app))
            if not is_name and self.own.is_incoming(parts[place]) and not is_window_label(parts[place]):
                parts[place] = MARKER
        return "".join(parts)

    def _screen(self, row: dict[str, Any], window: Judged) -> None:
        if window.kind is WindowKind.MESSENGER and self.drops:
            row["text"], row["nodes"] = MARKER, None
            return
        stays = set[str]()
        if row["nodes"]:
            row["nodes"] = list(self._nodes(row["nodes"], window))
            stays = {squash(text) for node in row["nodes"] for text in _list_told(node)}
        hides = window.kind is not WindowKind.OTHER or any(
            MARKER in (text or "") for node in row["nodes"] or () for text in (node["name"], node["value"])
        )
        if row["text"] and (hides or shows_talk(row["text"])):
            lines = row["text"].split("\n")
            row["text"] = self._withhold_lines(
                row["text"], stays | {squash(line) for line in lines if is_window_label(line)}
            )

    def _nodes(self, nodes: Sequence[dict[str, Any]], window: Judged) -> Iterator[dict[str, Any]]:
        """Yield the nodes; those below a transcript are judged in any window, by depth, and so are messages.

        So are remarks, whose controls stay.
        """
        transcript: int | None = None
        held = {number for start, end in window.messages.ranges for number in range(start, end)}
        inside = window.kind is not WindowKind.OTHER
        remarks = frozenset[int]() if inside else find_remarks(nodes)
        joined = self._find_joined(nodes) if inside or held or remarks else set[int]()
        for number, node in enumerate(nodes):
            depth = node["depth"] or 0
            if transcript is not None and depth <= transcript:
                transcript = None
            always = transcript is not None or number in held
            stays = number in joined or not (inside or always or number in remarks)
            yield node if stays else self._withhold_name(node, frozenset() if always else _ROLES[window.kind])
            if transcript is None and node["role"] in TRANSCRIPTS:
                transcript = depth

    def _find_joined(self, nodes: Sequence[Mapping[str, Any]]) -> set[int]:
        """Find nodes without value whose names are pieces of what was typed in a row."""
        named = [number for number, node in enumerate(nodes) if node["name"] and not node["value"]]
        joined = self.own.find_joined([nodes[number]["name"] for number in named])
        return {number for number, is_joined in zip(named, joined, strict=True) if is_joined}

    def _withhold_name(self, node: dict[str, Any], controls: frozenset[str] = frozenset()) -> dict[str, Any]:
        """Replace lines of the name and the value of a node or a target, but labels and short names of ``controls``."""
        role = role_of_node(node)
        told = dict(node)
        for part in ("name", "value"):
            is_name = part == "name"
            if (words := node.get(part)) and not is_window_label(words, role if is_name else ""):
                told[part] = self._name_box(words) if is_name and role in BOXES and not node.get("value") else None
                told[part] = told[part] or self._withhold_lines(words, is_control=is_name and role in controls)
                if told[part] != words:
                    self._withheld.add(squash(words))
        return told

    def _name_box(self, label: str) -> str | None:
        """Return the label of an empty box that says whom it addresses, with the marker for whom no name tells."""
        if (parts := split_addressed(label)) is None or self.own.owns(label):
            return None
        return label if is_addressee(parts[1]) else f"{parts[0]} {MARKER}"

    def _withhold_lines(self, text: str, stays: Collection[str] = (), *, is_control: bool = False) -> str:
        """Replace the incoming lines of one text; what was typed as a whole, or over two lines, stays."""
        if self.own.holds(text):
            return text
        lines = text.split("\n")
        shown = (
            line if joined or squash(line) in stays else self._withhold_line(line, is_control=is_control)
            for line, joined in zip(lines, self.own.find_joined(lines), strict=True)
        )
        return "\n".join(_merge_markers(shown))

    def _withhold_line(self, line: str, *, is_control: bool = False) -> str:
        """Replace an incoming line, but its sentences that are the recorder's: of ``You. On my way! Read`` one.

        So stays a sentence that is the whole of what was typed: the subject in the entry of a calendar.
        """
        if not self.own.is_incoming(line, is_control=is_control):
            return line
        return " ".join(_merge_markers(self._withhold_parts(line)))

    def _withhold_parts(self, words: str) -> list[str]:
        """Replace what stands around whole texts that were typed, which only a short line is searched for."""
        if whole := self.own.find_whole(words):
            start, end = whole
            return [*self._withhold_parts(words[:start]), words[start:end], *self._withhold_parts(words[end:])]
        return [part if self.own.owns(part) else MARKER for part in _SENTENCE.split(words) if squash(part)]


def _list_told(node: Mapping[str, Any]) -> list[str]:
    """List the texts of a node as the text of a screen may repeat them: ``button 'Reply'``, too."""
    texts = [text for text in (node["name"], node["value"]) if text]
    return [*texts, f"{node['role']} {node['name']}"] if node["name"] else texts


def _merge_markers(parts: Iterable[str]) -> list[str]:
    """Make one of neighbouring markers: how many there were is not told."""
    kept: list[str] = []
    for part in parts:
        if part != MARKER or kept[-1:] != [MARKER]:
            kept.append(part)
    return kept
