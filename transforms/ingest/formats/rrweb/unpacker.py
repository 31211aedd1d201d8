"""Events that were packed one by one or whole: deflated JSON in a text, as @rrweb/packer and PostHog write it."""

import base64
import json
import re
import zlib
from dataclasses import dataclass

_ANY_FORM = 47
"""zlib.decompressobj: gzip or zlib, whichever the data begin with."""

_BASE64 = re.compile(r"(?:H4sI|eJ|eN|eA|eF)[0-9A-Za-z+/]{12,}={0,2}", re.ASCII)
_DEFLATED = ("x\x9c", "x\xda", "x\x01", "x^", "\x1f\x8b")


@dataclass(slots=True)
class Unpacker:
    """Unpacks texts, in all not more than ``left`` bytes: a small file must not become a large one."""

    left: int

    def unpack(self, text: str) -> object | None:
        """Return the JSON value that a text holds, packed or plain; ``None`` where it holds none."""
        start = text[:1]
        if start in {"[", "{"}:
            return _load(text)
        if text.startswith(_DEFLATED):
            return self._inflate(text.encode("latin-1", errors="replace"))
        if _BASE64.fullmatch(text):
            try:
                return self._inflate(base64.b64decode(text))
            except ValueError:
                return None
        return None

    def _inflate(self, packed: bytes) -> object | None:
        inflater = zlib.decompressobj(_ANY_FORM)
        try:
            clear = inflater.decompress(packed, self.left + 1)
        except zlib.error:
            return None
        if not inflater.eof or len(clear) > self.left:
            return None
        self.left -= len(clear)
        return _load(clear.decode(errors="surrogateescape"))

    def open_event(self, event: dict[str, object]) -> dict[str, object]:
        """Return an event of PostHog whose data are packed (``cv``) in the clear; another one as it is."""
        if not isinstance(event.get("cv"), str):
            return event
        data = event.get("data")
        if isinstance(data, str):
            data = self.unpack(data)
        elif isinstance(data, dict):
            data = {name: self._open_part(part) for name, part in data.items()}
        return event | {"data": data}

    def _open_part(self, part: object) -> object:
        return self.unpack(part) if isinstance(part, str) and part.startswith(_DEFLATED) else part


def is_packed(text: str) -> bool:
    """Return whether a text begins as packed events or as JSON does."""
    return text.startswith(("[", "{", *_DEFLATED)) or _BASE64.fullmatch(text) is not None


def _load(text: str) -> object | None:
    try:
        value: object = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return value
