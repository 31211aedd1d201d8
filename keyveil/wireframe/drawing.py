"""Drawing of nodes, by role and state, with Pillow."""

import unicodedata
from collections.abc import Callable, Sequence
from functools import lru_cache

from PIL import Image, ImageDraw, ImageFont

from keyveil.records import Box, Node
from keyveil.wireframe.icons import find_icon, scale_stroke
from keyveil.wireframe.paint_order import opened_lines, paint_order, shown_names
from keyveil.wireframe.themes import Theme, choose_theme
from schemas.safe import BOX_UNITS

_LEAST_TEXT, _MOST_TEXT = 9, 15
_PAD = 3

_PLAINLY = """\u20acEUR \u00a3GBP \u00dfss \u00f8o \u00d8O \u0142l \u0141L \u00e6ae \u00c6AE \u0153oe \u0152OE \u0111d
\u0131i \u00b5u \u00bf? \u00a1! \u2713v \u2714v \u00ae(R) \u201e" \u201a' \u00d7x \u00f7/ \u2190<- \u2192->
\u2022* \u00b7*"""
_ALIKE = str.maketrans(
    {
        **{word[0]: word[1:] for word in _PLAINLY.split()},
        **dict.fromkeys("\n\t\u00a0\u2009\u202f", " "),
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"),
    }
)
"""Letters that the built-in font cannot draw, and what a reader takes for them."""

Edges = tuple[int, int, int, int]


def draw(nodes: Sequence[Node], size: tuple[int, int], seed: int, font: str | None = None) -> Image.Image:
    """Draw ``nodes`` as a picture of ``size`` pixels, words in the TrueType font at the path ``font``."""
    theme = choose_theme(seed)
    image = Image.new("RGB", size, theme.desk)
    canvas = Canvas(ImageDraw.Draw(image), theme, font)
    shown, opened = shown_names(nodes), opened_lines(nodes)
    for place in paint_order(nodes):
        node = nodes[place]
        edges = None if node.box is None else _pixels(node.box, size)
        if edges is not None:
            if opened[place]:
                canvas.cover(edges)
            canvas.paint(node, edges, (node.name or "") if shown[place] else "")
    return image


