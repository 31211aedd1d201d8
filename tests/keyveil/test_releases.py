"""Several releases of a dataset: all of them, by id and by week, described, and taken up where they were left."""

from datetime import date
from pathlib import Path

import pytest

import keyveil
from keyveil.releases import parse_weeks
from schemas.errors import UsageError
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


def test_weeks_are_those_of_iso_8601() -> None:
    assert parse_weeks("2026-W53") == (date(2026, 12, 28), date(2027, 1, 3))
    assert parse_weeks("2026-W53..2027-W01") == (date(2026, 12, 28), date(2027, 1, 10))
