"""Make the training texts of the small classifier: templates with made-up people, and dictionary prose.

Run: python -m distil.texts OUTPUT.jsonl [--lines 200000] [--prose FILE ...] [--code FOLDER] [--seed 1]

A line of the output is a text with the personal parts known from its template: ``{"text": ..., "gold":
[[start, end, label], ...]}``; ``gold`` is null without a template. ``--prose`` takes WordNet's ``data.*`` files, whose
glosses and examples are read; ``--code`` a folder of Python sources.
"""

import argparse
import json
import random
import re
from collections.abc import Iterator, Sequence
from importlib import resources
from pathlib import Path

from distil.slots import Slots, Words

Gold = list[tuple[int, int, str]]
_CHOICE = re.compile(r"\[([^\[\]]*)\]")
_MAYBE = re.compile(r"([.,:'])\?")
_SLOT = re.compile(r"\{(\w+)\}")
_PRONOUN = re.compile(r"\b(?:he|she|they|him|her|someone|somebody|people)\b")
_KEYS = "qwertyuiopasdfghjklzxcvbnm"
_LONGEST = 400


def read_words() -> Words:
    """Read the names and words of this project's lists."""
    lists = resources.files("transforms.redact.text.data")
    read = {
        name: [
            line.split()[0] for line in (lists / f"{name}.txt").read_text(encoding="utf-8").splitlines() if line.strip()
        ]
        for name in ("given_names", "surnames", "words")
    }
    return Words(read["given_names"], read["surnames"], read["words"])


def _expand(template: str, chance: random.Random) -> str:
    while True:
        template, changed = _CHOICE.subn(lambda found: chance.choice(found[1].split("|")), template)
        if not changed:
            return _MAYBE.sub(lambda found: chance.choice((found[1], "")), template)


def _fill(template: str, slots: Slots) -> tuple[str, Gold]:
    text, gold, at = "", Gold(), 0
    for found in _SLOT.finditer(template):
        text += template[at : found.start()]
        filler = slots.fill(found[1])
        if filler.label:
            gold.append((len(text), len(text) + len(filler.text), filler.label))
        text += filler.text
        at = found.end()
    return text + template[at:], gold


def _sentences(files: Sequence[Path]) -> list[str]:
    found: list[str] = []
    for file in files:
        for line in file.read_text(encoding="utf-8", errors="replace").splitlines():
            gloss = line.partition(" | ")[2]
            found += [part.strip(' "') for part in gloss.split(";") if len(part.split()) > 2]
    return found


def _code(folder: Path, chance: random.Random) -> list[str]:
    files = sorted(folder.rglob("*.py"))
    lines: list[str] = []
    for file in chance.sample(files, min(len(files), 400)):
        lines += [line.strip() for line in file.read_text(errors="replace").splitlines() if 8 < len(line.strip()) < 120]
    return lines


def _add_slips(text: str, gold: Gold, chance: random.Random) -> tuple[str, Gold]:
    """Add typos to ``text``: wrong, doubled or dropped letters; move the labelled ranges along."""
    for _ in range(chance.randrange(1, 3)):
        at = chance.randrange(len(text))
        if not text[at].isalpha():
            continue
        kind = chance.random()
        new = text[at] * 2 if kind < 0.3 else "" if kind < 0.6 else chance.choice(_KEYS)
        move = len(new) - 1
        text = text[:at] + new + text[at + 1 :]
        gold = [(s + move * (s > at), e + move * (e > at), label) for s, e, label in gold]
    return text, [part for part in gold if part[0] < part[1]]


def _cut(text: str, gold: Gold, chance: random.Random) -> tuple[str, Gold]:
    """Cut ``text`` to a beginning, as if it were still being typed."""
    end = chance.randrange(max(len(text) // 3, 1), len(text) + 1)
    kept = [(start, min(stop, end), label) for start, stop, label in gold if start + 2 < end]
    return text[:end], kept


def _change_case(text: str, chance: random.Random) -> str:
    kind = chance.random()
    changed = text if kind < 0.42 else text.lower() if kind < 0.88 else text.upper() if kind < 0.93 else text.title()
    if 0.42 > kind > 0.2:
        changed = text[:1].upper() + text[1:]
    return changed if len(changed) == len(text) else text


def make_texts(
    count: int, slots: Slots, prose: Sequence[str], code: Sequence[str], chance: random.Random
) -> Iterator[tuple[str, Gold | None]]:
    """Make ``count`` texts with their labelled ranges, None if unknown."""
    source = (resources.files("distil") / "templates.txt").read_text(encoding="utf-8").splitlines()
    templates = [line.removeprefix("~") for line in source if line and not line.startswith("#")]
    while count:
        slots.move()
        kind = chance.random()
        if code and kind < 0.06:
            text, gold = chance.choice(code), None
        elif prose and kind < 0.3:
            text = chance.choice(prose)
            parts: Gold = []
            if kind < 0.16 and (found := _PRONOUN.search(text)):
                name, inner = _fill(chance.choice(("{first}", "{name}", "{first}", "{last}")), slots)
                parts = [(found.start() + start, found.start() + end, label) for start, end, label in inner]
                text = text[: found.start()] + name + text[found.end() :]
            gold = parts or None
        else:
            text, gold = _fill(_expand(chance.choice(templates), chance), slots)
            while chance.random() < 0.35 and len(text) < _LONGEST:
                more, others = _fill(_expand(chance.choice(templates), chance), slots)
                gap = chance.choice((" ", ". ", ", ", " - ", "; ", " and "))
                gold += [(start + len(text + gap), end + len(text + gap), label) for start, end, label in others]
                text += gap + more
        parts = gold or []
        text = _change_case(text, chance)
        if chance.random() < 0.12 and text:
            text, parts = _add_slips(text, parts, chance)
        if chance.random() < 0.12 and text:
            text, parts = _cut(text, parts, chance)
        if text.strip():
            yield text[:_LONGEST], ([part for part in parts if part[1] <= _LONGEST] if gold is not None else None)
            count -= 1


def main() -> None:
    """Write the texts."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("output", type=Path)
    parser.add_argument("--lines", type=int, default=200_000)
    parser.add_argument("--prose", type=Path, nargs="*", default=[])
    parser.add_argument("--code", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    chance = random.Random(asked.seed)
    slots = Slots(chance, read_words())
    code = _code(asked.code, chance) if asked.code else []
    with asked.output.open("w", encoding="utf-8") as out:
        for text, gold in make_texts(asked.lines, slots, _sentences(asked.prose), code, chance):
            out.write(json.dumps({"text": text, "gold": gold}, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
