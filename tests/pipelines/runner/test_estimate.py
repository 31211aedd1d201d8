"""The estimate: its arithmetic, and that it says what it rests on."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from pipelines.cli.main import main
from pipelines.config import load_record
from pipelines.runner.estimate import EstimateSettings, Load, Prices, Worker, estimate
from schemas.errors import UsageError

_SHIPPED = Path(__file__).parents[3] / "deploy" / "estimate.yaml"
_SETTINGS = EstimateSettings(
    load=Load(3_600e6, 2.0, 100.0, 1.0, 2.0, "made up"),
    worker=Worker(vcpus=4, memory_gib=16.0, relative_speed=1.0, utilisation=0.5),
    prices=Prices("EUR", 0.1, 0.01, 0.5, 0.03, "made up", "2026-11-24"),
    retention_days=10,
)


def test_the_arithmetic() -> None:
    found = estimate(_SETTINGS)
    assert found.vcpu_hours == pytest.approx(200)  # 100 core hours of work, half of each core's time
    assert found.workers == 25  # in 2 hours, 4 at a time
    assert found.memory_gib_hours == pytest.approx(800)
    assert found.compute_a_day == pytest.approx(20 + 8)
    assert found.shuffle_a_day == pytest.approx(3_600e6 / 2**30 * 0.5)
    assert found.storage_a_day == pytest.approx(3_600e6 * 2 * 10 / 2**30 * 0.03 / 30)
    faster = replace(_SETTINGS, worker=replace(_SETTINGS.worker, relative_speed=2.0))
    assert estimate(faster).vcpu_hours == pytest.approx(100)


@pytest.mark.parametrize(
    ("part", "change", "says"),
    [
        ("load", {"cpu_us_per_event": 0.0}, "load"),
        ("load", {"measured": " "}, "load.measured"),
        ("worker", {"utilisation": 1.5}, "utilisation"),
        ("prices", {"vcpu_hour": -1.0}, "prices"),
        ("prices", {"as_of": ""}, "prices.as_of"),
        ("prices", {"source": ""}, "prices.source"),
    ],
)
def test_figures_without_a_source_are_refused(part: str, change: dict[str, object], says: str) -> None:
    with pytest.raises(UsageError, match=says):
        replace(getattr(_SETTINGS, part), **change)


def test_the_shipped_file_tells_its_assumptions(capsys: pytest.CaptureFixture[str]) -> None:
    settings = load_record(EstimateSettings, _SHIPPED)
    assert settings.load.events_per_day == 1e9
    assert main(["estimate", "--config", str(_SHIPPED)]) == 0
    shown = capsys.readouterr().out
    assert f"prices as of {settings.prices.as_of}" in shown
    assert settings.load.measured in shown
    assert main(["estimate", "--config", str(_SHIPPED), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["workers"] == estimate(settings).workers
