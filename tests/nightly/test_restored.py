"""A backup from before an erasure, put back, stops the nights before anything is read, and the doctor says so."""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipelines.doctor.common import COMMON
from pipelines.doctor.examination import Examination
from pipelines.doctor.settings import NightsSettings
from schemas.errors import RefusedError
from tests.support.days import days_from, make_sessions, write_days
from tests.support.nights import QUICK, Company, keyveil, span

_END = datetime.now(UTC).date() - timedelta(days=1)
_DAYS = days_from(_END - timedelta(days=(_END.toordinal() - 1) % 2 + 1), 2)
"""A window of two days that is over."""
_SESSIONS = [*make_sessions(_DAYS, 1, 3)]
_GONE = str(_SESSIONS[0][0]["user_id"])


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Company:
    """Make a company with one release and a backup from before the erasure of a person, whose row stays open."""
    company = Company(tmp_path_factory.mktemp("home"), ("--set", "schedule.window_days=2"))
    write_days(company.logs, _SESSIONS)
    told = company.run(*span(_DAYS))
    assert (told.code, len(told.json["releases"])) == (0, 1), told.err
    return company


@pytest.fixture
def company(original: Company, tmp_path: Path) -> Company:
    """Put the state of before back afterwards: the ledger names its output by where it lies."""
    copy = Path(shutil.copytree(original.folder, tmp_path / "copy"))
    yield original
    shutil.rmtree(original.folder)
    shutil.copytree(copy, original.folder)


def _erase(company: Company, user: str = _GONE) -> int:
    words = ("erase", "--user", user, company.output, "--keys", company.keys, "--state", company.state)
    return keyveil(*words).code


def _restore(company: Company, backup: Path) -> None:
    for name in ("keys", "state"):
        shutil.rmtree(company.folder / name)
        shutil.copytree(backup / name, company.folder / name)


def _back_up(company: Company, folder: Path) -> Path:
    for name in ("keys", "state"):
        shutil.copytree(company.folder / name, folder / name)
    return folder


def _doctor(company: Company) -> dict[str, str]:
    settings = NightsSettings(
        input=(f"{company.logs}/{{day}}/*.jsonl",),
        output=str(company.output),
        consent=str(company.consent),
        keys=str(company.keys),
        first_day=_DAYS[0].isoformat(),
        state=str(company.state),
        set=tuple(word for word in QUICK if word != "--set"),
    )
    look = Examination(settings, datetime.now(UTC))
    check = next(item for item in COMMON if item.name == "past")
    try:
        return {} if check.judge(look, settings).passed else {"past": "failed"}
    except RefusedError as error:
        return {"past": str(error)}


def _stopped(company: Company, says: str) -> None:
    """Assert that nights, and a plain run, are refused with a sentence and stage nothing; so says the doctor."""
    log = next(company.logs.glob(f"{_DAYS[1]}/*.jsonl"))
    (log.parent / "late.jsonl").write_bytes(b"".join(log.read_bytes().splitlines(keepends=True)[:5]))
    before = sorted(Path(company.state).rglob("*"))
    for words in (("--day", str(_DAYS[1])), ("--since-last",)):
        told = company.run(*words)
        assert (told.code, says in told.err, told.out) == (3, True, "")
    assert sorted(path for path in Path(company.state).rglob("*") if path.suffix != ".lock") == [
        path for path in before if path.suffix != ".lock"
    ]
    assert says in _doctor(company)["past"]


def test_a_state_that_lacks_an_erasure_stages_nobody_until_the_person_is_erased_again(
    company: Company, tmp_path: Path
) -> None:
    assert "past" not in _doctor(company)
    backup = _back_up(company, tmp_path / "backup")
    assert _erase(company) == 0
    assert "past" not in _doctor(company)
    _restore(company, backup)
    _stopped(company, "proves an erasure that private state does not know")
    assert _erase(company) == 0
    assert "past" not in _doctor(company)


def test_a_key_set_from_before_a_rotation_is_said_to_be_older_than_the_output(company: Company, tmp_path: Path) -> None:
    backup = _back_up(company, tmp_path / "backup")
    assert keyveil("keys", "rotate", "--role", "signing", company.keys).code == 0
    assert "past" not in _doctor(company)
    assert _erase(company) == 0
    assert "past" not in _doctor(company)
    later = _back_up(company, tmp_path / "later")
    _restore(company, backup)
    told = keyveil("verify", company.output, "--keys", company.keys, "--state", company.state)
    assert told.code == 4
    assert "the key set is older than the output" in told.out + told.err
    assert "missing" not in told.out + told.err
    _stopped(company, "the key set is older than the output")
    assert _erase(company) == 3
    _restore(company, later)
    assert keyveil("verify", company.output, "--keys", company.keys, "--state", company.state).code == 0
    assert "past" not in _doctor(company)
