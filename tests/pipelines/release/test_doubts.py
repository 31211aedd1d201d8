"""A run says how many people an id or a purpose of the registry does not match, in which lines, and never who."""

import io
import json
from pathlib import Path

import pytest
from rich.console import Console

from pipelines.observe.event_log import keep_event_log
from pipelines.release.doubts import note_unknown, render_lines
from schemas.privacy import Profile
from transforms.consent.registry import ConsentSnapshot


def said(consent: ConsentSnapshot, journal: Path, profile: Profile = Profile.RESTRICTED) -> tuple[str, list[dict]]:  # type: ignore[type-arg]
    text = io.StringIO()
    with keep_event_log(str(journal)):
        note_unknown(consent, Console(file=text), profile)
    lines = [json.loads(line) for line in journal.read_text().splitlines()]
    assert {line["severity"] for line in lines} <= {"WARNING"}, "alerts wait for it"
    return text.getvalue(), [{k: v for k, v in line.items() if k not in {"time", "severity"}} for line in lines]


def test_only_what_does_not_match_is_said(tmp_path: Path) -> None:
    assert said(ConsentSnapshot("training", {}), tmp_path / "none") == ("", [])
    text, told = said(ConsentSnapshot("training", {}, unknown=1), tmp_path / "unknown")
    assert "1 of those with pauses or wishes is nobody" in text
    assert told == [{"message": "pauses of nobody", "people": 1}]


@pytest.mark.parametrize(
    ("people", "lines", "says"),
    [(1, (3,), "1 person of the consent registry has rows"), (2, (3, 5, 9), "2 people of the consent registry have")],
)
def test_rows_for_other_purposes_are_told_by_their_lines(
    people: int, lines: tuple[int, ...], says: str, tmp_path: Path
) -> None:
    text, told = said(ConsentSnapshot("training", {}, elsewhere=people, elsewhere_lines=lines), tmp_path / "j")
    assert says in text
    assert render_lines(ConsentSnapshot("training", {}, elsewhere_lines=lines)) in text
    assert told == [{"message": "registry row unused", "line": line, "people": people} for line in lines]


@pytest.mark.parametrize(("lines", "shown"), [(10, "lines 1, 2, 3, 4, 5, 6, 7, 8, 9, 10"), (11, "9, 10, ...")])
def test_ten_lines_are_named_at_most(lines: int, shown: str) -> None:
    assert render_lines(ConsentSnapshot("p", {}, elsewhere_lines=tuple(range(1, lines + 1)))).endswith(shown)


def test_people_who_are_missing_are_counted_and_where_tables_alone_are_released_no_number_is_logged(
    tmp_path: Path,
) -> None:
    for missing, says in (
        (1, "1 person who was in the last registry is missing"),
        (2, "2 people who were in the last"),
    ):
        text, told = said(ConsentSnapshot("training", {}, missing=missing), tmp_path / str(missing))
        assert says in text
        assert told == [{"message": "registry lost people", "people": missing}]
    consent = ConsentSnapshot("training", {}, missing=1, unknown=1, elsewhere=1, elsewhere_lines=(2,))
    _, told = said(consent, tmp_path / "tables", Profile.AGGREGATES)
    assert [line.keys() for line in told] == [{"message"}] * 3
