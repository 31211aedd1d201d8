"""Several releases of a dataset: all of them, by id and by week, described, and taken up where they were left."""

from datetime import date
from pathlib import Path

import duckdb
import pytest

import keyveil
from keyveil.several_releases import parse_weeks
from schemas.errors import RefusedError, UsageError
from schemas.safe import SCHEMA_VERSION
from tests.keyveil.conftest import published
from tests.support.keysets import opened
from transforms.keys.key_set import KeyRole, KeySet, create_key_set, export_reader
from transforms.keys.rotation import rotate

IDS = ["a" * 26, "b" * 26, "c" * 26]
WINDOWS = ["2026-11-02..2026-11-08", "2026-11-09..2026-11-15", None]
SHARDS = [[[5, 6], [7]], [[8]], [[9, 10, 11]]]


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory, keys: KeySet, reader: Path) -> str:
    folder = tmp_path_factory.mktemp("year")
    for name, window, shards in zip(IDS, WINDOWS, SHARDS, strict=True):
        made = published(folder, keys, reader, shards, "none", release_id=name, window=window)
    return str(made.home)


def lengths(found: keyveil.Episodes | keyveil.EpisodesOfReleases) -> list[int]:
    return [episode.events.num_rows for episode in found]


@pytest.mark.parametrize(
    ("wanted", "read"),
    [
        ("all", [5, 6, 7, 8, 9, 10, 11]),
        (IDS[1:], [8, 9, 10, 11]),
        ([IDS[2], IDS[0]], [5, 6, 7, 9, 10, 11]),  # in the order of publication
        ("2026-W45", [5, 6, 7]),
        ("2026-W45..W46", [5, 6, 7, 8]),
        ("2026-W46..2027-W02", [8]),
        (IDS[1], [8]),
        (["2026-W46", IDS[2]], [8, 9, 10, 11]),
        (["2026-W45", "2026-W46"], [5, 6, 7, 8]),
    ],
)
def test_releases_are_read_one_after_another(wanted: str | list[str], read: list[int], year: str, reader: Path) -> None:
    assert lengths(keyveil.episodes(year, keys=reader, releases=wanted)) == read


def test_without_releases_the_newest_alone_is_read_and_described_as_such(year: str, reader: Path) -> None:
    assert lengths(keyveil.episodes(year, keys=reader)) == [9, 10, 11]
    described = keyveil.describe(year, keys=reader)
    assert [keyveil.open_release(facts.uri, keys=reader).manifest.release_id for facts in described] == [
        facts.release_id for facts in described
    ]
    assert [(item.release_id, item.window, item.is_current) for item in described] == [
        (IDS[0], WINDOWS[0], False),
        (IDS[1], WINDOWS[1], False),
        (IDS[2], None, True),
    ]
    assert [(item.sessions, item.events) for item in described] == [(3, 18), (1, 8), (3, 30)]
    assert described[0].tables == ("events", "sessions")
    assert [item.erasures for item in described] == [0, 0, 0]


def test_one_release_may_be_named_by_its_week_for_steps_too(year: str, reader: Path) -> None:
    assert lengths(keyveil.episodes(year, "2026-W46", keys=reader)) == [8]
    assert keyveil.steps(year, reader, "2026-W46").release.manifest.release_id == IDS[1]
    with pytest.raises(UsageError, match=f"2 releases of 2026-W45..W46: {IDS[0]}, {IDS[1]}; pass one"):
        keyveil.steps(year, reader, "2026-W45..W46")


def test_a_week_without_a_release_is_refused_with_those_that_there_are(year: str, reader: Path) -> None:
    with pytest.raises(UsageError, match=rf"no release of 2026-W44; it has {IDS[0]} \({WINDOWS[0]}\), {IDS[1]}"):
        keyveil.episodes(year, keys=reader, releases="2026-W44")


def test_an_episode_says_of_which_release_it_is(year: str, reader: Path) -> None:
    found = [episode.release for episode in keyveil.episodes(year, keys=reader, releases="all")]
    assert found == [IDS[0]] * 3 + [IDS[1]] + [IDS[2]] * 3
    release = keyveil.open_release(year, IDS[1], keys=reader)
    assert release.session(keyveil.steps(year, reader, IDS[1]).sessions[0]).release == IDS[1]


def test_the_folder_above_is_refused_with_the_datasets_in_it(year: str, reader: Path) -> None:
    with pytest.raises(UsageError, match=f"name a dataset in it: {year}"):
        keyveil.open_release(str(Path(year).parent), keys=reader)
    with pytest.raises(UsageError, match="check the address"):
        keyveil.open_release(f"{year}/none", keys=reader)


def test_steps_show_what_they_are_of(year: str, reader: Path) -> None:
    shown = repr(keyveil.steps(year, reader, IDS[0]))
    assert shown.startswith(f"Steps(release='{IDS[0]}', split=None, sessions=3, users=")


