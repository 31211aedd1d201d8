"""Access reports: holders of keys, the agreement, what the preflight read, trainings, and an audit log."""

import gzip
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from pipelines.cli.main import main
from pipelines.operations.disclosure import access_report
from pipelines.operations.disclosure.access_log import LogContent, Reads, read_google_log, summarise_log
from pipelines.operations.disclosure.trail_log import read_trail
from schemas.errors import RefusedError, UsageError
from tests.preflight.world import BUCKET
from transforms.keys.key_set import create_key_set
from transforms.preflight.verdict import CheckOutcome, Finding, Verdict

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


def summarise(file: Path, prefix: str, agreed: set[str]) -> LogContent:
    return summarise_log(read_google_log(file, BUCKET), prefix, agreed)


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
    found = summarise(log, "sessions/", {f"user:{_ANA}", "group:team@example.com"})
    assert found.reads == (
        Reads(_EVE, 1, "2026-11-22", "2026-11-22", is_agreed=False),
        Reads("not named", 1, "2026-11-20", "2026-11-20", is_agreed=False),
        Reads(_ANA, 2, "2026-11-20", "2026-11-21", is_agreed=True, listings=1),
    )
    assert (found.entries, found.first, found.last) == (8, "2026-11-20T10:00:00.5Z", "2026-11-22T10:00:00.5Z")
    assert found.shows_reads
    assert [reads.count for reads in summarise(log, "", {f"user:{_ANA}"}).reads] == [1, 1, 3]
    lines = tmp_path / "lines.json"
    lines.write_text("\n".join(map(json.dumps, json.loads(log.read_text()))))
    assert summarise(lines, "sessions/", set()) == summarise(log, "sessions/", {"user:nobody"})


def test_a_log_without_reads_tells_what_it_covers_and_shows_none(tmp_path: Path) -> None:
    written = write(tmp_path / "log.json", entry(_ANA, methodName="storage.objects.create", day="2026-11-19"))
    found = summarise(written, "", set())
    assert (found.reads, found.entries, found.first[:10], found.shows_reads) == ((), 1, "2026-11-19", False)
    assert summarise(write(tmp_path / "none.json"), "", set()) == LogContent((), 0, "", "", shows_reads=False)
    refused = summarise(write(tmp_path / "refused.json", entry(_EVE, status={"code": 7})), "", set())
    assert (refused.reads, refused.shows_reads) == ((), True)


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
        summarise(tmp_path / "log.json", "", set())
    assert _ANA not in str(refused.value)


