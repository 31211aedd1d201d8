"""Of whoever did not agree, withdrew, was erased or is not known nothing stays, whatever is wrong with a line."""

import gzip
import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from pipelines.cli.main import main
from pipelines.state.quarantine import find_expired, list_records, open_quarantine, open_record, remove_expired
from transforms.keys.key_set import KeyReference, KeySet
from transforms.object_store.interface import put

_EXAMPLES = Path(__file__).parents[2] / "examples"
_LOG = _EXAMPLES / "recordings" / "synthetic-office.jsonl"
_AT = 1_720_000_000_000_000
_KEPT = "KEPT until read"
"""Longer than what sealed bytes spell by chance: four letters stand in one state of two million."""
_REGISTRY = f"""{(_EXAMPLES / "consent.csv").read_text()}
optedout,training,1,2024-01-01T00:00:00Z,2024-02-01T00:00:00Z
other,research,1,2024-01-01T00:00:00Z,
later,training,1,2025-01-01T00:00:00Z,
jos\u00e9,training,1,2024-01-01T00:00:00Z,2024-02-01T00:00:00Z
"""


def event(session: str, user: str | None, seq: int, **more: object) -> str:
    told = {"session_id": session, "user_id": user, "seq": seq, "t_us": _AT + seq, "kind": "screen", "source": "ocr"}
    return json.dumps({name: value for name, value in ({"text": "x"} | told | more).items() if value is not None})


def bad_lines() -> Iterator[tuple[str, str]]:
    """Yield a bad line of each kind, with a secret, and who must stand behind its copy ('': there must be none)."""
    for user in ("optedout", "nobody", "other", "later", "JOSE\u0301", " OptedOut "):
        yield event(f"s-{user}", user, 0, extra_notes="SECRET"), ""
        yield event(f"s-{user}", user, 0, text="SECRET")[:-4], ""
        yield event(f"s-{user}", user, 0, text="SECRET", t_us=str(_AT)), ""
        yield event(f"s-{user}", user, 0, text="SECRET") + event("good", "user-a", 9), ""
        yield event(f"s-{user}", user, 0, text="SECRET").replace("{", '{"user_id":"user-a",', 1), ""
        yield event(f"s-{user}", user, 0, text="SECRET")[:-1] + ',"user_id":"user-a"}', ""
    yield event("theirs", None, 5, text="SECRET", extra_notes=1), ""  # whose good line stands in another file
    yield event("theirs", "user-a", 6, text="SECRET", extra_notes=1), ""
    yield event("theirs", None, 7, text="SECRET")[:-5], ""
    yield event("headed", None, 5, text="SECRET")[:-5], ""
    yield event("declared", "user-a", 5, text="SECRET", extra_notes=1), ""
    yield event("unknown", None, 5, text="SECRET", extra_notes=1), ""
    yield '{"text": "SECRET", cut', ""
    yield '{"session_id": "alone", "user_id": "later", "text": "SECRET", cut', ""
    yield '{"user_id": "user-a\x00", "text": "SECRET"}', ""
    yield event("good", "user-a", 5, text=_KEPT, extra_notes=1), "user-a"
    yield event("good", None, 6, text=_KEPT)[:-5], "user-a"
    yield event("own", "user-b", 6, text=_KEPT)[:-5], "user-b"


_GOOD = [
    event("theirs", "optedout", 0),
    json.dumps({"session_id": "headed", "user_id": "optedout", "seq": 0, "kind": "session"}),
    json.dumps({"session_id": "declared", "user_id": "user-a", "seq": 0, "kind": "session", "purpose": "research"}),
    event("declared", "user-a", 1, t_us=None, text="DECLARED"),
    event("good", "user-a", 0),
    event("torn", "optedout", 0, text="SECRET"),
    event("torn", "user-a", 1, text="SECRET"),
    event("torn2", None, 0, text="SECRET"),
    event("torn2", "optedout", 1, text="SECRET"),
]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("home")
    assert main(["keys", "init", str(home / "keys")]) == 0
    (home / "consent.csv").write_text(_REGISTRY)
    (home / "logs").mkdir()
    lines = [line for line, _ in bad_lines()]
    (home / "logs" / "bad.jsonl").write_text("\n".join(lines) + "\n")
    (home / "logs" / "good.jsonl").write_text("\n".join(_GOOD) + "\n" + _LOG.read_text())
    cut = gzip.compress((event("s", "user-a", 0) + "\n" + event("theirs", None, 9, text="SECRET")).encode(), 0)
    (home / "logs" / "cut.jsonl.gz").write_bytes(cut[:-12])
    assert run(home) == 1
    return home


def run(home: Path, *extra: str) -> int:
    words = ["run", "--input", str(home / "logs" / "*"), "--consent", str(home / "consent.csv"), "--keys"]
    fixed = ["--set", "store.encryption=none", "--set", "noise.run_key=derived", "--set", "noise.model=prior"]
    return main([*words, str(home / "keys"), "--output", str(home / "data"), *fixed, *extra])


def contents(home: Path) -> list[bytes]:
    privates = KeySet.open(KeyReference.parse(str(home / "keys"))).quarantine_privates()
    return [open_record(record, privates) for record in list_records(open_quarantine(str(home / "keyveil-state")))]


def test_nothing_is_kept_of_anybody_who_did_not_agree_whatever_the_line_broke(home: Path) -> None:
    found = contents(home)
    assert not [content for content in found if b"SECRET" in content]
    assert sorted(found) == sorted(line.encode() for line, user in bad_lines() if user)


