"""Operators see a journal without content, and metrics in a real OTLP receiver."""

import base64
import json
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest

from pipelines.cli.main import main
from pipelines.observe.event_log import EventLog
from pipelines.observe.otlp_metrics import measure, step_counts
from pipelines.observe.summary import StepCount, Summary
from schemas.privacy import Profile
from tests.support.http_server import Request, answering
from tests.support.keysets import forget_state
from tests.support.release_parts import ALL_PARTS_OPTIONS

_EXAMPLES = Path(__file__).parents[3] / "examples"
_BAD = '{"kind":"focus","session_id":"s9","user_id":"user-a","seq":0,"t_us":1,"app":"a","title":"","extra":"hunter2"}'
_SETTINGS = ("store.encryption=none", "noise.run_key=derived", "redact.profile=fast")


@dataclass
class Receiver:
    url: str = ""
    status: int = 200
    requests: list[ExportMetricsServiceRequest] = field(default_factory=list)

    def points(self) -> dict[str, dict[tuple[tuple[str, str], ...], float]]:
        """Return every point of every metric, by name and attributes."""
        found: dict[str, dict[tuple[tuple[str, str], ...], float]] = {}
        for request in self.requests:
            for metric in request.resource_metrics[0].scope_metrics[0].metrics:
                for point in (*metric.sum.data_points, *metric.gauge.data_points):
                    named = tuple((item.key, _text(item.value)) for item in point.attributes)
                    found.setdefault(metric.name, {})[named] = point.as_int or point.as_double
        return found


def _text(value: Any) -> str:
    return value.string_value or str(value.int_value)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """Take OTLP over HTTP on 127.0.0.1, read by OpenTelemetry's own protos."""
    taken = Receiver()

    def answer(request: Request) -> tuple[int, Any]:
        assert request.headers["content-type"] == "application/x-protobuf"
        taken.requests.append(ExportMetricsServiceRequest.FromString(request.content))
        return taken.status, {}

    with answering(answer) as address:
        taken.url = f"{address}/v1/metrics"
        yield taken


@pytest.fixture
def words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> list[str]:
    assert main(["keys", "init", str(tmp_path / "keys")]) == 0
    log = tmp_path / "grace.hopper.jsonl"
    log.write_text((_EXAMPLES / "recordings" / "synthetic-office.jsonl").read_text() + _BAD + "\n")
    capsys.readouterr()
    own = ["run", "--input", str(log), "--consent", str(_EXAMPLES / "consent.csv"), "--json"]
    own += ["--keys", str(tmp_path / "keys"), "--output", str(tmp_path / "out"), "--journal", str(tmp_path / "journal")]
    return own + [word for setting in _SETTINGS for word in ("--set", setting)]


def _lines(journal: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in journal.read_text(encoding="utf-8").splitlines()]


def test_a_run_is_told_and_measured_without_content(
    words: list[str], receiver: Receiver, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*words, "--metrics", receiver.url]) == 1
    result = json.loads(capsys.readouterr().out)
    journal = tmp_path / "journal"
    told = [(line["severity"], line["message"]) for line in _lines(journal)]
    events = ["run started", "budget reserved", "graph finished", "release sealed", "run ended"]
    assert told == [("INFO", event) for event in events]
    assert _lines(journal)[0]["release_id"] == result["release_id"]
    assert stat.S_IMODE(journal.stat().st_mode) == 0o600

    points = receiver.points()
    counts = result["counts"]
    assert points["keyveil.runs"] == {(("exit_code", "1"),): 1}
    assert points["keyveil.events.read"] == {(): counts["events.read"]}
    assert points["keyveil.outcome"][(("outcome", "kept"),)] == counts["outcome.kept"]
    assert points["keyveil.entity"][(("entity", "PERSON"),)] == counts["entity.PERSON"]
    assert points["keyveil.shards"] == {(): result["shards"]}
    assert points["keyveil.beam.events"] == {(("step", "ReadSessions/Read/ParDo(_Read)"),): counts["events.read"]}
    steps = {value for named in points["keyveil.beam.elements"] for _, value in named}
    assert {"RedactSessions/Redact/ParDo(_Redact)", "WriteShards/WriteShard"} <= steps

    sent = b"".join(request.SerializeToString() for request in receiver.requests)
    for private in (b"hunter2", b"user-a", b"grace.hopper"):
        assert private not in sent
        assert private not in journal.read_bytes()


