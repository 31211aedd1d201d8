"""Recall of made-up names of people with one misread letter, on lines as screens have them.

The names are Faker's, the misread letters those that optical recognition takes for one another on screens. A name is
found if all of its letters and digits are in findings. Family A was looked at while rules were written; of family B,
other languages and other lines, only the figures were read. The cost is counted on the lines of this repository's pages
and code, which hold hardly a name.

Run: python -m benchmarks.misread_names [--family A|B] [--show]
"""

import argparse
import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from faker import Faker

from schemas.entities import Span, Text, TextKind
from transforms.redact.detect.build import build_detector
from transforms.redact.detect.detector import Detector
from transforms.redact.settings import RedactSettings

MISREAD = (
    ("I", "l"), ("l", "I"), ("l", "1"), ("i", "1"), ("I", "1"), ("O", "0"), ("o", "0"), ("S", "5"), ("s", "5"),
    ("B", "8"), ("b", "6"), ("Z", "2"), ("z", "2"), ("g", "9"), ("G", "6"), ("q", "9"), ("rn", "m"), ("m", "rn"),
    ("cl", "d"), ("d", "cl"), ("w", "vv"), ("i", "l"), ("e", "c"), ("c", "e"), ("h", "n"), ("u", "v"), ("v", "y"),
)  # fmt: skip
"""Letters as printed, and as read."""

_FAMILIES = {
    "A": (
        ("en_US", "de_DE", "fr_FR", "es_ES", "it_IT"),
        ("{}", "{}", "Assigned to {}", "{} 10:22 AM", "{} opened this request", "thanks {}, see you Friday",
         "From: {} <x@mail.example>"),
    ),
    "B": (
        ("en_GB", "pl_PL", "nl_NL", "pt_BR", "sv_SE"),
        ("{}", "{}", "Reviewed by {}", "{} - 14:05", "Call with {}", "please ask {} about the budget",
         "{} changed the status"),
    ),
}  # fmt: skip
_EACH = 100
_PAGES = ("docs/**/*.md", "transforms/**/*.py", "deploy/**/*.tf", "pipelines/**/*.js")


def examples(family: str) -> Iterator[tuple[str, str, str]]:
    """Yield lines with the name as it is read in them, and the letters that were misread."""
    locales, forms = _FAMILIES[family]
    chance = random.Random(family)  # noqa: S311 - made-up names
    for locale in locales:
        faker = Faker(locale)
        faker.seed_instance(family)
        for _ in range(_EACH):
            name = f"{faker.first_name()} {faker.last_name()}" if chance.random() < 0.8 else faker.first_name()  # noqa: PLR2004
            ways = [(pair, at) for pair in MISREAD for at in range(len(name)) if name.startswith(pair[0], at)]
            if ways:
                (printed, read), at = chance.choice(ways)
                read_so = name[:at] + read + name[at + len(printed) :]
                yield chance.choice(forms).format(read_so), read_so, f"{printed}-{read}"
            else:
                yield chance.choice(forms).format(name), name, ""


def is_whole(line: str, name: str, spans: tuple[Span, ...]) -> bool:
    """Tell whether all letters and digits of a name are in findings."""
    start = line.index(name)
    covered = {place for span in spans for place in range(span.start, span.end)}
    return covered.issuperset(place for place in range(start, start + len(name)) if line[place].isalnum())


def count_cost(detector: Detector, *, ocr: bool) -> tuple[int, int]:
    """Count the characters that are redacted of other lines, and all of theirs."""
    paths = sorted(path for pattern in _PAGES for path in Path().glob(pattern))
    lines = list(
        dict.fromkeys(line for path in paths for line in path.read_text(encoding="utf-8").splitlines() if line)
    )[::10]
    found = detector.detect([Text(line, TextKind.SCREEN, ocr=ocr) for line in lines])
    return sum(span.end - span.start for spans in found for span in spans), sum(map(len, lines))


def main() -> None:
    """Print the recall of names as told and as read, the letters that are missed, and the cost."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--family", choices=sorted(_FAMILIES))
    parser.add_argument("--show", action="store_true", help="print the lines on which a name stays")
    asked = parser.parse_args()
    detector = build_detector(RedactSettings())
    for family in [asked.family] if asked.family else sorted(_FAMILIES):
        listed, shares, missed = list(examples(family)), list[str](), Counter[str]()
        for ocr in (False, True):
            found = detector.detect([Text(line, TextKind.SCREEN, ocr=ocr) for line, _, _ in listed])
            wrong = [case for case, spans in zip(listed, found, strict=True) if not is_whole(*case[:2], spans)]
            shares.append(f"{1 - len(wrong) / len(listed):.3f}")
            missed = Counter(way for _, _, way in wrong)
        print(f"family {family}: {len(listed)} names, found {shares[0]} as told, {shares[1]} as read; missed {missed}")
        if asked.show:
            print("\n".join(line for line, *_ in wrong))
    for ocr in (False, True):
        redacted, characters = count_cost(detector, ocr=ocr)
        print(f"of {characters:,} other characters {redacted:,} redacted {'as read' if ocr else 'as told'}")


if __name__ == "__main__":
    main()
