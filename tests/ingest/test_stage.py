import gzip
import pickle
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import apache_beam as beam
import pyarrow as pa
import pytest
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.testing.util import assert_that

from schemas.claims import Claim, ConsentStatus
from schemas.errors import FailedError
from schemas.raw import RAW_SCHEMA, RawSessions
from schemas.rejects import Reason, RejectedEvents, Stage
from schemas.tally import Tally
from transforms.beamkit.sealed_shuffle import ExchangeSettings
from transforms.consent.restrictions import Restrictions, RowFinder
from transforms.ingest import stage
from transforms.ingest.inputs import expand
from transforms.ingest.settings import IngestSettings
from transforms.ingest.stage import ReadSessions
from transforms.keys.envelope import unseal
from transforms.keys.key_set import KeySet
from transforms.keys.quarantine_sealer import QUARANTINE_CONTEXT

Make = Callable[..., dict[str, object]]
EXAMPLE = "examples/recordings/synthetic-office.jsonl"
MODES = [
    (),
    ("--direct_num_workers=2", "--direct_running_mode=multi_processing"),
    ("--direct_runner_bundle_repeat=1",),
]


class _Everybody:
    def judge(self) -> Callable[[Claim], ConsentStatus]:
        return lambda _: ConsentStatus.AGREED

    def open_paused(self) -> RowFinder:
        return Restrictions().find_rows


EVERYBODY = _Everybody()


def describe(element: RawSessions) -> tuple[str, ...]:
    assert element.table.schema.equals(RAW_SCHEMA)
    return tuple(f"{row['session_id']} {row['seq']} {row['kind']}" for row in element.table.to_pylist())


def run(
    transform: ReadSessions,
    flags: tuple[str, ...],
    check: Callable[[list], None],
    rejects: Callable[[list], None],
    counts: Callable[[list], None],
) -> None:
    with beam.Pipeline(runner="FnApiRunner", options=PipelineOptions(flags)) as pipeline:
        outputs = pipeline | transform
        described = outputs.sessions | beam.Map(describe).with_output_types(tuple[str, ...])
        assert_that(described, check, label="sessions")
        assert_that(outputs.rejected, rejects, label="rejects")
        assert_that(outputs.tally, counts, label="tally")


