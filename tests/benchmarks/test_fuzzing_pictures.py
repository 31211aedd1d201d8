"""Damaged pictures are read or refused by the one error, and the changes reach behind their checksums."""

import random

import pytest

from benchmarks.fuzzing.changes import change, change_values
from benchmarks.fuzzing.targets import PICTURES, list_targets

SEEDS = list_targets(())[PICTURES]


@pytest.mark.parametrize("place", range(len(SEEDS.seeds)))
def test_each_seed_is_read(place: int, tmp_path: object) -> None:
    flaw, way = SEEDS.read(SEEDS.seeds[place], tmp_path)  # type: ignore[arg-type]
    assert (flaw, way[0]) == (None, "(48, 160, 3)")


@pytest.mark.parametrize("seed", range(4))
def test_damaged_pictures_raise_no_other_error(seed: int, tmp_path: object) -> None:
    chance = random.Random(seed)
    for _ in range(25):
        content = change(chance.choice(SEEDS.seeds), chance.choice(SEEDS.seeds), chance)
        assert SEEDS.read(content, tmp_path)[0] is None  # type: ignore[arg-type]


def test_changes_of_pixels_have_a_right_checksum(tmp_path: object) -> None:
    """Most are decoded as far as they go: pixels that are missing are an error, other ones are not."""
    ways = {SEEDS.read(change_values(SEEDS.seeds[2], random.Random(seed)), tmp_path)[1] for seed in range(20)}  # type: ignore[arg-type]
    assert ("screenshot_unreadable",) in ways
    assert len(ways) > 1
