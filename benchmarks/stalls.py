"""CPU per character by text length, for families of text that could make some step quadratic.

Each family is redacted as the only screen of a session, detection to guard, at each length. The shortest is repeated
until it can be measured. A family that costs more than twice as much a character at the longest as at the shortest, or
whose longest text takes more than two CPU seconds, is marked. Of typed fields the cost of a key event is shown. A text
of a picture is one marker from 65,001 characters on: ``--lengths 1000 10000 65000`` measures the longest that is read.

Run: python benchmarks/stalls.py [--family NAME ...] [--lengths 1000 10000 200000] [--profile default]
"""

import argparse
import random
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any
from unittest import mock

import pyarrow as pa

from schemas.raw import RAW_SCHEMA, RawSessions
from transforms.keystrokes import reconstruct
from transforms.redact.batch import BatchRedactor
from transforms.redact.deny_list import DenyList
from transforms.redact.detect import named_entities as union
from transforms.redact.detect import patterns
from transforms.redact.detect.build import build_detector
from transforms.redact.detect.memo import SpanCache
from transforms.redact.results import Extras
from transforms.redact.settings import RedactSettings
from transforms.redact.surrogates.surrogates import Identity, Surrogates
from transforms.redact.text import word_lists as names

Make = Callable[[int], str]
Row = dict[str, Any]
Press = tuple[str, str]

_MOST_CPU_SECONDS = 2.0
_MOST_GROWTH = 2.0
_LEAST_MEASURED = 4_000
_NOISE_US = 1.0
"""Microseconds a character below which a cost is taken for nothing: growth from there is no growth."""