def test_an_iteration_is_taken_up_behind_any_episode(year: str, reader: Path) -> None:
    whole = keyveil.episodes(year, keys=reader, releases="all", seed=3)
    first, second = lengths(whole), lengths(whole)
    assert sorted(first) == sorted(second) == [5, 6, 7, 8, 9, 10, 11]
    for taken in range(1, len(first)):
        run = keyveil.episodes(year, keys=reader, releases="all", seed=3)
        states = [episode.cursor for episode, _ in zip(run, range(taken), strict=False)]
        again = keyveil.episodes(year, keys=reader, releases="all", seed=3)
        again.load_state_dict(states[-1])
        assert lengths(again) == first[taken:]
        assert lengths(again) == second
    with pytest.raises(UsageError, match="other releases"):
        keyveil.episodes(year, keys=reader, releases=IDS[:1], seed=3).load_state_dict(states[-1])


def test_the_shares_of_workers_are_disjoint_and_hold_everything(year: str, reader: Path) -> None:
    whole = keyveil.episodes(year, keys=reader, releases="all")
    shares = [lengths(whole.share(worker, 3)) for worker in range(3)]
    assert sorted(length for share in shares for length in share) == [5, 6, 7, 8, 9, 10, 11]


@pytest.mark.parametrize(
    "wanted", ["2026-W44", "2026-W47..W45", "2026-W60", "W45", "newest", "2026-11-02", [], ["d" * 26]]
)
def test_what_names_no_release_is_refused(wanted: str | list[str], year: str, reader: Path) -> None:
    with pytest.raises(UsageError):
        keyveil.episodes(year, keys=reader, releases=wanted)


def test_one_release_and_several_do_not_go_together_and_need_a_dataset(year: str, reader: Path) -> None:
    with pytest.raises(UsageError, match="do not go together"):
        keyveil.episodes(year, IDS[0], keys=reader, releases="all")  # type: ignore[call-overload]
    with pytest.raises(UsageError, match="is no dataset"):
        keyveil.episodes(f"{year}/releases/{IDS[0]}", keys=reader, releases="all")


def test_a_reader_from_before_a_rotation_of_the_signing_key_reads_on(tmp_path: Path) -> None:
    create_key_set(tmp_path / "keys")
    export_reader(tmp_path / "keys", tmp_path / "reader.json")
    published(tmp_path, opened(tmp_path / "keys"), tmp_path, SHARDS[0], "sealed", release_id=IDS[0])
    rotate(tmp_path / "keys", KeyRole.SIGNING)
    made = published(tmp_path, opened(tmp_path / "keys"), tmp_path, SHARDS[1], "sealed", release_id=IDS[1])
    old = tmp_path / "reader.json"
    assert lengths(keyveil.episodes(str(made.home), keys=old)) == [8]
    assert lengths(keyveil.episodes(str(made.home), keys=old, releases="all")) == [5, 6, 7, 8]
    export_reader(tmp_path / "keys", tmp_path / "new.json")
    assert len(keyveil.describe(str(made.home), keys=tmp_path / "new.json")) == 2


