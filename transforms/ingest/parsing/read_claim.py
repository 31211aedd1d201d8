"""Read leniently the people behind a line that cannot be used, before anything of it is kept.

A line that breaks a rule is still somebody's. Of a JSON object every field at its top is read, each time it stands
there; of anything else whatever looks like such a field. Where a line speaks of a user in a way that cannot be read,
its claim is doubtful: what is not understood is never taken for nobody's.
"""

import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import zstandard

from schemas.claims import NOBODY, NOTHING, Claim, Declaration, declare
from schemas.ids import canonical_id
from transforms.ingest.parsing.lines import ZSTD_MAGIC

_MOST_INFLATED = 64 << 20
"""Of a line that was too long to be parsed this much is looked at; where it is longer its claim is doubtful."""

_FIELDS = {
    "userid": "user",
    "user": "user",
    "sessionid": "session",
    "purpose": "purpose",
    "consentversion": "version",
    "tus": "time",
}
_NO_LETTER = re.compile(r"[^a-z]")
_MENTION = re.compile(r"user[\s_-]*id", re.IGNORECASE)
_TEXT = re.compile(
    r'"(user_?id|user|session_?id|purpose|consent_?version)"\s*:\s*("(?:[^"\\]|\\.)*")', re.IGNORECASE | re.DOTALL
)
_TIME_MENTION = re.compile(r"t[\s_-]*us\b", re.IGNORECASE)
_TIME = re.compile(r'"t_us"\s*:\s*"?(\d{1,18})(?![\d.eE])', re.IGNORECASE)
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})")


@dataclass(slots=True)
class _Read:
    users: set[str] = field(default_factory=set, repr=False)
    sessions: set[str] = field(default_factory=set, repr=False)
    declared: Declaration = NOTHING
    times: list[int] = field(default_factory=list, repr=False)
    doubtful: bool = False
    undated: bool = False

    def see(self, meaning: str, value: object, *, fold_case: bool) -> None:
        """Read one field; a number may be an id that was written without quotes, and a time one with them."""
        match meaning:
            case "time" if value is not None:
                self._see_time(value)
            case "purpose":
                self.declared |= declare(value, None)
            case "version":
                self.declared |= declare(None, value)
            case "user" | "session" if value is not None:
                self._see_id(self.users if meaning == "user" else self.sessions, value, fold_case)

    def _see_time(self, value: object) -> None:
        try:
            self.times.append(int(value) if isinstance(value, str | float | int) else int("?"))
        except (ValueError, OverflowError):
            self.doubtful = True

    def _see_id(self, ids: set[str], value: object, fold_case: bool) -> None:
        word = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else "\0"
        if not word.strip():
            return
        try:
            ids.add(canonical_id(word, fold_case=fold_case and ids is self.users))
        except ValueError:
            self.doubtful = True

    def claim(self) -> Claim:
        return Claim(frozenset(self.users), min(self.times, default=None), self.declared, self.doubtful, self.undated)


def read_claim(content: bytes, *, fold_case: bool) -> tuple[str | None, Claim]:
    """Read which session a line belongs to, ``None`` where that is not certain, and who stands behind it.

    >>> read_claim(b'{"user_id": "Ann", "session_id": "s", "text": "cut of', fold_case=True)[0]
    's'
    """
    if not content:
        return None, NOBODY
    packed = content.startswith(ZSTD_MAGIC)
    clear, whole = _inflate(content) if packed else (content, True)
    text = clear.decode(errors="replace")
    pairs = None if packed else _object(text)
    found = _Read(doubtful=not whole)
    for meaning, value in _guess_fields(text, found) if pairs is None else _read_words(pairs):
        found.see(meaning, value, fold_case=fold_case)
    if len(found.sessions) > 1:
        found.doubtful = True
    return (next(iter(found.sessions)) if len(found.sessions) == 1 else None), found.claim()


class _Pairs(tuple[tuple[str, object], ...]):
    """The fields of an object in order; one may stand there twice."""

    __slots__ = ()


def _object(text: str) -> _Pairs | None:
    try:
        found = json.loads(text, object_pairs_hook=_Pairs)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, _Pairs) else None


def _read_words(pairs: _Pairs) -> Iterator[tuple[str, object]]:
    for name, value in pairs:
        meaning = _FIELDS.get(_NO_LETTER.sub("", name.casefold()))
        if meaning is not None:
            yield meaning, value


def _guess_fields(text: str, found: _Read) -> Iterator[tuple[str, object]]:
    """Yield what looks like a field anywhere in a text; it is doubtful where more is said of a user than that.

    ``{"user_id": "ann", ... {"user_id": "bo`` cut off: ann, and a second user who cannot be read.
    """
    text = _ESCAPE.sub(_unescape, text)
    read = 0
    for name, quoted in _TEXT.findall(text):
        meaning = _FIELDS[_NO_LETTER.sub("", name.lower())]
        read += meaning == "user" and bool(_MENTION.fullmatch(name))
        try:
            yield meaning, json.loads(quoted, strict=False)
        except ValueError:
            found.doubtful = True
    times = _TIME.findall(text)
    yield from (("time", time) for time in times)
    found.undated = not times
    if len(_MENTION.findall(text)) != read or len(_TIME_MENTION.findall(text)) != len(times):
        found.doubtful = True


def _unescape(match: re.Match[str]) -> str:
    """Read an escaped letter or digit of ASCII, which a name may be written with; others stay as they are."""
    char = chr(int(match[1], 16))
    return char if char.isascii() and (char.isalnum() or char == "_") else match[0]


def _inflate(content: bytes) -> tuple[bytes, bool]:
    """Unpack a line as far as it is looked at, and tell whether that is all of it."""
    try:
        with zstandard.ZstdDecompressor().stream_reader(io.BytesIO(content)) as packed:
            clear = packed.read(_MOST_INFLATED + 1)
    except zstandard.ZstdError:
        return b"", False
    return clear[:_MOST_INFLATED], 0 < len(clear) <= _MOST_INFLATED  # a frame that breaks off may give nothing
