"""Nights that bring nothing that should have come: an empty registry, another purpose, no log, nobody left."""

import json
from datetime import date
from pathlib import Path

from tests.support.days import USERS, days_from, make_sessions, write_days
from tests.support.nights import Company

DAYS = days_from(date(2026, 11, 3), 2)
SESSIONS = [*make_sessions(DAYS, 3, 6)]


def test_no_night_loses_anything_in_silence(tmp_path: Path) -> None:
    company = Company(tmp_path, ("--set", "noise.run_key=derived", "--set", "schedule.window_days=2"))
    files = write_days(company.logs, SESSIONS)
    first, second = ("--day", str(DAYS[0])), ("--day", str(DAYS[1]))

    told = company.run(*first, "--purpose", "trainig")
    assert (told.code, "--purpose" in told.err, company.resting("staged")) == (3, True, [])

    company.withdraw(USERS)  # everybody: nothing is kept, which is said
    journal = tmp_path / "journal.jsonl"
    told = company.run(*first, "--journal", str(journal))
    assert (told.code, "nothing of the logs" in told.err, "(no_consent)" in told.err) == (1, True, True)
    lines = [json.loads(line) for line in journal.read_text().splitlines()]
    staged = next(line for line in lines if line["message"] == "night staged")
    assert (staged["day"], staged["rows"], staged["exit_code"]) == (str(DAYS[0]), 0, 1)
    assert staged["not_kept.no_consent"] == staged["events"] > 0
    assert (lines[-1]["message"], lines[-1]["exit_code"]) == ("run ended", 1)

    for users, sentence in (([], "has no row for the purpose"), (USERS[:2], "20% fewer people")):
        company.agree(users)
        told = company.run(*second)
        assert (told.code, told.err.count("\n"), sentence in told.err) == (3, 1, True)

    company.agree(USERS)  # corrected within the window: the first day is read again
    told = company.run(*second)
    assert (told.code, told.json["nights"][0]["late"] > 0, len(told.json["releases"])) == (0, True, 1)
    sealed = company.releases()
    assert company.held(sealed, SESSIONS) == company.held([company.one_shot(files, USERS)], SESSIONS)
