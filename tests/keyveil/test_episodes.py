import json
import random
from collections import Counter
from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyveil import Episodes, Redaction, episodes, steps
from keyveil.read_plan import ReadPlan, ReadPosition, order_in_window, units_of
from keyveil.training.split import SPLITS
from schemas.errors import UsageError
from schemas.safe import EVENTS_SCHEMA
from tests.keyveil.conftest import Publish, Published

PLANS = [ReadPlan(), ReadPlan(seed=3, window=4), ReadPlan(seed=3, window=1_000)]


def opened(release: Published, plan: ReadPlan) -> Episodes:
    return episodes(
        str(release.home),
        keys=release.reader,
        columns=plan.columns,
        where=plan.where,
        seed=plan.seed,
        window=plan.window,
        rank=plan.rank,
        ranks=plan.ranks,
    )


def names(stream: Episodes) -> list[str]:
    return [episode.session for episode in stream]


def test_every_session_comes_whole_once_and_in_stored_order(release: Published) -> None:
    every = pa.concat_tables(release.tables)
    found = list(opened(release, ReadPlan()))
    assert [episode.session for episode in found] == release.sessions
    for episode in found:
        expected = every.filter(pc.field("session") == episode.session)
        assert episode.events.schema.equals(EVENTS_SCHEMA)
        assert episode.events.to_pylist() == expected.to_pylist()
        assert {episode.user} == set(expected["user"].to_pylist())


def test_records_are_typed(release: Published) -> None:
    episode = next(iter(opened(release, ReadPlan())))
    records = list(episode.records())
    assert [record.seq for record in records] == list(range(episode.events.num_rows))
    assert {record.redactions for record in records[:-1]} == {()}
    assert records[-1].redactions == (Redaction("text", 0, 6, "PERSON", None, "name", "likely"),)
    assert records[1].modifiers == ("Shift",)
    assert records[0].modifiers is None


def test_a_seed_shuffles_each_epoch_again_and_can_be_repeated(release: Published) -> None:
    plan = ReadPlan(seed=3, window=1_000)
    stream, again = opened(release, plan), opened(release, plan)
    epochs = [names(stream) for _ in range(3)]
    assert epochs == [names(again) for _ in range(3)]
    assert len({tuple(epoch) for epoch in epochs}) == 3
    assert all(sorted(epoch) == release.sessions for epoch in epochs)
    assert names(opened(release, ReadPlan(seed=4, window=1_000))) != epochs[0]
    stream.set_epoch(1)
    assert names(stream) == epochs[1]


def test_columns_and_rows_can_be_chosen(release: Published) -> None:
    plan = ReadPlan(columns=("seq", "key"), where=(pc.field("kind") == "key") & (pc.field("key") == "a"))
    found = list(opened(release, plan))
    assert {tuple(episode.events.schema.names) for episode in found} == {("seq", "key")}
    assert {key for episode in found for key in episode.events["key"].to_pylist()} == {"a"}
    every = pa.concat_tables(release.tables).filter(plan.where)
    assert Counter({episode.session: episode.events.num_rows for episode in found}) == Counter(
        every["session"].to_pylist()
    )
    assert all(len(episode.session) and len(episode.user) for episode in found)


def test_an_unknown_column_is_refused_by_name(release: Published) -> None:
    with pytest.raises(UsageError, match="no column pixels"):
        opened(release, ReadPlan(columns=("pixels",)))
    for wrong in ({"window": 0}, {"rank": 2, "ranks": 2}, {"rank": -1}):
        with pytest.raises(UsageError):
            ReadPlan(**wrong)


@pytest.mark.parametrize("plan", PLANS)
@pytest.mark.parametrize(("ranks", "workers"), [(1, 1), (2, 4), (3, 1), (7, 2)])
def test_readers_share_every_session_exactly_once(release: Published, plan: ReadPlan, ranks: int, workers: int) -> None:
    whole = opened(release, plan)
    for _ in range(2):
        found: Counter[str] = Counter()
        for rank in range(ranks):
            own = Episodes(whole.release, ReadPlan(seed=plan.seed, window=plan.window, rank=rank, ranks=ranks))
            for worker in range(workers):
                found.update(names(own.share(worker, workers)))
        assert found == Counter(release.sessions)


