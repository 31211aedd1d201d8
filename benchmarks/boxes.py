"""Predict the width of a hidden name from released boxes: R2 on pages not seen before.

    python -m benchmarks.boxes [PAGES]

The attacker sees the boxes and the released words of half of the pages with the true widths, and predicts the others
by the better of ridge regression and nearest neighbours. 0 or below is no better than the mean. ``placed`` are the
boxes that a reader learns for the released pages from recorded pages of other names, which were not replaced; ``at
most`` is the one-sided 95 % bound of the larger of the last two, by resampling the predicted pages. Ends with 1 where a
value is above 0.02.
"""

import random
import sys
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from keyveil import Box, Node, Places, Screen, learn_places
from tests.support.moving_pages import FURTHER
from tests.support.pages import LAYOUTS, WINDOW, Page, advance, draw
from transforms.redact.screens.boxes import in_window_units
from transforms.redact.screens.lay_out import Released, lay_out
from transforms.redact.screens.trees import Node as RecordedNode
from transforms.redact.screens.trees import build_tree
from transforms.redact.screens.windows import Window

Floats = npt.NDArray[np.float64]

_GIVEN = "Ana Bo Chiara Dietmar Evangelina Florian Gus Hildegard Jo Karolina Lu Maximilian Noor Ottokar".split()
_FAMILY = "Li Ng Weber Marwick Featherstone Oyelaran-Johnson Ek Schwarzenberger Ito Vandenberghe Ruiz".split()
_NAMES = 5
_NEIGHBOURS = 15
_KNOWN, _DRAWS = 40, 400
BAR = 0.02
_BY_LONGEST = frozenset({"fixed_table", "content_table", "tabs", "cards"})

Release = Callable[[Sequence[RecordedNode]], Sequence[Released | None]]


def main() -> int:
    """Print R2 of each layout, as recorded, as released and as placed."""
    pages = int(sys.argv[1]) if len(sys.argv) > 1 else 600
    is_met = True
    print(f"{'layout':16} recorded released placed at most")
    for layout in (*LAYOUTS, *FURTHER):
        places = learn_places(_to_screen(draw(layout, *_draw_names(99 + page)), None) for page in range(_KNOWN))
        recorded, *rest = (
            measure(layout, pages, release) for release in (_as_recorded, _as_released, _placed_by(places))
        )
        values = [value for value, _ in rest]
        is_met = is_met and max(values) <= BAR
        print(f"{layout.__name__:16} {recorded[0]:8.2f} {values[0]:8.2f} {values[1]:6.2f} {max(rest)[1]:7.2f}")
    return 0 if is_met else 1


def measure(layout: Callable[[Page], None], pages: int, release: Release) -> tuple[float, float]:
    """Measure R2 of the width of the widest hidden name on ``pages`` pages of ``layout``, and its upper bound."""
    seen, widths = [], []
    for page in range(pages):
        names, shown = _draw_names(10_000 + page)
        boxes = release(draw(layout, names, shown))
        count = _NAMES if layout.__name__ in _BY_LONGEST else 1
        widths.append(max(map(advance, names[:count])))
        seen.append([edge for box in boxes for edge in box or (-1,) * 4] + [advance(name) for name in shown])
    return _predict(np.array(seen, np.float64), np.array(widths))


def _draw_names(seed: int) -> tuple[list[str], list[str]]:
    """Draw hidden names and what is released in their places."""
    draws = random.Random(seed)  # noqa: S311 - made-up names
    names, shown = ([f"{draws.choice(_GIVEN)} {draws.choice(_FAMILY)}" for _ in range(_NAMES)] for _ in range(2))
    return names, shown


def _as_recorded(nodes: Sequence[RecordedNode]) -> list[Released | None]:
    return [None if node.box is None else in_window_units(node.box, WINDOW) for node in nodes]


def _as_released(nodes: Sequence[RecordedNode]) -> list[Released | None]:
    return lay_out(nodes, Window(WINDOW, (1280, 800))).boxes


def _placed_by(places: Places) -> Release:
    def place(nodes: Sequence[RecordedNode]) -> list[Released | None]:
        placed = places.place(_to_screen(nodes, _as_released(nodes)))
        boxes = [node.box for node in placed.nodes]
        return [None if box is None else (box.left, box.top, box.right, box.bottom) for box in boxes]

    return place


def _to_screen(nodes: Sequence[RecordedNode], boxes: Sequence[Released | None] | None) -> Screen:
    """Write a page as the reader has it, with its recorded boxes and no replacement where ``boxes`` is null."""
    depths = build_tree([node.depth for node in nodes]).depths
    listed = [
        Node(role=node.role, name=node.words, value=None, box=box and Box(*box), depth=depth, states=())
        for node, box, depth in zip(nodes, boxes or _as_recorded(nodes), depths, strict=True)
    ]
    replaced = [place for place, node in enumerate(nodes) if node.redacted and boxes]
    return Screen(seq=0, nodes=tuple(listed), replaced=frozenset(replaced), is_replaced=bool(replaced))


def _predict(seen: Floats, widths: Floats) -> tuple[float, float]:
    """Return R2 of the better of two predictors on the second half, and its one-sided 95 % bound."""
    half = len(seen) // 2
    scale = np.where(seen[:half].std(axis=0) > 0, seen[:half].std(axis=0), 1)
    plain = np.hstack([(seen - seen[:half].mean(axis=0)) / scale, np.ones((len(seen), 1))])
    known, asked = plain[:half], plain[half:]
    ridge = asked @ np.linalg.solve(known.T @ known + np.eye(known.shape[1]), known.T @ widths[:half])
    distance = (asked**2).sum(axis=1)[:, None] + (known**2).sum(axis=1) - 2 * asked @ known.T
    nearest = widths[:half][np.argsort(distance, axis=1)[:, :_NEIGHBOURS]].mean(axis=1)
    errors = [(widths[half:] - guess) ** 2 for guess in (ridge, nearest)]
    spread = (widths[half:] - widths[half:].mean()) ** 2
    best = min(errors, key=lambda squares: float(squares.sum()))
    picks = np.random.default_rng(7).integers(0, len(best), (_DRAWS, len(best)))
    drawn = 1 - best[picks].sum(axis=1) / spread[picks].sum(axis=1)
    return float(1 - best.sum() / spread.sum()), float(np.quantile(drawn, 0.95))


if __name__ == "__main__":
    sys.exit(main())
