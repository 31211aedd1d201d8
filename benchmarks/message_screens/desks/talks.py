"""The cast of family ``desks``: a recorder, her colleagues, and what they say (all names and sentences synthetic)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from unicodedata import normalize

from benchmarks.message_screens.screens import Talk

ME, LOGIN, ADDRESS = "Nora Feldt", "nfeldt", "nora.feldt@harbour.example"
PRIVATE = "lighthouse.keeper@post.example"
"""An account of the recorder that no directory holds."""
NAMES = (ME, "Feldt, Nora", LOGIN, ADDRESS)
"""Names of the recorder that a directory of the organisation holds."""

PEOPLE = (
    "Nora Feldkamp", "Jonas Feldt", "Amara Diallo", "Tomasz Wrona", "Luc\u00eda Pe\u00f1a", "Bj\u00f6rn Ek",
    "Kl\u00e1ra Vesel\u00e1 (Extern)", "Facility Desk", "van Dijk, Hanneke", "Dr. \u00c9tienne Roux", "priya.n",
)  # fmt: skip
"""Colleagues: one with the recorder's first name, one with her surname, one shared account."""

_SAME_LANGUAGE, _OWN, _TYPED, _ENGLISH = 0.8, 0.4, 0.5, 0.15
_ASIDE = 5


def _read_sentences() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in Path(__file__).with_name("sentences.txt").read_text(encoding="utf-8").splitlines():
        language, _, text = line.partition("|")
        found.setdefault(language, []).append(text)
    return found


def _read_words() -> dict[str, Mapping[str, str]]:
    head, *rows = Path(__file__).with_name("words.txt").read_text(encoding="utf-8").splitlines()
    languages = head.split("|")[1:]
    cells = (row.split("|") for row in rows)
    return {key: dict(zip(languages, words, strict=True)) for key, *words in cells}


SENTENCES = _read_sentences()
WORDS = _read_words()


@dataclass(frozen=True)
class DeskTalk(Talk):
    """A conversation, beside what else stands on a desk; ``said`` names the recorder as the sender of her lines."""

    program: str
    """Language of the program."""
    typed: frozenset[str]
    """Lines that the recorder typed in this session."""
    aside: Sequence[tuple[str, str, bool]]
    """Lines of other conversations."""
    pending: str
    """A line that the recorder has typed and not sent; empty where there is none."""

    @property
    def incoming(self) -> list[tuple[str, str]]:
        """List sender and line of what others say."""
        return [(who, line) for who, line, own in self.said if not own]

    @property
    def answers(self) -> list[str]:
        """List the lines of the recorder."""
        return [line for _, line, own in self.said if own]

    @property
    def other(self) -> str:
        """Return the colleague who says the first line of somebody else."""
        return self.incoming[0][0]

    def word(self, key: str) -> str:
        """Return a word of the program in its language."""
        return WORDS[key][self.program]

    def clock(self) -> str:
        """Draw a time of day as the program writes it."""
        hour, minute = self.draw.randint(8, 17), self.draw.randint(0, 59)
        if self.program == "en":
            return f"{(hour - 1) % 12 + 1}:{minute:02} {'AM' if hour < 12 else 'PM'}"  # noqa: PLR2004 - noon
        return f"{hour}:{minute:02}"

    def day(self) -> str:
        """Draw a date as the program writes it."""
        day = self.draw.randint(2, 27)
        return f"11/{day}/2026" if self.program == "en" else f"{day}.11.2026"

    def attribute(self, who: str) -> str:
        """Return the line above a quoted mail."""
        return self.word("wrote").format(day=f"{self.day()} {self.clock()}", who=who)

    def greet(self, who: str) -> str:
        """Return the first line of a mail to somebody."""
        return f"{self.word('hello')} {first_name(who)},"


def first_name(who: str) -> str:
    """Return how colleagues call somebody.

    >>> [first_name(who) for who in ("Nora Feldt", "van Dijk, Hanneke", "Dr. Roux")]
    ['Nora', 'Hanneke', 'Roux']
    """
    given = who.partition(", ")[2] or who.removeprefix("Dr. ")
    return given.split()[0]


def address_of(who: str) -> str:
    """Return the address of somebody.

    >>> address_of("Nora Feldt")
    'nora.feldt@harbour.example'
    """
    plain = normalize("NFKD", who).encode("ascii", "ignore").decode().lower().partition(" (")[0].replace("dr. ", "")
    return f"{'.'.join(plain.replace(',', '').split())}@harbour.example"


def draw_desk_talk(draw: Random) -> DeskTalk:
    """Draw a conversation in which somebody else and the recorder say at least one line each."""
    language = draw.choice(sorted(SENTENCES))
    lines = draw.sample(SENTENCES[language], len(SENTENCES[language]))
    if language != "en" and draw.random() < _ENGLISH:
        lines[0] = draw.choice(SENTENCES["en"])
    people = draw.sample(PEOPLE, draw.randint(1, 3))
    count = draw.randint(3, 7)
    own = [draw.random() < _OWN for _ in range(count)]
    theirs, mine = draw.sample(range(count), 2)
    own[theirs], own[mine] = False, True
    said = tuple((ME if is_own else draw.choice(people), lines.pop(0), is_own) for is_own in own)
    aside = tuple((draw.choice(PEOPLE), lines.pop(0), draw.random() < _OWN) for _ in range(_ASIDE))
    typed = {line for _, line, is_own in said if is_own and draw.random() < _TYPED}
    pending = lines.pop(0) if draw.random() < _TYPED else ""
    program = language if draw.random() < _SAME_LANGUAGE else "en"
    return DeskTalk(language, said, draw, program, frozenset({*typed, pending} - {""}), aside, pending)
