"""Themes of wireframes: colours, corners and sizes, all constants."""

import random
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Theme:
    """Look of a wireframe; ``corner`` in pixels, ``scale`` of the text."""

    desk: str
    window: str
    field: str
    button: str
    line: str
    ink: str
    faint: str
    accent: str
    link: str
    corner: int
    scale: float


_PALETTES = (
    ("#c9d3dd", "#f7f7f9", "#ffffff", "#e4e6ea", "#8a8f98", "#15171a", "#8b9098", "#2563c9", "#1a4fa0"),
    ("#101418", "#1e2227", "#2a2f36", "#343a42", "#5c6570", "#eceff2", "#8f98a3", "#4f9cf9", "#7fb4ff"),
    ("#e8e2d6", "#fbf8f1", "#fffdf8", "#ece4d3", "#9b8f78", "#2b2417", "#9a9080", "#b4541f", "#8a3d12"),
    ("#ffffff", "#ffffff", "#ffffff", "#ffffff", "#000000", "#000000", "#666666", "#000000", "#0000cc"),
    ("#d7e4dc", "#f4faf6", "#ffffff", "#dcebe2", "#7d9787", "#12231a", "#82958a", "#1d7a4b", "#146045"),
    ("#2b2b3d", "#363649", "#414157", "#4b4b66", "#777797", "#f4f3fb", "#a5a4bd", "#c49bff", "#d5b8ff"),
)
_CORNERS = (0, 3, 6, 10)
_SCALES = (0.9, 1.0, 1.1)


def choose_theme(seed: int) -> Theme:
    """Choose a theme; the same seed always chooses the same."""
    draw = random.Random(seed)  # noqa: S311 - a look, no secret
    return Theme(*draw.choice(_PALETTES), corner=draw.choice(_CORNERS), scale=draw.choice(_SCALES))
