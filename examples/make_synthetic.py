"""Write examples/recordings/synthetic-office.jsonl: made-up office work of made-up people, the same on every run.

Nobody in it exists: names are inventions, domains are reserved (RFC 2606), telephone numbers are 555-01xx, card and
account numbers are the public test values of their schemes.
"""  # noqa: INP001 - a script beside its output, not a package

import argparse
import json
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

TARGET = Path(__file__).with_name("recordings") / "synthetic-office.jsonl"
_TEXT = Path(__file__).with_name("office-pages.txt").read_text(encoding="utf-8")
PAGES = dict(re.findall(r"^# (.*)\n((?:[^#].*\n)*)", _TEXT, re.MULTILINE))
"""Parts of pages by name, as ``lay_out`` reads them."""

MONDAY_US = 1_767_600_000_000_000
MINUTE_US = 60_000_000
MS = 1_000

CODES = {" ": "Space", ".": "Period", ",": "Comma", "-": "Minus", "/": "Slash", "'": "Quote", ";": "Semicolon"}
SHIFTED = {"@": "Digit2", "#": "Digit3", "!": "Digit1", "(": "Digit9", ")": "Digit0", ":": "Semicolon", "?": "Slash"}

Box = tuple[int, int, int, int]
"""Left, top, width, height in pixels."""

DISPLAY: Box = (0, 0, 1920, 1080)
WINDOW: Box = (160, 60, 1280, 800)
PANES: dict[str, Box] = {"navigation": (160, 90, 220, 770), "main": (390, 90, 1050, 770)}
SIZES = {"document": (900, 420), "terminal": (900, 520), "textbox": (460, 36), "password": (460, 36)}
GAP = 14
LINE = re.compile(r"( *)(\+ )?(\w+)(?: '(.*?)')?(?: = '(.*?)')?([ a-z]*)")
"""Line of a page: ``role 'name' = 'value' state``; two spaces are a level, ``+`` stands beside the line before."""


def rectangle(box: Box) -> dict[str, int]:
    """Return a box as the raw log writes it."""
    return dict(zip(("x", "y", "width", "height"), box, strict=True))


