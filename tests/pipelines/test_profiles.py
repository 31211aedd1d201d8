"""The release profiles, by the command line, on a small bundled recording."""

import base64
import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from pipelines.budget.release_plan import looser_than_policy, plan_release
from pipelines.cli.main import main
from pipelines.config import RunConfig, load_config
from schemas.errors import UsageError
from schemas.privacy import Profile
from tests.support.release_parts import ALL_PARTS, NO_PARTS
from transforms.aggregate.queries import QUERIES
from transforms.aggregate.settings import AggregateSettings
from transforms.dataset.documents.wording import ALL_CHARGES
from transforms.noise.settings import NoiseSettings
from transforms.vocabulary import name_application

_EXAMPLES = Path(__file__).parents[2] / "examples"
_LOG = _EXAMPLES / "recordings" / "synthetic-office.jsonl"
_TABLES = {query.name for query in QUERIES} | {"typing_speed_quantiles", "session_minutes_quantiles"}


def _run(home: Path, capsys: pytest.CaptureFixture[str], *settings: str) -> tuple[Path, dict[str, Any]]:
    if not (home / "keys").exists():
        assert main(["keys", "init", str(home / "keys")]) == 0
    words = ["--input", _LOG, "--consent", _EXAMPLES / "consent.csv"]
    words += ["--keys", home / "keys", "--output", home / "out", "--trace", home / "trace", "--trace-clear", "--json"]
    clear = ("store.encryption=none", "noise.run_key=derived", "noise.lifetime_epsilon=32", *settings)
    capsys.readouterr()
    assert main(["run", *map(str, words), *(word for setting in clear for word in ("--set", setting))]) == 0
    result = json.loads(capsys.readouterr().out)
    return Path(result["release"]), result


def _tables(release: Path) -> set[str]:
    found = set()
    for path in (release / "aggregates").glob("*/*.parquet"):
        held = pq.read_schema(path).metadata
        assert float(held[b"epsilon"]) > 0
        assert 0 < float(held[b"delta"]) < 1e-6
        assert held[b"privacy_unit"] == b"user"
        found.add(path.parent.name)
    return found


def _predicate(release: Path) -> dict[str, Any]:
    envelope = json.loads((release / "manifest.dsse.json").read_text())
    return json.loads(base64.b64decode(envelope["payload"]))["predicate"]


def test_restricted_releases_whole_sessions_and_names_public_applications_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # four people: below the floor a name is admitted with probability 0, whatever the key of the run
    assert len({json.loads(line)["user_id"] for line in _LOG.read_text().splitlines()}) == 4
    assert plan_release(load_config(None, ALL_PARTS, None)).aggregates.admission.probability(4) == 0
    release, result = _run(tmp_path, capsys)
    [events] = [pq.read_table(path) for path in (release / "events").glob("*.parquet")]
    named = set(events["app"].to_pylist()) - {None, "other", "private"}
    assert named
    assert all(name_application(name) == name for name in named)
    assert "other" in events["app"].to_pylist()
    assert all(url.startswith(("https://other", "other")) for url in events["url"].to_pylist() if url)
    assert events["user"].null_count == 0
    [sessions] = [pq.read_table(path) for path in (release / "sessions").glob("*.parquet")]
    assert sessions.num_rows == result["counts"]["sessions.released"]
    assert sessions["os"].null_count == sessions.num_rows
    assert _tables(release) == _TABLES
    predicate = _predicate(release)
    assert {shard["path"].split("/")[0] for shard in predicate["shards"]} == {"events", "sessions", "aggregates"}
    spent = {column for item in predicate["noise"] for column in item["columns"]}
    assert spent >= {"app", "host of url", *(f"aggregates/{query.name}" for query in QUERIES)}
    assert 0 < predicate["budget"]["epsilon"] <= 1.0
    assert predicate["left_out"] == []
    names = "names beyond the public lists are useful from 722 people on"
    assert result["advice"].startswith(f"{names}, tables of counts are useful from 931 people on")
    assert "set aggregates.people=NUMBER" in result["advice"]


