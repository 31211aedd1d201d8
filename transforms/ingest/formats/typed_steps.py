"""Keys and texts of recordings that tell steps, and not each key: ``type "lamp"``, ``press Ctrl+C``."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

from schemas.key_codes import code_of
from transforms.ingest.parsing.key_names import name_key

MODIFIERS = ("Alt", "AltGraph", "Control", "Meta", "Shift")

Event = dict[str, object]


def press(names: Sequence[str]) -> Iterator[Event]:
    """Yield the key events of keys that are pressed together, the first one first, and let go in reverse.

    >>> [(event["key"], event["action"]) for event in press(["ctrl", "c"])]
    [('Control', 'down'), ('c', 'down'), ('c', 'up'), ('Control', 'up')]
    """
    keys = [name_key(name) for name in names]
    for place, key in enumerate(keys):
        yield _key(key, "down", keys[:place])
    for place, key in reversed(list(enumerate(keys))):
        yield _key(key, "up", keys[:place])


def press_chord(text: str) -> Iterator[Event]:
    """Yield the key events of ``Control+c``; a lone ``+`` is a key.

    >>> [event["key"] for event in press_chord("Control+c")]
    ['Control', 'c', 'c', 'Control']
    """
    yield from press(text.split("+") if len(text) > 1 else [text])


def _key(key: str, action: str, held: Collection[str]) -> Event:
    modifiers = [word for word in MODIFIERS if word in held]
    return {"kind": "key", "action": action, "key": key, "code": code_of(key) or "", "modifiers": modifiers}


@dataclass(slots=True)
class HeldKeys:
    """Keys that are down, from which the modifiers of each key event follow."""

    _held: set[str] = field(default_factory=set, repr=False)

    def event(self, name: str, *, down: bool) -> Event:
        """Return the event of a key that goes down or up."""
        key = name_key(name)
        (self._held.add if down else self._held.discard)(key)
        return _key(key, "down" if down else "up", self._held - {key})


@dataclass(slots=True)
class Field:
    """The field that steps type into: another one after each click; its value grows with each step.

    ``pointer`` is where the pointer was last.
    """

    pointer: tuple[float, float] = (0.0, 0.0)
    _number: int = 0
    _value: str = field(default="", repr=False)
    _label: str = field(default="", repr=False)
    _open: bool = False
    _secret: bool = False

    def leave(self, label: str = "", *, secret: bool = False) -> None:
        """Go elsewhere: what is typed next belongs to another field, named ``label``, perhaps one for a password."""
        self._open, self._label, self._secret = False, label, secret

    def type(self, text: str) -> Iterator[Event]:
        """Yield the events of a text that is typed after what stands there."""
        yield from self._fill((self._value if self._open else "") + text)

    def fill(self, text: str, label: str = "") -> Iterator[Event]:
        """Yield the events of a text that replaces what stands in the field ``label``."""
        if label != self._label:
            self.leave(label)
        yield from self._fill(text)

    def _fill(self, value: str) -> Iterator[Event]:
        if not self._open:
            self._open = True
            self._number += 1
            secret = self._secret or "password" in self._label.casefold()
            role = "password" if secret else "textbox"
            named = {"role": role, "label": self._label, "multiline": True}
            yield {"kind": "field", "field_id": f"step-{self._number}"} | named
        self._value = value
        yield {"kind": "input_value", "field_id": f"step-{self._number}", "value": value, "source_masked": False}
