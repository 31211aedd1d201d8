"""A pause or wish that comes after the night on which a session was staged, and before its release."""

import json
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tests.support.days import days_from
from tests.support.nights import Company, keyveil, span

DAYS = days_from(date(2026, 11, 3), 2)
NOON_US = 1_793_707_200_000_000
COLUMNS = "user_id,kind,starts_at,ends_at,granted_by\n"
PAUSE = "user-a,pause,2026-11-03T12:00:10Z,2026-11-03T12:00:20Z,\n"
MISTYPED = PAUSE.replace("user-a", "user-A1")
OBEYED = PAUSE.replace("user-a", "user-c")
SECOND_US = 1_000_000


def write_session(company: Company, name: str, user: str, after_us: int, word: str = "harbour") -> None:
    """Write a session of 40 seconds: a window and screens, one a second."""
    where = {"session_id": name, "user_id": user}
    events: list[dict[str, object]] = []
    for second in range(40):
        event = where | {"seq": second, "t_us": NOON_US + after_us + second * SECOND_US}
        if second % 10 == 0:
            events.append(event | {"kind": "focus", "app": "mail", "title": f"Inbox {name}"})
        else:
            events.append(event | {"kind": "screen", "source": "ocr", "text": f"the {word} plan {second}"})
    folder = company.logs / DAYS[0].isoformat()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.jsonl").write_text("".join(f"{json.dumps(event)}\n" for event in events))


@pytest.fixture
def company(tmp_path: Path) -> Company:
    company = Company(tmp_path, ("--set", "schedule.window_days=2", "--set", f"consent.pauses={tmp_path}/pauses.csv"))
    write_session(company, "paused", "user-a", 0)
    write_session(company, "before", "user-a", -3600 * SECOND_US)
    write_session(company, "worded", "user-b", 0, "kestrel")
    write_session(company, "obeyed", "user-c", 0)
    (company.logs / DAYS[1].isoformat()).mkdir()
    return company


def released_titles(company: Company) -> dict[str, int]:
    """Count the released screens by the title of their window."""
    (release,) = company.releases()
    counts: dict[str, int] = {}
    title = ""
    for path in sorted((release / "events").glob("*.parquet")):
        for row in pq.read_table(path, columns=["kind", "title"]).to_pylist():
            title = row["title"] or title
            counts[title] = counts.get(title, 0) + (row["kind"] == "screen")
    return counts


def test_a_session_that_a_later_pause_or_private_word_touches_is_not_released(company: Company) -> None:
    pauses = company.folder / "pauses.csv"
    pauses.write_text(COLUMNS + MISTYPED + OBEYED)
    assert company.run(*span(DAYS[:1])).code == 0
    pauses.write_text(COLUMNS + MISTYPED + OBEYED + PAUSE)
    wish = {"format": "keyveil-wishes-1", "user": "user-b", "session": "worded", "remove": [], "private": ["Kestrel"]}
    (company.folder / "wishes.json").write_text(json.dumps(wish))
    done = company.run(*span(DAYS[1:]), "--wishes", str(company.folder / "wishes.json"))
    assert released_titles(company) == {"Inbox before": 36, "Inbox obeyed": 27}
    (release,) = done.json["releases"]
    assert release["counts"]["sessions.paused"] == 2
    assert release["counts"]["suppressed.paused"] == 10 + 40 + 40
    (told,) = keyveil("report", release["release"], "--keys", company.keys, "--json").json
    assert not [name for name in told["counts"] if "paused" in name]


TYPED = "the keys of the archive lie in the lower drawer"


def write_events(company: Company, name: str, after_s: int, events: list[dict[str, object]]) -> None:
    """Write a session of user-a into the log of the first day, with an event each tenth of a second."""
    where = {"session_id": name, "user_id": "user-a"}
    begin = NOON_US + after_s * SECOND_US
    rows = [where | {"seq": seq, "t_us": begin + seq * SECOND_US // 10} | event for seq, event in enumerate(events)]
    log = company.logs / DAYS[0].isoformat() / f"{name}.jsonl"
    log.write_text("".join(f"{json.dumps(row)}\n" for row in rows))


@pytest.mark.parametrize("policy", ["surrogate", "withhold_incoming"])
def test_what_was_typed_in_a_stretch_that_is_paused_later_takes_along_the_sessions_that_show_it(
    tmp_path: Path, policy: str
) -> None:
    pauses = tmp_path / "pauses.csv"
    pauses.write_text(COLUMNS)
    words = ("schedule.window_days=2", f"consent.pauses={pauses}", f"redact.bystanders={policy}")
    company = Company(tmp_path, [part for word in words for part in ("--set", word)])
    focus: list[dict[str, object]] = [{"kind": "focus", "app": "slack", "title": "general"}]
    shown = [*focus, {"kind": "screen", "source": "ocr", "text": f"Ann Lee 10:42\n{TYPED}"}]
    key = {"kind": "key", "field_id": "f", "code": "", "modifiers": []}
    keys = [{**key, "action": action, "key": letter} for letter in TYPED for action in ("down", "up")]
    field = {"kind": "field", "field_id": "f", "role": "textbox", "label": "Message", "multiline": False}
    for day in DAYS:
        (company.logs / day.isoformat()).mkdir(parents=True)
    # a log that comes a day late: both sessions are redacted in one night
    write_events(company, "typing", 5 - 86_400, [*focus, field, *keys])
    write_events(company, "later", 7_200, shown)
    write_session(company, "other", "user-b", 0)
    assert company.run(*span(DAYS[:1])).code == 0
    pauses.write_text(COLUMNS + PAUSE.replace("11-03", "11-02"))
    (release,) = company.run(*span(DAYS[1:])).json["releases"]
    knows = policy == "withhold_incoming"
    assert release["counts"]["sessions.paused"] == (2 if knows else 1)
    assert count_screens(company, TYPED) == (0 if knows else 1)


def count_screens(company: Company, text: str) -> int:
    (release,) = company.releases()
    rows = [row for path in (release / "events").glob("*.parquet") for row in pq.read_table(path).to_pylist()]
    return sum(row["kind"] == "screen" and text in (row["text"] or "") for row in rows)
