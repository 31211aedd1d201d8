"""The population model between runs: a release of its own, in a signed record that later runs may use.

A record holds noisy histograms and what may be claimed of them; nothing in it is secret and nothing in it is exact.
Using it again costs nothing, since everything that is made of it is post-processing (docs/adr).
"""

import hashlib
from dataclasses import asdict, dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from schemas.aggregates import NoisyAggregate
from schemas.errors import FailedError, RefusedError
from transforms.dataset.signing import Json, canonical_json, sign, verify
from transforms.noise.plan import NoisePlan
from transforms.noise.population.learn import aggregate_of, model_of
from transforms.noise.population.model import PopulationModel
from transforms.noise.population.quantities import BINS, EDGES, FIRST_CELL, Quantity
from transforms.noise.settings import NoiseSettings
from transforms.noise.statements import ModelClaim, model_claim
from transforms.object_store.addresses import content_of, join_uri, open_parent
from transforms.object_store.interface import put

PAYLOAD_TYPE = "application/vnd.keyveil.population-model+json"
_FORM = 1
_FOREIGN = "is signed but is no population model of this version; learn a new one with --set noise.model=learn"


@dataclass(frozen=True, slots=True)
class ModelRecord:
    """A learned model: noisy histograms of all quantities, and what holds for them."""

    claim: ModelClaim
    aggregate: NoisyAggregate = field(repr=False)

    @property
    def model(self) -> PopulationModel:
        """Return the population model of the drawn times."""
        return model_of(self.aggregate, self.claim.min_units)

    @property
    def digest(self) -> str:
        """Return the digest that identifies this model; unkeyed, because it covers noisy values alone."""
        return hashlib.sha256(canonical_json(_document(self))).hexdigest()


def make_record(release_id: str, plan: NoisePlan, aggregate: NoisyAggregate) -> ModelRecord:
    """Make the record of a learned model; launcher only."""
    if plan.learning is None:
        raise FailedError("a run that learns no population model has none; nothing is published, report this")
    model = model_of(aggregate, plan.learning.min_units)
    return ModelRecord(model_claim(release_id, plan, plan.learning, model), aggregate)


def write_record(record: ModelRecord, path: str, signing: Ed25519PrivateKey) -> None:
    """Write the signed record to a file or an object; the same record gives the same bytes."""
    store, name = open_parent(path)
    put(store, name, sign(_document(record), PAYLOAD_TYPE, signing))


def _document(record: ModelRecord) -> dict[str, Json]:
    values = record.aggregate.table["value"].to_pylist()
    histograms = {
        quantity.name.lower(): {
            "edges": list(EDGES[quantity]),
            "values": values[FIRST_CELL[quantity] : FIRST_CELL[quantity] + BINS[quantity]],
        }
        for quantity in Quantity
    }
    return {"form": _FORM, "claim": asdict(record.claim), "histograms": histograms}


def read_named_record(settings: NoiseSettings, verifying: Ed25519PublicKey) -> ModelRecord | None:
    """Read the model of an earlier release that the settings name by its path, ``None`` if they name none."""
    return read_record(settings.model, verifying) if settings.reuses else None


def model_address(state: str, release_id: str) -> str:
    """Return the address of a release's learned model in private state at ``state``."""
    return join_uri(state, f"models/{release_id}.dsse.json")


def read_record(path: str, verifying: Ed25519PublicKey) -> ModelRecord:
    """Read the record at ``path``.

    Raises ``RefusedError`` where there is none, ``FailedError`` where it was altered, is of another key set, or has
    other bins than this version.
    """
    try:
        envelope = content_of(path)
    except (OSError, FailedError):
        raise RefusedError(
            f"the population model {path} cannot be read; name one with --set noise.model=PATH, or let the run learn it"
        ) from None
    document: Any = verify(envelope, PAYLOAD_TYPE, verifying, path)
    try:
        claim = ModelClaim(**(document["claim"] | {"learned": tuple(document["claim"]["learned"])}))
        histograms = [document["histograms"][quantity.name.lower()] for quantity in Quantity]
        same_bins = [tuple(item["edges"]) for item in histograms] == [EDGES[quantity] for quantity in Quantity]
        values = [int(value) for item in histograms for value in item["values"]]
    except (KeyError, TypeError, ValueError):
        raise FailedError(f"{path} {_FOREIGN}") from None
    if document["form"] != _FORM or not same_bins:
        raise FailedError(f"{path} {_FOREIGN}")
    return ModelRecord(claim, aggregate_of(values))
