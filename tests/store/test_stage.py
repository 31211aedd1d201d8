import hashlib
import stat
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import apache_beam as beam
import pyarrow as pa
import pytest
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.runners.portability.fn_api_runner import FnApiRunner
from apache_beam.testing.util import assert_that
from apache_beam.typehints.decorators import TypeCheckError

from schemas.safe import RedactedSessions, SafeSessions, ShardEntry
from transforms.beamkit.exchange import ExchangeSettings
from transforms.keys.provider import KeyReference, KeySet
from transforms.store import stage
from transforms.store.codec import FileHeader, decode
from transforms.store.settings import StoreSettings
from transforms.store.shards import in_total_order, sessions_of
from transforms.store.stage import ShardPlan, ShardWriter, WriteShards

Batch = Callable[[int], pa.Table]
Claims = list[tuple[str, int, int, str]]
SHARDS = 3
CLEAR, SEALED = StoreSettings(encryption="none"), StoreSettings()


@pytest.fixture(scope="module")
def batches(batch: Batch) -> list[pa.Table]:
    return [batch(seed) for seed in range(12)]


@pytest.fixture
def plan(header: FileHeader, tmp_path: Path) -> ShardPlan:
    return ShardPlan(header, SHARDS, str(tmp_path / "staging"))


@pytest.fixture
def wanted(plan: ShardPlan, keys: KeySet, batches: list[pa.Table], tmp_path: Path) -> Claims:
    """Say what the pure function writes."""
    return claims(purely(replace(plan, staging=str(tmp_path / "pure")), CLEAR, keys, batches))


@pytest.fixture(params=["in the handle", "spilled"])
def exchange(reference: KeyReference, tmp_path: Path, request: pytest.FixtureRequest) -> ExchangeSettings:
    (tmp_path / "spill").mkdir()
    return ExchangeSettings(reference, "run", str(tmp_path / "spill") if request.param == "spilled" else None)


def claims(entries: list[ShardEntry]) -> Claims:
    return sorted((entry.path, entry.rows, entry.bytes, entry.sha256) for entry in entries)


def purely(plan: ShardPlan, settings: StoreSettings, keys: KeySet, batches: list[pa.Table]) -> list[ShardEntry]:
    writer = ShardWriter(settings, plan, keys)
    return [entry for shard, piece in writer.split(batches) for entry in writer.write(shard, [piece])]


def run(
    transform: WriteShards, batches: list[pa.Table], check: Callable[[list[ShardEntry]], None], *flags: str
) -> None:
    options = PipelineOptions(["--direct_num_workers=1", "--direct_running_mode=in_memory", *flags])
    with beam.Pipeline(runner=FnApiRunner(), options=options) as pipeline:
        sessions = [SafeSessions(table) for table in batches]
        written = pipeline | beam.Create(sessions).with_output_types(SafeSessions) | transform
        assert_that(written, check)


@pytest.mark.parametrize("flags", [(), ("--direct_runner_bundle_repeat=2",)])
def test_the_stage_writes_what_the_pure_function_writes(
    batches: list[pa.Table], plan: ShardPlan, wanted: Claims, exchange: ExchangeSettings, flags: tuple[str, ...]
) -> None:
    def check(entries: list[ShardEntry]) -> None:
        assert claims(entries) == wanted
        for entry in entries:
            content = Path(entry.staged).read_bytes()
            assert (len(content), hashlib.sha256(content).hexdigest()) == (entry.bytes, entry.sha256)

    run(WriteShards(CLEAR, plan, exchange.keys, exchange), batches[::-1], check, *flags)


def test_sealed_attempts_keep_their_own_files_and_nothing_clear_touches_the_disk(
    batches: list[pa.Table], plan: ShardPlan, reference: KeyReference, wanted: Claims, tmp_path: Path
) -> None:
    spill = tmp_path / "spill"
    spill.mkdir()

    def check(entries: list[ShardEntry]) -> None:
        assert sorted(entry.path for entry in entries) == [path for path, *_ in wanted]
        by_path = {entry.path: decode(Path(entry.staged), KeySet.open(reference).reader()) for entry in entries}
        for entry in entries:
            assert hashlib.sha256(Path(entry.staged).read_bytes()).hexdigest() == entry.sha256
        events = [table for path, table in by_path.items() if path.startswith("events/")]
        sessions = [table for path, table in by_path.items() if path.startswith("sessions/")]
        assert in_total_order(events).equals(in_total_order(batches))
        listed = pa.concat_tables(sessions).sort_by("session").combine_chunks()
        assert listed.equals(sessions_of(in_total_order(batches)).combine_chunks())

    exchange = ExchangeSettings(reference, "run", str(spill))
    run(WriteShards(SEALED, plan, reference, exchange), batches, check, "--direct_runner_bundle_repeat=2")
    written = [path for folder in (spill, Path(plan.staging)) for path in folder.iterdir()]
    assert written
    for path in written:
        content = path.read_bytes()
        assert not any(word in content for word in (b"session-0", b"editor", b"Message", b"x" * 60))
    staged = [path for path in written if path.parent == Path(plan.staging)]
    assert {stat.S_IMODE(path.stat().st_mode) for path in staged} == {0o600}
    assert stat.S_IMODE(Path(plan.staging).stat().st_mode) == 0o700


def test_a_long_bundle_is_put_away_in_pieces(
    batches: list[pa.Table],
    plan: ShardPlan,
    wanted: Claims,
    exchange: ExchangeSettings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(stage, "_BUFFERED_ROWS", 30)

    def check(entries: list[ShardEntry]) -> None:
        assert claims(entries) == wanted

    run(WriteShards(CLEAR, plan, exchange.keys, exchange), batches, check)


def test_nothing_in_gives_nothing_out(plan: ShardPlan, reference: KeyReference) -> None:
    def check(entries: list[ShardEntry]) -> None:
        assert entries == []

    run(WriteShards(SEALED, plan, reference, ExchangeSettings(reference, "run", None)), [], check)


def test_one_shard_and_two_releases_share_no_name(
    batches: list[pa.Table], plan: ShardPlan, header: FileHeader, keys: KeySet
) -> None:
    one = replace(plan, shards=1)
    other = replace(one, header=replace(header, release_id="q" * 26))
    names = {entry.path for where in (one, other) for entry in purely(where, CLEAR, keys, batches)}
    assert len(names) == 4


def test_only_safe_sessions_are_accepted_while_the_graph_is_built(
    batches: list[pa.Table], plan: ShardPlan, reference: KeyReference
) -> None:
    sink = WriteShards(SEALED, plan, reference, ExchangeSettings(reference, "run", None))
    pipeline = beam.Pipeline(runner=FnApiRunner())
    unsafe = pipeline | beam.Create([RedactedSessions(batches[0])]).with_output_types(RedactedSessions)
    with pytest.raises(TypeCheckError):
        unsafe | sink
