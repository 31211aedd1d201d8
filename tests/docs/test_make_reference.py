from pathlib import Path

import pytest

from docs.event_tables import COLUMNS_BY_KIND, EVERY_ROW, entities
from docs.make_reference import pages, settings
from schemas.entities import EntityType
from schemas.redaction_reasons import REASONS
from schemas.safe import EVENTS_SCHEMA
from schemas.vocabulary import RELEASED_KINDS

_DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize("name", sorted(pages()))
def test_a_page_that_is_made_from_the_code_is_current(name: str) -> None:
    assert (_DOCS / name).read_text(encoding="utf-8") == pages()[name], "run: make docs"


def test_the_columns_by_kind_are_those_of_the_released_rows() -> None:
    assert set(COLUMNS_BY_KIND) == RELEASED_KINDS
    named = {*EVERY_ROW, *(name for names in COLUMNS_BY_KIND.values() for name in names)}
    assert named == set(EVENTS_SCHEMA.names)


def test_every_entity_of_a_release_is_listed_with_what_becomes_of_it() -> None:
    page = entities()
    assert all(f"| `{name}` |" in page for name in REASONS)
    assert page.count("\n| `") == len(EntityType) + 1
    assert "| `RARE_NAME` | rare | certain | `other`" in page
    assert "| `PASSWORD` | protected | certain | marker `<PASSWORD>` |" in page
    assert "| `LOCATION` | name | possible | surrogate: `Exampleville` |" in page


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
