"""Consent travels to workers by its address: the graph grows with nobody, and what rests there is sealed."""

from dataclasses import replace
from pathlib import Path

import apache_beam as beam
import pytest

from schemas.errors import FailedError
from schemas.raw import RawSessions
from transforms.beamkit.sealed_shuffle import ExchangeSettings
from transforms.consent.registry import ConsentSnapshot
from transforms.consent.stage import KeepConsented, SealedConsent
from transforms.keys.key_set import KeyReference, create_key_set


def _snapshot(users: int) -> ConsentSnapshot:
    return ConsentSnapshot("training", {f"user-{number}": {"1": number} for number in range(users)})


@pytest.fixture(scope="module")
def exchange(tmp_path_factory: pytest.TempPathFactory) -> ExchangeSettings:
    folder = tmp_path_factory.mktemp("secrets") / "keys"
    create_key_set(folder)
    return ExchangeSettings(KeyReference.parse(str(folder)), "run", None)


def test_a_worker_reads_the_sealed_consent_unchanged(tmp_path: Path, exchange: ExchangeSettings) -> None:
    address = str(tmp_path / "state" / "consent.sealed")
    kept = SealedConsent(address, exchange)
    for users in (3, 2):  # a retry replaces it
        kept.keep(_snapshot(users))
        assert kept.open() == (_snapshot(users), ())
    assert b"user-" not in Path(address).read_bytes()
    with pytest.raises(FailedError, match="does not open"):
        SealedConsent(address, replace(exchange, run="another")).open()
    Path(address).unlink()
    with pytest.raises(FailedError, match=r"consent\.sealed is missing"):
        kept.open()


def test_the_graph_is_as_long_for_no_people_as_for_a_thousand(tmp_path: Path, exchange: ExchangeSettings) -> None:
    kept = SealedConsent(str(tmp_path / "consent.sealed"), exchange)
    lengths = []
    for users in (0, 1000):
        kept.keep(_snapshot(users))
        pipeline = beam.Pipeline()
        sessions = pipeline | beam.Create([]).with_output_types(RawSessions)
        _ = sessions | KeepConsented(kept)
        lengths.append(len(pipeline.to_runner_api().SerializeToString()))
    assert abs(lengths[0] - lengths[1]) < 100
