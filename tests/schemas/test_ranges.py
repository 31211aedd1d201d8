import math

import pytest

from schemas.errors import UsageError
from schemas.ranges import check_number, check_whole


@pytest.mark.parametrize("value", [0.01, 1, 32.0])
def test_a_number_within_its_range_passes_and_the_bounds_belong_to_it(value: float) -> None:
    check_number("noise.epsilon", value, (0.01, 32.0))


@pytest.mark.parametrize("value", [0.0099, 32.001, math.nan, math.inf, True, "1", None])
def test_another_value_is_refused_by_the_name_of_the_setting_and_its_range(value: float) -> None:
    with pytest.raises(UsageError, match=r"^noise\.epsilon must be a number from 0\.01 to 32$"):
        check_number("noise.epsilon", value, (0.01, 32.0))


@pytest.mark.parametrize("value", [1, 366])
def test_a_whole_number_within_its_range_passes(value: int) -> None:
    check_whole("schedule.window_days", value, (1, 366))


@pytest.mark.parametrize("value", [0, 367, 7.0, True, "7", None])
def test_a_fraction_a_word_or_a_number_beyond_is_no_whole_number(value: int) -> None:
    with pytest.raises(UsageError, match=r"^schedule\.window_days must be a whole number from 1 to 366$"):
        check_whole("schedule.window_days", value, (1, 366))
