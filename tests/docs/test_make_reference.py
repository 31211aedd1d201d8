from pathlib import Path

import pytest

from docs.make_reference import pages

_DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize("name", sorted(pages()))
def test_a_page_that_is_made_from_the_code_is_current(name: str) -> None:
    assert (_DOCS / name).read_text(encoding="utf-8") == pages()[name], "run: make docs"
