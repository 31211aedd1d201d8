"""Statement of a guarantee: mechanism, unit, adjacency, epsilon, delta, assumptions."""

from dataclasses import dataclass

from schemas.privacy import RunKey

ACCOUNTANT = "Renyi DP (Opacus 1.6 RDPAccountant, orders 1.01 to 100,000); tables exact to their share of delta"


_SEALED = "the run's noise key is destroyed when the release is sealed"


_DERIVED = "the run's noise key can be derived again from the key set for ever: for tests and audits only"


@dataclass(frozen=True, slots=True)
class Guarantee:
    """Guarantee of some released columns; ``assumption`` is what it needs besides mathematics.

    The manifest signs an extract, its ``NoiseStatement``, whose fields are a file format: new ones have a default.
    """

    columns: tuple[str, ...]
    mechanism: str
    privacy_unit: str
    adjacency: str
    bounds: str
    epsilon: float
    delta: float
    accountant: str
    assumption: str
    not_covered: tuple[str, ...]


def assumption(run_key: RunKey) -> str:
    """State the cryptographic assumption behind keyed draws."""
    fate = _DERIVED if run_key == RunKey.DERIVED else _SEALED
    return f"HMAC-SHA256 and AES-256 are pseudo-random functions; {fate}"
