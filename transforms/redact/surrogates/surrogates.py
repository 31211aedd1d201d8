"""Surrogates: replacements of the same kind as the value, drawn from reserved values.

A surrogate is a function of the session's key, the entity type and the normalised value: within a session the same
value has the same surrogate, but surrogates do not link two sessions. Their length does not depend on the value.
"""

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass, field

from schemas.entities import EntityType
from transforms.redact.settings import RedactSettings, Treatment
from transforms.redact.surrogates.reserved_values import FAMILY, FORMS, GIVEN, placeholder


@dataclass(frozen=True, slots=True)
class Surrogates:
    """The surrogates of one session; ``key`` is derived for this session and release alone."""

    key: bytes = field(repr=False)
    settings: RedactSettings

    def replacement(self, entity: EntityType, value: str) -> str:
        """Return the surrogate or marker of ``value``, whose case and spacing the caller has normalised."""
        treatment = self.settings.treatment(entity)
        if treatment is Treatment.DROP:
            return ""
        form = FORMS.get(entity)
        if treatment is Treatment.PLACEHOLDER or form is None:
            return placeholder(entity)
        return form.make(self._draw(entity.value, value))

    def replaces(self, entity: EntityType) -> bool:
        """Return whether values of ``entity`` get surrogates rather than a marker or nothing."""
        return self.settings.treatment(entity) is Treatment.SURROGATE

    def name_part(self, value: str, *, family: bool) -> str:
        """Return the surrogate of one part of a person's name."""
        choices = FAMILY if family else GIVEN
        return choices[self._draw("family" if family else "given", value) % len(choices)]

    def _draw(self, label: str, value: str) -> int:
        message = label.encode() + b"\0" + value.encode("utf-8", "surrogatepass")
        return int.from_bytes(hmac.digest(self.key, message, hashlib.sha256)[:16])


def cased_like(surrogate: str, surface: str) -> str:
    """Write ``surrogate`` in lower or upper case if ``surface`` has no other letters."""
    if surface.islower():
        return surrogate.lower()
    if surface.isupper() and len(surface) > 1:
        return surrogate.upper()
    return surrogate


@dataclass(frozen=True, slots=True)
class Identity:
    """Functions that give a session its released names, and its surrogates."""

    session: Callable[[str, int], str]
    user: Callable[[str], str]
    surrogates: Callable[[str], Surrogates]
