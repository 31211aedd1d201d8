"""The table of settings by size is what the planner says."""

from pathlib import Path

from pipelines.budget.forecast import forecast
from pipelines.config import RunConfig

_PAGE = Path(__file__).parents[2] / "docs" / "settings-by-size.md"


def test_each_row_of_the_table_is_planned_so() -> None:
    rows = [line.strip("| ").split(" | ") for line in _PAGE.read_text().splitlines() if line[:3].strip("| ").isdigit()]
    assert len(rows) >= 5
    for people, weeks, *told in rows:
        found = forecast(RunConfig(), int(people.replace(",", "")), int(weeks))
        parts = ["on" if part.is_on else "off" for part in found.parts]
        fits = "no end" if found.releases_fit is None else f"{found.releases_fit:,}"
        assert told == [*parts, f"{found.epsilon:.2g}", fits]
