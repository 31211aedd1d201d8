import pickle
from typing import Any

import pytest

from schemas.errors import UsageError
from schemas.privacy import Pointer, RunKey
from transforms.noise.settings import NoiseSettings, Timing


def test_defaults_are_the_policy() -> None:
    settings = NoiseSettings()
    assert (settings.timing, settings.run_key) == (Timing.SYNTHESIZE, RunKey.EPHEMERAL)
    assert (settings.pointer_epsilon, settings.pointer_delta) == (8.0, 1e-10)
    assert pickle.loads(pickle.dumps(settings)) == settings  # noqa: S301 - our own bytes


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("timing", "keep"),
        ("run_key", "fixed"),
        ("pointer", "none"),
        ("timing_epsilon", 0.0),
        ("timing_epsilon", float("nan")),
        ("pointer_epsilon", float("inf")),
        ("pointer_epsilon", -1.0),
        ("pointer_epsilon", True),
        ("pointer_epsilon", "8"),
        ("timing_delta", 0.0),
        ("pointer_delta", 1.0),
        ("pointer_delta", float("nan")),
        ("dwell_clip_ms", 0),
        ("flight_clip_ms", 1.5),
        ("flight_clip_ms", True),
        ("pointer_grid_px", 0),
        ("screen_width_px", 1),
        ("screen_height_px", 10**6),
        ("model_epsilon", 0.0),
        ("model_delta", 1.0),
        ("min_units", 0),
        ("min_units", True),
        ("model", ""),
        ("model", None),
    ],
)
def test_a_value_out_of_range_is_refused_by_its_dotted_name(name: str, value: Any) -> None:
    with pytest.raises(UsageError, match=f"noise.{name} must be"):
        NoiseSettings(**{name: value})


@pytest.mark.parametrize("radius", [7, 64.0, 16_385])
def test_a_radius_out_of_range_is_refused(radius: Any) -> None:
    with pytest.raises(UsageError, match=r"noise\.pointer_radius_px must be"):
        NoiseSettings(pointer=Pointer.RADIUS, pointer_radius_px=radius)


@pytest.mark.parametrize("radius", [8, 16_384])
def test_a_radius_goes_with_its_form_of_pointer_rows(radius: int) -> None:
    assert NoiseSettings(pointer=Pointer.RADIUS, pointer_radius_px=radius).pointer_radius_px == radius
    for pointer, missing in ((Pointer.RADIUS, None), (Pointer.NOISE, radius), (Pointer.TARGETS, radius)):
        with pytest.raises(UsageError, match="set both or neither"):
            NoiseSettings(pointer=pointer, pointer_radius_px=missing)


def test_a_grid_wider_than_the_screen_is_refused() -> None:
    with pytest.raises(UsageError, match="smaller than the screen"):
        NoiseSettings(pointer_grid_px=100, screen_height_px=64)


def test_a_model_that_nothing_would_be_drawn_from_is_refused() -> None:
    with pytest.raises(UsageError, match="synthesize alone draws from"):
        NoiseSettings(timing=Timing.NOISE, model="models/earlier.dsse.json")
    assert NoiseSettings(model="models/earlier.dsse.json").reuses
