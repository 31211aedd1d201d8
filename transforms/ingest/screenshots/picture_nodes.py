"""Lines of a picture as nodes of a screen: a cell of a table is as wide as its column, whatever is printed in it."""

from collections.abc import Iterator, Sequence

from transforms.ingest.screenshots.cells import widen_to_cells
from transforms.ingest.screenshots.decoding import Pixels
from transforms.ingest.screenshots.screen_reader import Line


def describe_lines(
    lines: Sequence[Line], pixels: Pixels, size: tuple[float, float] | None
) -> Iterator[dict[str, object]]:
    """Yield a node a line, in the unit of the recording's positions; ``size`` is that of the picture in this unit."""
    height, width = pixels.shape[:2]
    across, down = (size[0] / width, size[1] / height) if size else (1.0, 1.0)
    for line, box in zip(lines, widen_to_cells([line.box for line in lines]), strict=True):
        bounds = {"x": box.left * across, "y": box.top * down}
        bounds |= {"width": (box.right - box.left) * across, "height": (box.bottom - box.top) * down}
        yield {"role": "text", "name": line.text, "bounds": bounds}
