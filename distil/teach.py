"""Label texts with the large classifier, as training data for the small one.

Run: python -m distil.teach TEXTS.jsonl OUTPUT.npz

The output holds all texts concatenated: ``tokens`` (uint16), ``starts`` (int64, one more than texts), ``taught``
(float16, tokens x labels: the large classifier's probabilities) and ``known`` (int8: the label from the template, 0 for
non-personal, -1 if unknown).
"""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from transforms.redact.models.rampart import Rampart

_AT_ONCE = 20_000
_UNKNOWN = -1


def _label_tokens(
    offsets: Sequence[tuple[int, int]], gold: list[tuple[int, int, str]] | None, labels: Sequence[str]
) -> npt.NDArray[np.int8]:
    """Map the labelled ranges of the template to tokens; -1 without a template."""
    found = np.full(len(offsets), _UNKNOWN if gold is None else 0, dtype=np.int8)
    for start, end, label in gold or ():
        for at, (first, last) in enumerate(offsets):
            if first < end and start < last:
                found[at] = labels.index(label)
    return found


def main() -> None:
    """Write the arrays."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("texts", type=Path)
    parser.add_argument("output", type=Path)
    asked = parser.parse_args()
    teacher = Rampart.load()
    lines = [json.loads(line) for line in asked.texts.open(encoding="utf-8")]
    tokens, taught, known = [], [], []
    for first in range(0, len(lines), _AT_ONCE):
        some = lines[first : first + _AT_ONCE]
        answers = teacher.answers([line["text"] for line in some])
        for line, (answer, *_) in zip(some, answers, strict=True):
            tokens.append(np.array(answer.ids, dtype=np.uint16))
            taught.append(answer.scores.astype(np.float16))
            known.append(_label_tokens(answer.offsets, line["gold"], teacher.labels))
        print(f"{first + len(some):,} of {len(lines):,} texts", flush=True)
    starts = np.cumsum([0, *map(len, tokens)], dtype=np.int64)
    np.savez(
        asked.output,
        tokens=np.concatenate(tokens),
        starts=starts,
        taught=np.concatenate(taught),
        known=np.concatenate(known),
        labels=np.array(teacher.labels),
    )


if __name__ == "__main__":
    main()
