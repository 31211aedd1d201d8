"""The steps of an attempt at a release, each alone, on results without a row."""

import random
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from pipelines.budget.charge import EarlierAttempts
from pipelines.budget.release_plan import ReleasePlan, plan_release
from pipelines.config import load_config
from pipelines.output import Output
from pipelines.preflight.watch import begin_watch, open_preflight
from pipelines.release import prepare
from pipelines.release.attempt import ReleaseAttempt
from pipelines.release.compute import read_finished, reconcile
from pipelines.release.prepare import ReleaseContext, RunRequest, read_consent
from pipelines.release.results import RunResults
from pipelines.state.pause import pause
from pipelines.state.private_state import PrivateState
from schemas.errors import FailedError, RefusedError
from schemas.safe import ShardEntry
from schemas.tally import READ, ROWS
from transforms.consent.registry import ConsentSnapshot
from transforms.dataset.layout import MANIFEST, release_layout
from transforms.keys.key_set import KeyReference, create_key_set
from transforms.privacy.ledger_changes import Retirement
from transforms.privacy.run_key import mint
from transforms.vocabulary import NO_NAMES

_CONFIG = load_config(None, ["noise.model=prior"], None)
_FACTS = dict.fromkeys(("config", "code", "model", "inputs", "consent"), "0" * 64)
_NOTHING = RunResults((), (), {})


@pytest.fixture(scope="module")
def planned() -> ReleasePlan:
    return plan_release(_CONFIG)


@pytest.fixture
def prepared(tmp_path: Path) -> ReleaseContext:
    create_key_set(tmp_path / "keys")
    private = PrivateState.of(KeyReference.parse(str(tmp_path / "keys")), None)
    request = RunRequest(
        inputs=(),
        output=Output.at(str(tmp_path / "out")),
        consent="all-for-evaluation",
        keys="",
        dataset="sessions",
        format=None,
        user=None,
        subjects=None,
        state=None,
        runner="DirectRunner",
        trace=None,
        trace_clear=False,
        beam_flags=(),
    )
    layout = release_layout(request.output.uri, "sessions", "a" * 32)
    (private.folder / "run-keys").mkdir(parents=True, mode=0o700)
    return ReleaseContext(
        request, _CONFIG, private, ConsentSnapshot("training", {}), (), _FACTS, layout, None, NO_NAMES
    )


def begin(prepared: ReleaseContext, shown: list[str] | None = None) -> ReleaseAttempt:
    seen = [] if shown is None else shown
    return ReleaseAttempt.begin(prepared, EarlierAttempts(showing=seen.append), None)


def seal(attempt: ReleaseAttempt, planned: ReleasePlan) -> None:
    watch = begin_watch(open_preflight(attempt.prepared.request.output.uri, None, sealed=True), Console(quiet=True))
    attempt.seal(planned, attempt.reserve(planned), _NOTHING, watch)


def kinds(prepared: ReleaseContext) -> list[str]:
    return [type(entry).__name__ for entry in begin(prepared).charge.account.ledger().entries]


def test_a_release_that_is_nowhere_is_not_found(prepared: ReleaseContext) -> None:
    attempt = begin(prepared)
    attempt.check_dataset()
    assert attempt.find() is None


def test_an_attempt_that_is_repeated_reserves_the_same_charge_and_shows_it_only_before_it_is_published(
    prepared: ReleaseContext, planned: ReleasePlan
) -> None:
    shown: list[str] = []
    charges = {begin(prepared, shown).reserve(planned).charge_id for _ in range(3)}
    assert (charges, kinds(prepared), shown) == ({prepared.release_id}, ["Reservation"], [])
    seal(begin(prepared, shown), planned)
    assert (kinds(prepared), shown) == (["Reservation", "Commit"], [prepared.release_id])


def test_a_sealed_release_is_found_again_and_completed_at_no_further_cost(
    prepared: ReleaseContext, planned: ReleasePlan
) -> None:
    mint(prepared.private.keys, prepared.run_key)
    seal(begin(prepared), planned)
    assert not list((prepared.private.folder / "run-keys").iterdir())
    again = begin(prepared)
    found = again.find()
    assert found is not None
    assert found.release_id == prepared.release_id
    again.complete(found)
    assert kinds(prepared) == ["Reservation", "Commit"]


