"""Sessions from rows, and a redactor whose detector knows what to find."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pyarrow as pa
import pytest

from schemas.entities import EntityType, Span, Text
from schemas.raw import RAW_SCHEMA, RawSessions
from transforms.keystrokes import reconstruct
from transforms.redact.batch import BatchRedactor
from transforms.redact.deny_list import DenyList
from transforms.redact.results import Extras, RedactionResult
from transforms.redact.settings import RedactSettings
from transforms.redact.surrogates.surrogates import Identity, Surrogates

Row = dict[str, Any]


class Known:
    """A detector that finds given values wherever they stand, in exactly the case they are given in."""

    common_words = frozenset({"test", "will"})

    def __init__(self, values: Mapping[str, EntityType]) -> None:
        self._values = values

    def detect(self, texts: Sequence[Text]) -> list[tuple[Span, ...]]:
        return [tuple(sorted(self._spans(text.content))) for text in texts]

    def _spans(self, content: str) -> list[Span]:
        found, taken = [], 0
        for at in range(len(content)):
            values = [value for value in self._values if content.startswith(value, at)]
            if values and at >= taken:
                taken = at + len(max(values, key=len))
                found.append(Span(at, taken, self._values[content[at:taken]], 1.0))
        return found

    def digest(self) -> str:
        return "known"


def identity(settings: RedactSettings) -> Identity:
    return Identity(
        session=lambda name, episode: f"session-{name}-{episode}",
        user=lambda name: f"user-{name}",
        surrogates=lambda name: Surrogates(name.encode().ljust(32, b"."), settings),
    )


@pytest.fixture(scope="session")
def redact() -> Callable[..., RedactionResult]:
    """Return a function that redacts rows with a detector, or with one that knows the given values."""

    def run(rows: Sequence[Row], finds: Any, settings: RedactSettings | None = None) -> RedactionResult:
        filled = [{"session_id": "s", "user_id": "u", "seq": seq, "episode": 0} | row for seq, row in enumerate(rows)]
        table = pa.Table.from_pylist(filled, schema=RAW_SCHEMA)
        detector = Known(finds) if isinstance(finds, Mapping) else finds
        redactor = BatchRedactor(detector, DenyList(()), identity(settings or RedactSettings()), Extras(trace=True))
        return redactor.redact(reconstruct(RawSessions(table)))

    return run
