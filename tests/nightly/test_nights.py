"""Runs by days, by the command line: whole sessions, each once, whatever comes late, twice or in between."""

import os
import shutil
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pipelines.budget.account import LedgerAccount
from pipelines.nightly import release_window as releasing
from pipelines.nightly.journal import Journal
from pipelines.nightly.records import ReleaseStarted
from pipelines.release import attempt
from pipelines.release import run as running
from pipelines.release.prepare import ReleaseContext
from pipelines.state.private_state import PrivateState
from schemas.errors import FailedError
from tests.support.days import USERS, days_from, make_sessions, write_days
from tests.support.nights import Company, Held, keyveil, span
from tests.support.release_parts import NO_PARTS_OPTIONS
from transforms.keys.key_set import KeyReference
from transforms.object_store.atomic_files import lock_release
from transforms.privacy.event_composition import event_cost
from transforms.privacy.ledger_entries import Reservation

WINDOW = ("--set", "schedule.window_days=2", "--set", "noise.run_key=derived")
DAYS = days_from(date(2026, 11, 3), 4)
"""Two windows; a session goes on over the end of the first."""

SESSIONS = [*make_sessions(DAYS, 2, 5)]


@pytest.fixture
def company(tmp_path: Path) -> Company:
    return Company(tmp_path, WINDOW)


def reservations(company: Company) -> tuple[Reservation, ...]:
    """List the charges of the ledger."""
    reference = KeyReference.parse(str(company.keys))
    return LedgerAccount.of(PrivateState.of(reference, str(company.state))).ledger().reservations()


def charges(company: Company) -> list[str]:
    """Return the ids that the ledger was charged for."""
    return [entry.charge_id for entry in reservations(company)]


def expected(company: Company, files: list[Path], users: tuple[str, ...] = USERS) -> dict[str, Held]:
    """Return the rows of one run over all files."""
    return company.held([company.one_shot(files, users)], SESSIONS)


def test_the_nights_hold_what_one_run_holds_and_a_repetition_changes_nothing(company: Company) -> None:
    files = write_days(company.logs, SESSIONS)
    told = company.run(*span(DAYS))
    assert (told.code, told.err) == (0, "")
    assert [night["held"] > 0 for night in told.json["nights"]] == [False, True, False, False]
    assert (len(told.json["releases"]), told.json["pending"]) == (2, [])
    assert (company.resting("staged"), company.resting("held")) == ([], [])
    assert len(company.releases()) == len(charges(company)) == 2
    assert company.held(company.releases(), SESSIONS) == expected(company, files)
    windows = reservations(company)
    assert len({entry.window for entry in windows} - {None}) == 2
    assert event_cost(windows).epsilon(1e-9) == event_cost(windows[:1]).epsilon(1e-9), "one window"

    before, spent = company.shards(), charges(company)
    again = company.run(*span(DAYS))
    assert again.code == 0
    assert {release["release_id"] for release in again.json["releases"]} == {path.name for path in company.releases()}
    assert all(release["repeated"] for release in again.json["releases"])
    assert (company.shards(), charges(company)) == (before, spent)

    shutil.rmtree(company.output)
    shutil.rmtree(company.state)
    assert company.run(*span(DAYS)).code == 0
    assert company.shards() == before


def test_late_files_and_parts_join_and_copies_are_left_out(company: Company) -> None:
    files = write_days(company.logs, SESSIONS)
    late, part = files[0], next(path for path in files if path.stem == f"{DAYS[0]}-1")
    kept_back, lines = late.read_bytes(), part.read_text().splitlines(keepends=True)
    late.unlink()
    part.write_text("".join(lines[:40]))
    assert company.run("--day", str(DAYS[0])).code == 0
    part.write_text("".join(lines))
    copied = next(path for path in files if path.stem == f"{DAYS[3]}-0")
    shutil.copy(copied, copied.with_name("copy.jsonl"))
    (night,) = company.run("--day", str(DAYS[0])).json["nights"]
    assert (night["files"], night["late"], night["late_sessions"]) == (1, 0, 1)
    assert len(company.run("--day", str(DAYS[1])).json["releases"]) == 1
    late.write_bytes(kept_back)
    told = company.run(*span(DAYS[2:]))
    assert [(night["late"], night["duplicates"]) for night in told.json["nights"]] == [(1, 0), (0, 1)]
    held = company.held(company.releases(), SESSIONS)
    assert set(held) == {events[0]["session_id"] for events in SESSIONS}
    whole = expected(company, files)
    cut = part.stem
    assert {name: of for name, of in held.items() if name != cut} == {n: of for n, of in whole.items() if n != cut}
    shown = ("focus", "screen", "clipboard", "pointer")
    assert [held[cut].kinds[kind] for kind in shown] == [whole[cut].kinds[kind] for kind in shown]


