from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pytest

from schemas.privacy import Pointer
from schemas.safe import REDACTED_SCHEMA
from transforms.noise.plan import NoisePlan, PointerNoise
from transforms.noise.settings import NoiseSettings, Timing
from transforms.privacy.mechanisms import Sigma

Row = dict[str, Any]
Build = Callable[..., pa.Table]


@pytest.fixture(scope="session")
def build() -> Build:
    """Rows of sessions (one list a session) as a table of the redacted schema."""

    def build_table(*sessions: list[Row], names: tuple[str, ...] = ("alpha", "beta", "gamma", "delta")) -> pa.Table:
        rows = [
            {"session": name, "user": f"user-{name}", "seq": seq, "synthetic": False, **row}
            for name, session in zip(names, sessions, strict=False)
            for seq, row in enumerate(session)
        ]
        columns = []
        for column in REDACTED_SCHEMA:
            values = [row.get(column.name) for row in rows]
            if pa.types.is_dictionary(column.type):
                columns.append(pa.array(values, pa.string()).dictionary_encode().cast(column.type))
            else:
                columns.append(pa.array(values, column.type))
        return pa.table(columns, schema=REDACTED_SCHEMA)

    return build_table


@pytest.fixture(scope="session")
def make_plan() -> Callable[..., NoisePlan]:
    """A plan with small, uncalibrated scales: what is tested with it does not depend on the budget."""

    def make(settings: NoiseSettings | None = None, position: Sigma | None = None, **scales: Sigma) -> NoisePlan:
        settings = settings or NoiseSettings(pointer=Pointer.NOISE)
        noisy = settings.timing is Timing.NOISE
        defaults = {
            "interval_sigma": Sigma(50, 1) if noisy else None,
            "dwell_sigma": Sigma(20, 1) if noisy else None,
        }
        pointer = None if settings.pointer == Pointer.TARGETS else PointerNoise(position or Sigma(10, 1), Sigma(4, 5))
        return NoisePlan(settings, pointer=pointer, **(defaults | scales))

    return make


@pytest.fixture(scope="session")
def stroke() -> Callable[..., Row]:
    """One key event."""

    def make(
        action: str, key: str, t_us: int | None = None, held: tuple[str, ...] = (), code: str | None = None
    ) -> Row:
        guessed = f"Key{key.upper()}" if len(key) == 1 else f"{key}Left"
        return {
            "kind": "key",
            "action": action,
            "key": key,
            "code": code or guessed,
            "modifiers": list(held),
            "t_us": t_us,
        }

    return make