@pytest.mark.parametrize("plan", [*PLANS, ReadPlan(seed=1, window=5, rank=1, ranks=3), ReadPlan(rank=5, ranks=8)])
def test_taking_up_after_a_stop_repeats_and_skips_nothing(release: Published, plan: ReadPlan) -> None:
    stream = opened(release, plan)
    straight = [name for _ in range(2) for name in names(stream)]
    per_epoch = len(straight) // 2
    for stop in {0, 1, per_epoch - 1, per_epoch, *random.Random(5).sample(range(per_epoch), min(6, per_epoch))}:
        first = opened(release, plan)
        seen, kept = [], first.state_dict()
        for episode in first:
            if len(seen) == stop:
                break
            seen.append(episode.session)
            kept = first.state_dict()
            assert kept == episode.cursor
        second = opened(release, plan)
        second.load_state_dict(json.loads(json.dumps(kept)))
        assert seen + names(second) + names(second) == straight


def test_a_state_holds_no_data_and_fits_its_own_plan_only(release: Published) -> None:
    stream = opened(release, ReadPlan(seed=1, window=50))
    next(iter(stream))
    state = stream.state_dict()
    assert set(state) == {"plan", "epoch", "unit", "session", "taken"}
    assert len(json.dumps(state)) < 140
    for other in (
        ReadPlan(seed=2, window=50),
        ReadPlan(seed=1, window=51),
        ReadPlan(seed=1, window=50, columns=("seq",)),
        ReadPlan(seed=1, window=50, where=pc.field("kind") == "key"),
        ReadPlan(seed=1, window=50, ranks=2),
    ):
        with pytest.raises(UsageError, match="saved with another"):
            opened(release, other).load_state_dict(state)


def test_a_state_from_before_an_erasure_is_refused(release: Published) -> None:
    stream = opened(release, ReadPlan(seed=1))
    next(iter(stream))
    manifest = stream.release.manifest
    rest = tuple(shard for shard in manifest.shards if shard != stream.release.shards("events")[-1])
    erased = Episodes(replace(stream.release, manifest=replace(manifest, shards=rest)), stream.plan)
    with pytest.raises(UsageError, match="somebody was erased from the release since"):
        erased.load_state_dict(stream.state_dict())


def test_a_split_keeps_the_people_that_steps_keep(release: Published) -> None:
    parts = {split: list(episodes(str(release.home), keys=release.reader, seed=5, split=split)) for split in SPLITS}
    assert sorted(episode.session for part in parts.values() for episode in part) == release.sessions
    for split, part in parts.items():
        assert {episode.session for episode in part} == set(
            steps(str(release.home), release.reader, split=split).sessions
        )
    stream = episodes(str(release.home), keys=release.reader, seed=5, split="train")
    first = next(iter(stream))
    with pytest.raises(UsageError, match="saved with another"):
        episodes(str(release.home), keys=release.reader, seed=5).load_state_dict(first.cursor)
    assert [first.session, *names(stream)] == [episode.session for episode in parts["train"]]
    with pytest.raises(UsageError, match="split must be"):
        ReadPlan(split="dev")  # type: ignore[arg-type]


def test_sessions_without_a_matching_row_do_not_disturb_the_order(publish_release: Publish) -> None:
    made = publish_release([[3, 40], [2], [2, 2], [41]])
    plan = ReadPlan(where=pc.field("seq") > 30)
    assert names(opened(made, plan)) == ["s00001", "s00005"]
    stream = opened(made, plan)
    first = next(iter(stream))
    assert first.session == "s00001"
    assert names(stream) == ["s00005"]
    assert names(opened(made, ReadPlan(where=pc.field("seq") > 99))) == []


@given(
    shards=st.integers(1, 40),
    ranks=st.integers(1, 40),
    seed=st.none() | st.integers(0, 9),
    epoch=st.integers(0, 3),
)
def test_units_cover_every_part_once(shards: int, ranks: int, seed: int | None, epoch: int) -> None:
    shares = [units_of(shards, ReadPlan(seed=seed, rank=rank, ranks=ranks), epoch) for rank in range(ranks)]
    assert all(shares)
    assert all(len({unit.shard for unit in share}) == len(share) for share in shares)
    every = [unit for share in shares for unit in share]
    parts = every[0].parts
    assert Counter((unit.shard, unit.part) for unit in every) == Counter(
        (shard, part) for shard in range(shards) for part in range(parts)
    )
    assert max(map(len, shares)) - min(map(len, shares)) <= 1


@given(st.integers(0, 60), st.integers(0, 9), st.integers(0, 9), st.integers(0, 900))
def test_a_window_is_a_permutation_that_can_be_repeated(sessions: int, seed: int, epoch: int, session: int) -> None:
    plan = ReadPlan(seed=seed)
    order = order_in_window(sessions, plan, epoch, ReadPosition(1, session))
    assert sorted(order) == list(range(sessions))
    assert order == order_in_window(sessions, plan, epoch, ReadPosition(1, session))
