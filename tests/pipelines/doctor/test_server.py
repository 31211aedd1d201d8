"""The doctor of one server reports each missing thing before the first night, by its own check."""

import json
import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from pipelines.cli.main import main
from pipelines.doctor import server
from pipelines.doctor.examination import Examination
from pipelines.doctor.examine import examine
from pipelines.doctor.settings import NightsSettings, load_nights
from pipelines.release.prepare import read_consent
from pipelines.state.stretch_record import check_stretches
from schemas.errors import UsageError
from tests.support import basis
from tests.support.days import USERS, days_from, make_sessions, write_days
from tests.support.nights import QUICK, Company, keyveil
from tests.support.release_parts import ALL_PARTS, NO_PARTS, PARTS_BY_SIZE
from transforms.preflight.verdict import CheckOutcome, Verdict

_UNITS = Path(__file__).parents[3] / "deploy" / "systemd"
_NOW = datetime(2026, 11, 29, 2, 17, tzinfo=UTC)
_FIRST = _NOW.date() - timedelta(days=2)
_SETTINGS = tuple(word for word in QUICK if word != "--set")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a server that is ready for its first night."""
    home = tmp_path_factory.mktemp("server")
    company = Company(home)
    write_days(company.logs, [*make_sessions(days_from(_FIRST, 2), 1, 3)])
    return home


@pytest.fixture
def company(home: Path, tmp_path: Path) -> Path:
    """Copy the server, to break it."""
    return Path(shutil.copytree(home, tmp_path / "server"))


def nights(folder: Path, **changes: Any) -> NightsSettings:
    settings = NightsSettings(
        input=(f"{folder}/logs/{{day}}/*.jsonl",),
        output=str(folder / "out"),
        consent=str(folder / "consent.csv"),
        keys=str(folder / "keys"),
        first_day=_FIRST.isoformat(),
        state=str(folder / "state"),
        set=_SETTINGS,
    )
    return replace(settings, **changes)


def failed(verdict: Verdict) -> dict[str, str]:
    return {finding.check: finding.read for finding in verdict.of(CheckOutcome.FAILED)}


@pytest.fixture(autouse=True)
def _machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Look at a machine of known clock and memory."""
    monkeypatch.setattr(server, "_is_unsynchronised", lambda: False)
    monkeypatch.setattr(server, "_MEMORY", _meminfo(tmp_path, 8 * 2**20))


def _meminfo(folder: Path, kib: int) -> Path:
    file = folder / "meminfo"
    file.write_text(f"MemTotal:  100 kB\nMemAvailable: {kib} kB\n")
    return file


def test_a_server_that_is_ready_passes_and_nothing_is_changed(home: Path) -> None:
    before = sorted(path for path in home.rglob("*"))
    verdict = examine(nights(home), _NOW)
    assert failed(verdict) == {}
    assert {finding.check for finding in verdict.of(CheckOutcome.ADVISED)} <= {"basis", "user", "pauses-file"}
    told = {finding.check: finding.read for finding in verdict.findings}
    assert told["first-day"] == "2026-11-27, so the first run catches up on 2 days"
    assert told["input"] == "2026-11-27: 1 recording, 2026-11-28: 1 recording"
    assert sorted(path for path in home.rglob("*")) == before


@pytest.mark.parametrize(
    ("settings", "passes", "says"),
    [
        ((), False, "missing: basis.ground, basis.dpia, basis.agreement, basis.consulted, basis.reviewer"),
        (basis.SETTINGS[1:], False, "missing: basis.ground"),
        (basis.SETTINGS, True, "legitimate_interests"),
    ],
)
def test_a_lawful_basis_that_nobody_stated_is_missing_and_does_not_refuse_a_folder(
    settings: tuple[str, ...], passes: bool, says: str, home: Path
) -> None:
    verdict = examine(nights(home, set=(*_SETTINGS, *settings)), _NOW)
    found = next(finding for finding in verdict.findings if finding.check == "basis")
    assert found.read.startswith(says)
    assert found.outcome is (CheckOutcome.PASSED if passes else CheckOutcome.ADVISED)
    assert failed(verdict) == {}


