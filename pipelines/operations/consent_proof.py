"""Proof of the consent registry that a release obeyed, for whoever holds the key set and a copy of the registry."""

from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.state.consent_record import digest_rows
from pipelines.state.id_case import folds_case
from pipelines.state.private_state import PrivateState
from schemas.errors import UsageError
from transforms.consent.registry import digest_registry
from transforms.consent.tables import name_source
from transforms.dataset.manifest import Manifest
from transforms.dataset.verify.dataset import Defect

_OTHER = (
    "their manifests state other rows, as after every change of the registry until the next release; pass the copy of "
    "the registry that a release was made under"
)


@dataclass(frozen=True, slots=True)
class ConsentProof:
    """Ids of releases by what their signed manifests say of a registry: made under it, under another one, nothing."""

    obeyed: tuple[str, ...]
    other: tuple[str, ...]
    unstated: tuple[str, ...]


def prove_consent(path: str, private: PrivateState | None, manifests: Sequence[Manifest]) -> ConsentProof:
    """Compare all rows of a registry with the keyed digest in each manifest.

    Raises ``UsageError`` without a key set, which alone computes the digest, and ``RefusedError`` for a registry that
    a run would refuse.
    """
    if private is None:
        raise UsageError("--consent needs the key set: the digest of the registry is keyed; pass --keys DIR")
    digests = digest_rows(private.keys, digest_registry(path, fold_case=folds_case(private)))
    stated = {manifest.release_id: manifest.registry_digest for manifest in manifests}
    return ConsentProof(
        tuple(name for name, digest in stated.items() if digest in digests),
        tuple(name for name, digest in stated.items() if digest is not None and digest not in digests),
        tuple(name for name, digest in stated.items() if digest is None),
    )


def find_consent_fault(path: str, proof: ConsentProof) -> list[Defect]:
    """Report a registry that no release was made under; a registry of many weeks usually covers a few releases."""
    if proof.obeyed:
        return []
    why = "their manifests state no registry" if not proof.other else _OTHER
    return [Defect(f"the consent registry {name_source(path)}", f"matches no release here: {why}")]
