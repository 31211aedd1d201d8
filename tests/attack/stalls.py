"""Attacks by texts that take long: many scripts, repeated patterns, one poison text among good sessions."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

from pipelines.config import load_config
from schemas.entities import Text, TextKind
from tests.attack.campaign import Home, Verdict
from tests.attack.recordings import ALPHABETS, DOMAINS, Recording, Variant, token
from transforms.redact.detect.build import shared_detector

LONGEST = 100_000
CPU_S = 2.0
"""No text of ``LONGEST`` characters may take longer; twice as long ones are promised to, and this leaves room."""
_BATCH = 100
_LONGEST_IN_A_RUN = 20_000
_ATOMS = (
    "1-",
    "a@",
    "1-1.",
    "a@a.",
    "(",
    "[(",
    "{{",
    '"',
    "\\",
    "\\u0061",
    "%41",
    "&#97;",
    "=41",
    "://",
    "http://",
    "a.",
    "www.",
    "+49 ",
    "0",
    "00 ",
    "4111 ",
    "DE",
    "A1",
    "x=",
    "Mr ",
    "Anna ",
    "Qz",
    "a b ",
    "e\u0301",
    "\u0301",
    "\u200b",
    "\u200d",
    "\u202e",
    "👩\u200d👧",
    "\ufe0f",
    "\t",
    "\n",
    "\r\n",
    " ",
    "-",
    "_",
    "/",
    "a/",
    "C:\\a\\",
    "key: ",
    "password: a ",
    "ghp_",
    "eyJ",
    "AKIA",
    "::",
    "1:",
    "f:",
    "10.",
    "2024-",
    "12:30 ",
    "#",
    "<a>",
    "</",
    "&amp;",
    "Straße 1 ",
    "漢",
    "東京都の",
    "การประชุม",
    "会議は",
    "Ж",
    "Анна ",
    "\u03b1",
    "عل",
    "हि",
    "한국",
    "ﬁ",
    "İ",
    "ß",
    "A-B-",
    "1,000,",
    "$1 ",
    "a'b",
    "O'",
    "de la ",
    "van ",
    "dr. ",
    "..",
    "…",
    "—",
)


def _repeated(draw: Random, size: int) -> str:
    atoms = [draw.choice(_ATOMS) for _ in range(draw.randint(1, 3))]
    return "".join(atoms) * (size // max(1, len("".join(atoms))) + 1)


def _random_script(draw: Random, size: int) -> str:
    letters = ALPHABETS[draw.choice(sorted(ALPHABETS))] + draw.choice(("", " ", " .,", "0123456789"))
    return "".join(draw.choices(letters, k=size))


def _ideographs(draw: Random, size: int) -> str:
    return "".join(chr(code) for code in draw.choices(range(0x4E00, 0x9FA5), k=size))


def _any(draw: Random, size: int) -> str:
    ranges = [(0x20, 0x7E), (0xA0, 0x24F), (0x300, 0x36F), (0x370, 0x5FF), (0x900, 0xDFF), (0x1F300, 0x1F6FF)]
    low, high = draw.choice(ranges)
    return "".join(chr(code) for code in draw.choices(range(low, high), k=size))


def _many_values(draw: Random, size: int) -> str:
    values = [f"{token(draw, 8)}@{draw.choice(DOMAINS)}" for _ in range(min(3000, size // 20 + 1))]
    separator = draw.choice((" ", ",", "\n", ";", ""))
    return separator.join(values * (size // max(1, len(separator.join(values))) + 1))


def _nested(draw: Random, size: int) -> str:
    opening, closing = draw.choice(("()", "[]", "{}", "<>", "“”"))
    return opening * (size // 2) + draw.choice(("a", "a@b.com", "")) + closing * (size // 2)


def _mixed(draw: Random, size: int) -> str:
    text = ""
    while len(text) < size:
        text += draw.choice(FAMILIES[:-1])(draw, draw.randint(1, 1 + size // 3))
    return text


FAMILIES: tuple[Callable[[Random, int], str], ...] = (
    _repeated,
    _repeated,
    _random_script,
    _ideographs,
    _any,
    _many_values,
    _nested,
    _mixed,
)


def poison(draw: Random, longest: int) -> str:
    """Return a text of up to ``longest`` characters that some code may take long over."""
    size = int(longest ** draw.uniform(0.6, 1))
    return draw.choice(FAMILIES)(draw, size)[:size].replace("\0", "")


def texts(seed: int, variants: int) -> Iterator[tuple[int, str]]:
    """Yield the numbered texts of an attack."""
    for number in range(variants):
        yield number, poison(Random(f"{seed}/stalls/{number}"), LONGEST)


def detection(_: Path, seed: int, variants: int) -> Verdict:
    """Time what all detectors together need for each text."""
    began, verdict = time.process_time(), Verdict("stalls_of_detectors", variants)
    detector = shared_detector(load_config(None, [], None).redact)
    detector.detect([Text("Anna Keller", TextKind.SCREEN)])
    slowest = 0.0
    for number, text in texts(seed, variants):
        before = time.process_time()
        detector.detect([Text(text, list(TextKind)[number % len(TextKind)])])
        took = time.process_time() - before
        slowest = max(slowest, took)
        if took > CPU_S:
            verdict.failures.append(f"{number}: {took:.1f} CPU s for {len(text):,} characters of {text[:8]!a}")
    verdict.notes.append(f"slowest {slowest:.2f} CPU s")
    verdict.cpu_s = time.process_time() - began
    return verdict


def runs(folder: Path, seed: int, variants: int) -> Verdict:
    """Show, copy, title or type poison texts in sessions of a run; everybody else's session must come out in time."""
    began, verdict = time.process_time(), Verdict("stalls_of_runs", variants)
    for start in range(0, variants, _BATCH):
        made = [shown(seed, number) for number in range(start, min(variants, start + _BATCH))]
        home, before = Home(folder / f"stalls-{start}"), time.process_time()
        home.attack(made)
        took = time.process_time() - before
        size = sum(len(str(row)) for variant in made for row in variant.rows)
        verdict.sessions, verdict.released = (
            verdict.sessions + len(made),
            verdict.released + home.sessions_released() - 1,
        )
        if home.code not in (0, 1) or home.sessions_released() < 1:
            verdict.failures.append(f"the run ended with {home.code}: {home.shown[-200:]}")
        if took > 10 + size * CPU_S / LONGEST:
            verdict.failures.append(f"variants {start} and on: {took:.1f} CPU s for {size:,} characters")
        home.remove()
    verdict.cpu_s = time.process_time() - began
    return verdict


def shown(seed: int, number: int) -> Variant:
    """Return a session that holds a poison text."""
    draw = Random(f"{seed}/runs/{number}")
    session = Recording(f"stall-{number}", f"user-{number // 3}", draw)
    match draw.randrange(4):
        case 0:
            session.focus("editor", poison(draw, 4000))
        case 1:
            session.event("clipboard", action="copy", text=poison(draw, _LONGEST_IN_A_RUN))
        case 2:
            session.field()
            session.type(poison(draw, 400), "f")
        case _:
            session.screen(poison(draw, _LONGEST_IN_A_RUN))
    return Variant(session.rows, ())