@pytest.mark.parametrize(
    ("settings", "off"),
    [
        ((), "at these settings"),
        (ALL_PARTS, "at these settings"),
        (
            ("aggregates.people=300",),
            "names beyond the public lists and tables of counts are off: aggregates.people is too small for them",
        ),
        (
            ("aggregates.people=800",),
            "at these settings; tables of counts are off: aggregates.people is too small for them",
        ),
        (("aggregates.people=1000",), "at these settings"),
        (NO_PARTS, "anything"),
    ],
)
def test_the_budget_says_which_parts_need_more_people_than_are_stated(
    settings: tuple[str, ...], off: str, home: Path
) -> None:
    verdict = examine(nights(home, set=(*_SETTINGS, *PARTS_BY_SIZE, *settings)), _NOW)
    read = next(finding.read for finding in verdict.findings if finding.check == "budget")
    assert read.endswith(off)


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ((), "are useful from 931 people on"),
        (("aggregates.people=300",), "300"),
        (NO_PARTS, "every part is on or off by its own setting"),
    ],
)
def test_a_number_of_people_that_nobody_stated_is_advised(settings: tuple[str, ...], says: str, home: Path) -> None:
    verdict = examine(nights(home, set=(*_SETTINGS, *PARTS_BY_SIZE, *settings)), _NOW)
    found = next(finding for finding in verdict.findings if finding.check == "people")
    assert found.read.endswith(says)
    assert found.outcome is (CheckOutcome.PASSED if settings else CheckOutcome.ADVISED)


def _write(name: str, content: str) -> Callable[[Path], object]:
    return lambda folder: (folder / name).write_text(content)


_ALSO = {"noise.epsilon_": {"consent", "budget"}, "a day is written as": {"input"}, "it is a folder": {"past"}}
"""Checks that cannot be made without what is missing."""
_NOBODY = "user_id,purpose,version,granted_at,withdrawn_at\n"


@pytest.mark.parametrize(
    ("check", "says", "breaks", "changes"),
    [
        ("config", "noise.epsilon_", None, {"set": (*_SETTINGS, "noise.epsilon_=1")}),
        ("consent", "0 of 0 people agreed", _write("consent.csv", _NOBODY), {}),
        ("consent", "must have exactly the columns", _write("consent.csv", "user_id\n"), {}),
        ("consent", "agreed to other", None, {"purpose": "other"}),
        ("pauses", "take it out of the settings", None, {"set": (*_SETTINGS, "consent.fewer_pauses=true")}),
        ("first-day", "2026-11-29 is not over", None, {"first_day": "2026-11-29"}),
        ("first-day", "a day is written as", None, {"first_day": "yesterday"}),
        ("input", "there is no folder", None, {"input": ("/nowhere/{day}/*.jsonl",)}),
        ("input", "0 recordings", lambda folder: shutil.rmtree(folder / "logs" / "2026-11-27"), {}),
        ("output", "it is a folder", _write("out", "a file"), {}),
        ("pause", "paused since", lambda folder: keyveil("pause", folder / "out", "--reason", "look"), {}),
        ("budget", "enough for 1 week at", None, {"set": (*_SETTINGS, "noise.lifetime_epsilon=0.7")}),
        ("job", "Beam does not know the flag", None, {"flags": ("--no_such_flag=1",)}),
        ("job", "PortableRunner needs", None, {"runner": "PortableRunner"}),
    ],
)
def test_each_missing_thing_is_reported_by_its_own_check(
    check: str, says: str, breaks: Callable[[Path], object] | None, changes: dict[str, Any], company: Path
) -> None:
    if breaks is not None:
        breaks(company)
    if "0 recordings" in says:
        shutil.rmtree(company / "logs" / "2026-11-28")
    found = failed(examine(nights(company, **changes), _NOW))
    assert says in found[check]
    assert {name for name in found if name != check} <= _ALSO.get(says, set())


