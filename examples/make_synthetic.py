"""Write examples/recordings/synthetic-office.jsonl: made-up office work of made-up people, the same on every run.

Nobody in it exists: names are inventions, domains are reserved (RFC 2606), telephone numbers are 555-01xx, card and
account numbers are the public test values of their schemes.
"""  # noqa: INP001 - a script beside its output, not a package

import argparse
import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

TARGET = Path(__file__).with_name("recordings") / "synthetic-office.jsonl"
MONDAY_US = 1_767_600_000_000_000
MINUTE_US = 60_000_000
MS = 1_000

CODES = {" ": "Space", ".": "Period", ",": "Comma", "-": "Minus", "/": "Slash", "'": "Quote", ";": "Semicolon"}
SHIFTED = {"@": "Digit2", "#": "Digit3", "!": "Digit1", "(": "Digit9", ")": "Digit0", ":": "Semicolon", "?": "Slash"}


@dataclass
class Session:
    """A session under construction: clock, typing rhythm, events so far and the focused field."""

    session_id: str
    user_id: str
    clock: int
    rhythm: random.Random
    field_id: str = ""
    fields: int = 0
    events: list[tuple[int, dict[str, object]]] = field(default_factory=list)

    def tell(self, after_ms: int, **event: object) -> None:
        """Add an event ``after_ms`` after the previous one."""
        self.clock += after_ms * MS + self.rhythm.randrange(MS)
        self.events.append((self.clock, event))

    def focus(self, app: str, title: str, url: str | None = None) -> None:
        """Bring a window to the front."""
        self.tell(900, kind="focus", app=app, title=title, **({"url": url} if url else {}))

    def enter(self, label: str, role: str = "textbox", *, multiline: bool = False) -> None:
        """Click into a new field."""
        self.point(200 + 70 * self.fields, 140 + 45 * self.fields, role, label)
        self.fields += 1
        self.field_id = f"f{self.fields}"
        self.tell(30, kind="field", field_id=self.field_id, role=role, label=label, multiline=multiline)

    def resume(self, field_id: str, label: str) -> None:
        """Return the focus to an earlier field."""
        self.field_id = field_id
        self.tell(400, kind="field", field_id=field_id, role="textbox", label=label, multiline=True, resumed=True)

    def point(self, x: int, y: int, role: str, name: str) -> None:
        """Move somewhere in a few steps and click."""
        for step in range(1, 7):
            self.tell(14, kind="pointer", action="move", x=x - (6 - step) * 23, y=y - (6 - step) * 9)
        for action in ("down", "up"):
            target = {"target": {"role": role, "name": name}} if action == "down" else {}
            self.tell(80, kind="pointer", action=action, x=x, y=y, button="left", **target)

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
        self.events.append(
            (self.clock + MS, {"kind": "clipboard", "action": "paste", "text": text, "field_id": self.field_id})
        )

    def screen(self, source: str, *lines: str) -> None:
        """Show a screen."""
        self.tell(300, kind="screen", source=source, text="\n".join(lines))

    def rows(self) -> Iterator[dict[str, object]]:
        """Yield the events as rows of the raw log, in the order of their times."""
        common = {"session_id": self.session_id, "user_id": self.user_id, "device_id": f"desk-{self.user_id[-1]}"}
        for seq, (at, event) in enumerate(sorted(self.events, key=lambda item: item[0])):
            yield {**common, "seq": seq, "t_us": at, **event}


def support_mail(work: Session) -> None:
    """Answer a customer's message, with corrections, a caret move and a pasted address."""
    work.focus(
        "mail",
        "Inbox (3) - Order 4471 for Tilda Marwick",
        "https://mail.example.com/inbox?to=tilda.marwick%40example.org",
    )
    work.screen(
        "ocr",
        "From: Tilda Marwick <tilda.marwick@example.org>",
        "Please call me on 555-0142",
        "14 Larch Row, Fernmouth",
    )
    work.copy("14 Larch Row, Fernmouth")
    work.point(640, 420, "button", "Reply")
    work.enter("Message", multiline=True)
    work.type("Dear Tilda Marwcik<<<ick,\nthank you for your call. We send order 4471 to ")
    work.paste("14 Larch Row, Fernmouth")
    work.type(" tomorow[[[r]]]. Your number is 555-0142.\nKind regards, Oskar")
    work.point(700, 610, "button", "Send")


def sign_in(work: Session) -> None:
    """Sign in, mistyping the password once."""
    work.focus("browser", "Sign in - Example Bank", "https://bank.example.com/login")
    work.screen("dom", "Sign in", "User name", "Password", "Forgot your password?")
    work.enter("User name")
    work.type("nadia.okell")
    work.enter("Password", "password")
    work.type("Wren-copper<r-41!\n")
    work.focus("browser", "Accounts of Nadia Okell", "https://bank.example.com/accounts/DE89370400440532013000")
    work.screen("a11y", "heading 'Nadia Okell'", "cell 'DE89 3704 0044 0532 0130 00'", "cell '1,204.50'")


def order_form(work: Session) -> None:
    """Fill in a form: delete and retype a wrong number, paste a card."""
    work.focus("browser", "New order - Example Shop", "https://shop.example.net/order/new")
    work.enter("Full name")
    work.type("jonas feldkamp")
    work.enter("Telephone")
    work.type("555-0178<<<<<<<<555-0187")
    work.enter("Card number")
    work.paste("4111 1111 1111 1111")
    work.enter("E-mail")
    work.type("jonas.f@example.com")
    work.point(520, 700, "button", "Place order for jonas feldkamp")
    work.screen("dom", "Thank you, jonas feldkamp", "We wrote to jonas.f@example.com", "Total 48.00")


def notes(work: Session) -> None:
    """Take notes, with a look-up in between."""
    work.focus("editor", "weekly-notes.txt - Editor")
    work.enter("Document", "document", multiline=True)
    here = work.field_id
    work.type("plan for the week\n- review the build\n- write the release notes\n- ask ")
    work.focus("chat", "Imre Solvang - Chat", "https://chat.example.org/u/imre.solvang")
    work.screen("ocr", "Imre Solvang", "I am off on Friday, my badge is E-20417")
    work.focus("editor", "weekly-notes.txt - Editor")
    work.resume(here, "Document")
    work.type("Imre about fri<<<Friday\n- order more tea")


def terminal(work: Session) -> None:
    """Work on a command line."""
    work.focus("terminal", "nadia@build-7: ~/projects")
    work.enter("Terminal", "terminal")
    work.type("git pull\nssh nadia@10.20.30.44\nmake tset<<<est\n")
    work.screen("ocr", "nadia@build-7:~$ make test", "214 passed in 12 s")


def search(work: Session) -> None:
    """Search, scroll and copy a result."""
    work.focus("browser", "Example Search", "https://search.example.com/")
    work.enter("Search", "searchbox")
    work.type("train from fernmouth to larchester\n")
    work.screen("dom", "Trains from Fernmouth", "08:14 platform 2", "09:02 platform 1")
    for _ in range(5):
        work.tell(120, kind="pointer", action="scroll", x=600, y=400, dx=0, dy=100)
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
    acts = [act for _, act in PLAN]
    for person in range(users):
        rhythm = random.Random(f"user {person}")  # noqa: S311 - the same log on every run
        for turn, act in enumerate(rhythm.sample(acts, 2)):
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
            header = {"os": "Linux", "keyboard_layout": "us", "recorder": "keyveil-example"}
            work.tell(0, kind="session", purpose="training", **header)
            act(work)
            for row in work.rows():
                log.write(json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
