import json
from pathlib import Path

import pytest
import zstandard

from pipelines.cli.main import main
from pipelines.operations import ingest
from tests.support.pictures import draw, pack
from transforms.keys.key_set import create_key_set

LOG = Path("examples/recordings/agentnet/display-settings")
SAMPLES = Path("tests/ingest/formats/samples")
EVENT = {"session_id": "s", "user_id": "jane", "seq": 0, "kind": "screen", "source": "ocr", "text": "blue lamp"}


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "log.jsonl"
    nodes = [{"role": "button", "bounds": {"x": 1, "y": 2, "width": 3, "height": 4}}, {"role": "link", "colour": 1}]
    lines = [EVENT, EVENT | {"seq": 1, "nodes": nodes, "t_us": 5}, EVENT | {"seq": 2, "hunter2": 1}]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return path


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("keys") / "keys"
    create_key_set(folder)
    return str(folder)


def test_an_inspection_counts_whom_the_registry_lets_a_run_use_and_names_nobody(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    at = 1_767_600_000_000_000
    people = {"jane": at, "JOHN": at, "mary": at, "ola": at, "kim": at}
    lines = [
        EVENT | {"session_id": f"{user}-{seq}", "user_id": user, "seq": seq, "t_us": time + seq}
        for user, time in people.items()
        for seq in (1, 0)
    ]
    log = tmp_path / "log.jsonl"
    log.write_text("".join(json.dumps(line) + "\n" for line in lines))
    registry = tmp_path / "consent.csv"
    registry.write_text(
        "user_id,purpose,version,granted_at,withdrawn_at\n"
        "jane,training,1,2024-01-01T00:00:00Z,\njohn,training,1,2024-01-01T00:00:00Z,\n"
        "mary,training,1,2026-02-01T00:00:00Z,\nola,quality,1,2024-01-01T00:00:00Z,\n"
    )
    words = ["inspect", str(log), "--consent", str(registry)]
    assert main([*words, "--json"]) == 0
    shown = capsys.readouterr().out
    assert json.loads(shown)["consent"] == {
        "agreed": 2,
        "agreed later than the first event": 1,
        "without an open row": 2,
    }
    assert not [user for user in people if user in shown]
    assert main([*words, "--purpose", "quality"]) == 0
    assert "1 agreed, 4 without an open row" in capsys.readouterr().out
    assert main(["inspect", str(LOG), "--consent", str(registry)]) == 0
    assert "1 named by nobody here" in capsys.readouterr().out


def test_formats_says_what_a_file_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["formats", str(SAMPLES / "owamcap.mcap")]) == 0
    assert "owamcap" in (shown := capsys.readouterr().out)
    assert "key 32" in shown
    assert main(["formats", "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)) == 16


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"SQLite format 3\0" + b"\0" * 90, "a SQLite database, but none of openadapt, screenpipe"),
        (b"PK\x03\x04", "a ZIP archive, but none of playwright"),
        (b"\x89PNG\r\n", "a picture or sound, which is refused; no format"),
        (b"\0\0\0\x20ftypisom", "a video, which is read with the recording beside it (ingest.ocr); name the recording"),
        (b"\x1a\x45\xdf\xa3\x01", "a video, which is read with the recording beside it"),
        (b' {"a": 1}', "JSON, but none of rrweb"),
        (b"", "an empty file"),
        (b"hello", "a file of another kind"),
    ],
)
def test_a_file_that_no_format_knows_gets_a_word(
    content: bytes, words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "file.dat"
    path.write_bytes(content)
    for command in ("formats", "inspect"):
        assert main([command, str(path)]) == 1
        assert words in capsys.readouterr().out


def test_inspect_counts_without_content(log: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["inspect", str(log), "--json"]) == 1
    shown = capsys.readouterr().out
    found = json.loads(shown)
    assert found["events"] == {"screen": 2}
    assert found["fields"] == {"nodes": 1, "source": 2, "text": 2}
    assert found["places"] == {"nodes": 2, "nodes with bounds": 1}
    assert found["repaired"] == {"nodes.unknown_field": 1}
    assert found["times"] == {"base": "some events only: none would be kept", "seconds": 0}
    assert [(refused["reason"], refused["field"], refused["events"]) for refused in found["refused"]] == [
        ("unknown_field", "#7", 1)
    ]
    assert not any(word in shown for word in ("blue", "jane", "hunter2"))


@pytest.mark.parametrize(
    ("name", "base"),
    [
        ("openadapt-capture.db", "calendar"),
        ("openadapt-flow.jsonl", "since the start: the date is not known"),
        ("chrome-recorder.json", "none: order alone"),
    ],
)
def test_inspect_tells_the_time_base(name: str, base: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["inspect", str(SAMPLES / name), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["times"]["base"] == base


def test_a_recording_is_ingested_sealed_opened_and_read_again(
    tmp_path: Path, keys: str, capsys: pytest.CaptureFixture[str]
) -> None:
    sealed, opened, clear = (tmp_path / name for name in ("sealed.zst", "opened.jsonl.zst", "clear.jsonl.zst"))
    source = [str(SAMPLES / "openadapt-capture.db"), "--user", "someone"]
    assert main(["ingest", *source, "-o", str(sealed), "--keys", keys]) == 0
    assert main(["ingest", *source, "-o", str(clear), "--clear"]) == 0
    assert b"Outlook" not in sealed.read_bytes()
    assert [path.stat().st_mode & 0o777 for path in (sealed, clear)] == [0o600, 0o600]
    assert main(["ingest", str(sealed), "-o", str(opened), "--keys", keys, "--clear"]) == 0
    assert opened.read_bytes() == clear.read_bytes()
    capsys.readouterr()
    assert main(["inspect", str(opened), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["events"] == {
        "focus": 1,
        "key": 106,
        "pointer": 5,
        "session": 1,
        "task": 1,
    }


def test_ingest_refuses_without_a_word_on_sealing_over_a_file_and_with_other_keys(
    tmp_path: Path, log: Path, keys: str, capsys: pytest.CaptureFixture[str]
) -> None:
    target, other = tmp_path / "out", tmp_path / "other"
    create_key_set(other)
    assert main(["ingest", str(log), "-o", str(target)]) == 2
    assert main(["ingest", str(log), "-o", str(target), "--keys", keys]) == 1
    assert "1 refused: " in capsys.readouterr().err
    assert main(["ingest", str(log), "-o", str(target), "--keys", keys]) == 2
    assert main(["ingest", str(target), "-o", str(tmp_path / "a"), "--keys", keys]) == 2
    assert main(["ingest", str(target), "-o", str(tmp_path / "a"), "--keys", str(other), "--clear"]) == 3
    assert main(["ingest", str(target), "-o", str(target), "--keys", keys, "--clear"]) == 2
    assert main(["ingest", str(log), "-o", str(tmp_path / "no" / "a"), "--clear"]) == 2
    assert main(["inspect", str(tmp_path / "none")]) == 2
    assert not (tmp_path / "a").exists()


@pytest.mark.parametrize("stopped", [KeyboardInterrupt, ValueError])
def test_an_ingest_that_is_stopped_leaves_no_file(
    stopped: type[BaseException], tmp_path: Path, log: Path, keys: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object) -> bytes:
        raise stopped

    monkeypatch.setattr(ingest, "seal_log", stop)
    assert main(["ingest", str(log), "-o", str(tmp_path / "a"), "--keys", keys]) == 4
    assert not (tmp_path / "a").exists()


def test_ingest_reads_screenshots_where_that_is_asked_for_and_says_so_where_not(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    steps = [{"step_num": 0, "image": "0.png", "action": "pyautogui.click(x=0.5, y=0.5)"}]
    task = tmp_path / "task.json"
    task.write_text(json.dumps({"task_id": "t", "user_task_description": "Open it", "steps": steps}))
    (tmp_path / "0.png").write_bytes(pack(draw([(10, 10, "blue lamp")], (200, 48))))
    common = ["ingest", str(task), "--user", "u", "--clear", "-o"]
    assert main([*common, str(tmp_path / "without")]) == 0
    assert "1 screenshot not read; --ocr reads their text (keyveil[ocr])" in capsys.readouterr().err
    assert main([*common, str(tmp_path / "with"), "--ocr", "--json"]) == 0
    answer = capsys.readouterr()
    assert (json.loads(answer.out)["events"], answer.err) == (4, "")
    assert b"blue lamp" in zstandard.decompress((tmp_path / "with").read_bytes(), 10_000)


def test_people_can_ask_whether_a_site_is_on_the_list(capsys: pytest.CaptureFixture[str]) -> None:
    names = {
        "chase.com": True,
        "https://www.chase.com/login?x=1": True,
        "Bitwarden": True,
        "KeePassXC.exe": True,
        "Inbox - My vault": True,
        "deutsche-bank.example": True,
        "weather.example": False,
        "databank.example": False,
        "Notes": False,
    }
    assert main(["denied", *names, "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == names
    assert main(["denied", "weather.example", "Notes", "--set", "redact.denied=[weather.*]"]) == 0
    assert capsys.readouterr().out == "weather.example: nothing is kept\nNotes: kept like anything else\n"
    assert main(["denied"]) == 0
    shown = capsys.readouterr().out
    assert "programs: 1password, bitwarden" in shown
    assert "redact.denied: none" in shown
    assert main(["denied", "Notes", " "]) == 2
    assert "a name is empty" in capsys.readouterr().err


def test_every_name_and_host_of_the_list_is_denied(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["denied", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    hosts = [f"my{name}" if name.startswith(".") else name for name in listed["sites"]]
    every = [*listed["programs"], *hosts, *listed["titles"]]
    assert ".bnpparibas" in listed["sites"]
    assert main(["denied", *every, "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == dict.fromkeys(every, True)
    assert len(listed["rules"]) == 4
