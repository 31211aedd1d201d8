"""Icons as strokes in the unit square, chosen by words of a node's name: a small set that everybody knows."""

import re
from collections.abc import Sequence

Stroke = tuple[tuple[float, float], ...]


def _read(drawn: str) -> tuple[Stroke, ...]:
    """Read strokes as written below: points in percent of the side, strokes parted by a bar."""
    return tuple(
        tuple((int(x) / 100, int(y) / 100) for x, y in (point.split(",") for point in stroke.split()))
        for stroke in drawn.split("|")
    )


_DRAWN = {
    "add": "50,15 50,85 | 15,50 85,50",
    "back": "60,20 30,50 60,80",
    "bell": "15,75 30,60 30,35 50,20 70,35 70,60 85,75 15,75",
    "calendar": "15,20 85,20 85,80 15,80 15,20 | 15,40 85,40",
    "close": "20,20 80,80 | 20,80 80,20",
    "copy": "15,15 60,15 60,65 15,65 15,15 | 35,85 85,85 85,35",
    "delete": "15,25 85,25 | 25,25 30,90 70,90 75,25 | 40,12 60,12",
    "down": "20,40 50,70 80,40",
    "download": "50,10 50,65 | 30,45 50,65 70,45 | 15,85 85,85",
    "edit": "15,85 20,65 70,15 85,30 35,80 15,85",
    "file": "25,10 60,10 80,30 80,90 25,90 25,10 | 60,10 60,30 80,30",
    "folder": "10,25 40,25 50,35 90,35 90,80 10,80 10,25",
    "forward": "40,20 70,50 40,80",
    "home": "10,50 50,15 90,50 | 22,45 22,85 78,85 78,45",
    "lock": "25,45 75,45 75,85 25,85 25,45 | 35,45 35,20 65,20 65,45",
    "mail": "15,20 85,20 85,80 15,80 15,20 | 15,20 50,55 85,20",
    "maximize": "20,20 80,20 80,80 20,80 20,20",
    "menu": "15,25 85,25 | 15,50 85,50 | 15,75 85,75",
    "minimize": "20,60 80,60",
    "more": "15,50 20,50 | 48,50 53,50 | 80,50 85,50",
    "play": "30,20 80,50 30,80 30,20",
    "print": "25,35 25,10 75,10 75,35 | 10,35 90,35 90,70 10,70 10,35 | 25,60 25,90 75,90 75,60",
    "refresh": "85,50 74,74 50,85 26,74 15,50 26,26 50,15 | 35,5 50,15 38,30",
    "save": "15,15 70,15 85,30 85,85 15,85 15,15 | 30,85 30,55 70,55 70,85",
    "search": "68,40 60,60 40,68 20,60 12,40 20,20 40,12 60,20 68,40 | 62,62 90,90",
    "send": "10,45 90,10 55,90 45,55 10,45",
    "settings": (
        "85,50 74,74 50,85 26,74 15,50 26,26 50,15 74,26 85,50 | 50,2 50,15 | 50,85 50,98 | 2,50 15,50 | 85,50 98,50"
    ),
    "star": "50,10 62,40 92,40 68,58 78,90 50,70 22,90 32,58 8,40 38,40 50,10",
    "up": "20,60 50,30 80,60",
    "upload": "50,65 50,10 | 30,30 50,10 70,30 | 15,85 85,85",
    "user": "68,33 62,45 50,50 38,45 32,33 38,21 50,16 62,21 68,33 | 10,90 25,62 75,62 90,90",
    "volume": "10,40 30,40 55,15 55,85 30,60 10,60 10,40 | 70,35 78,50 70,65",
}

ICONS = {name: _read(drawn) for name, drawn in _DRAWN.items()}
"""Name of an icon to its strokes."""

_PICTURE = _read("15,20 85,20 85,80 15,80 15,20 | 15,75 40,45 60,70 70,58 85,75")

_SYNONYMS = {
    "account": "user",
    "attach": "file",
    "bin": "delete",
    "bookmark": "star",
    "cancel": "close",
    "compose": "edit",
    "create": "add",
    "date": "calendar",
    "dismiss": "close",
    "decrease": "up",
    "document": "file",
    "email": "mail",
    "erase": "delete",
    "favorite": "star",
    "favourite": "star",
    "find": "search",
    "go": "forward",
    "hamburger": "menu",
    "inbox": "mail",
    "increase": "down",
    "maximise": "maximize",
    "minimise": "minimize",
    "new": "add",
    "next": "forward",
    "notification": "bell",
    "notifications": "bell",
    "options": "settings",
    "password": "lock",
    "plus": "add",
    "preferences": "settings",
    "previous": "back",
    "profile": "user",
    "reload": "refresh",
    "remove": "delete",
    "restore": "maximize",
    "sign": "user",
    "sound": "volume",
    "speaker": "volume",
    "start": "menu",
    "trash": "delete",
}


def find_icon(role: str, name: str | None) -> tuple[Stroke, ...]:
    """Find the strokes of the icon for a node; empty where none is known and the node is no picture."""
    for word in re.findall(r"[a-z]+", (name or "").casefold()):
        if found := ICONS.get(_SYNONYMS.get(word, word)):
            return found
    return _PICTURE if role in ("img", "image", "figure") else ()


def scale_stroke(
    stroke: Sequence[tuple[float, float]], left: float, top: float, side: float
) -> list[tuple[float, float]]:
    """Place a stroke of the unit square in a square of pixels."""
    return [(left + x * side, top + y * side) for x, y in stroke]