@pytest.fixture(scope="module")
def rotated(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """Two releases, the data key rotated between them, and the reader's keys from before."""
    folder = tmp_path_factory.mktemp("rotated")
    create_key_set(folder / "keys")
    export_reader(folder / "keys", folder / "old.json")
    for name, window, shards in zip(IDS[:2], WINDOWS[:2], SHARDS[:2], strict=True):
        keys = opened(folder / "keys")
        made = published(folder, keys, folder, shards, "sealed", release_id=name, window=window)
        rotate(folder / "keys", KeyRole.DATA)
    return str(made.home), folder / "old.json"


def test_a_reader_from_before_a_rotation_of_the_data_key_reads_what_came_before(rotated: tuple[str, Path]) -> None:
    uri, old = rotated
    described = keyveil.describe(uri, keys=old)
    assert [(item.release_id, item.is_readable, item.is_current) for item in described] == [
        (IDS[0], True, False),
        (IDS[1], False, True),
    ]
    assert [(item.window, item.sessions, item.events) for item in described] == [
        (WINDOWS[0], 3, 18),
        (WINDOWS[1], 1, 8),
    ]
    readable = [item.release_id for item in described if item.is_readable]
    for wanted in ("2026-W45", readable):
        assert lengths(keyveil.episodes(uri, keys=old, releases=wanted)) == [5, 6, 7]
    assert lengths(keyveil.episodes(uri, IDS[0], keys=old)) == [5, 6, 7]


@pytest.mark.parametrize("wanted", ["all", "2026-W45..W46", IDS[:2]])
def test_releases_that_are_asked_for_and_cannot_be_opened_are_named(
    wanted: str | list[str], rotated: tuple[str, Path]
) -> None:
    with pytest.raises(RefusedError) as refused:
        keyveil.episodes(rotated[0], keys=rotated[1], releases=wanted)
    assert IDS[1] in str(refused.value)
    assert IDS[0] not in str(refused.value)
    assert "keys export --role reader" in str(refused.value)
    assert "is_readable" in str(refused.value)


@pytest.mark.parametrize("wanted", ["2026-W46", IDS[1:2]])
def test_where_no_release_can_be_opened_no_others_are_offered(
    wanted: str | list[str], rotated: tuple[str, Path]
) -> None:
    with pytest.raises(RefusedError) as refused:
        keyveil.episodes(rotated[0], keys=rotated[1], releases=wanted)
    assert "is_readable" not in str(refused.value)


def test_a_release_of_a_later_format_is_described_and_blocks_no_other(
    year: str, reader: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("keyveil.release.SCHEMA_VERSION", SCHEMA_VERSION - 1)
    assert not any(item.is_readable for item in keyveil.describe(year, keys=reader))
    with pytest.raises(UsageError, match=f"schema version {SCHEMA_VERSION}, and this keyveil reads up to"):
        keyveil.episodes(year, keys=reader, releases="2026-W45")


def test_rows_of_several_releases_are_one_arrow_dataset(year: str, reader: Path) -> None:
    rows = keyveil.open_dataset(year, keys=reader, releases="2026-W45..W46")
    assert rows.count_rows() == 26
    assert rows.scanner(columns=["seq"]).to_reader().read_all().num_rows == 26
    with duckdb.connect() as connection:
        connection.register("rows", rows)
        assert connection.sql("select count(*), count(distinct session) from rows").fetchall() == [(26, 3)]
    assert set(rows.to_table(["release"])["release"].to_pylist()) == set(IDS[:2])
    one = keyveil.open_dataset(year, keys=reader, releases=IDS[2:], table="sessions")
    assert one.to_table()["release"].to_pylist() == [IDS[2]] * 3
    assert "release" not in keyveil.open_dataset(year, keys=reader).schema.names
    assert keyveil.open_dataset(year, keys=reader).count_rows() == 30


def test_what_one_of_several_releases_lacks_is_said_of_it(year: str, reader: Path, tmp_path: Path) -> None:
    with pytest.raises(keyveil.KeyveilError, match=f"releases/{IDS[0]} has no table aggregates/x"):
        keyveil.open_dataset(year, keys=reader, releases="all", table="aggregates/x")
    create_key_set(tmp_path / "keys")
    export_reader(tmp_path / "keys", tmp_path / "reader.json")
    made = published(tmp_path, opened(tmp_path / "keys"), tmp_path, [[3]], "none")
    with pytest.raises(keyveil.UsageError, match="no window, so no weeks"):
        keyveil.episodes(str(made.home), keys=tmp_path / "reader.json", releases="2026-W01")


def test_a_split_is_of_one_release(year: str, reader: Path) -> None:
    keyveil.episodes(year, keys=reader, releases=IDS[:1], split="train")
    for read in (keyveil.episodes, keyveil.torch.EpisodeDataset, keyveil.huggingface.streaming_dataset):
        with pytest.raises(UsageError, match="hold out whole releases"):
            read(year, keys=reader, releases="all", split="train")


def test_releases_whose_open_columns_differ_are_not_joined(tmp_path: Path) -> None:
    create_key_set(tmp_path / "keys")
    keys = opened(tmp_path / "keys")
    export_reader(tmp_path / "keys", tmp_path / "timing.json", up_to="timing")
    published(tmp_path, keys, tmp_path, [[3]], "none", release_id=IDS[0])
    made = published(tmp_path, keys, tmp_path, [[4]], "sealed", release_id=IDS[1])
    options = {"keys": tmp_path / "timing.json", "releases": "all"}
    with pytest.warns(keyveil.WithheldColumnsWarning), pytest.raises(UsageError, match="differ in the columns"):
        keyveil.open_dataset(str(made.home), **options)
    with pytest.warns(keyveil.WithheldColumnsWarning), pytest.raises(UsageError, match="differ in the columns"):
        keyveil.torch.EpisodeDataset(str(made.home), **options)
    with pytest.warns(keyveil.WithheldColumnsWarning):
        found = keyveil.torch.EpisodeDataset(str(made.home), columns=["seq"], **options)
    assert [episode.events.num_rows for episode in found] == [3, 4]


def test_weeks_are_those_of_iso_8601() -> None:
    assert parse_weeks("2026-W53") == (date(2026, 12, 28), date(2027, 1, 3))
    assert parse_weeks("2026-W53..2027-W01") == (date(2026, 12, 28), date(2027, 1, 10))
