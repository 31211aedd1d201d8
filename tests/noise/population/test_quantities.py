"""Numbers of the quantities: counts, shares and offsets of the classes of keys rest on them."""

import pytest

from transforms.noise.population.quantities import KeyClass, Quantity


def test_every_quantity_and_class_has_a_number_of_its_own_without_gaps() -> None:
    for kind in (Quantity, KeyClass):
        assert list(kind.__members__.values()) == list(range(len(kind.__members__)))


@pytest.mark.parametrize("kind", KeyClass)
def test_a_quantity_of_keys_lies_as_far_behind_that_of_letters_as_its_class(kind: KeyClass) -> None:
    for first in (Quantity.INTERVAL_LETTER, Quantity.DWELL_LETTER):
        assert Quantity(first + kind).name == first.name.replace("LETTER", kind.name)