def test_keys_and_state_that_are_missing_or_below_the_output_are_reported(company: Path) -> None:
    assert "below the output" in failed(examine(nights(company, state=str(company / "out" / "state")), _NOW))["state"]
    shutil.rmtree(company / "keys")
    assert {"keys", "state", "first-day", "budget"} <= set(failed(examine(nights(company), _NOW)))


def test_a_server_without_room_or_with_a_wrong_clock_is_reported(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=10))
    monkeypatch.setattr(server, "_is_unsynchronised", lambda: True)
    _meminfo(tmp_path, 4 * 2**20 - 1)
    verdict = examine(nights(home), _NOW)
    assert set(failed(verdict)) == {"room"}
    assert {"clock", "quota"} <= {finding.check for finding in verdict.of(CheckOutcome.ADVISED)}
    _meminfo(tmp_path, 4 * 2**20)
    assert "quota" not in {finding.check for finding in examine(nights(home), _NOW).of(CheckOutcome.ADVISED)}


def test_the_kernel_reports_the_state_of_its_clock() -> None:
    assert server._is_unsynchronised() in (True, False)


def test_available_memory_is_read(tmp_path: Path) -> None:
    file = _meminfo(tmp_path, 64)
    assert server.read_memory(file) == 65_536
    file.write_text("MemTotal:  100 kB\n")
    assert server.read_memory(file) is None
    assert server.read_memory(tmp_path / "none") is None


def test_a_package_that_is_missing_or_of_another_version_is_named() -> None:
    wanted = [
        'pyarrow>=25; extra == "pipeline"',
        'no-such-thing>=1; extra == "pipeline"',
        'ray; extra == "ray"',
        "pyarrow<2",
    ]
    found = list(server.list_unmet(wanted))
    assert found[0] == "no-such-thing is not installed"
    assert found[1].startswith("pyarrow is ")
    assert found[1].endswith("not <2")
    assert len(found) == 2


def test_the_environment_file_of_the_service_is_read_as_it_is(tmp_path: Path) -> None:
    found = load_nights(_UNITS / "nights.env")
    assert (found.first_day, found.state) == ("2026-11-22", "/var/lib/keyveil/state")
    assert (found.purpose, found.dataset, found.runner) == ("training", "sessions", "DirectRunner")
    assert (found.request().pauses, found.wishes) == ("/srv/consent/pauses.csv", ())
    file = tmp_path / "nights.env"
    lines = "FIRST_DAY=2026-11-22\nINPUT=a\nCONSENT=b\nOUTPUT=c\n"
    file.write_text(lines)
    with pytest.raises(UsageError, match="has no KEYS; write"):
        load_nights(file)
    file.write_text(f"{lines}KEYS=k\nOPTIONS=--set a.b=c --set d=e --dataset typing --policy p.yaml --config c.yaml\n")
    found = load_nights(file)
    assert (found.set, found.dataset, found.policy, found.config) == (("a.b=c", "d=e"), "typing", "p.yaml", "c.yaml")
    quoted = """; a comment\nKEYS='k'\nOPTIONS="--purpose 'some training'"\nSTATE="s'\n"""
    file.write_text(lines + quoted)
    found = load_nights(file)
    assert (found.keys, found.purpose, found.state) == ("k", "some training", "\"s'")
    file.write_text(f"{lines}KEYS=k\nOPTIONS=--wishes a.json b.json --pauses p.csv --purpose x\n")
    found = load_nights(file)
    assert (found.request().wishes, found.request().pauses, found.purpose) == (("a.json", "b.json"), "p.csv", "x")
    file.write_text(f"{lines}KEYS=k\nOPTIONS=--secret hunter2\n")
    with pytest.raises(UsageError, match="OPTIONS may hold") as raised:
        load_nights(file)
    assert "hunter2" not in str(raised.value)
    file.write_text(f"{lines}KEYS=k\nOPTIONS=--purpose 'hunter2\n")
    with pytest.raises(UsageError, match="quotation mark") as raised:
        load_nights(file)
    assert "hunter2" not in str(raised.value)
    with pytest.raises(UsageError, match="cannot be read"):
        load_nights(tmp_path / "none.env")


