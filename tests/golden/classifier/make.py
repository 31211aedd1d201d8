"""Write the golden spans of the compact classifier again: python -m tests.golden.classifier.make (of made-up texts)."""

import json
import random
from pathlib import Path

from distil.slots import Slots
from distil.texts import make_texts, read_words
from transforms.redact.models.rampart import Rampart

GOLDEN = Path(__file__).parent / "spans.jsonl"
_COUNT, _LONGEST, _SEED = 2_000, 60, 13
_STEPS = 4096


def found(model: Rampart, lines: list[str]) -> list[list[list[object]]]:
    """Return the spans of each line: start, end, entity, score in steps of the classifier's grid."""
    return [
        [[span.start, span.end, span.entity.name, round(span.score * _STEPS)] for span in spans]
        for spans in model.find(lines)
    ]


def main() -> None:
    """Write texts and spans, one text a line."""
    chance = random.Random(_SEED)
    made = (text for text, _ in make_texts(3 * _COUNT, Slots(chance, read_words()), [], [], chance))
    lines = list(dict.fromkeys(text for text in made if len(text) <= _LONGEST))[:_COUNT]
    rows = zip(lines, found(Rampart.load(compact=True), lines), strict=True)
    GOLDEN.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")


if __name__ == "__main__":
    main()
