"""Replacements that look like what they replace, from values that belong to nobody.

A surrogate is a function of the session's key, the entity type and the normalised value: the same value gets the same
surrogate throughout a session, and two sessions cannot be linked by it. Its length does not depend on the value.
"""

import hashlib
import hmac
from dataclasses import dataclass, field

from schemas.entities import EntityType
from transforms.redact.settings import RedactSettings, Treatment
from transforms.redact.surrogates.reserved_values import FAMILY, FORMS, GIVEN, placeholder


@dataclass(frozen=True, slots=True)
class Surrogates:
    """Surrogates of one session: ``key`` is derived for this session and release alone."""

    key: bytes = field(repr=False)
    settings: RedactSettings

    def replacement(self, entity: EntityType, value: str) -> str:
        """Return what stands for ``value``, already normalised by the caller (case, spacing)."""
        treatment = self.settings.treatment(entity)
        if treatment is Treatment.DROP:
            return ""
        form = FORMS.get(entity)
        if treatment is Treatment.PLACEHOLDER or form is None:
            return placeholder(entity)
        return form.make(self._draw(entity.value, value))

    def replaces(self, entity: EntityType) -> bool:
        """Whether values of ``entity`` are given surrogates; where not, a marker or nothing stands for them."""
        return self.settings.treatment(entity) is Treatment.SURROGATE

    def name_part(self, value: str, *, family: bool) -> str:
        """Return the surrogate of one part of a person's name."""
        choices = FAMILY if family else GIVEN
        return choices[self._draw("family" if family else "given", value) % len(choices)]

    def _draw(self, label: str, value: str) -> int:
        message = label.encode() + b"\0" + value.encode("utf-8", "surrogatepass")
        return int.from_bytes(hmac.digest(self.key, message, hashlib.sha256)[:16])


def cased_like(surrogate: str, surface: str) -> str:
    """Return ``surrogate`` in lower or upper case where ``surface`` has no other letters."""
    if surface.islower():
        return surrogate.lower()
    if surface.isupper() and len(surface) > 1:
        return surrogate.upper()
    return surrogate