def test_events_releases_chunks_without_session_or_user(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    release, result = _run(tmp_path, capsys, "noise.profile=events", "noise.day_key_events=100", *ALL_PARTS)
    [events] = [pq.read_table(path) for path in (release / "events").glob("*.parquet")]
    assert events["user"].null_count == events.num_rows == result["counts"]["rows.released"]
    sizes = events.group_by("session").aggregate([("seq", "max")])["seq_max"].to_pylist()
    assert max(sizes) == 49
    assert result["counts"]["suppressed.over_day_cap"] > 0
    assert not (release / "sessions").exists()
    assert _tables(release) == _TABLES
    assert (
        "Profile events"
        in pq.read_schema(next((release / "events").glob("*"))).metadata[b"keyveil.privacy_statement"].decode()
    )


def test_aggregates_releases_tables_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    release, result = _run(tmp_path, capsys, "noise.profile=aggregates")
    assert sorted(path.name for path in release.iterdir() if path.is_dir()) == ["aggregates"]
    assert _tables(release) == _TABLES
    counts = result["counts"]
    assert counts["outcome.suppressed"] == counts["events.read"]
    predicate = _predicate(release)
    assert (predicate["profile"], predicate["counts"]) == ("aggregates", {})
    columns = {column for item in predicate["noise"] for column in item["columns"]}
    assert "t_ms" not in columns
    again, repeated = _run(tmp_path, capsys, "noise.profile=aggregates")
    assert (again, repeated["repeated"]) == (release, True)


@pytest.mark.parametrize(
    ("settings", "left_out"),
    [
        (("aggregates.people=1",), [("names", 722, 1), ("tables", 931, 1)]),
        (("aggregates.people=300",), [("names", 722, 300), ("tables", 931, 300)]),
        (NO_PARTS, [("names", None, None), ("tables", None, None)]),
    ],
)
def test_a_release_without_names_and_tables_costs_no_user_anything(
    settings: tuple[str, ...],
    left_out: list[tuple[str, int | None, int | None]],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    release, result = _run(tmp_path, capsys, *settings)
    assert not (release / "aggregates").exists()
    [events] = [pq.read_table(path) for path in (release / "events").glob("*.parquet")]
    named = set(events["app"].to_pylist()) - {None, "other", "private"}
    assert named
    assert all(name_application(name) == name for name in named)
    predicate = _predicate(release)
    assert predicate["budget"]["epsilon"] == predicate["budget"]["spent_epsilon"] == 0
    named = [tuple(item[name] for name in ("part", "from_people", "stated_people")) for item in predicate["left_out"]]
    assert named == left_out
    assert result["left_out"].startswith("names beyond the public lists")
    assert "costs nothing" in result["left_out"]
    assert result["advice"] == ""
    assert "Tables of counts: off, at no cost" in (release / "README.md").read_text()
    assert "Tables of counts: off, at no cost" in (release / "report.html").read_text()
    assert result["budget"][:2] == [
        "this release spends nothing",
        f"{ALL_CHARGES}: nothing of epsilon 32 for one user at delta 1e-06; this release adds nothing to it",
    ]
    assert main(["verify", str(tmp_path / "out"), "--keys", str(tmp_path / "keys")]) == 0
    with pytest.raises(UsageError, match=r"aggregates.counting"):
        load_config(None, ["noise.profile=aggregates", "aggregates.counting=false"], None)


def test_one_bound_is_set_without_the_others_and_a_looser_budget_is_named() -> None:
    config = load_config(
        None,
        [
            "aggregates.tables.shortcuts.partitions=3",
            "aggregates.tables_epsilon=0.9",
            "noise.chunk_events=80",
            "schedule.window_days=3",
        ],
        None,
    )
    assert config.aggregates.tables["shortcuts"].partitions == 3
    assert config.aggregates.tables["shortcuts"].per_partition == AggregateSettings().tables["shortcuts"].per_partition
    assert set(looser_than_policy(config)) == {
        "aggregates.tables_epsilon=0.9 (policy: 0.5)",
        "noise.chunk_events=80 (policy: 50)",
        "schedule.window_days=3 (policy: 7)",
    }
    assert load_config(None, [], None).aggregates == AggregateSettings()
    assert load_config(None, [], None).noise == NoiseSettings()
    assert looser_than_policy(RunConfig()) == ()


@pytest.mark.parametrize(
    ("setting", "says"),
    [
        ("aggregates.tables.nothing.partitions=3", "aggregates.tables"),
        ("aggregates.rare_epsilon=0", "rare_epsilon"),
        ("aggregates.rare_partitions.app=-1", "rare_partitions.app"),
        ("aggregates.rare_fewest_users=0", "rare_fewest_users"),
        ("aggregates.public_roles=[boss]", "public_roles"),
        ("aggregates.tables=3", "aggregates.tables"),
        ("noise.profile=open", "noise.profile"),
        ("aggregates.naming=maybe", "aggregates.naming"),
        ("noise.chunk_events=0", "noise.chunk_events"),
    ],
)
def test_a_setting_that_is_none_is_refused_by_its_name(setting: str, says: str) -> None:
    with pytest.raises(UsageError, match=says):
        load_config(None, [setting], None)


def test_a_profile_charges_for_what_it_releases() -> None:
    labels = {}
    for profile in Profile:
        plan = plan_release(
            load_config(None, [f"noise.profile={profile.value}", "noise.model=learn", *ALL_PARTS], None)
        )
        labels[profile] = {charge.label for charge in plan.charges()}
        assert profile.value in plan.privacy_statement()
    tables = {f"aggregates/{query.name}" for query in QUERIES} | {"admitted values"}
    assert labels[Profile.AGGREGATES] == tables
    assert labels[Profile.RESTRICTED] == labels[Profile.EVENTS] > tables
