"""Recognizers: a pattern with a score, supporting words and a check (``Rule``), or a function (``Finder``)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import regex

from schemas.entities import EntityType, Span
from transforms.redact.detect.recognizers.casing import compile_pattern

TIMEOUT_SECONDS = 10.0
"""Most seconds of one pattern on one text; a slower text is redacted whole."""

_FLAGS = regex.IGNORECASE | regex.MULTILINE
_BEFORE_CHARS, _AFTER_CHARS = 70, 20
_VALUE = "v"

Validator = Callable[[str], bool | None]
"""A check of a value: certain (True), refused (False), or left to the pattern's score (None)."""


@dataclass(frozen=True, slots=True)
class Rule:
    r"""A pattern and the entity it finds: ``Rule("badge", EMPLOYEE_ID, r"badge (?P<v>\d{5})", 0.8)``."""

    name: str
    # the entity of every match
    entity: EntityType
    # case-insensitive; ``^`` and ``$`` match at lines; the value is the group ``v`` if present, else the whole match
    pattern: str
    # between 0 and 1; matches below ``redact.score_threshold`` are dropped
    score: float
    # check of the value
    validate: Validator | None = None
    # alternatives of a regular expression; one within 70 characters before or 20 after the value adds ``boost``
    cues: str = ""
    boost: float = 0.35
    # whether nothing is a value in a text without a cue, so that the pattern need not run on it
    needs_cue: bool = False
    # alternatives of a regular expression; one right before the value drops the match
    unless: str = ""
    # prefilter pattern that matches every text in which the rule finds a value; default: ``pattern``
    gate: str = ""
    # whether the rule sees a whole text with its line breaks instead of one line
    document: bool = False
    flags: int = _FLAGS
    _compiled: regex.Pattern[str] = field(init=False, repr=False, compare=False)
    _cues: regex.Pattern[str] | None = field(init=False, repr=False, compare=False)
    _gate: regex.Pattern[str] | None = field(init=False, repr=False, compare=False)
    _unless: regex.Pattern[str] | None = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_compiled", compile_pattern(self.pattern, self.flags))
        cues = regex.compile(rf"(?<![^\W_])(?:{self.cues})(?![^\W_])", _FLAGS) if self.cues else None
        object.__setattr__(self, "_cues", cues)
        # a cue may end where the value begins (``PAN1234``), so that it is no word of its own in the text
        object.__setattr__(self, "_gate", regex.compile(self.cues, _FLAGS) if self.cues else None)
        unless = regex.compile(rf"(?<![^\W_])(?:{self.unless})\W{{0,4}}$", _FLAGS) if self.unless else None
        object.__setattr__(self, "_unless", unless)

    @property
    def gates(self) -> tuple[str, ...]:
        """Return prefilter patterns; at least one matches every text in which the rule finds a value."""
        return (self.gate or self.pattern,)

    def find(self, text: str) -> Iterator[Span]:
        """Yield the values in ``text``; raise ``TimeoutError`` if the pattern takes too long."""
        if self.needs_cue and not (self._gate and self._gate.search(text)):
            return
        named = _VALUE in self._compiled.groupindex
        for found in self._compiled.finditer(text, timeout=TIMEOUT_SECONDS):
            for start, end in found.spans(_VALUE) if named else (found.span(),):
                score = self._score(text, start, end)
                if start < end and score > 0:
                    yield Span(start, end, self.entity, score)

    def _score(self, text: str, start: int, end: int) -> float:
        if self._unless and self._unless.search(text[max(0, start - _AFTER_CHARS) : start]):
            return 0.0
        verdict = self.validate(text[start:end]) if self.validate else None
        if verdict is not None:
            return float(verdict)
        if self._cues and self.has_cue(text, start, end):
            return min(1.0, self.score + self.boost)
        return self.score

    def has_cue(self, text: str, start: int, end: int) -> bool:
        """Return whether a cue is close to the value."""
        if self._cues is None:
            return False
        return bool(
            self._cues.search(text, max(0, start - _BEFORE_CHARS), start)
            or self._cues.search(text, end, end + _AFTER_CHARS)
        )


@dataclass(frozen=True, slots=True)
class Finder:
    """A recognizer that is a function; ``gates`` are its prefilter patterns, as of a ``Rule``."""

    name: str
    gates: tuple[str, ...]
    search: Callable[[str], Iterator[Span]] = field(repr=False)
    document: bool = False

    def find(self, text: str) -> Iterator[Span]:
        """Yield the values in ``text``."""
        return self.search(text)


Recognizer = Rule | Finder


def find_from_ends(pattern: regex.Pattern[str], backwards: regex.Pattern[str], text: str) -> Iterator[regex.Match[str]]:
    """Yield the matches of ``pattern`` at every place, in what ``backwards`` finds: the same pattern, from its end.

    A town before a code has up to five words, which a search forwards reads at every capital of a text. One backwards
    reads them where a code is; the matches of ``Ask Bad Linden 12345`` begin at its three words.
    """
    at = 0
    ends = backwards.finditer(text, overlapped=True, timeout=TIMEOUT_SECONDS)
    for start, end in sorted(found.span() for found in ends):
        for place in range(max(start, at), end):
            if not (text[place].isspace() or text[place].isdecimal()) and (match := pattern.match(text, place)):
                yield match
        at = max(at, end)
