"""Reasons of released redactions follow from the entity alone, and cover every entity."""

import pyarrow as pa
import pytest

from schemas.aggregates import RARE_NAME
from schemas.entities import EntityType
from schemas.errors import FailedError
from schemas.redaction_reasons import REASONS, RedactionRule, ScoreClass, add_reasons, follow_reasons
from schemas.safe import EVENTS_SCHEMA, REDACTED_SCHEMA

_FOUND = REDACTED_SCHEMA.field("redactions").type


def mark(entity: str, start: int = 0) -> dict[str, object]:
    return {"column": "text", "start": start, "end": start + 3, "entity": entity, "node": None}


def test_every_entity_has_one_reason_and_every_rule_an_entity() -> None:
    assert set(REASONS) == {RARE_NAME, *(entity.value for entity in EntityType)}
    assert {reason.rule for reason in REASONS.values()} == set(RedactionRule)
    assert {reason.score for reason in REASONS.values()} == set(ScoreClass)


def test_lists_stay_as_they_are_and_each_redaction_gains_the_reason_of_its_entity() -> None:
    rows = [[mark("PERSON"), mark("PASSWORD", 7)], None, [], [mark(RARE_NAME, 2)]]
    column = pa.chunked_array([pa.array([None], _FOUND), pa.array(rows, _FOUND).slice(1), pa.array(rows, _FOUND)])
    added = add_reasons(column)
    assert added.type == EVENTS_SCHEMA.field("redactions").type
    person, password, rare = (
        mark(entity, start) | {"rule": rule, "score": score}
        for entity, start, rule, score in (
            ("PERSON", 0, "name", "likely"),
            ("PASSWORD", 7, "protected", "certain"),
            (RARE_NAME, 2, "rare", "certain"),
        )
    )
    assert added.to_pylist() == [None, None, [], [rare], [person, password], None, [], [rare]]


def test_an_entity_without_a_reason_is_not_released() -> None:
    with pytest.raises(FailedError, match="entity without a reason"):
        add_reasons(pa.chunked_array([pa.array([[mark("SHOE_SIZE")]], _FOUND)]))


@pytest.mark.parametrize(
    ("part", "sound"), [({}, True), ({"rule": "form"}, False), ({"score": "certain"}, False), ({"rule": None}, False)]
)
def test_a_reason_that_does_not_follow_is_noticed(part: dict[str, object], *, sound: bool) -> None:
    spans = [mark("PERSON") | {"rule": "name", "score": "likely"}] * 2
    spans[1] = spans[1] | part
    assert follow_reasons(pa.array(spans, EVENTS_SCHEMA.field("redactions").type.value_type)) is sound