def _pixels(box: Box, size: tuple[int, int]) -> Edges | None:
    """Return the pixels of a box, both ends included; null where less than two are on the picture."""
    width, height = size
    left, top = max(0, box.left * width // BOX_UNITS), max(0, box.top * height // BOX_UNITS)
    right = min(width, -(-box.right * width // BOX_UNITS)) - 1
    bottom = min(height, -(-box.bottom * height // BOX_UNITS)) - 1
    return (left, top, right, bottom) if right > left and bottom > top else None


class Canvas:
    """Paints one node after another."""

    def __init__(self, draw: ImageDraw.ImageDraw, theme: Theme, font: str | None) -> None:
        self._draw, self._theme, self._face = draw, theme, font
        self._painters: dict[str, Callable[[Node, Edges, str], None]] = {
            **dict.fromkeys(("button", "spinbutton", "menuitem", "option"), self._button),
            **dict.fromkeys(("textbox", "searchbox", "password", "terminal", "combobox"), self._field),
            **dict.fromkeys(("checkbox", "radio", "switch", "menuitemcheckbox", "menuitemradio"), self._choice),
            **dict.fromkeys(("slider", "progressbar", "meter", "scrollbar"), self._gauge),
            **dict.fromkeys(("tab", "treeitem", "listitem", "row"), self._entry),
            **dict.fromkeys(("cell", "gridcell", "columnheader", "rowheader"), self._cell),
            **dict.fromkeys(("img", "figure"), self._picture),
            **dict.fromkeys(("dialog", "alertdialog", "application", "tooltip", "menu"), self._frame),
            **dict.fromkeys(
                ("window", "document", "banner", "toolbar", "main", "region", "form", "navigation"), self._pane
            ),
            "link": self._link,
            "separator": self._separator,
        }

    def cover(self, edges: Edges) -> None:
        """Cover what lies under a line of an open list."""
        self._draw.rectangle(edges, fill=self._theme.window, outline=self._theme.line)

    def paint(self, node: Node, edges: Edges, name: str) -> None:
        """Paint a node; ``name`` is empty where its words stand elsewhere."""
        self._painters.get(node.role, self._plain)(node, edges, name)
        if "focused" in node.states and node.role not in ("document", "application", "window"):
            self._draw.rectangle(edges, outline=self._theme.accent, width=2)

    def _button(self, node: Node, edges: Edges, name: str) -> None:
        pressed = "checked" in node.states or "selected" in node.states
        self._box(edges, self._theme.accent if pressed else self._theme.button, self._theme.line)
        self._label(node, edges, name, self._theme.button if pressed else self._ink(node), centred=True)

    def _field(self, node: Node, edges: Edges, name: str) -> None:
        self._box(edges, self._theme.field, self._theme.line)
        left, top, right, bottom = edges
        if node.role == "combobox" and right - left > 3 * _PAD:
            self._chevron((right - 3 * _PAD, (top + bottom) // 2), down=True)
            right -= 4 * _PAD
        if node.value:
            self._words((left, top, right, bottom), node.value, self._ink(node))
        else:
            self._words((left, top, right, bottom), name, self._theme.faint)

    def _choice(self, node: Node, edges: Edges, name: str) -> None:
        left, top, right, bottom = edges
        side = max(6, min(14, bottom - top, right - left))
        high = (top + bottom - side) // 2
        mark = (left, high, left + side, high + side)
        on = "checked" in node.states or "selected" in node.states
        if node.role in ("radio", "menuitemradio", "switch"):
            self._draw.ellipse(mark, fill=self._theme.field, outline=self._ink(node))
            if on:
                self._draw.ellipse(
                    tuple(e + d for e, d in zip(mark, (3, 3, -3, -3), strict=True)), fill=self._theme.accent
                )
        else:
            self._draw.rectangle(mark, fill=self._theme.accent if on else self._theme.field, outline=self._ink(node))
            if on:
                tick = ((0.2, 0.5), (0.42, 0.75), (0.8, 0.25))
                self._draw.line(scale_stroke(tick, left, high, side), fill=self._theme.field, width=2)
        self._words((left + side + 2, top, right, bottom), name, self._ink(node))

    def _gauge(self, node: Node, edges: Edges, name: str) -> None:
        left, top, right, bottom = edges
        wide = right - left >= bottom - top
        middle = (top + bottom) // 2 if wide else (left + right) // 2
        share = _share(node.value)
        start, end, knob = (left, right, left) if wide else (top, bottom, top)
        knob = start + round((end - start) * share)
        line = ((start, middle), (end, middle)) if wide else ((middle, start), (middle, end))
        self._draw.line(line, fill=self._theme.line, width=3)
        x, y = (knob, middle) if wide else (middle, knob)
        reach = max(3, min(7, (bottom - top if wide else right - left) // 2))
        self._draw.ellipse((x - reach, y - reach, x + reach, y + reach), fill=self._theme.accent)
        if node.role != "scrollbar":
            self._words((left, top, right, middle if wide else bottom), name, self._theme.faint)

    def _entry(self, node: Node, edges: Edges, name: str) -> None:
        left, top, right, bottom = edges
        chosen = "selected" in node.states or "checked" in node.states
        if chosen:
            self._box(edges, self._theme.button, None)
            self._draw.line(((left, bottom), (right, bottom)), fill=self._theme.accent, width=3)
        elif node.role == "tab":
            self._draw.line(((left, bottom), (right, bottom)), fill=self._theme.line)
        if node.role == "treeitem":
            self._chevron((left + 2 * _PAD, (top + bottom) // 2), down="expanded" in node.states)
            left += 4 * _PAD
        self._label(node, (left, top, right, bottom), name, self._ink(node))

    def _cell(self, node: Node, edges: Edges, name: str) -> None:
        self._draw.rectangle(edges, outline=self._theme.line)
        self._words(edges, node.value or name, self._ink(node))

    def _picture(self, node: Node, edges: Edges, name: str) -> None:
        self._box(edges, self._theme.button, self._theme.line)
        self._icon(node, edges)
        left, top, right, bottom = edges
        if bottom - top > 4 * _MOST_TEXT:
            self._words((left, bottom - 2 * _MOST_TEXT, right, bottom), name, self._theme.faint)

    def _frame(self, node: Node, edges: Edges, name: str) -> None:
        self._box(edges, self._theme.window, self._theme.line)
        self._words((*edges[:3], min(edges[3], edges[1] + 2 * _MOST_TEXT)), name, self._ink(node))

    def _pane(self, node: Node, edges: Edges, name: str) -> None:
        if node.depth <= 1:
            self._draw.rectangle(edges, fill=self._theme.window)
        self._words((*edges[:3], min(edges[3], edges[1] + 2 * _MOST_TEXT)), name, self._theme.faint)

    def _link(self, node: Node, edges: Edges, name: str) -> None:
        width = self._label(node, edges, name, self._theme.link)
        middle = (edges[1] + edges[3]) // 2 + _LEAST_TEXT
        if width:
            self._draw.line(((edges[0] + _PAD, middle), (edges[0] + _PAD + width, middle)), fill=self._theme.link)

    def _separator(self, node: Node, edges: Edges, name: str) -> None:  # noqa: ARG002 - a line has no words
        self._draw.line(
            (edges[0], edges[1], edges[2], edges[1] if edges[2] - edges[0] > edges[3] - edges[1] else edges[3]),
            fill=self._theme.line,
        )

    def _plain(self, node: Node, edges: Edges, name: str) -> None:
        if node.depth == 0 and not name:
            self._draw.rectangle(edges, fill=self._theme.window)
        self._words(edges, name or node.value or "", self._ink(node))

    def _ink(self, node: Node) -> str:
        return self._theme.faint if "disabled" in node.states else self._theme.ink

    def _box(self, edges: Edges, fill: str, line: str | None) -> None:
        corner = min(self._theme.corner, (edges[2] - edges[0]) // 2, (edges[3] - edges[1]) // 2)
        self._draw.rounded_rectangle(edges, corner, fill=fill, outline=line)

    def _label(self, node: Node, edges: Edges, name: str, ink: str, *, centred: bool = False) -> int:
        """Write the words of a node, or its icon where they do not fit; return the width of the first line."""
        font = self._font(edges, name)
        if font.getlength(name) > edges[2] - edges[0] - 2 * _PAD and find_icon(node.role, node.name):
            self._icon(node, edges)
            return 0
        return self._words(edges, name, ink, centred=centred)

    def _icon(self, node: Node, edges: Edges) -> None:
        left, top, right, bottom = edges
        side = min(right - left, bottom - top, 48) * 0.7
        for stroke in find_icon(node.role, node.name):
            points = scale_stroke(stroke, (left + right - side) / 2, (top + bottom - side) / 2, side)
            self._draw.line(points, fill=self._ink(node), width=max(1, round(side / 14)))

    def _chevron(self, centre: tuple[int, int], *, down: bool) -> None:
        x, y = centre
        points = ((x - 4, y - 2), (x, y + 2), (x + 4, y - 2)) if down else ((x - 2, y - 4), (x + 2, y), (x - 2, y + 4))
        self._draw.line(points, fill=self._theme.line, width=2)

    def _words(self, edges: Edges, text: str, ink: str, *, centred: bool = False) -> int:
        """Write ``text`` into a box, in as many lines as fit; return the width of the first line."""
        left, top, right, bottom = edges
        known = legible(text) if self._face is None else text
        font = self._font(edges, known)
        height = round(font.size) + 3
        lines = wrap_words(known, right - left - 2 * _PAD, max(1, (bottom - top) // height), font.getlength)
        high = (top + bottom - height * len(lines)) // 2
        widths = [round(font.getlength(line)) for line in lines]
        for line, width in zip(lines, widths, strict=True):
            start = (left + right - width) // 2 if centred else left + _PAD
            self._draw.text((start, high), line, fill=ink, font=font)
            high += height
        return widths[0] if widths else 0

    def _font(self, edges: Edges, words: str = "") -> ImageFont.FreeTypeFont:
        """Choose the font by the height of a box, a smaller one where ``words`` would not fit."""
        left, top, right, bottom = edges
        size = max(
            _LEAST_TEXT, min(round(_MOST_TEXT * self._theme.scale), round((bottom - top) * 0.55 * self._theme.scale))
        )
        font = _load_font(size, self._face)
        if font.getlength(words) > (right - left - 2 * _PAD) * max(1, (bottom - top) // (size + 3)):
            font = _load_font(_LEAST_TEXT, self._face)
        return font


def legible(text: str) -> str:
    """Write a text with what the built-in font can draw: accents go, and so do private glyphs of icon fonts.

    >>> legible("Größe \u2013 señal")
    'Grosse - senal'
    """
    plain = unicodedata.normalize("NFKD", text.translate(_ALIKE)).translate(_ALIKE)
    return "".join(letter for letter in plain if unicodedata.category(letter) not in ("Co", "Cn", "Cc", "Cf", "Mn"))


def wrap_words(text: str, width: float, most: int, measure: Callable[[str], float]) -> list[str]:
    """Break a text into at most ``most`` lines of ``width``; what does not fit ends in an ellipsis."""
    words = text.split()
    lines: list[str] = []
    while words and len(lines) < most:
        count = 1
        last = len(lines) == most - 1
        while count < len(words) and measure(" ".join(words[: count + 1])) <= width:
            count += 1
        line = " ".join(words if last else words[:count])
        lines.append(line if measure(line) <= width else _shorten(line, width, measure))
        words = [] if last else words[count:]
    return [line for line in lines if line]


def _shorten(line: str, width: float, measure: Callable[[str], float]) -> str:
    low, high = 0, len(line)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if measure(line[:middle] + "…") <= width else (low, middle - 1)
    return line[:low] + "…" if low else ""


def _share(value: str | None) -> float:
    """Read the value of a gauge as a share: a number of 0 to 1, a percentage, else the middle."""
    try:
        number = float((value or "").strip().rstrip("%"))
    except ValueError:
        return 0.5
    return min(1.0, max(0.0, number if 0 <= number <= 1 else number / 100))


@lru_cache(maxsize=32)
def _load_font(size: int, path: str | None) -> ImageFont.FreeTypeFont:
    if path is not None:
        return ImageFont.truetype(path, size)
    font = ImageFont.load_default(size)
    if not isinstance(font, ImageFont.FreeTypeFont):
        raise TypeError("Pillow was built without FreeType; install its wheel")
    return font
