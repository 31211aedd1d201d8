"""Summary of a night: its line, its exit code, and the warning where nothing came that should have."""

from dataclasses import replace

import pytest

from pipelines.nightly.graph import NightResults
from pipelines.nightly.new_files import NewFiles
from pipelines.nightly.night_summary import NightSummary, render_night, summarise_idle, summarise_night
from schemas.rejects import Reason, RejectLine
from transforms.ingest.formats.adapter import Source

FOUND = NewFiles((Source(0, "logs/a.jsonl", "keyveil", None),), (), late=0, duplicates=0, listed=1)
FULL = {"events.read": 10, "suppressed.no_consent": 4, "outcome.suppressed": 4}
NOTHING = {**FULL, "suppressed.no_consent": 10}
REPEATED = {"events.read": 10, "merged.duplicate": 10}


def night(
    aside: dict[str, int], rows: int = 0, found: NewFiles = FOUND, rejects: tuple[RejectLine, ...] = ()
) -> NightSummary:
    results = NightResults({}, rejects, aside, {"rows.released": rows})
    return summarise_night("2026-11-02", "2026-11-02..2026-11-08", found, results, 104, is_day_off=False)


def test_the_line_names_day_files_events_rows_reasons_and_exit_code() -> None:
    assert " ".join(render_night(night(FULL, rows=6)).split()) == (
        "2026-11-02 1 file, 10 events: 6 rows staged for 2026-11-02..2026-11-08, 4 no_consent, 0 held; budget for 104 "
        "weeks; exit 0"
    )
    late = night(FULL, rows=6, found=replace(FOUND, late=1, duplicates=2))
    assert "1 file (1 of earlier days, 2 more were copies), 10 events" in " ".join(render_night(late).split())


@pytest.mark.parametrize(
    ("aside", "rows", "is_warned"),
    [
        (FULL, 6, False),
        (NOTHING, 0, True),
        (NOTHING, 1, False),
        ({**NOTHING, "events.held": 1}, 0, False),
        (REPEATED, 0, False),
        ({**REPEATED, "events.read": 11}, 0, True),
        ({}, 0, False),
    ],
)
def test_a_night_of_whose_new_events_nothing_is_kept_warns(aside: dict[str, int], rows: int, is_warned: bool) -> None:
    told = night(aside, rows)
    assert ("nothing of the logs of 2026-11-02" in told.warning, told.exit_code) == (is_warned, int(is_warned))


def test_a_day_without_a_log_warns_but_on_a_day_off_or_where_its_logs_were_read_before() -> None:
    nothing = NewFiles((), (), 0, 0, listed=0)
    told = summarise_idle("2026-11-02", "w", nothing, None, is_day_off=False)
    assert ("no log of 2026-11-02" in told.warning, told.exit_code, told.alert) == (True, 1, "no log")
    assert "days_off" not in told.warning, "a Monday"
    for day, is_weekend in (("2026-11-06", False), ("2026-11-07", True), ("2026-11-08", True), ("2026-11-09", False)):
        told = summarise_idle(day, "w", nothing, None, is_day_off=False)
        assert ("days_off" in told.warning) == is_weekend
    assert summarise_idle("2026-11-02", "w", nothing, None, is_day_off=True).exit_code == 0
    assert summarise_idle("2026-11-02", "w", replace(nothing, listed=1), None, is_day_off=False).exit_code == 0


def test_a_reject_ends_a_night_with_1_without_a_warning() -> None:
    told = night(FULL, rows=6, rejects=(RejectLine(0, 1, Reason.BAD_JSON, "", "rule", 1),))
    assert (told.exit_code, told.warning, told.alert) == (1, "", "")


def test_recordings_that_declare_another_purpose_are_told_from_people_who_did_not_agree() -> None:
    told = night({**NOTHING, "suppressed.other_purpose": 6})
    assert (told.alert, "used for that one alone" in told.warning) == ("nothing kept", True)
    assert "used for that one alone" not in night(NOTHING).warning


def test_json_and_journal_hold_the_same_counts_and_no_name_of_a_file() -> None:
    told = night(FULL, rows=6)
    assert told.as_json()["reasons"] == {"no_consent": 4}
    assert told.facts()["not_kept.no_consent"] == 4
    assert "a.jsonl" not in str(told.as_json()) + str(told.facts())


def test_of_erased_people_the_line_says_so_and_the_journal_counts_them_with_those_without_consent() -> None:
    aside = {"events.read": 10, "suppressed.erased": 3, "suppressed.no_consent": 4, "outcome.suppressed": 7}
    mixed = night(aside, rows=3)
    assert mixed.as_json()["reasons"] == {"erased": 3, "no_consent": 4}
    facts = mixed.facts()
    assert (facts["not_kept.no_consent"], "not_kept.erased" in facts) == (7, False)
    assert "Check the consent registry" in night(aside).warning
    alone = night({"events.read": 10, "suppressed.erased": 10, "outcome.suppressed": 10})
    assert (alone.exit_code, alone.facts()["not_kept.no_consent"]) == (1, 10)
    assert "people who were erased" in alone.warning
    assert "registry" not in alone.warning


def test_people_whom_the_registry_lost_stand_in_the_line_and_change_no_exit_code() -> None:
    for missing, says in (
        (0, ""),
        (1, "1 person missing from the registry"),
        (2, "2 people missing from the registry"),
    ):
        told = replace(night(FULL, rows=6), missing=missing)
        line = " ".join(render_night(told).split())
        assert (says in line, "missing" in line, told.exit_code) == (True, bool(missing), 0)
        assert told.as_json()["missing"] == missing


def test_the_line_says_whose_id_or_purpose_may_be_misspelt() -> None:
    told = replace(night(FULL, rows=6), unknown=1, elsewhere=2)
    line = " ".join(render_night(told).split())
    assert "1 person with pauses or wishes nobody of the registry, 2 people with rows for other purposes alone" in line
    assert (told.as_json()["unknown"], told.as_json()["elsewhere"], told.exit_code) == (1, 2, 0)
