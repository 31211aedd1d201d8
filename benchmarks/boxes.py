"""Predict the width of a hidden name from released boxes: R2 on pages not seen before.

    python -m benchmarks.boxes [PAGES]

The attacker sees the boxes and the released words of half of the pages with the true widths, and predicts the others
by the better of ridge regression and nearest neighbours. 0 or below is no better than the mean.
"""

import random
import sys
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from tests.support.pages import LAYOUTS, WINDOW, Page, advance, draw
from transforms.redact.screens.boxes import in_window_units
from transforms.redact.screens.lay_out import Released, lay_out
from transforms.redact.screens.trees import Node
from transforms.redact.screens.windows import Window

Floats = npt.NDArray[np.float64]

_GIVEN = "Ana Bo Chiara Dietmar Evangelina Florian Gus Hildegard Jo Karolina Lu Maximilian Noor Ottokar".split()
_FAMILY = "Li Ng Weber Marwick Featherstone Oyelaran-Johnson Ek Schwarzenberger Ito Vandenberghe Ruiz".split()
_NAMES = 5
_NEIGHBOURS = 15


def main() -> None:
    """Print R2 of each layout, as recorded and as released."""
    pages = int(sys.argv[1]) if len(sys.argv) > 1 else 600
    print(f"{'layout':16} recorded released")
    for layout in LAYOUTS:
        recorded, released = (measure(layout, pages, release) for release in (_as_recorded, _as_released))
        print(f"{layout.__name__:16} {recorded:8.2f} {released:8.2f}")


def measure(
    layout: Callable[[Page], None], pages: int, release: Callable[[Sequence[Node]], Sequence[Released | None]]
) -> float:
    """Measure R2 of the width of the widest hidden name on ``pages`` pages of ``layout``."""
    draws = random.Random(7)  # noqa: S311 - made-up names
    seen, widths = [], []
    for _ in range(pages):
        names, shown = ([f"{draws.choice(_GIVEN)} {draws.choice(_FAMILY)}" for _ in range(_NAMES)] for _ in range(2))
        boxes = release(draw(layout, names, shown))
        count = 1 if layout.__name__ not in {"fixed_table", "content_table", "tabs"} else _NAMES
        widths.append(max(map(advance, names[:count])))
        seen.append([edge for box in boxes for edge in box or (-1,) * 4] + [advance(name) for name in shown])
    return _predict(np.array(seen, np.float64), np.array(widths))


def _as_recorded(nodes: Sequence[Node]) -> list[Released | None]:
    return [None if node.box is None else in_window_units(node.box, WINDOW) for node in nodes]


def _as_released(nodes: Sequence[Node]) -> list[Released | None]:
    return lay_out(nodes, Window(WINDOW, (1280, 800))).boxes


def _predict(seen: Floats, widths: Floats) -> float:
    """Return R2 of the better of two predictors on the second half."""
    half = len(seen) // 2
    scale = np.where(seen[:half].std(axis=0) > 0, seen[:half].std(axis=0), 1)
    plain = np.hstack([(seen - seen[:half].mean(axis=0)) / scale, np.ones((len(seen), 1))])
    known, asked = plain[:half], plain[half:]
    ridge = asked @ np.linalg.solve(known.T @ known + np.eye(known.shape[1]), known.T @ widths[:half])
    distance = ((asked[:, None, :] - known[None, :, :]) ** 2).sum(axis=2)
    nearest = widths[:half][np.argsort(distance, axis=1)[:, :_NEIGHBOURS]].mean(axis=1)
    spread = ((widths[half:] - widths[half:].mean()) ** 2).sum()
    return max(float(1 - ((widths[half:] - guess) ** 2).sum() / spread) for guess in (ridge, nearest))


if __name__ == "__main__":
    main()