def lay_out(page: str) -> list[dict[str, Any]]:
    """Lay out the lines of a page as nodes: in each pane below each other; what holds others reaches around them."""
    lines = [found.groups("") for found in map(LINE.fullmatch, page.splitlines()) if found]
    depths = [len(indent) // 2 for indent, *_ in lines]
    boxes: list[Box] = []
    for place, (_, beside, role, name, *_) in enumerate(lines):
        if not depths[place]:
            boxes.append(PANES[role])
            left, top = PANES[role][0] + GAP, PANES[role][1] + GAP
        elif depths[place] < max(depths[place + 1 : place + 2], default=0):
            boxes.append((left, top, 0, 0))
        else:
            width, height = SIZES.get(role, (8 * len(name) + 20, 28))
            before = boxes[-1]
            at = (before[0] + before[2] + GAP, before[1]) if beside else (left, top)
            boxes.append((*at, width, height))
            top = max(top, at[1] + height + GAP)
    for place in reversed(range(len(lines))):
        if depths[place] and not boxes[place][2]:
            end = next((later for later in range(place + 1, len(lines)) if depths[later] <= depths[place]), len(lines))
            boxes[place] = reach_around(boxes[place + 1 : end])
    return [
        {"role": role, "name": name, "value": value, "bounds": rectangle(box), "depth": depth}
        | {"states": states.split(), "protected": role == "password"}
        for (_, _, role, name, value, states), box, depth in zip(lines, boxes, depths, strict=True)
    ]


def reach_around(boxes: list[Box]) -> Box:
    """Return the smallest box around others."""
    left, top = min(box[0] for box in boxes), min(box[1] for box in boxes)
    return left, top, max(box[0] + box[2] for box in boxes) - left, max(box[1] + box[3] for box in boxes) - top


@dataclass
class Session:
    """A session under construction: clock, typing rhythm, what is shown, the focused field and events."""

    session_id: str
    user_id: str
    clock: int
    rhythm: random.Random
    shown: list[dict[str, Any]] = field(default_factory=list)
    field_id: str = ""
    fields: int = 0
    events: list[tuple[int, dict[str, object]]] = field(default_factory=list)

    def tell(self, after_ms: int, **event: object) -> None:
        """Add an event ``after_ms`` after the previous one."""
        self.clock += after_ms * MS + self.rhythm.randrange(MS)
        self.events.append((self.clock, event))

    def begin(self, instruction: str, goal: str) -> None:
        """Begin with a header and a task."""
        header = {"os": "Linux", "keyboard_layout": "us", "recorder": "keyveil-example", "purpose": "training"}
        self.tell(0, kind="session", screens=[{**rectangle(DISPLAY), "scale": 1}], **header)
        self.tell(0, kind="task", instruction=instruction, goal=goal)

    def focus(self, app: str, title: str, url: str | None = None) -> None:
        """Bring a window to the front."""
        place = {"window": {**rectangle(WINDOW), "scale": 1}} | ({"url": url} if url else {})
        self.tell(900, kind="focus", app=app, title=title, **place)

    def enter(self, role: str, label: str, *, multiline: bool = False) -> None:
        """Click into a new field."""
        self.click(role, label)
        self.fields += 1
        self.field_id = f"f{self.fields}"
        self.tell(30, kind="field", field_id=self.field_id, role=role, label=label, multiline=multiline)

    def resume(self, field_id: str, label: str) -> None:
        """Return the focus to an earlier field."""
        self.field_id = field_id
        self.tell(400, kind="field", field_id=field_id, role="textbox", label=label, multiline=True, resumed=True)

    def click(self, role: str, name: str) -> None:
        """Move to a node of the screen in a few steps and click somewhere in it."""
        node = next(node for node in self.shown if (node["role"], node["name"]) == (role, name))
        box = node["bounds"]
        x = box["x"] + round(box["width"] * self.rhythm.uniform(0.2, 0.8))
        y = box["y"] + round(box["height"] * self.rhythm.uniform(0.2, 0.8))
        for step in range(1, 7):
            self.tell(14, kind="pointer", action="move", x=x - (6 - step) * 23, y=y - (6 - step) * 9)
        target = {key: node[key] for key in ("role", "name", "bounds", "states")}
        self.tell(80, kind="pointer", action="down", x=x, y=y, button="left", target=target)
        self.tell(80, kind="pointer", action="up", x=x, y=y, button="left")

    def press(self, key: str, code: str, *modifiers: str) -> None:
        """Press and release a key; the release may come after the next press."""
        self.clock += self.rhythm.randrange(70, 190) * MS
        common = {"kind": "key", "key": key, "code": code, "modifiers": list(modifiers), "field_id": self.field_id}
        self.events.append((self.clock, {**common, "action": "down"}))
        self.events.append((self.clock + self.rhythm.randrange(55, 130) * MS, {**common, "action": "up"}))

    def type(self, text: str) -> None:
        """Type a text; ``<`` is Backspace, ``[`` and ``]`` move the caret left and right, a line break is Enter."""
        named = {"<": "Backspace", "[": "ArrowLeft", "]": "ArrowRight", "\n": "Enter"}
        for char in text:
            if char in named:
                self.press(named[char], named[char])
            elif char.isupper() or char in SHIFTED:
                self.press(char, SHIFTED.get(char, f"Key{char}"), "Shift")
            else:
                place = f"Digit{char}" if char.isdigit() else f"Key{char.upper()}"
                self.press(char, CODES.get(char, place))

    def copy(self, text: str) -> None:
        """Copy the selection on the screen."""
        self.tell(600, kind="clipboard", action="copy", text=text)

    def paste(self, text: str) -> None:
        """Paste into the field with Control and V."""
        self.press("Control", "ControlLeft")
        self.press("v", "KeyV", "Control")
        pasted = {"kind": "clipboard", "action": "paste", "text": text, "field_id": self.field_id}
        self.events.append((self.clock + MS, pasted))

    def screen(self, source: str, *names: str) -> None:
        """Show a page, in parts by name; an accessibility tree names the roles as well."""
        self.shown = lay_out("".join(PAGES[name] for name in names))
        named = [(node["role"], node["name"]) for node in self.shown if node["name"]]
        text = "\n".join(f"{role} '{name}'" if source == "a11y" else str(name) for role, name in named)
        self.tell(300, kind="screen", source=source, text=text, nodes=self.shown)

    def rows(self) -> Iterator[dict[str, object]]:
        """Yield the events as rows of the raw log, in the order of their times."""
        common = {"session_id": self.session_id, "user_id": self.user_id, "device_id": f"desk-{self.user_id[-1]}"}
        for seq, (at, event) in enumerate(sorted(self.events, key=lambda item: item[0])):
            yield {**common, "seq": seq, "t_us": at, **event}


def support_mail(work: Session) -> None:
    """Answer a customer's message, with corrections, a caret move and a pasted address."""
    work.begin("Tell Tilda Marwick when order 4471 is sent", "The answer is sent")
    inbox = "https://mail.example.com/inbox?to=tilda.marwick%40example.org"
    work.focus("thunderbird", "Inbox (3) - Order 4471 for Tilda Marwick", inbox)
    work.screen("ocr", "folders", "message")
    work.copy("14 Larch Row, Fernmouth")
    work.click("button", "Reply")
    work.screen("a11y", "folders", "answer")
    work.enter("textbox", "Message", multiline=True)
    work.type("Dear Tilda Marwcik<<<ick,\nthank you for your call. We send order 4471 to ")
    work.paste("14 Larch Row, Fernmouth")
    work.type(" tomorow[[[r]]]. Your number is 555-0142.\nKind regards, Oskar")
    work.click("button", "Send")
    work.screen("a11y", "folders", "sent")


def sign_in(work: Session) -> None:
    """Sign in, mistyping the password once."""
    work.begin("Look up the balance of the account", "The balance is shown")
    work.focus("firefox", "Sign in - Example Bank", "https://bank.example.com/login")
    work.screen("dom", "login")
    work.enter("textbox", "User name")
    work.type("nadia.okell")
    work.enter("password", "Password")
    work.type("Wren-copper<r-41!\n")
    work.focus("firefox", "Accounts of Nadia Okell", "https://bank.example.com/accounts/DE89370400440532013000")
    work.screen("a11y", "accounts")


def order_form(work: Session) -> None:
    """Fill in a form: delete and retype a wrong number, paste a card."""
    work.begin("Order the tea set for jonas feldkamp", "The order is placed")
    work.focus("firefox", "New order - Example Shop", "https://shop.example.net/order/new")
    work.screen("dom", "shop", "order")
    work.enter("textbox", "Full name")
    work.type("jonas feldkamp")
    work.enter("textbox", "Telephone")
    work.type("555-0178<<<<<<<<555-0187")
    work.enter("textbox", "Card number")
    work.paste("4111 1111 1111 1111")
    work.enter("textbox", "E-mail")
    work.type("jonas.f@example.com")
    work.click("checkbox", "Send a receipt")
    work.click("button", "Place order for jonas feldkamp")
    work.screen("dom", "shop", "thanks")


def notes(work: Session) -> None:
    """Take notes, with a look-up in between."""
    work.begin("Write down the plan for the week", "Imre is asked on a day at work")
    work.focus("org.gnome.TextEditor", "weekly-notes.txt - Editor")
    work.screen("a11y", "editor")
    work.enter("document", "Document", multiline=True)
    here = work.field_id
    work.type("plan for the week\n- review the build\n- write the release notes\n- ask ")
    work.focus("tealeaf-chat", "Imre Solvang - Chat", "https://chat.example.org/u/imre.solvang")
    work.screen("ocr", "chat")
    work.focus("org.gnome.TextEditor", "weekly-notes.txt - Editor")
    work.screen("a11y", "editor")
    work.resume(here, "Document")
    work.type("Imre about fri<<<Friday\n- order more tea")
    work.click("button", "Save")


def terminal(work: Session) -> None:
    """Work on a command line."""
    work.begin("Run the tests on the build machine", "All tests pass")
    work.focus("gnome-terminal-server", "nadia@build-7: ~/projects")
    work.screen("a11y", "shell")
    work.enter("terminal", "Terminal")
    work.type("git pull\nssh nadia@10.20.30.44\nmake tset<<<est\n")
    work.screen("ocr", "passed")


def search(work: Session) -> None:
    """Search, scroll and copy a result."""
    work.begin("Find the first train from Fernmouth to Larchester", "The train and its platform are copied")
    work.focus("firefox", "Example Search", "https://search.example.com/")
    work.screen("dom", "search")
    work.enter("searchbox", "Search the web")
    work.type("train from fernmouth to larchester")
    work.click("button", "Search")
    work.screen("dom", "trains")
    for _ in range(5):
        work.tell(120, kind="pointer", action="scroll", x=600, y=400, dx=0, dy=100)
    work.screen("dom", "trains")
    work.click("link", "Larchester Central")
    work.copy("08:14 platform 2")


Act = Callable[[Session], None]
PLAN = (("a", support_mail), ("b", sign_in), ("c", order_form), ("a", notes), ("b", terminal), ("d", search))


def sessions(users: int) -> Iterator[tuple[Session, Act]]:
    """Yield the sessions of the bundled log, or two made-up ones of each of ``users`` people."""
    if not users:
        for place, (person, act) in enumerate(PLAN):
            rhythm = random.Random(place)  # noqa: S311 - the same log on every run
            yield Session(f"office-{place + 1}", f"user-{person}", MONDAY_US + place * 95 * MINUTE_US, rhythm), act
        return
    for person in range(users):
        rhythm = random.Random(f"user {person}")  # noqa: S311 - the same log on every run
        for turn, (_, act) in enumerate(rhythm.sample(PLAN, 2)):
            start = MONDAY_US + (2 * person + turn) * 7 * MINUTE_US
            yield Session(f"many-{person:04d}-{turn}", f"person-{person:04d}", start, rhythm), act


def main() -> None:
    """Write the log, sessions one after the other."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--users", type=int, default=0, help="two sessions of each of so many people instead")
    parser.add_argument("--output", type=Path, default=TARGET)
    arguments = parser.parse_args()
    with arguments.output.open("w", encoding="utf-8", newline="\n") as log:
        for work, act in sessions(arguments.users):
            act(work)
            for row in work.rows():
                log.write(json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
