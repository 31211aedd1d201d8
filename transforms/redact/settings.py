"""Settings of the redaction: treatment of each kind of entity, and the engines that find them."""

import re
from dataclasses import dataclass, field
from enum import StrEnum

from schemas.entities import EntityType
from schemas.errors import UsageError
from transforms.redact.window_rules import WindowRules


class Treatment(StrEnum):
    """Replacement of an entity."""

    SURROGATE = "surrogate"
    PLACEHOLDER = "placeholder"
    DROP = "drop"


class RedactClass(StrEnum):
    """Class of values that are found and replaced."""

    PERSONAL = "personal"
    BUSINESS = "business"


class Bystanders(StrEnum):
    """Treatment of people on the screen who are not the recorder."""

    SURROGATE = "surrogate"
    WITHHOLD_INCOMING = "withhold_incoming"
    DROP_SCREEN = "drop_screen"


class UnknownWindows(StrEnum):
    """Treatment of windows of which nobody knows whether others write in them."""

    WITHHOLD = "withhold"
    STRUCTURE = "structure"


_PROFILES = ("default", "fast")
_PREFIX = re.compile(r"[A-Za-z][A-Za-z0-9]{0,9}")


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
    """CSV file of the organisation's people, whose names are redacted wherever they are found: a path, or an address in
    a bucket. ``keyveil hash-directory`` makes one of keyed digests. Its column ``user_id`` says who is recorded by
    which name, for ``bystanders`` other than ``surrogate``; without it an id that is an address or a login does."""

    bystanders: str = "surrogate"
    """Words of others in mail, chats, calendars and meetings: ``surrogate`` replaces personal values alone,
    ``withhold_incoming`` puts one marker in place of what the recorder neither typed nor is shown to have sent, but
    labels of the window, ``drop_screen`` of all that such a window shows. The last two lose most of these screens for
    training."""

    messengers: tuple[str, ...] = ()
    """Regular expressions for whole applications or hosts, or parts of titles, in which other people write, besides
    those that are known or that their screens tell; for ``bystanders`` other than ``surrogate``."""

    quiet: tuple[str, ...] = ()
    """Regular expressions for whole applications or hosts in which nobody else writes to the recorder, besides those
    that are known (editors, terminals, tables, references); for ``bystanders`` other than ``surrogate``."""

    unknown_windows: str = "withhold"
    """Windows that neither ``messengers`` nor ``quiet`` nor public lists know, for ``bystanders`` other than
    ``surrogate``: ``withhold`` leaves of them what the recorder typed, words of interfaces, and short names of
    controls; ``structure`` looks for messages by their structure and misses those of other structures."""

    vocabulary: str | None = None
    """Text file of the organisation's own words, one a line, which are never taken for names of people."""

    classes: tuple[str, ...] = ("personal",)
    """Classes of values that are replaced: ``personal`` always, and ``business`` for the organisation's own secrets:
    what ``organisations`` and ``projects`` list, repositories, channels of chats, ids of tickets."""

    organisations: str | None = None
    """Text file of names of organisations, one a line, for the class ``business``: a path, or an address in a bucket.
    Legal forms such as ``GmbH`` may be left out."""

    projects: str | None = None
    """Text file of names of projects, one a line, for the class ``business``: a path, or an address in a bucket."""

    ticket_prefixes: tuple[str, ...] = ()
    """Letters before the number of a ticket (``PAY`` of ``PAY-12``) that no text of a session tells, for the class
    ``business``."""

    def __post_init__(self) -> None:
        self._check_classes()
        if self.profile not in _PROFILES:
            raise UsageError(f"redact.profile must be one of {', '.join(_PROFILES)}")
        if not 0 <= self.score_threshold <= 1:
            raise UsageError("redact.score_threshold must lie between 0 and 1")
        self._check_windows()
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

    def _check_windows(self) -> None:
        for name, choices in (("bystanders", Bystanders), ("unknown_windows", UnknownWindows)):
            if getattr(self, name) not in list(choices):
                raise UsageError(f"redact.{name} must be one of {', '.join(choices)}")
        for name in ("denied", "messengers", "quiet"):
            WindowRules(getattr(self, name), name)

    def _check_classes(self) -> None:
        if RedactClass.PERSONAL not in self.classes or not set(self.classes) <= set(RedactClass):
            raise UsageError("redact.classes must be [personal] or [personal, business]")
        if RedactClass.BUSINESS not in self.classes:
            for name in ("organisations", "projects", "ticket_prefixes"):
                if getattr(self, name):
                    raise UsageError(f"redact.{name} needs the class business; add it to redact.classes")
        if not all(_PREFIX.fullmatch(prefix) for prefix in self.ticket_prefixes):
            raise UsageError("redact.ticket_prefixes must be 1 to 10 letters and digits each, a letter first")

    def treatment(self, entity: EntityType) -> Treatment:
        """Return the treatment of ``entity``."""
        chosen = self.treatments.get(entity.value)
        if chosen is not None:
            return Treatment(chosen)
        return Treatment.PLACEHOLDER if entity in _MARKED else Treatment.SURROGATE


_FIXED = frozenset({EntityType.PASSWORD.value, EntityType.INCOMING.value, EntityType.UNSCANNED.value})
"""Entities that are always a placeholder: only their presence is released."""

_MARKED = frozenset(
    {
        EntityType.PASSWORD,
        EntityType.SECRET,
        EntityType.ONE_TIME_CODE,
        EntityType.CRYPTO,
        EntityType.MEDICAL,
        EntityType.CLOCK_TIME,
        EntityType.INCOMING,
        EntityType.UNSCANNED,
    }
)
"""Entities that become a fixed marker by default, as a surrogate of them would teach a model nothing."""
