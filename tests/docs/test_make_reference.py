from pathlib import Path

import pytest

from docs.make_reference import pages, settings

_DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize("name", sorted(pages()))
def test_a_page_that_is_made_from_the_code_is_current(name: str) -> None:
    assert (_DOCS / name).read_text(encoding="utf-8") == pages()[name], "run: make docs"


def test_every_setting_says_what_it_does() -> None:
    found = list(settings())
    assert {"purpose", "noise.epsilon", "aggregates.rare_partitions.app", "aggregates.tables.shortcuts.share"} <= {
        item.name for item in found
    }
    assert not [item.name for item in found if len(item.meaning.split()) < 3]


def test_every_numeric_setting_says_its_range() -> None:
    numeric = [item for item in settings() if item.kind in {"int", "float", "int \\| None"}]
    assert len(numeric) > 50
    assert not [item.name for item in numeric if not any(sign.isdigit() for sign in item.meaning)]
