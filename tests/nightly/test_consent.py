"""Consent in runs by days: bad lines of a night, late files, and a window in which nobody is left."""

import json
from datetime import date
from pathlib import Path

import pytest

from pipelines.budget.account import LedgerAccount
from pipelines.state.private_state import PrivateState
from pipelines.state.quarantine import list_records, open_quarantine, open_record
from tests.support.days import USERS, days_from, make_sessions, write_days
from tests.support.nights import Company, span
from transforms.keys.key_set import KeyReference, KeySet

DAYS = days_from(date(2026, 11, 3), 4)
SESSIONS = [*make_sessions(DAYS, 2, 5)]
NOON_US = 1_793_707_200_000_000


@pytest.fixture
def company(tmp_path: Path) -> Company:
    return Company(tmp_path, ("--set", "schedule.window_days=1", "--set", "noise.run_key=derived"))


def add(company: Company, day: date, name: str, *events: dict[str, object]) -> None:
    lines = [json.dumps({"t_us": NOON_US, "kind": "screen", "source": "ocr"} | event) for event in events]
    (company.logs / day.isoformat() / name).write_text("\n".join(lines) + "\n")


def reserved(company: Company) -> int:
    """Count the charges that stand."""
    reference = KeyReference.parse(str(company.keys))
    return len(LedgerAccount.of(PrivateState.of(reference, str(company.state))).ledger().reservations())


def test_a_night_keeps_no_bad_line_of_whoever_did_not_agree_and_of_a_late_file_neither(company: Company) -> None:
    write_days(company.logs, SESSIONS)
    good = {"session_id": "theirs", "user_id": "optedout", "seq": 0, "text": "x"}
    bad = {"session_id": "theirs", "seq": 1, "text": "SECRET", "extra": 1}
    add(company, DAYS[0], "good.jsonl", good)
    add(
        company, DAYS[0], "bad.jsonl", bad, {"session_id": "s", "user_id": "user-a", "seq": 0, "text": "KEPT", "y": "1"}
    )
    assert company.run("--day", str(DAYS[0])).code == 1
    add(company, DAYS[0], "late.jsonl", bad | {"seq": 2}, bad | {"seq": 3, "user_id": " OPTEDOUT"})
    declared = {"session_id": "declared", "user_id": "user-a"}
    header = declared | {"seq": 0, "kind": "session", "purpose": "research", "source": None}
    add(company, DAYS[1], "declared.jsonl", header, declared | {"seq": 1, "text": "DECLARED"})
    told = company.run("--day", str(DAYS[1]))
    assert told.code == 1
    privates = KeySet.open(KeyReference.parse(str(company.keys))).quarantine_privates()
    kept = [open_record(record, privates) for record in list_records(open_quarantine(str(company.state)))]
    assert [b"KEPT" in content for content in kept] == [True]
    manifest_counts = told.json["releases"][0]["counts"]
    assert manifest_counts["suppressed.other_purpose"] == 2


def test_a_later_part_of_a_session_that_declared_another_purpose_is_not_used_either(company: Company) -> None:
    write_days(company.logs, SESSIONS)
    declared = {"session_id": "declared", "user_id": "user-a"}
    header = declared | {"seq": 0, "kind": "session", "purpose": "research", "source": None}
    add(company, DAYS[0], "declared.jsonl", header, declared | {"seq": 1, "text": "first part"})
    assert company.run("--day", str(DAYS[0])).code == 0
    add(company, DAYS[1], "later.jsonl", declared | {"seq": 2, "text": "second part"})
    told = company.run("--day", str(DAYS[1]))
    assert told.code == 0
    assert told.json["releases"][0]["counts"]["suppressed.other_purpose"] == 1
    assert told.json["releases"][0]["counts"]["sessions.other_purpose"] == 1


def test_a_window_in_which_nobody_is_left_is_over_without_a_release_and_without_a_charge(company: Company) -> None:
    write_days(company.logs, SESSIONS)
    two_days = ("--set", "schedule.window_days=2")
    assert company.run("--day", str(DAYS[0]), *two_days).code == 0
    assert company.resting("staged")
    company.withdraw(USERS)
    assert company.run("--day", str(DAYS[1]), *two_days).code == 1
    assert (company.releases(), company.resting("staged"), reserved(company)) == ([], [], 0)
    company.agree(USERS)
    assert company.run(*span(DAYS[2:]), *two_days).code == 0
    assert len(company.releases()) == reserved(company) == 1