def test_a_recorder_that_counts_again_under_the_same_session_id_is_set_aside_and_told(company: Company) -> None:
    template, *_ = make_sessions(DAYS, 1, 5)
    for day in range(2):
        later = [event | {"t_us": event["t_us"] + day * 86_400_000_000} for event in template]
        write_days(company.logs, [later[day * 5 :]])
    assert company.run("--day", str(DAYS[0])).code == 0
    told = company.run("--day", str(DAYS[1]))
    assert (told.code, told.json["nights"][0]["rejects"]) == (1, 1)
    assert "the seq of an event was another event's" in told.err
    (kept,) = company.held(company.releases(), [template]).values()
    assert kept.kinds["focus"] == sum(event["kind"] == "focus" for event in template)


def test_whoever_is_erased_or_withdraws_while_staged_is_not_released(company: Company) -> None:
    files = write_days(company.logs, SESSIONS)
    assert company.run("--day", str(DAYS[0])).code == 0
    resting = {path: path.read_bytes() for kind in ("staged", "held") for path in company.resting(kind)}
    gone, left = SESSIONS[0][0]["user_id"], SESSIONS[1][0]["user_id"]
    assert gone != left
    words = ("erase", "--user", gone, company.output, "--keys", company.keys, "--state", company.state, "--json")
    planned = keyveil(*words, "--dry-run").json[0]["resting"]
    assert planned > 0
    assert keyveil(*words).json[0]["resting"] == planned
    assert keyveil(*words).json[0]["resting"] == 0
    assert not [path for path in resting if path.exists()]
    company.agree([user for user in USERS if user != left])
    assert company.run(*span(DAYS[1:])).code == 0
    assert company.held(company.releases(), SESSIONS) == expected(
        company, files, tuple(user for user in USERS if user not in {gone, left})
    )


def test_a_refused_budget_leaves_the_window_staged_until_what_costs_is_left_out(company: Company) -> None:
    files = write_days(company.logs, SESSIONS)
    short = ("--set", "noise.lifetime_epsilon=0.2")
    told = company.run(*span(DAYS[:3]), *short)
    assert told.code == 3
    assert "lifetime budget" in told.err
    assert f"the rows of {DAYS[0]}..{DAYS[1]} wait until " in told.err
    assert [night["day"] for night in told.json["nights"]] == [str(day) for day in DAYS[:3]]
    assert (company.releases(), charges(company)) == ([], [])
    assert company.run("--day", str(DAYS[1]), *short).code == 3
    told = company.run("--day", str(DAYS[3]), *short, *NO_PARTS_OPTIONS)
    assert (told.code, len(told.json["releases"])) == (0, 2)
    assert [charge for entry in reservations(company) for charge in entry.charges] == []
    assert company.held(company.releases(), SESSIONS) == expected(company, files)


def killed(*_: object) -> None:
    raise KeyboardInterrupt