def test_a_log_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read as JSON"):
        summarise(tmp_path / "nothing", "", set())


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
    assert (code, result["place"]["refused"], "check the report" in told) == (1, True, True)


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
def bucket(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Make the preflight find what it is told to."""

    def judge(outcome: CheckOutcome, check: str = "effective-readers") -> None:
        finding = Finding(check, "nobody else can read", outcome, "user:eve", "nobody", "why", "fix")
        verdict = Verdict(f"gs://{BUCKET}", datetime.now(UTC), (finding,))
        monkeypatch.setattr(access_report, "open_preflight", lambda *_, **__: SimpleNamespace(look=lambda: verdict))

    judge(CheckOutcome.PASSED)
    return judge


def test_a_bucket_is_reported_with_its_agreement_and_its_log(
    bucket: Callable[..., None], keys: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good, bad = write(tmp_path / "good.json", entry(_ANA)), write(tmp_path / "bad.json", entry(_ANA), entry(_EVE))
    words = (f"gs://{BUCKET}/sessions", "--policy", _POLICY, "--keys", keys, "--logs")
    code, result, _ = _answer(capsys, *words, good)
    assert (code, result["reads"][0]["member"], f"user:{_ANA}" in result["agreed"]) == (0, _ANA, True)
    code, result, _ = _answer(capsys, *words, bad)
    assert (code, [item["is_agreed"] for item in result["reads"]]) == (1, [False, True])
    assert main(["access-report", *map(str, (*words, bad))]) == 1
    assert f"{_EVE}, 1 file, 2026-11-20 to 2026-11-20: NOT AGREED" in capsys.readouterr().out
    bucket(CheckOutcome.FAILED)
    assert _answer(capsys, *words, good)[0] == 1


def test_a_log_that_was_handed_over_is_read_where_the_bucket_cannot_be_asked(
    keys: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise RefusedError("there are no Google credentials to check the bucket with")

    monkeypatch.setattr(access_report, "open_preflight", refuse)
    words = (f"gs://{BUCKET}/sessions", "--policy", _POLICY, "--keys", keys)
    log = write(tmp_path / "log.json", entry(_ANA), entry(_EVE))
    code, result, _ = _answer(capsys, *words, "--logs", log)
    assert (code, [item["is_agreed"] for item in result["reads"]]) == (1, [False, True])
    assert (result["place"]["refused"], "no Google credentials" in result["place"]["unseen"]) == (True, True)
    agreed = write(tmp_path / "agreed.json", entry(_ANA))
    assert main(["access-report", *map(str, (*words, "--logs", agreed))]) == 1
    assert "not looked at: there are no Google credentials" in " ".join(capsys.readouterr().out.split())
    code, _, told = _answer(capsys, *words)
    assert (code, "no Google credentials" in told) == (3, True)


def test_a_log_that_cannot_tell_who_read_is_no_answer(
    bucket: Callable[..., None], keys: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = (f"gs://{BUCKET}/sessions", "--policy", _POLICY, "--keys", keys)
    code, result, _ = _answer(capsys, *words)
    assert (code, result["log"]) == (0, None)
    assert main(["access-report", *map(str, words)]) == 0
    assert "nothing is said of who read" in " ".join(capsys.readouterr().out.split())
    empty, written = write(tmp_path / "a"), write(tmp_path / "b", entry(_ANA, methodName="storage.objects.create"))
    for log, says in ((empty, "it covers no time"), (written, "nothing shows that reads were recorded")):
        code, result, told = _answer(capsys, *words, "--logs", log)
        assert (code, says in told, says in result["log"]["blindness"], result["reads"]) == (1, True, True, [])
        assert main(["access-report", *map(str, (*words, "--logs", log))]) == 1
        shown = " ".join(capsys.readouterr().out.split())
        assert ("not known" in shown, "nobody, in this log" in shown) == (True, False)
    bucket(CheckOutcome.PASSED, "recorded")
    code, result, _ = _answer(capsys, *words, "--logs", written)
    assert (code, result["log"]["blindness"], result["log"]["shows_reads"]) == (0, "", False)
    assert _answer(capsys, *words, "--logs", empty)[0] == 1
    bucket(CheckOutcome.FAILED, "recorded")
    assert "nothing shows" in _answer(capsys, *words, "--logs", written)[1]["log"]["blindness"]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("data", "--logs", "log.json"), "leave it out for another place"),
        (("gs://another", "--policy", _POLICY), "another bucket"),
    ],
)
def test_wrong_use_is_one_sentence(
    words: tuple[str, ...], says: str, keys: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, told = _answer(capsys, *words, "--keys", keys)
    assert (code, says in told, told.count("\n")) == (2, True, 1)


_ROLE, _S3 = "arn:aws:iam::123456789012:role/train", "acme-releases"
_SESSION = {
    "type": "AssumedRole",
    "arn": "arn:aws:sts::123456789012:assumed-role/train/job-1",
    "sessionContext": {"sessionIssuer": {"arn": _ROLE}},
}
_USER = {"type": "IAMUser", "arn": "arn:aws:iam::123456789012:user/eve"}


def record(name: str, identity: dict[str, Any], day: str = "2026-11-20", **more: Any) -> dict[str, Any]:
    asked = {"bucketName": _S3, "key": "sessions/releases/1/a"}
    about = {"eventSource": "s3.amazonaws.com", "eventName": name, "eventTime": f"{day}T10:00:00Z"}
    return {**about, "userIdentity": identity, "requestParameters": asked, **more}


def write_trail(file: Path, *records: Any) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(gzip.compress(json.dumps({"Records": records}).encode()))
    return file


def test_data_events_of_cloudtrail_are_read_by_role_from_all_files_of_a_folder(tmp_path: Path) -> None:
    copy = {"bucketName": "elsewhere", "key": "b", "x-amz-copy-source": f"/{_S3}/sessions/releases/1/a%20b?versionId=1"}
    write_trail(
        tmp_path / "2026" / "11" / "20" / "a.json.gz",
        record("GetObject", _SESSION),
        record("ListObjects", _SESSION, requestParameters={"bucketName": _S3, "prefix": "sessions/"}),
        record("ListObjects", _SESSION, requestParameters={"bucketName": _S3, "prefix": "other/"}),
        record("GetObject", _USER, errorCode="AccessDenied"),
        record("GetObject", _USER, requestParameters={"bucketName": f"{_S3}-2", "key": "sessions/a"}),
        record("GetObject", _USER, requestParameters={"bucketName": _S3, "key": "other/a"}),
        record("GetObject", _USER, eventSource="kms.amazonaws.com"),
        record("PutObject", _SESSION, day="2026-11-19"),
        record("DeleteObjects", _USER, requestParameters=None),
    )
    plain = tmp_path / "2026" / "b.json"
    anonymous = {"type": "AWSAccount", "principalId": "ANONYMOUS_PRINCIPAL", "accountId": "ANONYMOUS_PRINCIPAL"}
    plain.write_text(
        json.dumps(
            {
                "Records": [
                    record("HeadObject", anonymous, day="2026-11-22"),
                    record("CopyObject", _USER, requestParameters=copy),
                    record("GetObject", {"type": "AWSService", "invokedBy": "athena.amazonaws.com"}),
                    record("GetObject", {"type": "AWSAccount", "accountId": "210987654321"}),
                    record("GetObject", {"type": "Unknown"}),
                ]
            }
        )
    )
    found = summarise_log(read_trail(tmp_path, _S3), "sessions/", {_ROLE})
    assert [(item.member, item.count, item.listings, item.is_agreed) for item in found.reads] == [
        ("account 210987654321", 1, 0, False),
        ("anonymous", 0, 1, False),
        ("arn:aws:iam::123456789012:user/eve", 1, 0, False),
        ("athena.amazonaws.com", 1, 0, False),
        ("not named", 1, 0, False),
        (_ROLE, 1, 1, True),
    ]
    assert (found.entries, found.first[:10], found.last[:10]) == (11, "2026-11-19", "2026-11-22")
    only_written = write_trail(tmp_path / "c.json.gz", record("PutObject", _SESSION))
    assert not summarise_log(read_trail(only_written, _S3), "", ()).shows_reads


@pytest.mark.parametrize("content", [b"{", b"[]", b'{"Records": [3]}', b'{"Records": [{}]}', b"\x1f\x8bx", b"{}"])
def test_what_is_no_file_of_cloudtrail_is_refused(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(content)
    with pytest.raises(UsageError, match="CloudTrail"):
        list(read_trail(tmp_path, _S3))
    with pytest.raises(UsageError, match="cannot be read"):
        list(read_trail(tmp_path / "nothing.json", _S3))


def test_a_bucket_of_s3_is_reported_with_its_trail(
    monkeypatch: pytest.MonkeyPatch, keys: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    verdict = Verdict(
        f"s3://{_S3}", datetime.now(UTC), (Finding("recorded", "t", CheckOutcome.PASSED, "r", "e", "w", "f"),)
    )
    monkeypatch.setattr(access_report, "open_preflight", lambda *_, **__: SimpleNamespace(look=lambda: verdict))
    words = (f"s3://{_S3}/sessions", "--keys", keys, "--logs")
    code, result, _ = _answer(
        capsys, *words, write_trail(tmp_path / "log" / "a.json.gz", record("GetObject", _SESSION))
    )
    assert (code, result["reads"][0]["member"], result["log"]["shows_reads"]) == (1, _ROLE, True)
    (tmp_path / "empty").mkdir()
    code, result, told = _answer(capsys, *words, tmp_path / "empty")
    assert (code, "it covers no time" in told) == (1, True)
    silent = write_trail(tmp_path / "silent.json.gz", record("PutObject", _SESSION))
    assert "nothing shows" in _answer(capsys, *words, silent)[1]["log"]["blindness"]
