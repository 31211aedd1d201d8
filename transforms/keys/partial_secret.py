"""Partial secret: a few keys derived from a secret, without the secret."""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from schemas.errors import RefusedError

_BYTES = 32
_FORM = 1
_DAMAGED = "a key file is damaged; export it again with: keyveil keys export --role reader DIR -o FILE"


@dataclass(frozen=True, slots=True)
class PartialSecret:
    """Derived keys of the secret ``key_id`` of ``role``; ``held`` maps the words of ``derive`` to keys.

    A key that was damaged or swapped opens nothing, since everything sealed is authenticated.
    """

    role: str
    key_id: str
    held: Mapping[tuple[str, ...], bytes] = field(repr=False)

    def holds(self, *info: str) -> bool:
        """Return whether ``derive`` can give the key of a purpose."""
        return info in self.held

    def derive(self, *info: str) -> bytes:
        """Return the key of one purpose; raise ``RefusedError`` if it was not exported."""
        if info not in self.held:
            raise RefusedError(
                "the reader's key file was exported without the key of this column; leave the column out"
            )
        return self.held[info]

    def to_json(self) -> str:
        """Serialize the keys for ``from_json``."""
        held = [[list(info), base64.b64encode(key).decode()] for info, key in sorted(self.held.items())]
        return json.dumps({"form": _FORM, "role": self.role, "key_id": self.key_id, "held": held}, indent=1) + "\n"

    @classmethod
    def from_json(cls, text: bytes, role: str) -> "PartialSecret":
        """Parse a partial secret of ``role``; raise ``RefusedError`` if the text is damaged or of another role."""
        try:
            form = json.loads(text)
            held = {tuple(map(str, info)): base64.b64decode(key, validate=True) for info, key in form["held"]}
            part = cls(role, str(form["key_id"]), held)
            sound = form["form"] == _FORM and form["role"] == role
        except (ValueError, KeyError, TypeError, binascii.Error):
            raise RefusedError(_DAMAGED) from None
        if not sound or not held or any(len(key) != _BYTES for key in held.values()):
            raise RefusedError(_DAMAGED)
        return part