def test_a_release_that_is_sealed_at_another_output_is_copied_from_there(
    prepared: ReleaseContext, planned: ReleasePlan, tmp_path: Path
) -> None:
    seal(begin(prepared), planned)
    output = Output.at(str(tmp_path / "other"))
    request, layout = replace(prepared.request, output=output), replace(prepared.layout, output=output.uri)
    other = replace(prepared, request=request, layout=layout)
    assert begin(other).find() is not None
    here, there = (Path(item.layout.folder) / MANIFEST for item in (prepared, other))
    assert here.read_bytes() == there.read_bytes()


def test_a_retired_release_is_not_made_again(prepared: ReleaseContext) -> None:
    attempt = begin(prepared)
    attempt.charge.account.enter(Retirement(prepared.layout.folder, "2026-01-01T00:00:00Z"))
    with pytest.raises(RefusedError):
        begin(prepared).find()


def test_withdrawing_removes_the_files_of_the_release_alone_and_cancels_its_charge(
    prepared: ReleaseContext, planned: ReleasePlan
) -> None:
    mint(prepared.private.keys, prepared.run_key)
    attempt = begin(prepared)
    charge = attempt.reserve(planned).charge_id
    store, own, other = prepared.store, f"releases/{prepared.release_id}/events/a", "releases/b/events/a"
    for name in (own, other):
        store.put_if_absent(name, b"x")
    attempt.withdraw(charge)
    assert store.names() == [other]
    assert kinds(prepared) == ["Reservation", "Cancellation"]
    assert not list((prepared.private.folder / "run-keys").iterdir())


def test_a_pause_after_the_reservation_keeps_the_charge_and_publishes_nothing(
    prepared: ReleaseContext, planned: ReleasePlan
) -> None:
    shown: list[str] = []
    pause(prepared.request.output, "stop", datetime.now(UTC))
    with pytest.raises(RefusedError, match="paused"):
        seal(begin(prepared, shown), planned)
    assert (kinds(prepared), shown, prepared.store.names()) == (["Reservation"], [], [])


def test_an_unfinished_job_has_nothing_to_publish(prepared: ReleaseContext, planned: ReleasePlan) -> None:
    with pytest.raises(RefusedError, match="wait for it"):
        read_finished(prepared, planned.noise)


@pytest.mark.parametrize(("read", "kept", "written"), [(5, 4, 3), (3, 4, 3), (4, 4, 2), (4, 4, 4)])
def test_events_without_an_outcome_and_rows_without_a_shard_fail_the_run(read: int, kept: int, written: int) -> None:
    counts = {READ: read, "outcome.kept": kept, ROWS: 3}
    shard, table = (ShardEntry(path, written, 1, "0" * 64, "") for path in ("events/a.parquet", "sessions/a.parquet"))
    with pytest.raises(FailedError):
        reconcile(RunResults((shard, table), (), counts))
    whole = replace(shard, rows=3)
    reconcile(RunResults((whole, table), (), {**counts, READ: kept}))


def test_whoever_withdraws_at_any_of_50_moments_before_the_commit_is_kept_out(
    prepared: ReleaseContext, planned: ReleasePlan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry = tmp_path / "consent.csv"
    header = "user_id,purpose,version,granted_at,withdrawn_at\n"
    granted = header + "ann,training,1,2024-01-01T00:00:00Z,\n"
    withdrawn = header + "ann,training,1,2024-01-01T00:00:00Z,2024-02-01T00:00:00Z\n"
    registry.write_text(granted)
    request = replace(prepared.request, consent=str(registry))
    checked = replace(prepared, request=request, consent=read_consent(request, _CONFIG))
    calls, moment = [0], [0]
    real = prepare.read_consent

    def count(*_: object) -> None:
        calls[0] += 1
        if calls[0] == moment[0]:
            registry.write_text(withdrawn)

    def read_last(*words: Any) -> ConsentSnapshot:
        sys.setprofile(None)  # the last look is the moment of the commit
        return real(*words)

    monkeypatch.setattr(prepare, "read_consent", read_last)

    def try_to_seal(at: int) -> None:
        registry.write_text(granted)
        calls[0], moment[0] = 0, at
        attempt = begin(checked)
        sys.setprofile(count)
        try:
            seal(attempt, planned)
        finally:
            sys.setprofile(None)

    with pytest.raises(RefusedError):
        try_to_seal(1)
    total = calls[0]
    for at in random.Random(7).sample(range(1, total), 50):
        with pytest.raises(RefusedError, match="withdrew"):
            try_to_seal(at)
    assert not (Path(checked.layout.folder) / MANIFEST).exists()
    try_to_seal(0)
    assert (Path(checked.layout.folder) / MANIFEST).exists()
