"""Reports of Windows' Steps Recorder: XML, in the MHT file that it writes, or in its ZIP file."""

import quopri
import re
from collections.abc import Iterator
from datetime import datetime
from email import message_from_bytes
from email.message import Message
from functools import cached_property, partial
from xml.etree.ElementTree import Element, ParseError, fromstring

from transforms.ingest.formats.adapter import MapRow
from transforms.ingest.formats.foreign_format import UNKNOWN, ForeignFormat, SessionDraft
from transforms.ingest.formats.record_values import NOTCH_PX
from transforms.ingest.formats.typed_steps import Event, press
from transforms.ingest.formats.zip_members import MAGIC, read_members

_REPORT = re.compile(rb"<UserActionData\b.*?</UserActionData>", re.DOTALL)
_POINTER = {"Mouse Left Click": ("click", "left"), "Mouse Right Click": ("click", "right"),
            "Mouse Middle Click": ("click", "middle"), "Mouse Left Double Click": ("double_click", "left"),
            "Mouse Drag Start": ("down", "left"), "Mouse Drag End": ("up", "left"), "Mouse Drag": ("drag", "left"),
            "Mouse Wheel": ("scroll", None)}  # fmt: skip
_ROLES = {"pane": "region", "edit": "textbox", "text": "paragraph", "hyperlink": "link", "list item": "listitem",
          "menu item": "menuitem", "tab item": "tab", "check box": "checkbox", "combo box": "combobox"}  # fmt: skip
_TITLE = re.compile(r'in "([^"]*)"(?!.*in ")', re.DOTALL)
_ON, _IN = 'on "', '" in "'
_WITH_ROLE = re.compile(r'(.*) \(([^()"]*)\)', re.DOTALL)
_DAY, _HEADER = 86_400.0, 4_096


def _knows(head: bytes) -> bool:
    if head.startswith(MAGIC):
        return b".mht" in head[:512]
    return b"<UserActionData" in head or (b"MIME-Version" in head and b"Recorded Steps" in head)


def _tell(content: bytes, source: int) -> Iterator[SessionDraft]:
    draft = SessionDraft(source, {"recorder": "steps-recorder", "os": "Windows"})
    for part in read_members(content, lambda name: name.endswith(".mht")) if content.startswith(MAGIC) else [content]:
        report = _REPORT.search(quopri.decodestring(part) if b"MIME-Version" in part[:_HEADER] else part)
        if report is None or b"<!" in report[0]:
            raise ValueError("report")  # no report declares entities of its own
        try:
            root = fromstring(report[0])  # noqa: S314 - a declaration was refused above, so nothing can be expanded
        except ParseError:
            raise ValueError("xml") from None
        _tell_actions(root.iter("EachAction"), Pictures(part), draft)
    yield draft


class Pictures:
    """Pictures beside a report in its MHT file, taken apart once one of them is asked for."""

    def __init__(self, mht: bytes) -> None:
        self._mht = mht

    @cached_property
    def _parts(self) -> dict[str, Message]:
        return {str(part.get("Content-Location")): part for part in message_from_bytes(self._mht).walk()}

    def read(self, name: str) -> bytes:
        """Return the picture of that name; raise ``ValueError`` where there is none."""
        content = self._parts[name].get_payload(decode=True) if name in self._parts else None
        if not isinstance(content, bytes):
            raise ValueError("picture")  # noqa: TRY004 - of a file that is not what it looks like
        return content


def _tell_actions(actions: Iterator[Element], pictures: Pictures, draft: SessionDraft) -> None:
    before, day, title = 0.0, 0.0, None
    for place, action in enumerate(actions, start=1):
        try:
            at = _time(action.get("Time", ""))
            day += _DAY * (at < before)
            before = at
            if name := action.findtext("ScreenshotFileName"):
                draft.add_picture(day + at, place, partial(pictures.read, name))
            title = _tell_action(action, place, day + at, title, draft)
        except (ValueError, TypeError):
            draft.refuse(UNKNOWN, place)


def _time(shown: str) -> float:
    """Return seconds since midnight; the recorder writes the local time of day as the system shows it."""
    for form in ("%I:%M:%S %p", "%H:%M:%S"):
        try:
            at = datetime.strptime(shown.replace("\u202f", " "), form)  # noqa: DTZ007 - a time of day has no zone
        except ValueError:
            continue
        return at.hour * 3_600.0 + at.minute * 60 + at.second
    raise ValueError("Time")


def _tell_action(action: Element, place: int, at: float, title: str | None, draft: SessionDraft) -> str | None:
    kind, description = (action.findtext(name) or "" for name in ("Action", "Description"))
    if (found := _TITLE.search(description)) and found[1] != title:
        title = found[1]
        app = action.get("FileDescription") or action.get("FileName") or ""
        draft.add(at, place, {"kind": "focus", "app": app, "title": title})
    if kind in _POINTER:
        draft.add(at, place, _pointer(action, kind, description))
    elif kind == "Keyboard Input":
        for event in _keys(description):
            draft.add(at, place, event)
    elif kind == "User Comment":
        draft.leave_out("comment")
    else:
        draft.refuse(UNKNOWN, place)
    return title


def _pointer(action: Element, kind: str, description: str) -> Event:
    x, y = (float(part) for part in (action.findtext("CursorCoordsXY") or "").split(",")[:2])
    name, button = _POINTER[kind]
    event: Event = {"kind": "pointer", "action": name, "x": x, "y": y}
    if name == "scroll":
        return event | {"dx": 0.0, "dy": NOTCH_PX if "down" in description else -NOTCH_PX}
    _, is_named, rest = description.partition(_ON)
    named, is_placed, _ = rest.partition(_IN)
    if is_named and is_placed:
        found = _WITH_ROLE.fullmatch(named)
        name, role = (found[1], found[2].lower()) if found else (named, "")
        event["target"] = {"role": _ROLES.get(role, role or "generic"), "name": name}
    return event | {"button": button}


def _keys(description: str) -> Iterator[Event]:
    """Yield the keys that a description names; ``...`` stands for any number of characters that it does not tell."""
    _, _, listed = description.rstrip().partition("[")
    for name in listed[:-1].split() if listed.endswith("]") else ():
        yield from press(["Unidentified"] if name == "..." else name.split("-"))


STEPS_RECORDER = ForeignFormat(
    name="steps-recorder",
    summary="Windows Steps Recorder: .zip, .mht or its XML",
    mapping=(
        MapRow("Action Mouse Left Click and its like", "`pointer`, at CursorCoordsXY, with the named element"),
        MapRow("Mouse Wheel", "`pointer`: `scroll` by one notch"),
        MapRow("Keyboard Input", "`key`: the named keys; characters, which it does not tell, are one `Unidentified`"),
        MapRow('Description in "…", FileDescription', "`focus`, where the title changes"),
        MapRow("User Comment", "left out, counted: `comment`"),
        MapRow(
            "screenshots, ScreenshotFileName",
            "left out, counted: `screenshot`; `screen` where `ingest.ocr` is on (.mht)",
        ),
        MapRow("CommandLine, FileId, FileName, FileCompany, ProgramId, Pid, UIAStack and its Level", "not read"),
        MapRow("RecordSession StartTime, StopTime", "not read"),
        MapRow("Time", "seconds since midnight; the date is not known"),
    ),
    knows=_knows,
    tell=_tell,
)
"""The adapter."""
