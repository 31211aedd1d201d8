"""Traces of released rows: pseudonyms, and windows of eight words.

A pseudonym has 130 bits, so that none is met by chance. A window of words stays in a derived table, an export or a note
that drops every other column; the same words may also come from elsewhere, as from a page that several people saw.
"""

import html
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field

WINDOW = 8
_PSEUDONYM = re.compile(r"(?<![a-z2-7])[a-z2-7]{26}(?![a-z2-7])", re.IGNORECASE)
_HEX = re.compile(r"[a-f2-7]+", re.IGNORECASE)
_BESIDE = re.compile(r"[0189+]")
_BEHIND = re.compile(r"[0189+=]")
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\W_]+")
_CODE_UNIT = re.compile(r"\\u([0-9a-fA-F]{4})")
_ESCAPE = re.compile(r"\\.")
_MOST_WINDOWS = 4_000_000


@dataclass(slots=True)
class TraceCollector:
    """Pseudonyms and windows of the texts that were added.

    Of very long texts one window in ``share`` is kept, a power of two that doubles as they grow; it is the same one in
    every text, so that collectors of one process can be compared. Windows are hashes under a key of the process.
    ``one_case`` are the pseudonyms that are spelled as a release spells them. A release is known by any spelling, but
    of a digest, of Base64 (a signature) or of a long name (``dataReleaseMaintenancePlan``) a stretch looks like one.
    """

    most_windows: int = _MOST_WINDOWS
    share: int = 1
    pseudonyms: set[str] = field(default_factory=set, repr=False)
    one_case: set[str] = field(default_factory=set, repr=False)
    windows: set[int] = field(default_factory=set, repr=False)

    def add(self, text: str) -> None:
        """Add the traces in ``text``, as it stands and without the escapes of JSON and HTML."""
        for spelling in dict.fromkeys((text, _unescape(text))):
            for found in _PSEUDONYM.finditer(spelling):
                self.pseudonyms.add(found[0].casefold())
                if _is_spelled_as_released(found):
                    self.one_case.add(found[0].casefold())
            self.windows.update(hash_windows(spelling.casefold(), self.share))
        while len(self.windows) > self.most_windows:
            self.share *= 2
            self.windows = {window for window in self.windows if window % self.share == 0}


def _is_spelled_as_released(found: re.Match[str]) -> bool:
    """Return whether small or capital letters alone spell a name, and it is no stretch of a digest or of Base64.

    A digest of 64 hex digits has such a stretch between its digits 0, 1, 8 and 9 in one of 600 cases, and a pseudonym
    is of the letters a to f and the digits 2 to 7 alone in one of 10**11.
    """
    name, text = found[0], found.string
    if not (name.islower() or name.isupper()) or _HEX.fullmatch(name):
        return False
    before, behind = text[max(found.start() - 1, 0) : found.start()], text[found.end() : found.end() + 1]
    return not _BESIDE.match(before) and not _BEHIND.match(behind)


def hash_windows(folded: str, share: int = 1) -> Iterator[int]:
    """Yield a hash for each run of eight words; punctuation and white space count for nothing.

    ``a b c d e f g h i`` has two windows; ``share`` keeps those that it divides.
    """
    words = _WORD.findall(folded)
    for first in range(len(words) - WINDOW + 1):
        window = hash(tuple(words[first : first + WINDOW]))
        if window % share == 0:
            yield window


def find_windows(texts: Iterable[str], wanted: Collection[int], share: int) -> set[int]:
    """Find which of the ``wanted`` windows stand in texts."""
    return {window for text in texts for window in hash_windows(text.casefold(), share) if window in wanted}


def _unescape(text: str) -> str:
    r"""Write the characters that JSON and HTML escape; a line feed of JSON (``\n``) ends a word."""
    if "\\" in text:
        units = _CODE_UNIT.sub(lambda found: chr(int(found[1], 16)), text)
        text = _ESCAPE.sub(" ", units.encode("utf-16", "surrogatepass").decode("utf-16", "replace"))
    try:
        return html.unescape(text) if "&" in text else text
    except ValueError:  # a number of thousands of digits
        return text
