"""One pass over a text that tells which patterns could match it at all."""

import re
from collections.abc import Sequence

import hyperscan

_NAMED_GROUP = re.compile(r"\(\?P<\w+>")
_FLAGS = (
    hyperscan.HS_FLAG_CASELESS
    | hyperscan.HS_FLAG_MULTILINE
    | hyperscan.HS_FLAG_UTF8
    | hyperscan.HS_FLAG_UCP
    | hyperscan.HS_FLAG_SINGLEMATCH
    | hyperscan.HS_FLAG_ALLOWEMPTY
    | hyperscan.HS_FLAG_PREFILTER
)


class Prefilter:
    """A hyperscan database of patterns, compiled in prefilter mode: it may say yes too often, never no wrongly.

    ``groups`` holds for each candidate the patterns of which one must match; a candidate with a pattern that hyperscan
    cannot take is always a candidate. Neither picklable nor safe for several threads at once: build one a process.
    """

    def __init__(self, groups: Sequence[Sequence[str]]) -> None:
        expressions: list[bytes] = []
        ids: list[int] = []
        self.always: tuple[int, ...] = tuple(
            number for number, patterns in enumerate(groups) if not all(map(_accepted, patterns))
        )
        for number, patterns in enumerate(groups):
            if number not in self.always:
                expressions += [_expression(pattern) for pattern in patterns]
                ids += [number] * len(patterns)
        self._found: set[int] = set()
        self._database = hyperscan.Database() if expressions else None
        if self._database is not None:
            flags = [_FLAGS] * len(expressions)
            self._database.compile(expressions=expressions, ids=ids, elements=len(expressions), flags=flags)
            self._scratch = hyperscan.Scratch(self._database)

    def candidates(self, text: str) -> list[int]:
        """Return the numbers of the groups that may match ``text``, in ascending order."""
        if self._database is None:
            return list(self.always)
        self._found = set(self.always)
        encoded = text.encode(errors="replace")  # a lone surrogate is no letter in either form
        self._database.scan(encoded, match_event_handler=self._note, scratch=self._scratch)
        return sorted(self._found)

    def _note(self, number: int, _start: int, _end: int, _flags: int, _context: object) -> None:
        self._found.add(number)


def _expression(pattern: str) -> bytes:
    return _NAMED_GROUP.sub("(?:", pattern).encode()


def _accepted(pattern: str) -> bool:
    try:
        hyperscan.Database().compile(expressions=[_expression(pattern)], ids=[0], elements=1, flags=[_FLAGS])
    except hyperscan.error:
        return False
    return True