def _repeat(period: str) -> Make:
    return lambda length: (period * (length // len(period) + 1))[:length]


def _draw(*choices: str, between: str = "") -> Make:
    def make(length: int) -> str:
        draw = random.Random(1)  # noqa: S311 - made-up text
        made: list[str] = []
        size = 0
        while size < length:
            made.append(draw.choice(choices))
            size += len(made[-1]) + len(between)
        return between.join(made)[:length]

    return make


def _letters(first: int, last: int) -> Make:
    return _draw(*map(chr, range(first, last + 1)))


def _spell(number: int) -> str:
    """Spell a number with letters, so that each is another word."""
    return "".join(chr(ord("a") + int(digit)) for digit in f"{number:05d}")


_WORDS = sorted(names.small_dictionary())
_NAMES = [word.capitalize() for word in _WORDS if names.is_given_name(word)]
_DIGITS, _CAPITALS = "0123456789", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

FAMILIES: dict[str, Make] = {
    "prose": _draw(*_WORDS, between=" "),
    "prose in lines": _draw(*_WORDS, between="\n"),
    "words with capitals": _draw(*(word.capitalize() for word in _WORDS), between=" "),
    "names": _draw(*_NAMES, between=", "),
    "one name": _repeat("Zorvald Quimbert "),
    "one name, no blanks": _repeat("zorvaldquimbert"),
    "addresses of mail": lambda length: " ".join(f"{name}{at}@firm.test" for at, name in enumerate(_NAMES * 9))[
        :length
    ],
    "Chinese": _letters(0x4E00, 0x9FA5),
    "one Chinese character": _repeat("漢"),
    "Japanese sentence": _repeat("東京都の会議は来週の月曜日に開催されます資料は佐藤さんが準備します"),
    "Korean, no blanks": _letters(0xAC00, 0xD7A3),
    "Thai": _repeat("การประชุมจะจัดขึ้นในวันจันทร์หน้า"),
    "Arabic, no blanks": _letters(0x627, 0x64A),
    "Hebrew words": _draw("שלום", "עולם", "בוקר", "טוב", "אנשים", between=" "),
    "Devanagari": _letters(0x904, 0x939),
    "Cyrillic words": _draw("привет", "мир", "доброе", "утро", "люди", between=" "),
    "Greek, no blanks": _letters(0x3B1, 0x3C9),
    "combining marks": _repeat("e\u0301\u0302\u0303"),
    "marks alone": _repeat("\u0301"),
    "emoji with joiners": _repeat("👩\u200d👩\u200d👧\u200d👦"),
    "zero width spaces": _repeat("a\u200b"),
    "right to left marks": _repeat("\u202eab\u202c "),
    "full width": _repeat("\uff21\uff22\uff11\uff12\uff20"),
    "1-1-": _repeat("1-"),
    "1.1.": _repeat("1."),
    "1 1 ": _repeat("1 "),
    "digits": _draw(*_DIGITS),
    "groups of digits": _repeat("4111 1111 1111 1112 "),
    "short groups": _repeat("12345 "),
    "a@a@": _repeat("a@"),
    "a@a.": _repeat("a@a."),
    "a-a-": _repeat("a-"),
    "a=a=": _repeat("a="),
    "a/a/": _repeat("a/"),
    "a a a": _repeat("a "),
    "one letter": _repeat("a"),
    "capitals and small": _repeat("Qz"),
    "base64": _draw(*_CAPITALS, *_CAPITALS.lower(), *_DIGITS, "+", "/"),
    "hexadecimal": _draw(*_DIGITS, *"abcdef"),
    "random identifiers": _repeat("123e4567-e89b-12d3-a456-426614174000-"),
    "nested brackets": lambda length: "(" * (length // 2) + ")" * (length - length // 2),
    "open tags": _repeat("<a x='b' "),
    "HTML escapes": _repeat("&#97;"),
    "URL escapes": _repeat("%41"),
    "JSON escapes": _repeat("\\u0041"),
    "backslashes": _repeat("\\"),
    "blanks": _repeat(" "),
    "line breaks": _repeat("\n"),
    "short lines": _repeat("a: b\n"),
    "password cues": _repeat("password is to for "),
    "key names": _repeat("api_key="),
    "tokens": _repeat("eyJhbGciOiJI."),
    "heads of keys": _repeat("-----BEGIN PRIVATE KEY-----"),
    "web addresses": _repeat("https://firm.test/a?b=c&d=e "),
    "streets": _repeat("12 Main Street, "),
    "halves of addresses": _repeat("DE12 3456 "),
    "salutations": _repeat("dear a call with a "),
    "paths": _repeat("C:\\Users\\a\\"),
    "a long word and a code": lambda length: ("A-" * length)[: length - 16] + " 12 High Street ",
    "Chinese and a code": lambda length: _letters(0x4E00, 0x9FA5)(length - 12) + " 12345 Town ",
    "minified JSON": _repeat('{"id":1,"name":"x","v":[1,2,3]},'),
    "table": _repeat("1,2.5,abc,2024-01-01,\n"),
    "Markdown": _repeat(
        "## Use\nSet `lark` with [the docs](https://lark.example).\n\n    import lark\nLark is a parser.\n"
    ),
    "code spans": lambda length: " ".join(f"`{_spell(at)}`" for at in range(length))[:length],
    "imports": lambda length: "\n".join(f"import {_spell(at)}" for at in range(length))[:length],
    "open backticks": _repeat("`a "),
    "headings": _draw(*(f"{word.capitalize()}\u2026" for word in _WORDS), between="\n"),
    "list of channels": _draw(*(f"# {word}-{word}" for word in _WORDS[::9]), "Channels", between="\n"),
    "page of a forge": _draw("Pull requests", *(f"{word}-x / {word}" for word in _WORDS[::9]), between="\n"),
    "any sign": _draw(*"a1-@. :/\\'\"()[]<>=&%#+\n"),
}
PICTURES: dict[str, Make] = {
    "picture: prose": FAMILIES["prose"],
    "picture: misread names": _draw(*(name.replace("i", "1").replace("e", "c") for name in _NAMES), between=" "),
    "picture: letters alike": _repeat("vvrnlIcl "),
    "picture: one long word": _repeat("I1l0O"),
    "picture: digits misread": _repeat("4l11 11O1 "),
    "picture: accounts": _repeat("GBB2 NWBK 6016 "),
    "picture: cut off values": _repeat("anna.kowalska@firm\u2026\n"),
    "picture: dots": _repeat("."),
}
"""Families of text that was read from a picture."""


def _plain(text: str) -> Iterator[Press]:
    return ((character, "") for character in text)


def _with_slips(count: int) -> Iterator[Press]:
    for at, character in enumerate(FAMILIES["prose"](count * 5 // 7)):
        yield character, ""
        if at % 5 == 0:
            yield "x", ""
            yield "Backspace", ""


def _correct_backwards(count: int) -> Iterator[Press]:
    yield from _plain(FAMILIES["names"](count // 2))
    for _ in range(count // 10):
        yield from [("ArrowLeft", "")] * 3
        yield from [("q", ""), ("Backspace", "")]


def _word_by_word(count: int) -> Iterator[Press]:
    for at, word in enumerate(FAMILIES["names"](count).split()):
        yield from _plain(word + " ")
        if at % 3 == 0:
            yield "Backspace", "Control"


def _undone(count: int) -> Iterator[Press]:
    yield from _plain(FAMILIES["names"](count // 3))
    yield from [("z", "Control")] * (count // 3)
    yield from [("y", "Control")] * (count // 3)


FIELDS: dict[str, Callable[[int], Iterator[Press]]] = {
    "typed straight": lambda count: _plain(FAMILIES["names"](count)),
    "one letter typed": lambda count: _plain("a" * count),
    "typed with slips": _with_slips,
    "corrected backwards": _correct_backwards,
    "words deleted": _word_by_word,
    "undone and redone": _undone,
}


_ALL = [*FAMILIES, *PICTURES, *FIELDS]


class _Forgetful(SpanCache):
    """A memory without recall, so that a text can be measured twice."""

    def recall(self, name: bytes) -> None:
        """Return None."""


def _redactor(profile: str) -> BatchRedactor:
    settings = RedactSettings(profile=profile)
    identity = Identity(
        session=lambda name, _: name,
        user=lambda name: name,
        surrogates=lambda name: Surrogates(name.encode().ljust(32, b"."), settings),
    )
    with mock.patch.object(patterns, "SpanCache", _Forgetful), mock.patch.object(union, "SpanCache", _Forgetful):
        return BatchRedactor(build_detector(settings), DenyList(()), identity, Extras())


def _cpu(redactor: BatchRedactor, rows: Sequence[Row]) -> tuple[float, str]:
    """Measure the CPU seconds of redacting a session of ``rows``; return them with its outcome."""
    filled = [{"session_id": "s", "user_id": "u", "seq": seq, "episode": 0} | row for seq, row in enumerate(rows)]
    raw = RawSessions(pa.Table.from_pylist(filled, schema=RAW_SCHEMA))
    begin = time.process_time()
    result = redactor.redact(reconstruct(raw))
    spent = time.process_time() - begin
    marked = any("<UNSCANNED>" in (text or "") for text in result.sessions.table["text"].to_pylist())
    return spent, "withheld" if result.withheld else "marker" if marked else ""


def _measure(redactor: BatchRedactor, make: Callable[[int], Sequence[Row]], size: int) -> tuple[float, str]:
    """Measure the least CPU seconds of a session of ``size`` characters or events, with its outcome."""
    rows = make(size)
    return min(_cpu(redactor, rows) for _ in range(max(1, _LEAST_MEASURED // size)))


def _show(redactor: BatchRedactor, name: str, make: Callable[[int], Sequence[Row]], sizes: Sequence[int]) -> bool:
    """Print a line of the table; return whether a bar is missed."""
    runs = [_measure(redactor, make, size) for size in sizes]
    costs = [1e6 * spent / size for size, (spent, _) in zip(sizes, runs, strict=True)]
    growth, (spent, ended) = costs[-1] / max(costs[0], _NOISE_US), runs[-1]
    over = growth > _MOST_GROWTH or (name not in FIELDS and spent > _MOST_CPU_SECONDS)
    numbers = " ".join(f"{cost:>9.2f}" for cost in costs)
    print(f"{name:<24} {numbers} {growth:>7.2f} {spent:>7.2f}  {ended:<8} {'OVER' if over else ''}", flush=True)
    return over


def _screen(family: Make, source: str | None = None) -> Callable[[int], Sequence[Row]]:
    return lambda size: [{"kind": "screen", "text": family(size), "source": source}]


def _field(presses: Callable[[int], Iterator[Press]]) -> Callable[[int], Sequence[Row]]:
    shared = {"kind": "key", "action": "down", "field_id": "f"}
    return lambda size: [shared | {"key": key, "modifiers": [held] if held else []} for key, held in presses(size)]


def main() -> None:
    """Measure and print; exit 1 if a family grows or takes too long."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--family", nargs="*", choices=_ALL, default=_ALL)
    parser.add_argument("--lengths", nargs="+", type=int, default=[1_000, 10_000, 200_000])
    parser.add_argument("--events", nargs="+", type=int, default=[1_000, 16_000])
    parser.add_argument("--profile", default="default")
    asked = parser.parse_args()
    redactor = _redactor(asked.profile)
    _cpu(redactor, [{"kind": "screen", "text": "write to Zorvald 12-34"}])
    made = {name: (_screen(make), asked.lengths) for name, make in FAMILIES.items()}
    made |= {name: (_screen(make, "ocr"), asked.lengths) for name, make in PICTURES.items()}
    made |= {name: (_field(presses), asked.events) for name, presses in FIELDS.items()}
    print(f"{'microseconds at':<24} {' '.join(f'{size:>9,}' for size in asked.lengths)}  growth   CPU s")
    missed = [name for name in asked.family if _show(redactor, name, *made[name])]
    if missed:
        raise SystemExit("over a bar: " + ", ".join(missed))


if __name__ == "__main__":
    main()
