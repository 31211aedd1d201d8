"""What a recogniser is: a pattern with a score, words that support it and a check; and how it is evaluated."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import regex

from schemas.entities import EntityType, Span
from transforms.redact.detect.recognizers.casing import compile_pattern

TIMEOUT_SECONDS = 10.0
"""How long one pattern may work on one text. A text that takes longer is redacted whole."""

_FLAGS = regex.IGNORECASE | regex.MULTILINE
_BEFORE_CHARS, _AFTER_CHARS = 70, 20
_VALUE = "v"

Validator = Callable[[str], bool | None]
"""Says of a value: certain (True), no (False), or what the pattern's score says (None)."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A pattern (case-insensitive, ``^`` and ``$`` at lines) and the entity it finds.

    The value is the group ``v`` where there is one, else the whole match. ``cues`` are alternatives of a regular
    expression: one of them within 70 characters before or 20 after the value adds ``boost`` to the score. ``document``
    rules see a whole text with its line breaks, the others one line. ``unless`` are words that, right before the value,
    say that it is something else. ``gate`` is a pattern that matches wherever the rule finds something, where the check
    makes one that matches less often than the rule's own.
    """

    name: str
    entity: EntityType
    pattern: str
    score: float
    validate: Validator | None = None
    cues: str = ""
    boost: float = 0.35
    unless: str = ""
    gate: str = ""
    document: bool = False
    flags: int = _FLAGS
    _compiled: regex.Pattern[str] = field(init=False, repr=False, compare=False)
    _cues: regex.Pattern[str] | None = field(init=False, repr=False, compare=False)
    _unless: regex.Pattern[str] | None = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_compiled", compile_pattern(self.pattern, self.flags))
        cues = regex.compile(rf"(?<![^\W_])(?:{self.cues})(?![^\W_])", _FLAGS) if self.cues else None
        object.__setattr__(self, "_cues", cues)
        unless = regex.compile(rf"(?<![^\W_])(?:{self.unless})\W{{0,4}}$", _FLAGS) if self.unless else None
        object.__setattr__(self, "_unless", unless)

    @property
    def gates(self) -> tuple[str, ...]:
        """Patterns of which one matches wherever the rule does."""
        return (self.gate or self.pattern,)

    def find(self, text: str) -> Iterator[Span]:
        """Yield what the rule finds; raise ``TimeoutError`` where the pattern takes too long."""
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
        if self._cues and self.cued(text, start, end):
            return min(1.0, self.score + self.boost)
        return self.score

    def cued(self, text: str, start: int, end: int) -> bool:
        """Whether a cue stands near the value."""
        if self._cues is None:
            return False
        return bool(
            self._cues.search(text, max(0, start - _BEFORE_CHARS), start)
            or self._cues.search(text, end, end + _AFTER_CHARS)
        )


@dataclass(frozen=True, slots=True)
class Finder:
    """A recogniser that is a function; ``gates`` has the meaning it has for a rule."""

    name: str
    gates: tuple[str, ...]
    search: Callable[[str], Iterator[Span]] = field(repr=False)
    document: bool = False

    def find(self, text: str) -> Iterator[Span]:
        """Yield what the function finds."""
        return self.search(text)


Recognizer = Rule | Finder
