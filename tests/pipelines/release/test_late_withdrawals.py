"""Late withdrawals: who withdraws while a release is sealed is taken out by that run, or by the next after a kill."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from pipelines.config import RunConfig, load_config
from pipelines.preflight.state import open_state
from pipelines.release import attempt, late_withdrawals
from pipelines.release import run as running
from pipelines.release.late_withdrawals import LateWithdrawals, settle_earlier
from pipelines.state.private_state import PrivateState
from pipelines.state.sealed_record import keep_sealed, list_sealed
from pipelines.state.tombstones import ErasureRecords, effective_consent
from schemas.errors import FailedError, RefusedError
from tests.support.days import USERS, days_from, make_sessions, write_days
from tests.support.nights import QUICK, Company, Told, keyveil
from tests.support.release_parts import NO_PARTS_OPTIONS
from transforms.consent.registry import ConsentSnapshot, read_registry
from transforms.consent.restrictions import Restrictions
from transforms.dataset import erase
from transforms.keys.key_set import KeyReference

_GRANT = "training,1,2020-01-01T00:00:00Z"
_SESSIONS = [
    [event | {"user_id": USERS[number % 4]} for event in events]
    for number, events in enumerate(make_sessions(days_from(date(2026, 11, 2), 1), 8, 4))
]


def register(company: Company, *gone: str, left_out: tuple[str, ...] = ()) -> None:
    """Write the registry: all agreed, those who are ``gone`` withdrew, and some have no row any more."""
    lines = [
        f"{user},{_GRANT},{'2026-11-29T00:00:00Z' if user in gone else ''}" for user in USERS if user not in left_out
    ]
    company.consent.write_text("\n".join(["user_id,purpose,version,granted_at,withdrawn_at", *lines, ""]))


def run(company: Company) -> Told:
    words = ("--consent", company.consent, "--keys", company.keys, "--output", company.output, "--state", company.state)
    return keyveil(
        "run", "--input", *sorted(company.logs.rglob("*.jsonl")), *words, "--json", *QUICK, *NO_PARTS_OPTIONS
    )


def count_released(company: Company, user: str) -> int:
    """Count the rows of a user in the one release."""
    (release,) = company.releases()
    words = ("--release", release, "--keys", company.keys, "--state", company.state)
    name = keyveil("pseudonym", "--user", user, *words).out.strip()
    return sum(pq.read_table(path)["user"].to_pylist().count(name) for path in release.glob("events/*.parquet"))


def is_sound(company: Company) -> bool:
    words = ("--keys", company.keys, "--state", company.state)
    return not keyveil("verify", company.output, *words).code and not keyveil("audit", "verify", *words).code


def stop(*_: object) -> None:
    raise KeyboardInterrupt


def fail(*_: object) -> None:
    raise FailedError("the machine is gone")


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> Company:
    """Seal a release by a run that is killed before it reads the registry again."""
    company = Company(tmp_path_factory.mktemp("killed"))
    write_days(company.logs, _SESSIONS)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(running, "settle", stop)
        assert run(company).code == 4
    return company


@pytest.fixture
def company(killed: Company, tmp_path: Path) -> Iterator[Company]:
    """Put the folder of the killed run back afterwards: its ledger names its output by where it lies."""
    shutil.copytree(killed.folder, tmp_path / "kept")
    yield killed
    shutil.rmtree(killed.folder)
    shutil.copytree(tmp_path / "kept", killed.folder)


@pytest.fixture
def private(company: Company) -> PrivateState:
    return open_state(KeyReference.parse(str(company.keys)), str(company.state))


@pytest.fixture(scope="module")
def config() -> RunConfig:
    return load_config(None, [], None)


def read(company: Company) -> ConsentSnapshot:
    return read_registry(str(company.consent), "training", datetime.now(UTC))


def settle(
    company: Company, private: PrivateState, config: RunConfig, now: ConsentSnapshot | None = None
) -> list[LateWithdrawals]:
    home = str(company.output / "sessions")
    return [late for _, late in settle_earlier(private, home, now or read(company), config)]


def test_a_run_takes_out_who_withdraws_after_the_signature_and_bars_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    company = Company(tmp_path)
    write_days(company.logs, _SESSIONS)
    destroy = attempt.destroy
    monkeypatch.setattr(attempt, "destroy", lambda key: (register(company, USERS[1]), destroy(key)))
    told = run(company)
    assert (told.code, "taken out of it again" in told.json["late"]) == (0, True), told.err
    assert [count_released(company, user) > 0 for user in USERS] == [True, False, True, True]
    assert is_sound(company)
    private = open_state(KeyReference.parse(str(company.keys)), str(company.state))
    assert list_sealed(private, "sealing") == []
    assert not ErasureRecords.of(private).knows(USERS[1])
    register(company)
    assert USERS[1] in effective_consent(read(company), private).grants


def test_the_next_run_takes_out_who_withdrew_while_a_killed_one_sealed(
    company: Company, private: PrivateState, config: RunConfig
) -> None:
    assert all(count_released(company, user) for user in USERS)
    register(company, USERS[0])
    assert settle(company, private, config) == [LateWithdrawals(1)]
    assert [count_released(company, user) > 0 for user in USERS] == [False, True, True, True]
    assert is_sound(company)
    assert settle(company, private, config) == []


def test_where_nobody_withdrew_nothing_changes(company: Company, private: PrivateState, config: RunConfig) -> None:
    before = company.shards()
    assert settle(company, private, config) == [LateWithdrawals()]
    assert (company.shards(), str(LateWithdrawals())) == (before, "")
    assert list_sealed(private, "sealing") == []


def test_a_stretch_that_was_taken_out_stays_in_and_is_told(
    company: Company, private: PrivateState, config: RunConfig
) -> None:
    before, now = company.shards(), replace(read(company), restrictions=Restrictions(words=("heron",)))
    (late,) = settle(company, private, config, now)
    assert (late, "keyveil erase" in str(late), company.shards()) == (LateWithdrawals(stretches=True), True, before)


@pytest.mark.parametrize(("left_out", "is_whole"), [(1, True), (2, False)])
def test_a_registry_that_was_cut_short_takes_nobody_out(
    company: Company, private: PrivateState, config: RunConfig, left_out: int, *, is_whole: bool
) -> None:
    register(company, left_out=USERS[:left_out])
    if is_whole:
        assert settle(company, private, config) == [LateWithdrawals(1)]
        return
    before = company.shards()
    with pytest.raises(RefusedError, match="Restore the registry"):
        settle(company, private, config)
    assert (company.shards(), len(list_sealed(private, "sealing"))) == (before, 1)
    left = replace(config, consent=replace(config.consent, max_drop=1.0))
    assert settle(company, private, left) == [LateWithdrawals(2)]


def test_runs_of_another_dataset_or_purpose_leave_it_alone(
    company: Company, private: PrivateState, config: RunConfig
) -> None:
    register(company, USERS[0])
    assert list(settle_earlier(private, str(company.output / "other"), read(company), config)) == []
    assert settle(company, private, config, replace(read(company), purpose="research")) == []
    assert settle(company, private, config, replace(read(company), everybody=True)) == []
    assert len(list_sealed(private, "sealing")) == 1


def test_what_was_never_signed_is_forgotten(company: Company, private: PrivateState, config: RunConfig) -> None:
    register(company, USERS[0])
    (release,) = company.releases()
    shutil.rmtree(release)
    assert settle(company, private, config) == [LateWithdrawals()]
    assert (list_sealed(private, "sealing"), ErasureRecords.of(private).pending()) == ([], [])


@pytest.mark.parametrize("finish", ["run", "erase"])
@pytest.mark.parametrize("stopped", ["sign_manifest", "change_catalog"])
def test_a_stopped_removal_is_finished(
    company: Company, private: PrivateState, config: RunConfig, stopped: str, finish: str
) -> None:
    """Stop it between the proof and the manifest, or between the manifest and the catalog."""
    register(company, USERS[0])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(erase, stopped, fail)
        with pytest.raises(FailedError):
            settle(company, private, config)
    assert len(ErasureRecords.of(private).pending()) == 1
    if finish == "run":
        assert settle(company, private, config) == [LateWithdrawals(1)]
    else:
        told = keyveil("erase", "--pending", "--keys", company.keys, "--state", company.state)
        assert told.code == 0, told.err
    assert (count_released(company, USERS[0]), is_sound(company)) == (0, True)
    assert ErasureRecords.of(private).pending() == []
    assert not ErasureRecords.of(private).knows(USERS[0])


def test_where_rows_name_nobody_it_says_that_nobody_can_be_found(
    company: Company, private: PrivateState, config: RunConfig
) -> None:
    before, consent = company.shards(), read(company)
    (release,) = company.releases()
    note = {"release": str(release), "profile": "events", "consent": consent.as_json()}
    keep_sealed(private, late_withdrawals._FOLDER, release.name, note)
    register(company, USERS[0])
    (late,) = settle(company, private, config)
    assert (late.are_found, "stays in it" in str(late), company.shards()) == (False, True, before)
