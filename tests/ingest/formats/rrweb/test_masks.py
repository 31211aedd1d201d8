import pytest

from transforms.ingest.formats.rrweb.masks import is_masked


@pytest.mark.parametrize(
    "value",
    ["*", "••••", "****** ***", "### ####", "___", "xxxx", "XXXX XX", "[Filtered]", "<redacted>", "[ masked ]", "█"],
)
def test_any_mask_character_is_known(value: str) -> None:
    assert is_masked(value)


@pytest.mark.parametrize("value", ["", " ", "--", "xx", "xxx", "aaaa", "0000", "a*", "* a", "filtered", "x#x#", "!?!?"])
def test_a_value_that_may_have_been_typed_is_none(value: str) -> None:
    assert not is_masked(value)
