"""Users of recorded events and the consent that a recording declares, as far as they can be read."""

from dataclasses import dataclass, field
from enum import Enum

from schemas.ids import canonical_word

_NONE: frozenset[str] = frozenset()


class ConsentStatus(Enum):
    """Consent of the people behind events: all agreed, not all agreed, or unknown people."""

    AGREED = "agreed"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Declaration:
    """Purposes and versions of consent that a recording names, each in canonical form."""

    purposes: frozenset[str] = field(default=_NONE, repr=False)
    versions: frozenset[str] = field(default=_NONE, repr=False)

    def __or__(self, other: "Declaration") -> "Declaration":
        """Join the declarations of two records of one session."""
        return Declaration(self.purposes | other.purposes, self.versions | other.versions)

    def __bool__(self) -> bool:
        """Return whether anything is declared."""
        return bool(self.purposes or self.versions)


NOTHING = Declaration()


def declare(purpose: object, version: object) -> Declaration:
    """Read what one header declares; a blank word declares nothing, one that has no canonical form is kept as it is."""
    return Declaration(*(frozenset(map(_word, words)) for words in (_texts(purpose), _texts(version))))


def _texts(value: object) -> list[str]:
    return [value] if isinstance(value, str) and value.strip() else []


def _word(text: str) -> str:
    try:
        return canonical_word(text)
    except ValueError:
        return text


@dataclass(frozen=True, slots=True)
class Claim:
    """The users (canonical ids) behind events, the earliest time of them, and what they declare.

    ``doubtful``: the events name somebody else too, or may, in a way that cannot be read. ``undated``: they may have a
    time in a part that cannot be read.
    """

    users: frozenset[str] = field(default=_NONE, repr=False)
    first_us: int | None = None
    declared: Declaration = NOTHING
    doubtful: bool = False
    undated: bool = False

    def __or__(self, other: "Claim") -> "Claim":
        """Join two claims: everybody of both, the earlier time, the doubts of both."""
        times = [at for at in (self.first_us, other.first_us) if at is not None]
        return Claim(
            self.users | other.users,
            min(times, default=None),
            self.declared | other.declared,
            self.doubtful or other.doubtful,
            self.undated or other.undated,
        )

    @property
    def is_certain(self) -> bool:
        """Return whether everybody behind the events is known, and the time from which they acted."""
        return bool(self.users) and not self.doubtful and not (self.undated and self.first_us is None)


NOBODY = Claim()
