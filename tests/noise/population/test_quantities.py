"""Numbers of the quantities: counts, shares and offsets of the classes of keys rest on them."""

import pytest

from transforms.noise.population.quantities import BINS, EDGES, SHARE, KeyClass, Quantity


def test_every_quantity_and_class_has_a_number_of_its_own_without_gaps() -> None:
    for kind in (Quantity, KeyClass):
        assert list(kind.__members__.values()) == list(range(len(kind.__members__)))


def _rise(*edges: int, step: int) -> tuple[int, ...]:
    """List the first edges in steps, then those given."""
    return (*range(0, edges[0], step), *edges)


_SLOW = (
    100, 125, 156, 195, 243, 303, 378, 472, 590, 737, 921, 1151, 1438, 1797, 2246, 2807, 3508, 4385, 5481, 6851,
    8563, 10703, 13378, 16722, 20902, 26127, 32658, 40822,
)  # fmt: skip


def test_bins_are_those_of_the_policy() -> None:
    intervals = (400, 500, 625, 781, 976, 1220, 1525, 1906, 2382, 2977, 3721, 4651, 5813, 7266, 9082, 10000)
    dwells = (200, 250, 312, 390, 487, 608, 760, 950, 1187, 1483, 1853, 2316, 2895, 3618, 4000)
    repeats = (100, 125, 156, 195, 243, 303, 378, 472, 590, 737, 921, 1000)
    own = {Quantity.REPEAT: _rise(*repeats, step=4), Quantity.SPEED: _rise(*_SLOW, 50_000, step=20)}
    for quantity in Quantity:
        kind = quantity.name.partition("_")[0]
        of_keys = {"INTERVAL": _rise(*intervals, step=20), "DWELL": _rise(*dwells, step=10)}
        slow = _rise(*_SLOW, 51_027, 60_000, step=20)
        assert EDGES[quantity] == of_keys.get(kind, own.get(quantity, slow))
        assert BINS[quantity] == len(EDGES[quantity]) - 1


def test_letters_and_spaces_get_more_of_the_budget_than_the_rest() -> None:
    more = {Quantity.INTERVAL_LETTER: 4, Quantity.INTERVAL_SPACE: 2, Quantity.DWELL_LETTER: 2}
    assert {quantity: share for quantity, share in SHARE.items() if share != 1} == more
    assert set(SHARE) == set(Quantity)


@pytest.mark.parametrize("kind", KeyClass)
def test_a_quantity_of_keys_lies_as_far_behind_that_of_letters_as_its_class(kind: KeyClass) -> None:
    for first in (Quantity.INTERVAL_LETTER, Quantity.DWELL_LETTER):
        assert Quantity(first + kind).name == first.name.replace("LETTER", kind.name)