def test_what_is_not_kept_is_counted_and_the_counts_add_up(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert run(home, "--json") == 0
    counts = json.loads(capsys.readouterr().out)["counts"]
    assert counts["quarantine.not_kept.unknown"] == 4
    assert counts["quarantine.not_kept.refused"] > 30
    assert counts["suppressed.other_purpose"] == 2
    assert counts["sessions.other_purpose"] == 1


def test_no_name_of_a_person_or_of_an_unknown_field_stands_in_private_state(home: Path) -> None:
    state = b"".join(path.read_bytes() for path in (home / "keyveil-state").rglob("*") if path.is_file())
    for word in (b"extra_notes", b"optedout", b"user-a", _KEPT.encode()):
        assert word not in state


def test_an_erasure_reaches_a_record_whose_user_only_the_session_names(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert main(["erase", "--user", "USER-A", str(home / "data"), "--keys", str(home / "keys"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["quarantined"] == 2
    assert [content for content in contents(home) if b"user-b" not in content] == []
    (home / "logs" / "again.jsonl").write_text(event("new", "User-A", 0, text="SECRET", extra_notes=1) + "\n")
    run(home)
    assert not [content for content in contents(home) if b"SECRET" in content or b"user-a" in content]


@pytest.mark.parametrize(("days", "kept"), [(0, 0), (1, 1)])
def test_a_record_of_nobody_is_kept_only_under_the_setting_and_until_its_last_day(
    days: int, kept: int, tmp_path: Path
) -> None:
    assert main(["keys", "init", str(tmp_path / "keys")]) == 0
    (tmp_path / "logs").mkdir()
    (tmp_path / "consent.csv").write_text(_REGISTRY)
    (tmp_path / "logs" / "log.jsonl").write_text(f'{event("good", "user-a", 0)}\n{{"text": "UNKNOWN", cut\n')
    assert run(tmp_path, "--set", f"ingest.keep_unnamed_days={days}") == 1
    assert len(contents(tmp_path)) == kept
    place = open_quarantine(str(tmp_path / "keyveil-state"))
    for record in list_records(place):
        last = date.fromisoformat(record.until)
        assert find_expired(place, last) == []
        remove_expired(place, last)
        assert len(find_expired(place, last + timedelta(days=1))) == 1
        remove_expired(place, last + timedelta(days=1))
    assert contents(tmp_path) == []


def test_what_was_set_aside_goes_after_the_days_that_the_record_of_the_basis_states(tmp_path: Path) -> None:
    assert main(["keys", "init", str(tmp_path / "keys")]) == 0
    (tmp_path / "logs").mkdir()
    (tmp_path / "consent.csv").write_text(_REGISTRY)
    bad = event("good", "user-a", 1, extra_notes=1)
    (tmp_path / "logs" / "log.jsonl").write_text(f"{event('good', 'user-a', 0)}\n{bad}\n")
    assert run(tmp_path) == 1
    place = open_quarantine(str(tmp_path / "keyveil-state"))
    (record,) = list_records(place)
    last = date.fromisoformat(record.since) + timedelta(days=2)
    assert find_expired(place, last, 2) == []
    assert find_expired(place, last + timedelta(days=1), 2) == [record]
    assert find_expired(place, last + timedelta(days=1)) == [], "where nothing is stated it stays"
    about = place.get(next(name for name in place.names() if name.endswith(".about.json")))
    assert about is not None
    old = json.loads(about.content) | {"since": (last - timedelta(days=11)).isoformat()}
    put(place, next(name for name in place.names() if name.endswith(".about.json")), json.dumps(old).encode())
    (tmp_path / "logs" / "log.jsonl").write_text(f"{event('good', 'user-a', 0)}\n")
    assert run(tmp_path, "--set", "basis.quarantine_days=8") == 0
    assert list(list_records(place)) == []


def test_what_an_earlier_version_set_aside_goes_so_many_days_after_the_first_run_that_knows_them(
    tmp_path: Path,
) -> None:
    place, first = open_quarantine(str(tmp_path)), date(2026, 1, 10)
    about = {"stage": "ingest", "reason": "bad_json", "events": 3, "owners": ["a keyed name"]}
    put(place, "release/locator.about.json", json.dumps(about).encode())
    put(place, "release/locator.sealed", b"sealed")
    put(place, "release/nothing-known.sealed", b"sealed")
    remove_expired(place, first - timedelta(days=99))
    assert {record.since for record in list_records(place)} == {""}, "where nothing is stated it counts from no day"
    remove_expired(place, first, 2)
    assert {record.since for record in list_records(place)} == {"2026-01-10"}
    kept = next(record for record in list_records(place) if record.locator == "locator")
    assert (kept.events, kept.owners) == (3, ("a keyed name",))
    remove_expired(place, first + timedelta(days=2), 2)
    assert {record.since for record in list_records(place)} == {"2026-01-10"}
    remove_expired(place, first + timedelta(days=3), 2)
    assert list(list_records(place)) == []


@pytest.mark.parametrize(("user", "code", "kept"), [(" Optedout", 3, 0), ("User-A ", 1, 1)])
def test_of_a_recording_in_a_foreign_format_what_is_bad_is_its_users(
    user: str, code: int, kept: int, tmp_path: Path
) -> None:
    assert main(["keys", "init", str(tmp_path / "keys")]) == 0
    (tmp_path / "logs").mkdir()
    (tmp_path / "consent.csv").write_text(_REGISTRY)
    recording = json.loads((_EXAMPLES / "recordings" / "rrweb" / "integration_form_interactions.json").read_text())
    bad = {"type": "SECRET", "user_id": "user-a", "data": {}}
    (tmp_path / "logs" / "visit.json").write_text(json.dumps([*recording, bad]))
    assert run(tmp_path, "--user", user) == code
    assert [b"SECRET" in content for content in contents(tmp_path)] == [True] * kept
