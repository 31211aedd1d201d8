"""A registry is told apart by its rows: under every key before a rotation, and never by an unkeyed hash."""

from dataclasses import replace
from pathlib import Path

import pytest

from pipelines.operations.consent_proof import find_consent_fault, prove_consent
from pipelines.state.consent_record import digest_rows
from pipelines.state.private_state import PrivateState
from schemas.errors import UsageError
from tests.dataset.test_manifest import MANIFEST
from transforms.consent.registry import digest_registry
from transforms.keys.key_set import KeyReference, KeyRole, create_key_set
from transforms.keys.rotation import rotate

_HEAD = "user_id,purpose,version,granted_at,withdrawn_at\n"
_ANNA, _BEN = "anna,training,1,2026-01-01T00:00:00Z,\n", "ben,training,1,2026-01-01T00:00:00Z,\n"


@pytest.fixture
def private(tmp_path: Path) -> PrivateState:
    create_key_set(tmp_path / "keys")
    return PrivateState.of(KeyReference.parse(str(tmp_path / "keys")), str(tmp_path / "state"))


@pytest.fixture
def registry(tmp_path: Path) -> Path:
    (tmp_path / "consent.csv").write_text(_HEAD + _ANNA + _BEN)
    return tmp_path / "consent.csv"


def test_releases_are_grouped_by_the_registry_that_they_state(private: PrivateState, registry: Path) -> None:
    rows = digest_registry(str(registry), fold_case=True)
    digest = digest_rows(private.keys, rows)[0]
    assert rows not in digest
    stated = {"a": digest, "b": "0", "c": None}
    manifests = [replace(MANIFEST, release_id=name, registry_digest=of) for name, of in stated.items()]
    proof = prove_consent(str(registry), private, manifests)
    assert (proof.obeyed, proof.other, proof.unstated) == (("a",), ("b",), ("c",))
    assert find_consent_fault("consent.csv", proof) == []
    assert (
        "their manifests state other rows"
        in find_consent_fault("it", prove_consent(str(registry), private, manifests[1:]))[0].problem
    )
    assert (
        "state no registry" in find_consent_fault("it", prove_consent(str(registry), private, manifests[2:]))[0].problem
    )


def test_a_release_of_before_a_rotation_is_recognised(private: PrivateState, registry: Path, tmp_path: Path) -> None:
    digest = digest_rows(private.keys, digest_registry(str(registry), fold_case=True))[0]
    rotate(tmp_path / "keys", KeyRole.TRANSIT)
    later = PrivateState.of(private.reference, private.uri)
    assert prove_consent(str(registry), later, [replace(MANIFEST, registry_digest=digest)]).obeyed


@pytest.mark.parametrize(
    "rows",
    [
        _ANNA,
        _ANNA + _BEN.replace("training", "support"),
        _ANNA + _BEN.replace(",1,", ",2,"),
        _ANNA + _BEN.replace("2026-01-01", "2026-01-02"),
        _ANNA + _BEN.replace("Z,", "Z,2026-02-01T00:00:00Z"),
    ],
)
def test_any_other_row_is_another_registry(registry: Path, rows: str) -> None:
    before = digest_registry(str(registry), fold_case=True)
    registry.write_text(_HEAD + _BEN + _ANNA)
    assert digest_registry(str(registry), fold_case=True) == before
    registry.write_text(_HEAD + rows)
    assert digest_registry(str(registry), fold_case=True) != before


def test_without_a_key_set_nothing_is_compared(registry: Path) -> None:
    with pytest.raises(UsageError, match="--keys"):
        prove_consent(str(registry), None, [MANIFEST])