def test_a_release_that_was_sealed_before_a_kill_is_not_made_again_under_another_consent(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_days(company.logs, SESSIONS)
    with monkeypatch.context() as patch:
        patch.setattr(releasing, "_close", killed)
        assert company.run(*span(DAYS[:2])).code == 4
    (sealed,) = company.releases()
    company.agree(USERS[1:])
    told = company.run("--day", str(DAYS[1]))
    assert [release["release_id"] for release in told.json["releases"]] == [sealed.name]
    assert (company.releases(), len(charges(company)), company.resting("staged")) == ([sealed], 1, [])


def failing(*_: object) -> None:
    raise FailedError("the graph failed")


@pytest.mark.parametrize("run_key", ["derived", "ephemeral"])
def test_a_window_is_charged_once_however_often_its_graph_fails_and_consent_changes(
    company: Company, monkeypatch: pytest.MonkeyPatch, run_key: str
) -> None:
    write_days(company.logs, SESSIONS)
    words = ("--day", str(DAYS[1]), "--set", f"noise.run_key={run_key}")
    assert company.run("--day", str(DAYS[0]), *words[2:]).code == 0
    with monkeypatch.context() as patch:
        patch.setattr(running, "compute_release", failing)
        for number in range(3):
            company.agree([*USERS, f"new-user-{number}"])
            assert company.run(*words).code == 4
    (charged,) = charges(company)
    company.agree([*USERS, "new-user"])
    told = company.run(*words)
    (sealed,) = company.releases()
    assert (told.code, told.json["releases"][0]["release_id"]) == (0, sealed.name)
    assert (charges(company), sealed.name != charged) == ([charged], True)


def test_a_release_that_began_to_write_to_the_output_stays_charged(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_days(company.logs, SESSIONS)
    assert company.run("--day", str(DAYS[0])).code == 0
    with monkeypatch.context() as patch:
        patch.setattr(attempt, "publish", failing)
        assert company.run("--day", str(DAYS[1])).code == 4
    first = charges(company)
    company.agree([*USERS, "new-user"])
    with monkeypatch.context() as patch:
        patch.setattr(running, "compute_release", failing)
        assert company.run("--day", str(DAYS[1])).code == 4
    both = charges(company)
    assert (len(first), len(both)) == (1, 2)
    company.agree(USERS)
    assert company.run("--day", str(DAYS[1])).code == 0
    assert (charges(company), [path.name for path in company.releases()]) == (both, first)


def test_a_release_whose_charge_another_took_over_is_not_shown(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_days(company.logs, SESSIONS)
    assert company.run("--day", str(DAYS[0])).code == 0
    execute = running.compute_release

    def overtaken(prepared: ReleaseContext, *more: Any) -> Any:
        found = execute(prepared, *more)
        reference = KeyReference.parse(str(company.keys))
        journal = Journal.of(PrivateState.of(reference, str(company.state)), "sessions")
        journal.append(len(journal.read()), ReleaseStarted(f"{DAYS[0]}..{DAYS[1]}", "0" * 32))
        return found

    with monkeypatch.context() as patch:
        patch.setattr(running, "compute_release", overtaken)
        told = company.run("--day", str(DAYS[1]))
    assert (told.code, "run again when it ended" in told.err, company.releases()) == (3, True, [])
    assert company.run("--day", str(DAYS[1])).code == 0
    assert len(charges(company)) == len(company.releases()) == 1


def test_what_comes_late_for_a_release_that_was_sealed_before_a_kill_is_not_lost(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = write_days(company.logs, SESSIONS)
    late = next(path for path in files if path.stem == f"{DAYS[1]}-0")
    kept_back = late.read_bytes()
    late.unlink()
    with monkeypatch.context() as patch:
        patch.setattr(releasing, "_close", killed)
        assert company.run(*span(DAYS[:2])).code == 4
    (sealed,) = company.releases()
    late.write_bytes(kept_back)
    told = company.run("--day", str(DAYS[1]))
    assert [release["release_id"] for release in told.json["releases"]] == [sealed.name]
    assert (told.json["nights"][0]["files"], len(told.json["pending"])) == (1, 1)
    assert len(company.run(*span(DAYS[2:])).json["releases"]) == 1
    assert company.held(company.releases(), SESSIONS) == expected(company, files)


def test_a_second_run_waits_for_the_first(company: Company) -> None:
    write_days(company.logs, SESSIONS)
    begin, started = os.pipe()
    child = os.fork()
    if child == 0:
        os.read(begin, 1)
        os._exit(company.run("--day", str(DAYS[0])).code)
    with lock_release(company.state, "nights-sessions"):
        os.write(started, b"!")
        time.sleep(2)
        assert os.waitpid(child, os.WNOHANG) == (0, 0)
        assert company.resting("journal") == []
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert company.run("--day", str(DAYS[0])).json["nights"][0]["files"] == 0


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("--day", "2026-11-05"), 3, "2026-11-04..2026-11-04 was not run"),
        (("--day", "2999-01-01"), 2, "not over"),
        (("--day", "yesterday"), 2, "2026-11-22"),
        (("--day", "2026-11-03", "--trace", "trace"), 2, "--trace"),
        (("--day", "2026-11-03", "--input", "logs/*.jsonl"), 2, "{day}"),
        (("--day", "2026-11-03", "--since-last"), 2, "not allowed"),
        (("--day", "2026-11-03", "--set", "schedule.window_days=0"), 2, "schedule.window_days"),
        (("--day", "2026-11-02"), 3, "began with 2026-11-03"),
        (("--day", "2026-11-03", "--dataset", "a/b"), 2, "dataset name"),
        (("--day", "2026-11-03", "--dataset", "../a"), 2, "dataset name"),
        (("--day", "2026-11-03", "--journal", "/proc/none/journal"), 2, "--journal"),
        (("--day", "2026-11-03", "--", "--num_workers=x"), 2, "flags"),
    ],
)
def test_a_refusal_says_what_to_do(company: Company, words: tuple[str, ...], code: int, says: str) -> None:
    write_days(company.logs, SESSIONS[:1])
    assert company.run("--day", str(DAYS[0])).code == 0
    told = company.run(*words)
    assert (told.code, told.err.count("\n")) == (code, 1)
    assert says in told.err


def test_logs_that_are_not_mounted_are_no_day_without_a_log(company: Company) -> None:
    write_days(company.logs, SESSIONS[:1])
    away = company.logs.rename(company.folder / "away")
    told = company.run("--day", str(DAYS[0]))
    assert (told.code, told.err.count("\n"), company.resting("journal")) == (3, 1, [])
    assert f"there is no folder {company.logs}" in told.err
    away.rename(company.logs)
    assert company.run("--day", str(DAYS[0])).json["nights"][0]["files"] == 1


def test_a_damaged_file_is_named_in_one_sentence(company: Company) -> None:
    write_days(company.logs, SESSIONS)
    assert company.run("--day", str(DAYS[0])).code == 0
    (closed,) = company.resting("closed")
    closed.write_bytes(b"x")
    told = company.run("--day", str(DAYS[1]))
    assert (told.code, told.err.count("\n")) == (4, 1)
    assert told.err.endswith("does not open; restore private state, or name its key set\n")


def test_since_last_runs_every_day_up_to_yesterday(company: Company) -> None:
    today = datetime.now(UTC).date()
    days = days_from(today - timedelta(days=3), 3)
    write_days(company.logs, [*make_sessions(days, 1, 5)])
    assert company.run("--day", str(days[0])).code == 0
    told = company.run("--since-last").json
    assert [night["day"] for night in told["nights"]] in (
        [str(day) for day in days[1:]],
        [str(day) for day in [*days[1:], today]],
    )
    assert company.run("--since-last").json["nights"][0]["files"] == 0


def test_since_last_needs_a_beginning(company: Company) -> None:
    told = company.run("--since-last")
    assert (told.code, "--first" in told.err) == (2, True)


def test_since_last_begins_with_the_first_day_and_later_goes_on(company: Company) -> None:
    today = datetime.now(UTC).date()
    days = days_from(today - timedelta(days=2), 2)
    write_days(company.logs, [*make_sessions(days, 1, 5)])
    words = ("--since-last", "--first", str(days[0]))
    told = company.run(*words).json
    assert [night["day"] for night in told["nights"]][:2] == [str(day) for day in days]
    assert company.run(*words).json["nights"][0]["files"] == 0


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--since-last", "--first", "2999-01-01"), "--first"),
        (("--since-last", "--first", "soon"), "2026-11-22"),
        (("--day", "2026-11-03", "--first", "2026-11-03"), "--since-last"),
    ],
)
def test_a_beginning_that_is_none_is_refused(company: Company, words: tuple[str, ...], says: str) -> None:
    told = company.run(*words)
    assert (told.code, told.err.count("\n"), says in told.err) == (2, 1, True)
