"""Nights of several machines: private state in a bucket, locks that they do not share, workers without one disk."""

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import apache_beam as beam
import pytest
from google.cloud.storage import Client

from pipelines.nightly import stage_day as nightly
from pipelines.nightly.graph import NightPlan, stage_night
from pipelines.observe.summary import StepCount
from pipelines.release.redaction import RedactionPlan
from pipelines.runner.shuffle_check import find_clear_shuffles
from tests.support.days import USERS, days_from, make_sessions, write_days
from tests.support.gcs import client_of, fake_gcs
from tests.support.nights import Company, span
from transforms.beamkit.sealed_shuffle import ExchangeSettings
from transforms.consent.registry import ConsentSnapshot
from transforms.consent.stage import SealedConsent
from transforms.ingest.formats.adapter import Source
from transforms.ingest.settings import IngestSettings
from transforms.keys.key_set import KeyReference
from transforms.object_store import gcs as bucket
from transforms.object_store.addresses import open_store
from transforms.object_store.interface import ObjectStore, put
from transforms.redact.results import Extras
from transforms.redact.settings import RedactSettings
from transforms.staging.sealed_files import SealedFileSettings
from transforms.staging.session_end import SessionEnd

DAYS = days_from(date(2026, 11, 3), 2)
SESSIONS = [*make_sessions(DAYS, 2, 5)]


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    with fake_gcs() as address:
        yield client_of(address)


@pytest.fixture
def company(tmp_path: Path, client: Client, monkeypatch: pytest.MonkeyPatch) -> Company:
    monkeypatch.setattr(bucket, "client", lambda: client)
    name = f"state-{tmp_path.name.replace('_', '-')[-40:].strip('-')}"
    client.create_bucket(name)
    made = Company(tmp_path, ("--set", "schedule.window_days=2", "--set", "noise.run_key=derived"))
    made.state = f"gs://{name}/state"
    write_days(made.logs, SESSIONS)
    return made


def test_of_two_machines_that_run_one_night_one_is_refused_and_nothing_is_told_twice(
    company: Company, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(company.keys, tmp_path / "other" / "keys")
    here, elsewhere = company.keys, tmp_path / "other" / "keys"
    reconcile = nightly._reconcile

    def other_was_faster(results: nightly.NightResults) -> None:
        reconcile(results)
        monkeypatch.setattr(nightly, "_reconcile", reconcile)
        company.keys = elsewhere
        assert company.run(*span(DAYS)).code == 0
        company.keys = here

    monkeypatch.setattr(nightly, "_reconcile", other_was_faster)
    told = company.run(*span(DAYS))
    assert told.code == 3
    assert "run again" in told.err
    before = company.shards()
    again = company.run(*span(DAYS))
    assert (again.code, [item["repeated"] for item in again.json["releases"]]) == (0, [True])
    assert (len(company.releases()), company.shards()) == (1, before)
    assert set(company.held(company.releases(), SESSIONS)) == {events[0]["session_id"] for events in SESSIONS}


def test_a_job_that_outlives_its_driver_does_not_reach_the_results_of_the_retry(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    read, orphaned = nightly.read_night, dict[str, list[str]]()

    def killed(results: ObjectStore, _: object) -> nightly.NightResults:
        orphaned[results.uri] = results.names()
        raise KeyboardInterrupt

    def while_the_orphan_writes(results: ObjectStore, steps: tuple[StepCount, ...]) -> nightly.NightResults:
        for uri, names in orphaned.items():
            for name in names:
                put(open_store(uri), name, b"[]")
        return read(results, steps)

    monkeypatch.setattr(nightly, "read_night", killed)
    assert company.run("--day", str(DAYS[0])).code == 4
    monkeypatch.setattr(nightly, "read_night", while_the_orphan_writes)
    told = company.run(*span(DAYS))
    assert (told.code, told.err) == (0, "")
    assert [len(names) for names in orphaned.values()] == [7]
    assert told.json["nights"][0]["events"] > 0
    assert set(company.held(company.releases(), SESSIONS)) == {events[0]["session_id"] for events in SESSIONS}
    assert [name for name in open_store(str(company.state)).names() if "attempts" in name] == []


def test_the_graph_of_a_night_shuffles_nothing_clear(company: Company) -> None:
    reference = KeyReference.parse(str(company.keys))
    exchange = ExchangeSettings(reference, "night", None)
    consent = SealedConsent(f"{company.state}/consent.sealed", exchange)
    consent.keep(ConsentSnapshot("training", {"user-a": {"1": 0}}))
    plan = NightPlan(
        redaction=RedactionPlan(
            sources=(Source(0, str(company.logs / "log.jsonl"), "canonical", None),),
            ingest=IngestSettings(),
            consent=consent,
            redact=RedactSettings(profile="fast", bystanders="withhold_incoming"),
            exchange=exchange,
            naming="window",
            extras=Extras(origins=True),
            uses_history=True,
        ),
        files=SealedFileSettings(reference, f"{company.state}/nights/sessions", "0-"),
        rule=SessionEnd(0, 0, 0),
        held=("held/1.sealed",),
        closed=("closed/1.sealed",),
    )
    pipeline = beam.Pipeline()
    stage_night(pipeline, plan, str(company.state), "night", f"{company.state}/results")
    assert find_clear_shuffles(pipeline.to_runner_api()) == []


def test_what_rests_in_a_bucket_is_sealed(company: Company) -> None:
    assert company.run("--day", str(DAYS[0])).code == 0
    store = open_store(f"{company.state}/nights/sessions")
    kinds = {name.partition("/")[0] for name in store.names()}
    assert kinds == {"journal", "staged", "closed"}
    # a word of five bytes or fewer is met by chance: once in 10**8 runs or more often
    clear = (
        *map(str.encode, USERS),
        b"user_id",
        b"session_id",
        b"2026-11-0",
        b"parquet-cpp",
        b"ARROW1\0\0",
        b"ARROW:schema",
    )
    for name in store.names():
        with store.open(name) as file:
            content = file.read()
        assert not any(word in content for word in clear)
