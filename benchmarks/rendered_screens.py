"""Values that stay on screens that Chromium renders: twelve layouts with made-up people, read as screenshots.

Each page is one layout of ``screen_pages`` in a theme, a font, a size and a scale drawn at random; who and what is on
it comes from Faker, so all of it is synthetic. A value stays if more than a fifth of its letters and digits, as they
were read in its box, are in no finding. Why it stays: it was read as printed and not found, or it was misread. A value
of which nothing was read is in no release.

Who works with such a screen also clicks beside a text: of ten points along each cell (of a table, or a part of a row)
that holds one value and nothing else, it is counted how many lie in the box of its node, and how many in another's.

Run: python -m benchmarks.rendered_screens [--business] [--screens N] [--seed S] [--family A|B] [--show]
"""

import argparse
import random
import shutil
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from playwright.sync_api import sync_playwright

from benchmarks.screen_pages import FAMILIES, Page, draw_page
from benchmarks.screenleak_images import overlap, redact_screen, redactor, share_that_stays
from schemas.entities import Span
from transforms.ingest.screenshots.cells import widen_to_cells
from transforms.ingest.screenshots.decoding import decode
from transforms.ingest.screenshots.screen_reader import Line, ScreenReader, load_networks
from transforms.redact.actions.targets import find_smallest
from transforms.redact.screens.boxes import Box

_STAYS = 0.2
_MOST_PIXELS = 40_000_000
_SCALES = (1, 1, 1.25, 1.5, 2)
_SIZE = {"width": 1120, "height": 700}
_COLLECT = """() => [...document.querySelectorAll('[data-kind]')].flatMap(node => {
  const shown = node.parentElement.getBoundingClientRect(), box = node.getBoundingClientRect();
  const alone = node.parentElement.textContent === node.textContent;
  return [{label: node.dataset.kind, text: node.textContent, cell: alone ? [shown.left, shown.right] : [],
           bbox: [box.left, box.top, Math.min(box.right, shown.right) - box.left, box.height]}];
})"""
_POINTS = 10


def render_pages(pages: Sequence[Page], chance: random.Random) -> Iterator[tuple[bytes, list[dict[str, Any]]]]:
    """Yield the picture of each page, as a PNG file, and the values on it with their boxes in its pixels."""
    with sync_playwright() as driver:
        found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
        browser = driver.chromium.launch(executable_path=found, args=["--no-sandbox"])
        for page in pages:
            scale = chance.choice(_SCALES)
            with browser.new_context(offline=True, viewport=_SIZE, device_scale_factor=scale) as context:  # type: ignore[arg-type]
                tab = context.new_page()
                tab.set_content(page.html)
                values = tab.evaluate(_COLLECT)
                for value in values:
                    value |= {name: [edge * scale for edge in value[name]] for name in ("bbox", "cell")}
                yield tab.screenshot(), values
        browser.close()


def why_it_stays(value: dict[str, Any], lines: Sequence[Line]) -> str:
    """Return ``read`` where the lines in a value's box hold it as printed, else ``misread``."""
    shown = "".join(
        line.text
        for line in lines
        if overlap(
            value["bbox"], (line.box.left, line.box.top, line.box.right - line.box.left, line.box.bottom - line.box.top)
        )
        > 0
    )
    plain = "".join(filter(str.isalnum, value["text"])).casefold()
    return "read" if plain in "".join(filter(str.isalnum, shown)).casefold() else "misread"


def main() -> None:
    """Print how many values of each kind stay, and what else is redacted."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--business", action="store_true")
    parser.add_argument("--screens", type=int, default=4, help="of each layout")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--family", choices=sorted(FAMILIES))
    parser.add_argument("--show", action="store_true", help="print the lines of screens on which a value stays")
    asked = parser.parse_args()
    networks, engine = load_networks(1), redactor(business=asked.business)
    for family in [asked.family] if asked.family else sorted(FAMILIES):
        chance = random.Random(f"{asked.seed}{family}")  # noqa: S311 - made-up screens
        pages = [draw_page(layout, chance) for layout in FAMILIES[family] for _ in range(asked.screens)]
        every, stays = Counter[str](), Counter[tuple[str, str]]()
        clean = beside = others = 0
        hits = Counter[str]()
        for page, (content, values) in zip(pages, render_pages(pages, chance), strict=True):
            lines = ScreenReader(networks).read(decode(content, _MOST_PIXELS)) or []
            spans = redact_screen(engine, lines)
            kept = [value for value in values if share_that_stays(value, lines, spans) > _STAYS]
            clean += not kept
            every.update(value["label"] for value in values)
            stays.update((value["label"], why_it_stays(value, lines)) for value in kept)
            found, all_of_it = count_beside(values, lines, spans)
            beside, others = beside + found, others + all_of_it
            hits += count_hits(values, lines)
            if asked.show and kept:
                show(page, lines, spans, kept)
        print(f"family {family}: no value stays on {clean} of {len(pages)} screens ({clean / len(pages):.2f}); "
              f"{beside / max(others, 1):.3f} of other letters redacted")  # fmt: skip
        print(f"  of {hits['points']} points {hits['lines']} lie in the line of their value, {hits['beside lines']} in "
              f"another, as cells {hits['cells']} and {hits['beside cells']}")  # fmt: skip
        for label, count in sorted(every.items()):
            print(f"  {label:<10} of {count}: {stays[label, 'read']} stay, {stays[label, 'misread']} misread")


def count_hits(values: Sequence[dict[str, Any]], lines: Sequence[Line]) -> Counter[str]:
    """Count the points in cells of one value that lie in its line or in another, as lines and as cells of a table."""
    printed, hits = [line.box for line in lines], Counter[str]()
    for value in values:
        left, top, _, height = value["bbox"]
        own = find_smallest(left + height / 2, top + height / 2, list(map(as_box, printed)))
        for number in range(_POINTS if value["cell"] and own is not None else 0):
            across = value["cell"][0] + (value["cell"][1] - value["cell"][0]) * (number + 0.5) / _POINTS
            hits["points"] += 1
            for name, boxes in (("lines", printed), ("cells", widen_to_cells(printed))):
                hit = find_smallest(across, top + height / 2, list(map(as_box, boxes)))
                hits[name] += hit == own
                hits[f"beside {name}"] += hit not in {own, None}
    return hits


def as_box(edges: tuple[int, int, int, int]) -> Box:
    """Return the edges of a line as the box of a node."""
    return Box(*edges)


def count_beside(values: Sequence[dict[str, Any]], lines: Sequence[Line], spans: Sequence[Span]) -> tuple[int, int]:
    """Count the letters of lines without a value that are redacted, and all of them."""
    at = found = others = 0
    for line in lines:
        box = line.box.left, line.box.top, line.box.right - line.box.left, line.box.bottom - line.box.top
        if not any(overlap(value["bbox"], box) > 0 for value in values):
            hidden = {place for span in spans for place in range(span.start, span.end)}
            solid = [place for place, letter in enumerate(line.text, at) if letter.isalnum()]
            found, others = found + sum(place in hidden for place in solid), others + len(solid)
        at += len(line.text) + 1
    return found, others


def show(page: Page, lines: Sequence[Line], spans: Sequence[Span], kept: Sequence[dict[str, Any]]) -> None:
    """Print the lines of a screen, its findings and the values that stay."""
    print(f"--- {page.layout} {page.look}")
    text = "\n".join(line.text for line in lines)
    marked = [(text[span.start : span.end], span.entity.value) for span in spans]
    print(text, marked, "STAY", [(value["label"], value["text"]) for value in kept], sep="\n", file=sys.stdout)


if __name__ == "__main__":
    main()
