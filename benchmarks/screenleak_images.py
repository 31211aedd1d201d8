"""Zero-leak and oversmash on ScreenLeak's public screens: each picture is read and redacted as a session of one screen.

ScreenLeak (screenpipe/screenleak, CC BY 4.0) labels boxes on 30 synthetic screens, 25 with values and 5 without. By its
published rule a screen leaks if a labelled box has no finding of the same label with an IoU of .3 or more, and a screen
without values is smashed if anything is found. A finding that is all of a line has the box of that line's node: in a
table its cell, as ``ingest.ocr`` makes it. One that is a part of a line has that part, by the widths of the characters
in a common font. Owner and name of a repository, found side by side, are also one finding, in an address a link: its
box is what is replaced, without the host.

Labels are compared as they are: a login of a prompt is ``private_handle`` here and ``private_person`` there, and counts
as a leak. The rule is of overlap and not of coverage: a box around all of a labelled one counts up to 3.3 times its
size. So the same rule is also counted with boxes of what is printed: those of lines, and each labelled box cut to the
columns in which something is printed. A third figure is of what is released, which is text and no pixel: a value stays
if more than a fifth of its letters and digits, as they were read in its box, are in no finding. All three are counted
again without companies, repositories, channels and links, which are redacted with ``--business`` alone.

The screens are in two halves, by the SHA-256 of their names: A was looked at while rules were written, B was not.

Run: python -m benchmarks.screenleak_images [--business] FOLDER (image/corpus/sample)
"""

import argparse
import json
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from PIL import ImageFont

from benchmarks.screenleak import LABELS
from schemas.entities import EntityType, Span
from schemas.raw import RAW_SCHEMA, RawSessions, TypedSessions
from transforms.ingest.screenshots.cells import widen_to_cells
from transforms.ingest.screenshots.decoding import Pixels, decode
from transforms.ingest.screenshots.line_detector import Box as LineBox
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
_PRINTED = 48
"""Least difference to the ground, of 255, of what is printed."""
_REPOSITORY = EntityType.ORGANISATION, EntityType.REPOSITORY
_RULES = {"rule": "zero-leak by the rule", "print": "by the rule on what is printed", "text": "no value in the text"}
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


def place_spans(lines: Sequence[Line], spans: Sequence[Span], nodes: Sequence[LineBox]) -> Iterator[tuple[str, Box]]:
    """Yield the label and the box of each part of a finding that lies on one line; all of a line has its node's box."""
    at = 0
    spans = [*spans, *_find_pairs("\n".join(line.text for line in lines), spans)]
    for line, node in zip(lines, nodes, strict=True):
        end = at + len(line.text)
        whole = max(_FACE.getlength(line.text), 1)
        for span in spans:
            if span.start < end and span.end > at:
                low, high = (_FACE.getlength(line.text[: min(max(edge - at, 0), end)]) / whole for edge in span[:2])
                left, top, right, bottom = node if span.start <= at and span.end >= end else line.box
                width = right - left
                label = LABELS.get(span.entity, "")
                yield label, (left + low * width, top, (high - low) * width, bottom - top)
        at = end + 1


def _find_pairs(text: str, spans: Sequence[Span]) -> Iterator[Span]:
    """Yield owner and name of a repository as one where they stand side by side, as a link behind a host."""
    for owner, name in pairwise(spans):
        if (owner.entity, name.entity) == _REPOSITORY and name.start == owner.end + 1:
            entity = EntityType.URL if text[owner.start - 1 : owner.start] == "/" else EntityType.REPOSITORY
            yield Span(owner.start, name.end, entity, name.score)


def cut_to_print(pixels: Pixels, box: Box) -> Box:
    """Return a box without the columns at its sides in which nothing is printed."""
    left, top, width, height = map(round, box)
    part = pixels[max(top, 0) : top + height, max(left, 0) : left + width].astype(np.int16)
    if not part.size:
        return box
    printed = np.flatnonzero((abs(part - np.median(part, axis=(0, 1))) > _PRINTED).any(axis=(0, 2)))
    return (left + int(printed[0]), box[1], int(printed[-1] - printed[0]) + 1, box[3]) if printed.size else box


def share_that_stays(value: Mapping[str, Any], lines: Sequence[Line], spans: Sequence[Span]) -> float:
    """Return the share of a value's letters and digits that stand in lines in its box and in no finding."""
    text, at, stays = str(value["text"]), 0, set[int]()
    for line in lines:
        left, top, right, bottom = line.box
        _, over, _, height = value["bbox"]
        beside = not (over < (top + bottom) / 2 < over + height or top < over + height / 2 < bottom)
        if overlap(value["bbox"], (left, top, right - left, bottom - top)) > 0 and not beside:
            hidden = {place - at for span in spans for place in range(span.start, span.end)}
            for block in SequenceMatcher(None, text, line.text, autojunk=False).get_matching_blocks():
                if block.size >= _LEAST_BLOCK:
                    stays.update(block.a + step for step in range(block.size) if block.b + step not in hidden)
        at += len(line.text) + 1
    solid = [place for place, character in enumerate(text) if character.isalnum()]
    return sum(place in stays for place in solid) / len(solid)


