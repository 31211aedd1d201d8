from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.redact.detect.recognizers import check_digits as checks


@pytest.mark.parametrize(
    ("check", "valid"),
    [
        (checks.luhn, "4539578763621486"),
        (checks.mod97, "DE89370400440532013000"),
        (checks.french_nir, "184127645108946"),
        (checks.dutch_bsn, "111222333"),
        (checks.ean13, "7569217076985"),
        (checks.brazilian_cpf, "52998224725"),
    ],
)
def test_a_changed_digit_is_noticed(check: Callable[[str], bool], valid: str) -> None:
    assert check(valid)
    for position, digit in enumerate(valid):
        if digit.isdigit():
            changed = valid[:position] + str((int(digit) + 1) % 10) + valid[position + 1 :]
            assert not check(changed)


@given(st.integers(0, 10**9 - 1))
def test_a_belgian_number_with_its_check_holds(number: int) -> None:
    plain = f"{number:09d}"
    assert checks.belgian_number(f"{plain}{97 - number % 97:02d}")


def test_confused_characters_are_read_as_digits() -> None:
    assert checks.read_digits("l2O-S8 B") == "120588"


def test_the_number_of_digits_is_judged() -> None:
    assert checks.with_digits(2, 3)("a12") is None
    assert checks.with_digits(2, 3)("a1") is False
    assert checks.with_digits(2, 3)("1234") is False


def test_a_number_of_digits_is_asked_for_at_both_ends() -> None:
    judge = checks.with_digits(3)
    assert [judge("1" * count) for count in (2, 3, 64, 65)] == [False, None, None, False]
    assert [checks.with_digits(2, 4)(f"a{'1 ' * count}") for count in (1, 2, 4, 5)] == [False, None, None, False]
