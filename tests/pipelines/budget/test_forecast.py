"""A budget planned by the number of people: the weeks fit, and no part is on that gives nothing."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipelines.budget.forecast import forecast
from pipelines.budget.pace import Pace, count_weeks_left
from pipelines.budget.release_plan import looser_than_policy
from pipelines.cli.main import main
from pipelines.config import RunConfig, load_config
from schemas.errors import UsageError
from tests.support.release_parts import ALL_PARTS
from transforms.privacy.composition import Cost, LifetimeFilter
from transforms.privacy.ledger import Ledger

EMPTY = Ledger("0" * 16)


@pytest.mark.parametrize(
    ("people", "weeks", "on"),
    [
        (1, 104, []),
        (30, 104, []),
        (300, 52, []),
        (300, 104, []),
        (1_000, 52, ["names", "tables", "rhythm"]),
        (1_000, 104, ["names"]),
        (700, 52, []),
        (3_000, 52, ["names", "tables", "rhythm"]),
        (3_000, 104, ["names", "tables", "rhythm"]),
    ],
)
def test_the_settings_of_a_plan_last_as_long_as_was_asked(
    people: int, weeks: int, on: list[str], tmp_path: Path
) -> None:
    written = tmp_path / "settings.yaml"
    assert main(["plan", "--people", str(people), "--weeks", str(weeks), "--output", str(written)]) == 0
    config = load_config(str(written), [], None)
    found = forecast(RunConfig(), people, weeks)
    assert [part.name for part in found.parts if part.is_on] == on
    left = count_weeks_left(EMPTY, config)
    assert left == found.weeks_fit
    assert (left is None) is not on
    assert left is None or (left >= weeks and found.ends_first)
    assert looser_than_policy(config) == ()
    assert yaml.safe_load(written.read_text()) == found.settings


def test_a_plan_over_a_file_holds_its_other_settings_too(tmp_path: Path) -> None:
    base, written = tmp_path / "base.yaml", tmp_path / "whole.yaml"
    base.write_text(
        "purpose: typing aids\nnoise: {lifetime_epsilon: 6.0}\nbasis: {consulted: 2026-10-01}\n"
        "aggregates: {people: 300, rare_fewest_users: 30}\n"
    )
    words = ["--config", str(base), "--set", "schedule.window_days=14", "--output", str(written)]
    assert main(["plan", "--people", "300", "--weeks", "52", *words]) == 0
    config = load_config(str(written), [], None)
    assert (config.purpose, config.noise.lifetime_epsilon, config.schedule.window_days) == ("typing aids", 6.0, 14)
    assert (config.aggregates.people, config.aggregates.rare_fewest_users) == (300, 30)
    assert (config.aggregates.naming, config.noise.model) == (False, "prior")
    assert str(config.basis.consulted) == "2026-10-01"


def test_fewer_weeks_are_planned_with_larger_budgets_and_longer_windows_with_fewer_releases() -> None:
    short, long = forecast(RunConfig(), 3_000, 26), forecast(RunConfig(), 3_000, 260)
    assert short.epsilon > long.epsilon > 0
    fortnights = load_config(None, ["schedule.window_days=14"], None)
    assert forecast(fortnights, 3_000, 104).epsilon > forecast(RunConfig(), 3_000, 104).epsilon


@pytest.mark.parametrize("spare", [-1, 0, 1])
def test_a_value_that_more_people_must_share_than_there_are_is_said_to_be_one(spare: int) -> None:
    needed = re.compile(r"where ([\d,]+) (of [\d,]+ people|people, more than the [\d,]+,) share it")
    first = needed.search(_names(361))
    assert first is not None
    people = int(first[1].replace(",", "")) + spare
    found = needed.search(_names(people))
    assert found is not None
    assert found[2] == (f"of {people} people" if int(found[1]) <= people else f"people, more than the {people},")


def _names(people: int) -> str:
    return next(part.gives for part in forecast(RunConfig(), people, 52).parts if part.name == "names")


@pytest.mark.parametrize(("people", "weeks"), [(0, 52), (10**9 + 1, 52), (10, 0), (10, 5201)])
def test_numbers_out_of_range_are_refused(people: int, weeks: int) -> None:
    with pytest.raises(UsageError, match="is a whole number from 1 to"):
        forecast(RunConfig(), people, weeks)


def test_the_answer_is_for_people_and_for_machines(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["plan", "--people", "300", "--weeks", "52"]
    assert main(words) == 0
    shown = capsys.readouterr().out
    assert "without end: a release costs no user anything" in shown
    assert max(map(len, shown.splitlines())) <= 80
    assert main([*words, "--json"]) == 0
    told: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert told["settings"]["aggregates"] == {"naming": False, "counting": False}
    assert main([*words, "--output", str(tmp_path / "a.yaml")]) == 0
    assert main([*words, "--output", str(tmp_path / "a.yaml")]) == 2
    assert "as a new file" in capsys.readouterr().err


@pytest.mark.parametrize(("share", "on"), [(0.02, True), (0.5, True), (1.0, False)])
def test_what_a_ledger_spent_is_not_planned_again(share: float, on: bool) -> None:
    config = load_config(None, ALL_PARTS, None)
    pace = Pace.of(config).cost
    most = LifetimeFilter.of(config.noise.lifetime_epsilon, config.noise.lifetime_delta).releases_left(Cost(), pace)
    assert most is not None
    spent = pace.multiply(int(most * share))
    found = forecast(RunConfig(), 30_000, 26, spent)
    assert any(part.is_on for part in found.parts) is on
    if on:
        changed = load_config(None, [f"{a}.{b}={v}" for a, of in found.settings.items() for b, v in of.items()], None)
        limit = LifetimeFilter.of(config.noise.lifetime_epsilon, config.noise.lifetime_delta)
        assert limit.releases_left(spent, Pace.of(changed).cost) == found.releases_fit
        assert (found.weeks_fit or 0) >= 26
    else:
        assert found.releases_fit is None
        assert "what is left of the budget" in found.parts[0].gives


def test_a_plan_offers_less_after_more_was_spent() -> None:
    spent = Pace.of(load_config(None, ALL_PARTS, None)).cost.multiply(50)
    assert forecast(RunConfig(), 30_000, 104, spent).epsilon < forecast(RunConfig(), 30_000, 104).epsilon


@pytest.mark.parametrize(
    ("people", "settings", "on"),
    [
        (300, ["aggregates.counting=true"], ["tables"]),
        (300, ["aggregates.counting=true", "aggregates.naming=true"], ["names", "tables"]),
        (3_000, ["aggregates.counting=false"], ["names", "rhythm"]),
        (3_000, ["aggregates.counting=false", "aggregates.naming=false"], ["rhythm"]),
    ],
)
def test_a_part_that_is_switched_on_or_off_stays_so_and_the_weeks_fit(
    people: int, settings: list[str], on: list[str]
) -> None:
    found = forecast(load_config(None, settings, None), people, 104)
    assert [part.name for part in found.parts if part.is_on] == on
    assert found.weeks_fit is not None
    assert found.weeks_fit >= 104


def test_a_part_that_is_switched_on_and_cannot_last_is_refused() -> None:
    wanted = load_config(None, ["aggregates.counting=true"], None)
    with pytest.raises(UsageError, match="no budget of names"):
        forecast(wanted, 300, 5200)