def redactor(*, business: bool) -> BatchRedactor:
    """Build the redactor of sessions of one screen."""
    settings = RedactSettings(classes=("personal", "business") if business else ("personal",))
    identity = Identity(
        session=lambda name, _: name, user=lambda name: name, surrogates=lambda _: Surrogates(bytes(32), settings)
    )
    return BatchRedactor(build_detector(settings), DenyList(()), identity, Extras(judged=True))


def redact_screen(engine: BatchRedactor, lines: Sequence[Line]) -> Sequence[Span]:
    """Redact a session of one screen; return the spans of its text."""
    text = "\n".join(line.text for line in lines)
    row = {"session_id": "s", "user_id": "u", "seq": 0, "episode": 0, "kind": "screen", "source": "ocr", "text": text}
    table = pa.Table.from_pylist([row], schema=RAW_SCHEMA)
    (judged,) = engine.redact(TypedSessions(RawSessions(table), ())).judged
    return next((spans for shown, spans in judged.spans.items() if shown.content == text), ())


def missed_labels(values: Sequence[Mapping[str, Any]], found: Sequence[tuple[str, Box]]) -> list[str]:
    """List the labels of the values that no finding of their label covers."""
    return [
        value["label"]
        for value in values
        if not any(label == value["label"] and overlap(value["bbox"], box) >= _LEAST for label, box in found)
    ]


def list_half(cases: Sequence[Mapping[str, Any]]) -> set[str]:
    """List the ids of every other screen of each template, in order of their SHA-256: those that were looked at."""
    groups: dict[str, list[str]] = {}
    for case in cases:
        groups.setdefault(case["template"] if case["spans"] else "neg", []).append(case["id"])
    ordered = [
        name
        for _, names in sorted(groups.items())
        for name in sorted(names, key=lambda name: sha256(name.encode()).hexdigest())
    ]
    return set(ordered[1::2])


class Half:
    """Counts of one half of the screens."""

    def __init__(self) -> None:
        self.clean = Counter[str | tuple[str, str]]()
        self.labelled = self.empty = 0
        self.leaks, self.stays, self.every = Counter[str](), Counter[str](), Counter[str]()

    def count(self, case: Mapping[str, Any], pixels: Pixels, lines: Sequence[Line], spans: Sequence[Span]) -> None:
        """Count a screen."""
        printed, values = [line.box for line in lines], case["spans"]
        found = list(place_spans(lines, spans, widen_to_cells(printed)))
        if not values:
            self.empty += 1
            self.clean["smashed"] += bool(found)
            return
        cut = [value | {"bbox": cut_to_print(pixels, value["bbox"])} for value in values]
        kept = [value["label"] for value in values if share_that_stays(value, lines, spans) > _STAYS]
        missed = missed_labels(values, found)
        for rule, left in (
            ("rule", missed),
            ("print", missed_labels(cut, list(place_spans(lines, spans, printed)))),
            ("text", kept),
        ):
            self.clean[rule] += not left
            self.clean[rule, "personal"] += _OF_COMPANIES.issuperset(left)
        self.labelled += 1
        self.leaks.update(missed)
        self.stays.update(kept)
        self.every.update(value["label"] for value in values)

    def show(self, name: str) -> None:
        """Print the counts."""
        print(f"half {name}: {self.labelled} screens with values, oversmash {self.clean['smashed']} of {self.empty}")
        for rule, words in _RULES.items():
            print(f"  {words}: {self.clean[rule]}; without companies, links: {self.clean[rule, 'personal']}")
        for label, count in sorted(self.every.items()):
            print(f"    {label:<16} of {count} {self.leaks[label]} leak by the rule, {self.stays[label]} stay")


def main() -> None:
    """Print for both halves what leaks and stays, and the CPU time of reading."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--business", action="store_true")
    asked = parser.parse_args()
    labels = (asked.folder / "annotations_sample.jsonl").read_text(encoding="utf-8").splitlines()
    cases: list[dict[str, Any]] = [json.loads(line) for line in labels]
    engine, networks, reading = redactor(business=asked.business), load_networks(1), 0.0
    halves, looked_at = {"A": Half(), "B": Half()}, list_half(cases)
    for case in cases:
        began = time.process_time()
        pixels = decode((asked.folder / "images" / Path(case["image_path"]).name).read_bytes(), _MOST_PIXELS)
        lines = ScreenReader(networks).read(pixels) or []
        reading += time.process_time() - began
        halves["A" if case["id"] in looked_at else "B"].count(case, pixels, lines, redact_screen(engine, lines))
    for name, half in halves.items():
        half.show(name)
    print(f"{reading / len(cases):.1f} CPU s a picture; leaderboard: {_LEADERBOARD}")


if __name__ == "__main__":
    main()
