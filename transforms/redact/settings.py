"""Settings of the redaction: treatment of each kind of entity, and the engines that find them."""

from dataclasses import dataclass, field
from enum import StrEnum

from schemas.entities import EntityType
from schemas.errors import UsageError


class Treatment(StrEnum):
    """Replacement of an entity."""

    SURROGATE = "surrogate"
    PLACEHOLDER = "placeholder"
    DROP = "drop"


_PROFILES = ("default", "fast")


@dataclass(frozen=True, slots=True)
class RedactSettings:
    """Settings of ``RedactSessions``; raises ``UsageError`` if a value is out of range."""

    profile: str = "default"
    """Set of entity models: ``default``, or ``fast``, which costs less CPU and finds fewer names."""

    models: tuple[str, ...] = ()
    """Entity models, all of which are asked (``onnx:compact``, ``onnx:rampart``, ``spacy:NAME``, ``gliner:FOLDER``);
    empty: those of ``profile``. Each one adds CPU time."""

    score_threshold: float = 0.35
    """Lowest score of a finding, 0 to 1. Lower finds more and redacts more that is harmless."""

    max_text_chars: int = 200_000
    """Longest text in characters that is scanned, at least 1; a longer one is redacted whole."""

    treatments: dict[str, str] = field(default_factory=dict)
    """Treatment of single entity types: ``surrogate``, ``placeholder`` or ``drop``. A placeholder or a drop loses more
    for training."""

    denied: tuple[str, ...] = ()
    """Applications and sites, besides the built-in ones, whose stretches of a session are dropped."""

    directory: str | None = None
    """CSV file of the organisation's people, whose names are redacted wherever they are found."""

    def __post_init__(self) -> None:
        if self.profile not in _PROFILES:
            raise UsageError(f"redact.profile must be one of {', '.join(_PROFILES)}")
        if not 0 <= self.score_threshold <= 1:
            raise UsageError("redact.score_threshold must lie between 0 and 1")
        if self.max_text_chars < 1:
            raise UsageError("redact.max_text_chars must be at least 1")
        known = {entity.value for entity in EntityType}
        for entity, treatment in self.treatments.items():
            if entity not in known:
                raise UsageError(
                    "redact.treatments names an entity type that does not exist; see docs/data-dictionary.md"
                )
            if treatment not in {choice.value for choice in Treatment}:
                raise UsageError(f"redact.treatments.{entity} must be surrogate, placeholder or drop")
            if entity in _FIXED and treatment != Treatment.PLACEHOLDER:
                raise UsageError(f"redact.treatments.{entity} is fixed to placeholder; remove it")

    def treatment(self, entity: EntityType) -> Treatment:
        """Return the treatment of ``entity``."""
        chosen = self.treatments.get(entity.value)
        if chosen is not None:
            return Treatment(chosen)
        return Treatment.PLACEHOLDER if entity in _MARKED else Treatment.SURROGATE


_FIXED = frozenset({EntityType.PASSWORD.value, EntityType.UNSCANNED.value})
"""Entities that are always a placeholder: only their presence is released."""

_MARKED = frozenset(
    {
        EntityType.PASSWORD,
        EntityType.SECRET,
        EntityType.ONE_TIME_CODE,
        EntityType.CRYPTO,
        EntityType.MEDICAL,
        EntityType.UNSCANNED,
    }
)
"""Entities that become a fixed marker by default, as a surrogate of them would teach a model nothing."""