class _Save:
    """Beam pickles its checks: what they saw has to come back through a file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __call__(self, found: list) -> None:
        self.path.write_bytes(pickle.dumps(found))

    def found(self) -> list:
        return pickle.loads(self.path.read_bytes())  # noqa: S301 - written above


class _SameSessions:
    def __init__(self, wanted: list[tuple[str, ...]]) -> None:
        self.wanted = wanted

    def __call__(self, found: list[tuple[str, ...]]) -> None:
        assert sorted(found) == sorted(self.wanted)


class _Sum:
    def __init__(self, **wanted: int) -> None:
        self.wanted = wanted

    def __call__(self, found: list[Tally]) -> None:
        total: Counter[str] = Counter()
        for name, count in found:
            total[name] += count
        assert dict(total) == self.wanted


class _Nothing:
    def __call__(self, found: list[RejectedEvents]) -> None:
        assert found == []


@pytest.mark.parametrize("flags", MODES)
def test_sessions_are_the_same_however_it_runs(
    tmp_path: Path, exchange: ExchangeSettings, flags: tuple[str, ...]
) -> None:
    lines = Path(EXAMPLE).read_bytes().splitlines(keepends=True)
    for part in range(3):
        (tmp_path / f"{part}.jsonl.gz").write_bytes(gzip.compress(b"".join(lines[part::3])))
    whole = expand([EXAMPLE], None, None, {})
    parts = expand([f"{tmp_path}/*.gz"], None, None, {})
    settings = IngestSettings(element_events=300)
    seen = _Save(tmp_path / "seen")
    run(ReadSessions(settings, whole, exchange, EVERYBODY), (), seen, _Nothing(), _Sum(**{"events.read": len(lines)}))
    check = _SameSessions(seen.found())
    assert len(check.wanted) > 2
    run(
        ReadSessions(settings, parts, exchange, EVERYBODY),
        flags,
        check,
        _Nothing(),
        _Sum(**{"events.read": len(lines)}),
    )


def test_every_event_is_accounted_for_and_rejects_open_only_with_the_key(
    tmp_path: Path, exchange: ExchangeSettings, keys: KeySet, key_event: Make, as_lines: Callable[..., bytes]
) -> None:
    torn = as_lines(key_event(0, session_id="t"), key_event(0, session_id="t", user_id="v"))
    secret = b'{"hunter2'
    (tmp_path / "log.jsonl").write_bytes(as_lines(key_event(0), key_event(0)) + secret + b"\n" + torn)
    (tmp_path / "note.txt").touch()
    sources = expand([f"{tmp_path}/*.jsonl", f"{tmp_path}/*.txt"], None, None, {})
    saved = _Save(tmp_path / "rejected")
    counts = {"events.read": 6, "outcome.merged": 1, "merged.duplicate": 1, "outcome.rejected": 4}
    counts |= {"reject.bad_json": 1, "reject.session_conflict": 2, "reject.unreadable": 1}
    one = _SameSessions([("s 0 key",)])
    run(ReadSessions(IngestSettings(), sources, exchange, EVERYBODY), (), one, saved, _Sum(**counts))
    found = saved.found()
    by_reason = {reject.reason: reject for reject in found}
    assert (by_reason[Reason.BAD_JSON].source, by_reason[Reason.BAD_JSON].line) == (0, 3)
    assert unseal(keys.quarantine_private(), by_reason[Reason.BAD_JSON].sealed, QUARANTINE_CONTEXT) == secret
    content = unseal(keys.quarantine_private(), by_reason[Reason.SESSION_CONFLICT].sealed, QUARANTINE_CONTEXT)
    assert len(content.splitlines()) == 2
    assert by_reason[Reason.UNREADABLE].sealed == b""
    assert len({reject.locator for reject in found}) == 3
    assert all(reject.stage == Stage.INGEST and b"hunter2" not in reject.sealed for reject in found)
    assert "hunter2" not in repr(found)


def test_many_bad_lines_are_told_together(tmp_path: Path, exchange: ExchangeSettings) -> None:
    (tmp_path / "log.jsonl").write_bytes(b"?\n" * 50)
    sources = expand([f"{tmp_path}/log.jsonl"], None, None, {})
    saved = _Save(tmp_path / "rejected")
    counts = {"events.read": 50, "outcome.rejected": 50, "reject.bad_json": 50}
    transform = ReadSessions(IngestSettings(max_rejects=3), sources, exchange, EVERYBODY)
    run(transform, (), _SameSessions([]), saved, _Sum(**counts))
    assert sorted(reject.events for reject in saved.found()) == [1, 1, 1, 47]


def test_spilled_rows_are_sealed(tmp_path: Path, exchange: ExchangeSettings) -> None:
    sources = expand([EXAMPLE], None, None, {})
    run(
        ReadSessions(IngestSettings(), sources, exchange, EVERYBODY),
        (),
        _Save(tmp_path / "s"),
        _Nothing(),
        _Save(tmp_path / "t"),
    )
    spilled = b"".join(path.read_bytes() for path in Path(str(exchange.spill)).iterdir())
    assert spilled
    assert b"Marwick" not in spilled
    assert b"session_id" not in spilled


def test_a_defect_says_nothing_of_the_recording(exchange: ExchangeSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    def quote(*_: object) -> list[pa.Table]:
        raise ValueError("hunter2")

    monkeypatch.setattr(stage, "read", quote)
    reader = stage._Read(IngestSettings(), exchange, EVERYBODY, 4)
    reader.setup()
    with pytest.raises(FailedError) as caught:
        list(reader.process(expand([EXAMPLE], None, None, {})[0]))
    assert "hunter2" not in str(caught.value)
    assert caught.value.__suppress_context__
