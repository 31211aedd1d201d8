"""Zero-leak and oversmash on ScreenLeak's public screens: each picture is read and redacted as a session of one screen.

ScreenLeak (screenpipe/screenleak, CC BY 4.0) labels boxes on 30 synthetic screens, 25 with values and 5 without. By its
published rule a screen leaks if a labelled box has no finding of the same label with an IoU of .3 or more, and a screen
without values is smashed if anything is found. A finding is a part of a line: its box is that part of the line's, by
the widths of the characters in a common font.

The labelled box is that of an element: of a name in a list it is the whole column, three times as wide as the name, so
that a box around the very name misses. So a second figure is printed, of what is released, which is text and no pixel:
a value stays if more than a fifth of its letters and digits, as they were read in its box, are in no finding.

Run: python -m benchmarks.screenleak_images [--business] FOLDER (image/corpus/sample)
"""

import argparse
import json
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

import pyarrow as pa
from PIL import ImageFont

from benchmarks.screenleak import LABELS
from schemas.entities import Span
from schemas.raw import RAW_SCHEMA, RawSessions, TypedSessions
from transforms.ingest.screenshots.decoding import decode
from transforms.ingest.screenshots.screen_reader import Line, ScreenReader, load_networks
from transforms.redact.batch import BatchRedactor
from transforms.redact.deny_list import DenyList
from transforms.redact.detect.build import build_detector
from transforms.redact.results import Extras
from transforms.redact.settings import RedactSettings
from transforms.redact.surrogates.surrogates import Identity, Surrogates

_LEAST = 0.3
_STAYS, _LEAST_BLOCK = 0.2, 3
_OF_COMPANIES = frozenset({"private_company", "private_repo", "private_channel", "private_url"})
_MOST_PIXELS = 40_000_000
_LEADERBOARD = "Presidio image .005, Google DLP .026, GPT-5.5 .032, RF-DETR trained on the same generator .953"
_FACE = ImageFont.load_default(16)

Box = tuple[float, float, float, float]
"""Left, top, width, height."""


def overlap(first: Box, second: Box) -> float:
    """Return the shared part of two boxes as a share of their union.

    >>> overlap((0, 0, 10, 10), (5, 0, 10, 10))
    0.3333333333333333
    """
    across = min(first[0] + first[2], second[0] + second[2]) - max(first[0], second[0])
    down = min(first[1] + first[3], second[1] + second[3]) - max(first[1], second[1])
    shared = max(across, 0) * max(down, 0)
    return shared / (first[2] * first[3] + second[2] * second[3] - shared)


def place_spans(lines: Sequence[Line], spans: Sequence[Span]) -> Iterator[tuple[str, Box]]:
    """Yield the label and the box of each part of a finding that lies on one line."""
    at = 0
    for line in lines:
        end = at + len(line.text)
        whole = max(_FACE.getlength(line.text), 1)
        for span in spans:
            if span.start < end and span.end > at:
                low, high = (_FACE.getlength(line.text[: min(max(edge - at, 0), end)]) / whole for edge in span[:2])
                left, top, right, bottom = line.box
                width = right - left
                yield LABELS.get(span.entity, ""), (left + low * width, top, (high - low) * width, bottom - top)
        at = end + 1


def share_that_stays(value: Mapping[str, Any], lines: Sequence[Line], spans: Sequence[Span]) -> float:
    """Return the share of a value's letters and digits that stand in lines in its box and in no finding."""
    text, at, stays = str(value["text"]), 0, set[int]()
    for line in lines:
        left, top, right, bottom = line.box
        if overlap(value["bbox"], (left, top, right - left, bottom - top)) > 0:
            hidden = {place - at for span in spans for place in range(span.start, span.end)}
            for block in SequenceMatcher(None, text, line.text, autojunk=False).get_matching_blocks():
                if block.size >= _LEAST_BLOCK:
                    stays.update(block.a + step for step in range(block.size) if block.b + step not in hidden)
        at += len(line.text) + 1
    solid = [place for place, character in enumerate(text) if character.isalnum()]
    return sum(place in stays for place in solid) / len(solid)


def _redactor(business: bool) -> BatchRedactor:
    settings = RedactSettings(classes=("personal", "business") if business else ("personal",))
    identity = Identity(
        session=lambda name, _: name, user=lambda name: name, surrogates=lambda _: Surrogates(bytes(32), settings)
    )
    return BatchRedactor(build_detector(settings), DenyList(()), identity, Extras(judged=True))


def redact_screen(redactor: BatchRedactor, lines: Sequence[Line]) -> Sequence[Span]:
    """Redact a session of one screen; return the spans of its text."""
    text = "\n".join(line.text for line in lines)
    row = {"session_id": "s", "user_id": "u", "seq": 0, "episode": 0, "kind": "screen", "source": "ocr", "text": text}
    table = pa.Table.from_pylist([row], schema=RAW_SCHEMA)
    (judged,) = redactor.redact(TypedSessions(RawSessions(table), ())).judged
    return next((spans for shown, spans in judged.spans.items() if shown.content == text), ())


def missed_labels(values: Sequence[Mapping[str, Any]], found: Sequence[tuple[str, Box]]) -> list[str]:
    """List the labels of the values that no finding of their label covers."""
    return [
        value["label"]
        for value in values
        if not any(label == value["label"] and overlap(value["bbox"], box) >= _LEAST for label, box in found)
    ]


def main() -> None:
    """Print both shares, for each label how many values leak, and the CPU time of reading."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--business", action="store_true")
    asked = parser.parse_args()
    labels = (asked.folder / "annotations_sample.jsonl").read_text(encoding="utf-8").splitlines()
    cases: list[dict[str, Any]] = [json.loads(line) for line in labels]
    redactor, networks, reading = _redactor(asked.business), load_networks(1), 0.0
    leaks, stays, every = Counter[str](), Counter[str](), Counter[str]()
    zero = gone = alone = smashed = 0
    for case in cases:
        began = time.process_time()
        content = (asked.folder / "images" / Path(case["image_path"]).name).read_bytes()
        lines = ScreenReader(networks).read(decode(content, _MOST_PIXELS)) or []
        reading += time.process_time() - began
        spans = redact_screen(redactor, lines)
        found = list(place_spans(lines, spans))
        kept = [value["label"] for value in case["spans"] if share_that_stays(value, lines, spans) > _STAYS]
        stays.update(kept)
        gone += bool(case["spans"]) and not kept
        alone += bool(case["spans"]) and _OF_COMPANIES.issuperset(kept)
        missed = missed_labels(case["spans"], found)
        every.update(value["label"] for value in case["spans"])
        leaks.update(missed)
        zero += bool(case["spans"]) and not missed
        smashed += bool(found) and not case["spans"]
    labelled = sum(bool(case["spans"]) for case in cases)
    print(f"zero-leak {zero} of {labelled} ({zero / labelled:.2f}); leaderboard: {_LEADERBOARD}")
    print(f"screens in whose released text no value stays: {gone} of {labelled} ({gone / labelled:.2f})")
    print(
        f"the same without companies, repositories, channels and links: {alone} of {labelled} ({alone / labelled:.2f})"
    )
    print(f"oversmash {smashed} of {len(cases) - labelled}; {reading / len(cases):.1f} CPU s a picture")
    for label, count in sorted(every.items()):
        print(f"  {label:<16} of {count} {leaks[label]} leak, {stays[label]} stay")


if __name__ == "__main__":
    main()
