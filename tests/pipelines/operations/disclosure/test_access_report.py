"""Access reports: holders of keys, the agreement, what the preflight read, trainings, and an audit log."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from pipelines.cli.main import main
from pipelines.operations.disclosure import access_report
from pipelines.operations.disclosure.access_log import Reads, find_reads
from schemas.errors import UsageError
from tests.preflight.world import BUCKET
from transforms.keys.key_set import create_key_set
from transforms.preflight.verdict import Finding, Outcome, Verdict

_POLICY = str(Path(__file__).parents[3] / "preflight" / "policy.yaml")
_PLACE = f"projects/_/buckets/{BUCKET}/objects"
_ANA, _EVE = "ana@example.com", "eve@example.com"


def entry(member: str, name: str = "sessions/releases/1/a", day: str = "2026-11-20", **call: Any) -> dict[str, Any]:
    payload = {"methodName": "storage.objects.get", "resourceName": f"{_PLACE}/{name}"}
    return {
        "timestamp": f"{day}T10:00:00.5Z",
        "protoPayload": {**payload, "authenticationInfo": {"principalEmail": member}, **call},
    }


def write(file: Path, *entries: Any) -> Path:
    file.write_text(json.dumps(entries))
    return file


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    tmp_path.chmod(0o700)
    create_key_set(tmp_path / "keys")
    return tmp_path / "keys"


def test_reads_are_counted_by_member_and_those_nobody_agreed_on_come_first(tmp_path: Path) -> None:
    log = write(
        tmp_path / "log.json",
        entry(_ANA, day="2026-11-21"),
        entry(_ANA, day="2026-11-20"),
        entry(_ANA, methodName="storage.objects.list"),
        entry(_ANA, name="other/releases/1/a"),
        entry(_ANA, resourceName=f"{_PLACE}x/sessions/a"),
        entry(_EVE, status={"code": 7}),
        entry(_EVE, day="2026-11-22", status={}),
        entry("", authenticationInfo={}),
    )
    assert find_reads(log, BUCKET, "sessions/", {f"user:{_ANA}", "group:team@example.com"}) == (
        Reads(_EVE, 1, "2026-11-22", "2026-11-22", is_agreed=False),
        Reads("not named", 1, "2026-11-20", "2026-11-20", is_agreed=False),
        Reads(_ANA, 2, "2026-11-20", "2026-11-21", is_agreed=True),
    )
    assert [reads.count for reads in find_reads(log, BUCKET, "", {f"user:{_ANA}"})] == [1, 1, 3]
    lines = tmp_path / "lines.json"
    lines.write_text("\n".join(map(json.dumps, json.loads(log.read_text()))))
    assert find_reads(lines, BUCKET, "sessions/", ()) == find_reads(log, BUCKET, "sessions/", {"user:nobody"})


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("{", "cannot be read as JSON"),
        ('[{"timestamp": "2026-11-20"}]', "entry 1 of .* is none of the audit log"),
        ("[3]", "entry 1 of .* is none"),
        (json.dumps([entry(_ANA), {"protoPayload": None}]), "entry 2 of .* is none"),
    ],
)
def test_a_log_of_another_form_is_refused_without_its_content(content: str, says: str, tmp_path: Path) -> None:
    (tmp_path / "log.json").write_text(content)
    with pytest.raises(UsageError, match=says) as refused:
        find_reads(tmp_path / "log.json", BUCKET, "", ())
    assert _ANA not in str(refused.value)


def test_a_log_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read as JSON"):
        find_reads(tmp_path / "nothing", BUCKET, "", ())


def _answer(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, dict[str, Any], str]:
    capsys.readouterr()
    code = main(["access-report", *map(str, words), "--json"])
    shown = capsys.readouterr()
    return code, json.loads(shown.out) if shown.out else {}, shown.err


def test_a_folder_is_reported_with_the_holders_of_its_keys(
    keys: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "data").mkdir(mode=0o700)
    words = [
        "keys",
        "export",
        "--role",
        "reader",
        str(keys),
        "-o",
        str(tmp_path / "reader.json"),
        "--holder",
        "ML team",
    ]
    assert main(words) == 0
    training = ["--label", "next-action", "--epsilon", "0.5", "--delta", "1e-7", "--keys", str(keys)]
    assert main(["ledger", "charge", *training]) == 0
    code, result, _ = _answer(capsys, tmp_path / "data", "--keys", keys)
    assert (code, result["agreed"], result["reads"]) == (0, [], None)
    assert [(item["holder"], item["role"], item["ended"]) for item in result["exports"]] == [
        ("ML team", "reader", False)
    ]
    assert [item["label"] for item in result["trainings"]] == ["next-action"]
    assert main(["access-report", str(tmp_path / "data"), "--keys", str(keys)]) == 0
    shown = capsys.readouterr().out
    assert "holder ML team, without end; opens every release sealed until" in " ".join(shown.split())
    assert result["exports"][0]["opens"].startswith("opens every release sealed until")
    assert max(map(len, shown.splitlines()[1:])) <= 80
    (tmp_path / "data").chmod(0o755)
    code, result, told = _answer(capsys, tmp_path / "data", "--keys", keys)
    assert (code, result["place"]["refused"], "somebody has to look" in told) == (1, True, True)


def test_an_export_whose_last_day_is_over_needs_somebody(
    keys: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "data").mkdir(mode=0o700)
    today = datetime.now(UTC).date()
    words = ["keys", "export", "--role", "reader", str(keys), "-o", str(tmp_path / "reader.json")]
    assert main([*words, "--until", today.isoformat()]) == 0
    assert _answer(capsys, tmp_path / "data", "--keys", keys)[0] == 0
    later = SimpleNamespace(now=lambda zone: datetime.now(zone) + timedelta(days=1))
    monkeypatch.setattr(access_report, "datetime", later)
    code, result, _ = _answer(capsys, tmp_path / "data", "--keys", keys)
    assert (code, result["exports"][0]["ended"]) == (1, True)


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Callable[[Outcome], None]:
    """Make the preflight find what it is told to."""

    def judge(outcome: Outcome) -> None:
        finding = Finding("effective-readers", "nobody else can read", outcome, "user:eve", "nobody", "why", "fix")
        verdict = Verdict(f"gs://{BUCKET}", datetime.now(UTC), (finding,))
        monkeypatch.setattr(access_report, "guard_for", lambda *_, **__: SimpleNamespace(look=lambda: verdict))

    judge(Outcome.PASSED)
    return judge


def test_a_bucket_is_reported_with_its_agreement_and_its_log(
    bucket: Callable[[Outcome], None], keys: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good, bad = write(tmp_path / "good.json", entry(_ANA)), write(tmp_path / "bad.json", entry(_ANA), entry(_EVE))
    words = (f"gs://{BUCKET}/sessions", "--policy", _POLICY, "--keys", keys, "--logs")
    code, result, _ = _answer(capsys, *words, good)
    assert (code, result["reads"][0]["member"], f"user:{_ANA}" in result["agreed"]) == (0, _ANA, True)
    code, result, _ = _answer(capsys, *words, bad)
    assert (code, [item["is_agreed"] for item in result["reads"]]) == (1, [False, True])
    assert main(["access-report", *map(str, (*words, bad))]) == 1
    assert f"{_EVE}, 1 file, 2026-11-20 to 2026-11-20: NOT AGREED" in capsys.readouterr().out
    bucket(Outcome.FAILED)
    assert _answer(capsys, *words, good)[0] == 1


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("data", "--logs", "log.json"), "leave it out for another place"),
        (("s3://acme", "--logs", "log.json"), "leave it out for another place"),
        (("gs://another", "--policy", _POLICY), "another bucket"),
    ],
)
def test_wrong_use_is_one_sentence(
    words: tuple[str, ...], says: str, keys: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, told = _answer(capsys, *words, "--keys", keys)
    assert (code, says in told, told.count("\n")) == (2, True, 1)
