"""The main job end to end, by the command line, on the bundled recordings."""

import base64
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipelines.cli.main import main
from schemas.safe import EVENTS_SCHEMA, TRACE_SCHEMA
from tests.support.keysets import forget_state
from tests.support.shards import shards
from transforms.dataset.coverage import FOCUS, NAMED, POINTER, count_coverage
from transforms.preflight.judge_folder import FOLDER_CHECKS

_EXAMPLES = Path(__file__).parents[3] / "examples"
_LOG = _EXAMPLES / "recordings" / "synthetic-office.jsonl"
_CONSENT = _EXAMPLES / "consent.csv"
_CLEAR = ("--set", "store.encryption=none", "--set", "noise.run_key=derived")


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("home") / "keys"
    assert main(["keys", "init", str(folder)]) == 0
    return folder


def _run(capsys: pytest.CaptureFixture[str], *words: str | Path) -> tuple[int, dict[str, object]]:
    code = main(["run", *map(str, words), "--json"])
    out = capsys.readouterr().out
    return code, json.loads(out) if out else {}


def test_the_bundled_log_becomes_a_signed_release(
    tmp_path: Path, keys: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names = tmp_path / "names.yaml"
    names.write_text("applications: {Team chat: [tealeaf-chat]}\nhosts: [shop.example.net]\n")
    own = ("--set", f"noise.public_names={names}")
    common = ("--input", _LOG, "--consent", _CONSENT, "--keys", keys, *_CLEAR, *own)
    trace = tmp_path / "trace"
    code, result = _run(capsys, *common, "--output", tmp_path / "out", "--trace", trace, "--trace-clear")
    assert code == 0
    counts = result["counts"]
    assert isinstance(counts, dict)
    outcomes = sum(
        counts.get(f"outcome.{name}", 0) for name in ("kept", "replaced", "merged", "suppressed", "rejected")
    )
    assert outcomes == counts["events.read"] == len(_LOG.read_text().splitlines())
    release = Path(str(result["release"]))
    envelope = json.loads((release / "manifest.dsse.json").read_text())
    predicate = json.loads(base64.b64decode(envelope["payload"]))["predicate"]
    preflight = predicate["preflight"]
    assert len(predicate["public_names_digest"]) == 64
    assert "noise.public_names=FILE (policy: None)" in predicate["budget"]["loosened"]
    assert (preflight["waived"], preflight["metageneration"]) == ([], None)
    assert preflight["passed"] + len(preflight["advised"]) == len(FOLDER_CHECKS)
    assert (release.parents[1] / "catalog.json").exists()
    tables = [pq.read_table(path) for path in (release / "events").glob("*.parquet")]
    assert all(table.schema.equals(EVENTS_SCHEMA) for table in tables)
    assert sum(table.num_rows for table in tables) == counts["rows.released"]
    assert "Team chat" in {app for table in tables for app in table["app"].to_pylist()}
    addresses = {url for table in tables for url in table["url"].to_pylist() if url}
    assert "https://shop.example.net/order/new" in addresses
    assert not any("bank.example" in url or "mail.example" in url for url in addresses)
    coverage = count_coverage(pa.concat_tables(tables).unify_dictionaries())
    assert min(coverage[POINTER], coverage[FOCUS]) > 0
    assert {name: number for name, number in counts.items() if name.startswith("coverage.")} == coverage
    assert f"({coverage[NAMED]} of {coverage[FOCUS]}) |" in (release / "README.md").read_text()
    assert all(pq.read_schema(path).equals(TRACE_SCHEMA) for path in trace.glob("*.parquet"))

    again, repeated = _run(capsys, *common, "--output", tmp_path / "out", "--trace", trace, "--trace-clear")
    assert (again, repeated["repeated"], repeated["release_id"]) == (0, True, result["release_id"])

    with forget_state(keys):
        other, second = _run(capsys, *common, "--output", tmp_path / "other", "--state", tmp_path / "other-state")
    assert other == 0
    assert shards(Path(str(second["release"]))) == shards(release)


def test_a_folder_that_holds_no_recording_is_refused_and_nothing_is_charged(
    tmp_path: Path, keys: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    logs = tmp_path / "logs"
    logs.mkdir()
    (logs / "events.jsonl").write_bytes(_LOG.read_bytes())
    common = ("--consent", str(_CONSENT), "--keys", str(keys), "--output", str(tmp_path / "out"))
    state = tmp_path / "state"
    with forget_state(keys):
        assert main(["run", "--input", str(logs), *common, "--state", str(state)]) == 2
    assert "FOLDER/*" in capsys.readouterr().err
    assert not list(state.rglob("ledger.jsonl"))
    assert not list((tmp_path / "out").rglob("*.parquet"))


def test_nobody_is_released_without_consent(tmp_path: Path, keys: Path, capsys: pytest.CaptureFixture[str]) -> None:
    registry = tmp_path / "consent.csv"
    registry.write_text(
        "user_id,purpose,version,granted_at,withdrawn_at\n"
        "user-a,training,1,2024-01-01T00:00:00Z,\n"
        "user-b,training,1,2024-01-01T00:00:00Z,2024-02-01T00:00:00Z\n"
    )
    code, result = _run(  # a dataset of its own: the registry is smaller than that of the others
        capsys,
        "--input",
        _LOG,
        "--consent",
        registry,
        "--keys",
        keys,
        "--output",
        tmp_path / "out",
        "--dataset",
        "two",
        *_CLEAR,
    )
    assert code == 0
    release = Path(str(result["release"]))
    users = {
        name for path in (release / "sessions").glob("*.parquet") for name in pq.read_table(path)["user"].to_pylist()
    }
    assert main(["pseudonym", "--user", "user-a", "--release", str(release), "--keys", str(keys)]) == 0
    assert users == {capsys.readouterr().out.strip()}


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("--consent", _CONSENT), 3, "keyveil keys init"),
        (("--keys", "nowhere"), 3, "consent"),
        (("--keys", "nowhere", "--consent", _CONSENT), 3, "keyveil keys init"),
        (("--consent", _CONSENT, "--keys", "nowhere", "--set", "redact.nothing=1"), 2, "redact.nothing"),
        (("--consent", _CONSENT, "--keys", "nowhere", "--set", "store.encryption=maybe"), 2, "store.encryption"),
    ],
)
def test_a_refusal_is_one_sentence_with_a_remedy(
    words: tuple[str | Path, ...], code: int, says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["run", "--input", str(_LOG), "--output", str(tmp_path / "out"), *map(str, words)]) == code
    message = capsys.readouterr().err
    assert says in message
    assert message.count("\n") == 1


def test_modes_that_lose_events_are_refused(tmp_path: Path, keys: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["run", "--input", str(_LOG), "--output", str(tmp_path), "--consent", str(_CONSENT), "--keys", str(keys)]
    assert main([*words, "--", "--direct_running_mode=multi_threading"]) == 2
    assert "loses events" in capsys.readouterr().err


def test_bad_lines_are_set_aside_and_good_ones_go_on(
    tmp_path: Path, keys: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log = tmp_path / "log.jsonl"
    log.write_bytes(_LOG.read_bytes() + b'{"kind":"focus","session_id":"s","seq":0,"secret":"hunter2"}\n\xff\n')
    words = ["run", "--input", str(log), "--output", str(tmp_path / "out"), "--consent", str(_CONSENT)]
    assert main([*words, "--keys", str(keys), "--json", *_CLEAR]) == 1
    shown = capsys.readouterr()
    assert "hunter2" not in shown.err + shown.out
    assert shown.err.count("log.jsonl, line") == 2
    assert json.loads(shown.out)["counts"]["outcome.rejected"] == 2
