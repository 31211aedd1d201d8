"""Screens of a page that changes: written as an action begins, and never more of them than the recording pays for."""

from dataclasses import dataclass, field

from transforms.ingest.formats.rrweb.mirror import Mirror
from transforms.ingest.formats.rrweb.page_text import visible_text

_NODE, _FREE, _A_CHARACTER = 20, 10_000_000, 16
"""Price of a node in characters; characters that every recording may read, and that each of its own buys it.

Reading a node takes about a microsecond and a character about a twentieth: a recording of a mebibyte has its screens
within about two seconds, whatever it holds, and they are at most 26 times as long as it is.
"""


@dataclass(slots=True)
class Allowance:
    """Characters of screens that may still be read of a recording of ``size`` characters."""

    size: int
    _left: int = field(init=False)

    def __post_init__(self) -> None:
        self._left = _FREE + self.size * _A_CHARACTER

    @property
    def is_spent(self) -> bool:
        """Return whether the allowance is used up."""
        return self._left <= 0

    def spend(self, nodes: int) -> None:
        """Pay for nodes that were made or looked at."""
        self._left -= nodes * _NODE

    def read(self, page: Mirror, place: int | None = None) -> str | None:
        """Read a page, or what is below a node; ``None`` where that is not paid for."""
        affordable = max(self._left, 0) // _NODE
        text, nodes = visible_text(page, place, affordable)
        self.spend(nodes)
        self._left -= len(text)
        return text if nodes <= affordable else None
