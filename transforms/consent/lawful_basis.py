"""Record of the lawful basis: why people may be recorded at all, and who was asked before.

An opt-in of an employee alone seldom is one (EDPB, Guidelines 05/2020, section 3.1.1): the registry says who takes
part, this record why that is lawful. A release states it.
"""

from dataclasses import dataclass, fields
from datetime import date

from schemas.errors import RefusedError, UsageError

BASES = (
    "consent",
    "contract",
    "legal_obligation",
    "vital_interests",
    "public_task",
    "legitimate_interests",
    "other_law",
)
"""Grounds of Article 6(1) GDPR in its order; ``other_law`` where another law applies."""

_MOST_CHARS = 200
_LINES = (
    "dpia",
    "agreement",
    "reviewer",
    "contact",
    "works_council",
    "organisation",
    "telephone",
    "data_protection_officer",
)
"""Settings that are one line each."""
_OPTIONAL = frozenset(
    {
        "works_council",
        "recordings_days",
        "releases_days",
        "quarantine_days",
        "organisation",
        "telephone",
        "data_protection_officer",
    }
)
"""Settings without which a record is complete."""


@dataclass(frozen=True, slots=True)
class LawfulBasis:
    """Settings of the record; raises ``UsageError`` if one is malformed. A bucket needs all but the last seven."""

    ground: str = ""
    """Ground of Article 6(1) GDPR: ``consent``, ``contract``, ``legal_obligation``, ``vital_interests``,
    ``public_task``, ``legitimate_interests``, or ``other_law``."""

    dpia: str = ""
    """Id of the data protection impact assessment."""

    agreement: str = ""
    """Id of the agreement with the works council, or where it is written why none is needed."""

    consulted: date | None = None
    """Day on which the people or their representatives were consulted."""

    reviewer: str = ""
    """Role that reviewed the record, not a name."""

    expires: date | None = None
    """Last day on which anything may be collected under it."""

    contact: str = ""
    """Address or page of the organisation at which people ask, object and complain."""

    works_council: str = ""
    """Address or page of the works council, for the worker sheet; may be left out."""

    recordings_days: int | None = None
    """Days from that of recording after which the organisation deletes recordings, at least 1, for the worker sheet;
    may be left out."""

    releases_days: int | None = None
    """Days after which the organisation deletes releases in a folder (``keyveil retain``), at least 1, for the worker
    sheet, the manifest and ``keyveil review``; may be left out. Of a bucket the agreement (``--policy``) says it."""

    quarantine_days: int | None = None
    """Days after which runs, and ``keyveil retain --config``, remove what was set aside, at least 1, also for the
    worker sheet; left out, it stays until its person is erased."""

    organisation: str = ""
    """Name of the organisation that decides what is recorded and why, for the worker sheet; may be left out."""

    telephone: str = ""
    """Telephone number of the contact, for the worker sheet: what people write at their computer is recorded; may be
    left out."""

    data_protection_officer: str = ""
    """Address or page of the data protection officer, for the worker sheet; may be left out."""

    def __post_init__(self) -> None:
        if self.ground and self.ground not in BASES:
            raise UsageError(f"basis.ground must be one of {', '.join(BASES)}")
        for name in ("recordings_days", "releases_days", "quarantine_days"):
            if getattr(self, name) is not None and getattr(self, name) < 1:
                raise UsageError(f"basis.{name} must be at least 1")
        for name in _LINES:
            if len(getattr(self, name)) > _MOST_CHARS or not getattr(self, name).isprintable():
                raise UsageError(f"basis.{name} must be one line of at most {_MOST_CHARS} characters")

    @property
    def missing(self) -> tuple[str, ...]:
        """Return the names of the settings that are not stated and must be."""
        needed = (item.name for item in fields(self) if item.name not in _OPTIONAL)
        return tuple(f"basis.{name}" for name in needed if not getattr(self, name))

    def require(self, today: date, *, complete: bool) -> None:
        """Raise ``RefusedError`` if the record has expired, or lacks anything where it must be ``complete``."""
        if complete and self.missing:
            raise RefusedError(
                f"a bucket needs the record of the lawful basis, and {', '.join(self.missing)} is missing: write it "
                "into the configuration (docs/configuration.md)"
            )
        if self.expires is not None and self.expires < today:
            raise RefusedError(
                "basis.expires has passed: nothing may be collected; have the record reviewed and renewed"
            )
