import re

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from transforms.redact.detect.recognizers.casing import compile_pattern, spell_out_case

PATTERN = r"(?:(?:de|la) )*(?-i:[^\W\d_a-z])\w* \d"


def test_the_defect_is_there() -> None:
    """If this fails, the module is fixed and ``casing`` can go."""
    assert regex.search(PATTERN, "Nova 6", regex.IGNORECASE) is None
    assert re.search(PATTERN, "Nova 6", re.IGNORECASE) is not None


def test_a_case_sensitive_group_after_an_alternation_that_ignores_case() -> None:
    assert compile_pattern(PATTERN, regex.IGNORECASE).search("DE Nova 6")
    assert not compile_pattern(PATTERN, regex.IGNORECASE).search("de nova 6")


@pytest.mark.parametrize(
    ("pattern", "spelt"),
    [
        (r"a\d\w", r"[aA]\d\w"),
        (r"[^a-c\]x]", r"[^a-c\]xA-CX]"),
        (r"(?P<v>b)(?<=c)(?!d)\1", r"(?P<v>[bB])(?<=[cC])(?![dD])\1"),
        (r"(?-i:a(?:b|[c]))d", r"(?:a(?:b|[c]))[dD]"),
        ("ßé1", "ß[éÉ]1"),
        ("[A-Z./-]", "[A-Z./a-z-]"),
        (r"[a\-]", r"[a\-A]"),
    ],
)
def test_case_is_ignored_by_classes_outside_sensitive_groups(pattern: str, spelt: str) -> None:
    assert spell_out_case(pattern) == spelt


@given(st.text(alphabet="abdelADELNOV 06", max_size=20))
def test_it_matches_what_the_standard_module_matches(text: str) -> None:
    expected = [match.span() for match in re.finditer(PATTERN, text, re.IGNORECASE)]
    assert [match.span() for match in compile_pattern(PATTERN, regex.IGNORECASE).finditer(text)] == expected