def test_nights_by_terraform_name_pauses_in_the_configuration_alone(tmp_path: Path) -> None:
    file, lines = tmp_path / "nights.yaml", "input: [a]\noutput: b\nconsent: c\nkeys: d\nfirst_day: '2026-11-22'\n"
    file.write_text(lines)
    assert load_nights(file).output == "b"
    for line in ("pauses: p.csv", "wishes: [w.json]"):
        file.write_text(f"{lines}{line}\n")
        with pytest.raises(UsageError, match=r"consent\.pauses, consent\.wishes"):
            load_nights(file)


def test_pauses_are_counted_and_those_that_an_earlier_night_obeyed_must_be_there(company: Path) -> None:
    pause = "2026-11-27T00:00:00Z,2026-11-28T00:00:00Z,"
    lines = [f"{user},pause,{pause}" for user in (USERS[0], "nobody")]
    (company / "pauses.csv").write_text("\n".join(["user_id,kind,starts_at,ends_at,granted_by", *lines, ""]))
    paused = nights(company, pauses=str(company / "pauses.csv"))
    told = {finding.check: finding.read for finding in examine(paused, _NOW).findings}
    assert told["pauses"] == "2 took stretches out, 1 of them not in the registry"
    assert told["pauses-people"] == "1 person of nobody"
    advised = {finding.check for finding in examine(paused, _NOW).findings if finding.outcome is CheckOutcome.ADVISED}
    assert "pauses-people" in advised, "it refuses no night: the person may never have agreed"
    look = Examination(paused, _NOW)
    consent = read_consent(look.request, look.config)
    check_stretches(look.private, "sessions", consent, look.config.consent).keep(look.private, "sessions")
    assert failed(examine(paused, _NOW)) == {}
    forgotten = failed(examine(nights(company), _NOW))
    assert (list(forgotten), "Pass --pauses" in forgotten["pauses"]) == (["pauses"], True)
    (company / "pauses.csv").unlink()
    lost = failed(examine(paused, _NOW))
    assert (list(lost), "cannot be read" in lost["pauses"]) == (["pauses"], True)


def test_the_command_ends_with_3_where_something_is_missing(
    company: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "nights.env"
    today = datetime.now(UTC).date()
    write_days(company / "logs", [*make_sessions(days_from(today - timedelta(days=1), 1), 1, 3)])
    values = {
        "FIRST_DAY": (today - timedelta(days=1)).isoformat(),
        "INPUT": f"{company}/logs/{{day}}/*.jsonl",
        "CONSENT": company / "consent.csv",
        "OUTPUT": company / "out",
        "KEYS": company / "keys",
        "STATE": company / "state",
        "OPTIONS": " ".join(QUICK),
    }
    file.write_text("".join(f"{name}={value}\n" for name, value in values.items()))
    assert main(["doctor", "--config", str(file), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["refused"] is False
    os.unlink(company / "consent.csv")  # noqa: PTH108 - the registry is gone
    assert main(["doctor", "--config", str(file)]) == 3
    shown = capsys.readouterr()
    assert shown.out.startswith("Nights into ")
    assert "1 check failed" in shown.err
    assert shown.err.count("\n") == 1


def test_settings_of_a_run_are_named_as_such_before_the_setting_that_is_unknown(tmp_path: Path) -> None:
    file = tmp_path / "settings.yaml"
    file.write_text("noise:\n  profile: events\n")
    with pytest.raises(UsageError, match=r"must be the settings of the nights .* settings of a run: .*noise"):
        load_nights(file)
