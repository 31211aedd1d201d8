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

from schemas.aggregates import NoisyAggregate
from schemas.errors import FailedError
from schemas.safe import EVENTS_SCHEMA, SESSIONS_SCHEMA, RedactedSessions, SafeSessions, ShardEntry
from transforms.beamkit.coders import register
from transforms.beamkit.sealed_shuffle import ExchangeSettings
from transforms.dataset import stage
from transforms.dataset.codec import FileHeader, decode
from transforms.dataset.settings import StoreSettings
from transforms.dataset.shards import in_total_order, sessions_of
from transforms.dataset.stage import ShardPlan, ShardWriter, WriteShards, WriteTables
from transforms.keys.key_set import KeyReference, KeySet

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
    parts = writer.split([SafeSessions(table) for table in batches])
    return [entry for shard, piece, headers in parts for entry in writer.write(shard, [piece], [headers])]


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
        assert not any(word in content for word in (b"session-0", b"https://a.example", b"Message", b"x" * 60))
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


def test_headers_meet_the_rows_of_their_sessions(
    batches: list[pa.Table], plan: ShardPlan, exchange: ExchangeSettings
) -> None:
    reference = exchange.keys
    names = pa.concat_tables(batches)["session"].unique().to_pylist()
    rows = [{"session": name, "user": "u", "os": f"os of {name}", "recorder": "r"} for name in names[1:]]
    headers = [pa.Table.from_pylist([row], schema=SESSIONS_SCHEMA) for row in rows]
    empty = batches[0].slice(0, 0)
    inputs = [SafeSessions(table) for table in batches] + [SafeSessions(empty, header) for header in headers]

    def check(entries: list[ShardEntry]) -> None:
        listed = [
            row
            for entry in entries
            if entry.path.startswith("sessions/")
            for row in decode(Path(entry.staged), KeySet.open(reference).reader()).to_pylist()
        ]
        assert {row["session"]: row["os"] for row in listed} == {names[0]: None} | {
            row["session"]: row["os"] for row in rows
        }

    with beam.Pipeline(runner=FnApiRunner()) as pipeline:
        sessions = pipeline | beam.Create(inputs).with_output_types(SafeSessions)
        assert_that(sessions | WriteShards(CLEAR, plan, exchange.keys, exchange), check)


def test_chunks_without_users_have_no_sessions_file(batches: list[pa.Table], plan: ShardPlan, keys: KeySet) -> None:
    place = batches[0].schema.get_field_index("user")
    nameless = batches[0].set_column(place, EVENTS_SCHEMA.field("user"), pa.nulls(batches[0].num_rows, pa.string()))
    writer = ShardWriter(CLEAR, replace(plan, sessions=False), keys)
    entries = [
        entry
        for shard, rows, headers in writer.split([SafeSessions(nameless)])
        for entry in writer.write(shard, [rows], [headers])
    ]
    assert {entry.path.split("/")[0] for entry in entries} == {"events"}
    assert sum(entry.rows for entry in entries) == nameless.num_rows
    with pytest.raises(FailedError, match="user"):
        in_total_order([nameless, batches[1]])


@pytest.mark.parametrize("settings", [CLEAR, SEALED])
def test_a_table_says_what_it_spent(settings: StoreSettings, plan: ShardPlan, exchange: ExchangeSettings) -> None:
    table = pa.table({"minutes": pa.array([0, 5], pa.int32()), "count": pa.array([-3, 12])})
    reference = exchange.keys
    facts = {"session_minutes": {"epsilon": "0.1", "delta": "1e-08", "privacy_unit": "user"}}

    def check(entries: list[ShardEntry]) -> None:
        [entry] = entries
        assert entry.path.startswith("aggregates/session_minutes/00000-")
        found = decode(Path(entry.staged), KeySet.open(reference).reader())
        assert found.to_pydict() == table.to_pydict()
        held = {name.decode(): value.decode() for name, value in found.schema.metadata.items()}
        assert held.items() >= facts["session_minutes"].items()
        assert held["keyveil.release_id"] == plan.header.release_id

    register()
    with beam.Pipeline(runner=FnApiRunner()) as pipeline:
        tables = pipeline | beam.Create([NoisyAggregate("session_minutes", table)]).with_output_types(NoisyAggregate)
        assert_that(tables | WriteTables(settings, plan, exchange.keys, facts), check)