@pytest.mark.parametrize("by_days", [False, True])
def test_where_standard_error_is_a_log_no_input_file_is_named(
    words: list[str], by_days: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if by_days:
        (tmp_path / "grace.hopper.jsonl").rename(tmp_path / "2026-11-22-grace.hopper.jsonl")
        words[2] = str(tmp_path / "{day}-*.jsonl")
        words += ["--day", "2026-11-22"]
    assert main(words) == 1
    assert "grace.hopper.jsonl, line" in capsys.readouterr().err
    again = ["--state", str(tmp_path / "another"), "--output", str(tmp_path / "another-out"), "--journal", "-"]
    with forget_state(tmp_path / "keys"):
        assert main([*words, *again]) == 1
    told = capsys.readouterr().err
    assert "keyveil: input, line" in told
    assert "hopper" not in told


def test_a_run_that_fails_is_told_with_its_sentence_and_measured(
    words: list[str], receiver: Receiver, tmp_path: Path
) -> None:
    assert main([*words, *ALL_PARTS_OPTIONS, "--metrics", receiver.url, "--set", "noise.epsilon=0.1"]) == 3
    last = _lines(tmp_path / "journal")[-1]
    assert (last["severity"], last["message"], last["error"], last["exit_code"]) == (
        "ERROR", "run failed", "BudgetError", 3,
    )  # fmt: skip
    assert "epsilon" in last["reason"]
    assert receiver.points()["keyveil.runs"] == {(("exit_code", "3"),): 1}


def test_a_night_is_measured_with_the_code_it_ends_with(
    words: list[str], receiver: Receiver, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "2026-11-20").mkdir()
    (tmp_path / "grace.hopper.jsonl").rename(tmp_path / "2026-11-20" / "grace.hopper.jsonl")
    words[words.index("--input") + 1] = f"{tmp_path}/{{day}}/*.jsonl"
    by_days = [*words, "--day", "2026-11-20", "--set", "schedule.window_days=7", "--metrics", receiver.url]
    assert main(by_days) == 1
    (night,) = json.loads(capsys.readouterr().out)["nights"]
    points = receiver.points()
    assert points["keyveil.runs"] == {(("exit_code", "1"),): 1}
    assert points["keyveil.night.events.read"] == {(): night["events"]}
    outcomes = points["keyveil.night.outcome"]
    assert outcomes[(("outcome", "rejected"),)] == night["rejects"] == 1
    assert sum(outcomes.values()) + night["held"] == night["events"], "every event once"
    assert points["keyveil.night.reject"] == {(("reject", "unknown_field"),): 1}
    assert points["keyveil.night.rows.released"] == {(): night["rows"]}
    assert points["keyveil.beam.events"] == {(("step", "ReadSessions/Read/ParDo(_Read)"),): night["events"]}
    assert not points.keys() & {"keyveil.outcome", "keyveil.events.read"}, "nothing is released yet"

    receiver.requests.clear()
    assert main(by_days) == 0, "nothing is new"
    assert receiver.points()["keyveil.runs"] == {(("exit_code", "0"),): 1}
    sent = b"".join(request.SerializeToString() for request in receiver.requests)
    assert not any(private in sent for private in (b"hunter2", b"user-a", b"grace.hopper"))


def test_a_release_of_tables_alone_tells_no_exact_count_but_to_who_ran_it(
    words: list[str], receiver: Receiver, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tables = [*words, "--set", "noise.profile=aggregates", "--metrics", receiver.url]
    assert main(tables) == 1
    printed = json.loads(capsys.readouterr().out)
    exact = {count for count in printed["counts"].values() if count}
    assert printed["counts"]["events.read"] in exact
    release = Path(printed["release"])
    signed = json.loads(base64.b64decode(json.loads((release / "manifest.dsse.json").read_text())["payload"]))
    assert signed["predicate"]["counts"] == {}
    names = {"keyveil.runs", "keyveil.shards", "keyveil.bytes", "keyveil.run.duration"}
    assert {name for name, points in receiver.points().items() if points} == names
    facts = {name for line in _lines(tmp_path / "journal") for name in line} - {"time", "severity", "message"}
    assert not facts & {"events", "rows", "rejects"}
    for name in ("README.md", "report.html", "croissant.json"):
        text = (release / name).read_text()
        assert "No count of what people did is exact" in text
        assert not re.search(r"outcome|rejected|EMAIL_ADDRESS|PASSWORD|[1-9]\d* (events|sessions)", text), name
    kept = json.loads((tmp_path / "keyveil-state" / "tallies" / f"{release.name}.json").read_text())
    assert kept == printed["counts"]

    assert main(tables) == 0, "sealed before"
    assert json.loads(capsys.readouterr().out)["counts"] == kept
    elsewhere = ["--state", str(tmp_path / "another"), "--output", str(tmp_path / "another-out"), "--journal", "-"]
    with forget_state(tmp_path / "keys"):
        assert main([*tables, *elsewhere]) == 1
    told = capsys.readouterr().err
    assert "keyveil: some input was set aside" in told
    assert "line" not in told


def test_a_night_before_a_release_of_tables_alone_tells_no_exact_count(
    words: list[str], receiver: Receiver, tmp_path: Path
) -> None:
    (tmp_path / "2026-11-20").mkdir()
    (tmp_path / "grace.hopper.jsonl").rename(tmp_path / "2026-11-20" / "grace.hopper.jsonl")
    words[words.index("--input") + 1] = f"{tmp_path}/{{day}}/*.jsonl"
    by_days = [*words, "--day", "2026-11-20", "--set", "schedule.window_days=7", "--metrics", receiver.url]
    assert main([*by_days, "--set", "noise.profile=aggregates"]) == 1
    told = receiver.points()
    assert {name for name, points in told.items() if any(points.values())} == {"keyveil.runs", "keyveil.run.duration"}
    [staged] = [line for line in _lines(tmp_path / "journal") if line["message"] == "night staged"]
    assert set(staged) == {"time", "severity", "message", "dataset", "day", "window", "exit_code"}


def test_a_receiver_that_refuses_costs_a_warning_and_not_the_run(
    words: list[str], receiver: Receiver, capsys: pytest.CaptureFixture[str]
) -> None:
    receiver.status = 400
    assert main([*words, "--metrics", receiver.url]) == 1
    assert "were not delivered" in capsys.readouterr().err


def test_releases_of_one_run_are_added_up_and_none_is_fine(receiver: Receiver) -> None:
    steps = (StepCount("Read", "events", 3),)
    made = Summary("r", "i", {"outcome.kept": 2}, (), (), 4, 10, (), (), "", 1.0, repeated=False, steps=steps)
    with measure(receiver.url, "d", Profile.RESTRICTED) as ended:
        ended(made)
        ended(made)
    points = receiver.points()
    assert points["keyveil.outcome"] == {(("outcome", "kept"),): 4}
    assert points["keyveil.beam.events"] == {(("step", "Read"),): 6}
    assert points["keyveil.shards"] == {(): 8}
    receiver.requests.clear()
    with measure(receiver.url, "d", Profile.RESTRICTED):
        pass
    assert receiver.points()["keyveil.runs"] == {(("exit_code", "0"),): 1}


@pytest.mark.parametrize(
    ("url", "code"),
    [("collector:4318", 2), ("http://collector:4318/v1/metrics", 3), ("ftp://127.0.0.1/", 2), ("http://[bad", 2)],
)
def test_metrics_are_not_sent_in_the_clear_over_a_network(
    url: str, code: int, words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*words, "--metrics", url]) == code
    assert "--metrics" in capsys.readouterr().err


def test_a_journal_takes_no_words_but_known_ones(tmp_path: Path) -> None:
    with (tmp_path / "journal").open("w") as stream, pytest.raises(TypeError, match="may not be a word"):
        EventLog(stream).tell("x", {"text": "hunter2"})


def test_counters_that_the_service_does_not_tell_undo_no_run() -> None:
    class Refusing:
        def metrics(self) -> Any:
            raise PermissionError("dataflow.metrics.get")

    assert step_counts(Refusing()) == ()
