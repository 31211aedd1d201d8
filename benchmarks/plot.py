"""Line charts over keystrokes as SVG, with the standard library alone."""

from collections.abc import Mapping, Sequence
from html import escape
from math import log10

Line = Sequence[tuple[float, float]]

_WIDTH, _HEIGHT, _LEFT, _RIGHT, _TOP, _BOTTOM = 760, 360, 60, 250, 30, 45
_COLOURS = ("#b2182b", "#d6604d", "#f4a582", "#fdae61", "#2166ac", "#1b7837")
_LOWEST = 2e-4


def lines_svg(title: str, lines: Mapping[str, Line], xs: Sequence[float], level: tuple[str, float]) -> str:
    """Draw shares (logarithmic, from 0.02 % to 1) over ``xs`` (logarithmic), with one level marked."""
    low, high = log10(xs[0]), log10(xs[-1])

    def across(x: float) -> float:
        return _LEFT + (_WIDTH - _LEFT - _RIGHT) * (log10(x) - low) / (high - low)

    def down(share: float) -> float:
        return _TOP + (_HEIGHT - _TOP - _BOTTOM) * log10(max(share, _LOWEST)) / log10(_LOWEST)

    name, mark = level
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}"',
        ' font-family="sans-serif" font-size="12">',
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="white"/>',
        f'<text x="{_LEFT}" y="18" font-size="14">{escape(title)}</text>',
        *(_horizontal(down(share), f"{share:g}", "#ddd") for share in (1, 0.1, 0.01, 0.001)),
        _horizontal(down(mark), "", "#888", "4 3"),
        f'<text x="{_WIDTH - _RIGHT + 8}" y="{down(mark) + 4:.1f}" fill="#888">{escape(name)}</text>',
        *(f'<text x="{across(x):.1f}" y="{_HEIGHT - 22}" text-anchor="middle">{x:,.0f}</text>' for x in xs),
        f'<text x="{_LEFT}" y="{_HEIGHT - 5}">released keystrokes of a person; share of people identified</text>',
    ]
    for number, (label, line) in enumerate(lines.items()):
        colour = _COLOURS[number % len(_COLOURS)]
        path = " ".join(f"{across(x):.1f},{down(share):.1f}" for x, share in line)
        dots = "".join(f'<circle cx="{across(x):.1f}" cy="{down(y):.1f}" r="3" fill="{colour}"/>' for x, y in line)
        at = _TOP + 16 * number
        parts += [
            f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>{dots}',
            f'<text x="{_WIDTH - _RIGHT + 8}" y="{at + 4}" fill="{colour}">{escape(label)}</text>',
        ]
    return "\n".join([*parts, "</svg>", ""])


def _horizontal(y: float, label: str, colour: str, dashes: str = "none") -> str:
    line = f'<line x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}" stroke="{colour}"'
    return (
        f'{line} stroke-dasharray="{dashes}"/>'
        f'<text x="{_LEFT - 6}" y="{y + 4:.1f}" text-anchor="end" fill="#555">{label}</text>'
    )
