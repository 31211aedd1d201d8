"""The rules for rows: nodes have boxes inside the window, words of closed lists, and redactions inside their texts."""

from typing import Any

import pyarrow as pa
import pytest

from schemas.safe import BOX_UNITS, EVENTS_SCHEMA, EVENTS_SCHEMAS, SCHEMA_VERSION
from transforms.dataset.verify.rows import problems

NODE = {"role": "link", "name": "Bo Roe", "value": None, "left": 0, "top": 5, "right": 70, "bottom": BOX_UNITS}
NODE |= {"depth": 0, "states": ["focused", "checked"]}
MARK = {"column": "nodes.name", "start": 0, "end": 6, "entity": "PERSON", "node": 1, "rule": "name", "score": "likely"}
METADATA = {"release_id": "r", "schema_version": str(SCHEMA_VERSION), "privacy_statement": "p"}


def found(*rows: dict[str, Any]) -> list[str]:
    plain = pa.schema([f.with_type(f.type.value_type) if pa.types.is_dictionary(f.type) else f for f in EVENTS_SCHEMA])
    named = [{"session": "s", "user": "u", "seq": seq, "kind": "screen"} | row for seq, row in enumerate(rows)]
    table = pa.Table.from_pylist(named, plain).cast(EVENTS_SCHEMA)
    metadata = {f"keyveil.{name}": value for name, value in METADATA.items()}
    return list(problems("events", table.replace_schema_metadata(metadata), "r"))


def test_a_reason_that_does_not_follow_from_the_entity_is_named() -> None:
    wrong = ["has a redaction whose rule or score is not that of its entity"]
    for part in ({"score": "certain"}, {"rule": None}, {"entity": "PASSWORD"}):
        assert found({"kind": "focus"}, screen(MARK | part)) == wrong
    assert found({"kind": "focus"}, screen(MARK | {"entity": "SHOE"})) == ["names a redaction of an unknown kind"]


@pytest.mark.parametrize(
    ("version", "wrong"),
    [
        (b"2", []),
        (b"3", ["does not have the columns of the contract"]),
        (
            b"4",
            ["says in its metadata that it has another schema version", "does not have the columns of the contract"],
        ),
        (
            b"02",
            ["says in its metadata that it has another schema version", "does not have the columns of the contract"],
        ),
        (b"", ["says in its metadata that it has another schema version", "does not have the columns of the contract"]),
    ],
)
def test_files_of_the_format_before_are_judged_by_their_own_columns(version: bytes, wrong: list[str]) -> None:
    assert sorted(EVENTS_SCHEMAS) == [2, 3]
    row = {"session": "s", "user": "u", "seq": 0, "kind": "focus", "redactions": [], "text": "abc"}
    plain = pa.schema(
        [f.with_type(f.type.value_type) if pa.types.is_dictionary(f.type) else f for f in EVENTS_SCHEMAS[2]]
    )
    table = pa.Table.from_pylist([row], plain).cast(EVENTS_SCHEMAS[2])
    metadata = {f"keyveil.{name}": value for name, value in METADATA.items()} | {"keyveil.schema_version": version}
    assert list(problems("events", table.replace_schema_metadata(metadata), "r")) == wrong


def screen(*marks: dict[str, Any], **part: Any) -> dict[str, Any]:
    return {"nodes": [NODE, NODE | part], "redactions": list(marks)}


def test_sound_nodes_pass() -> None:
    unboxed = dict.fromkeys(("left", "top", "right", "bottom"))
    assert found({"kind": "focus"}, screen(MARK), screen(**unboxed), {"nodes": []}, {"nodes": None}) == []


@pytest.mark.parametrize("part", [{"left": 70}, {"top": BOX_UNITS}, {"right": 0}, {"bottom": 5}, {"left": -1}])
def test_a_box_that_is_empty_or_leaves_the_window_is_named(part: dict[str, int]) -> None:
    assert found({"kind": "focus"}, screen(**part)) == ["has a node whose box is not inside the window"]


@pytest.mark.parametrize("edge", ["left", "top", "right", "bottom"])
def test_a_box_that_lacks_an_edge_or_has_one_too_far_is_named(edge: str) -> None:
    wrong = ["has a node whose box is not inside the window"]
    assert found(screen(**{edge: None})) == wrong
    assert found(screen(**{edge: BOX_UNITS + 1})) == wrong


@pytest.mark.parametrize(("part", "named"), [({"role": "anna"}, "role"), ({"states": ["anna"]}, "state")])
def test_a_word_outside_the_vocabulary_is_named(part: dict[str, Any], named: str) -> None:
    (problem,) = found(screen(**part))
    assert named in problem
    assert "anna" not in problem


@pytest.mark.parametrize(
    "part",
    [
        {"end": 7},
        {"start": -1},
        {"start": 6, "end": 5},
        {"node": 2},
        {"node": -1},
        {"node": None},
        {"column": "nodes.value", "end": 0},
    ],
)
def test_a_redaction_outside_the_text_of_its_node_is_named(part: dict[str, Any]) -> None:
    assert found({"kind": "focus"}, screen(MARK | part)) == ["names a redaction outside its text"]


@pytest.mark.parametrize(("end", "wrong"), [(2, []), (3, ["names a redaction outside its text"])])
def test_a_redaction_of_a_value_ends_with_it(end: int, wrong: list[str]) -> None:
    assert found(screen(MARK | {"column": "nodes.value", "end": end}, value="ab")) == wrong


CLICK = {"kind": "pointer", "node": 1, "screen": 1}
SAME = {"nodes": None, "same_as": 1}


def test_references_to_earlier_rows_of_the_session_pass() -> None:
    assert found({"kind": "focus"}, screen(), SAME, CLICK, CLICK | {"screen": 2}) == []
    assert found({"kind": "focus"}, screen(), CLICK | {"node": None, "screen": None}) == []


@pytest.mark.parametrize("seq", [-1, 0, 2, 3, 9])
def test_a_repeat_of_a_screen_that_is_not_there_is_named(seq: int) -> None:
    assert found({"kind": "focus"}, screen(), SAME | {"same_as": seq}, {}) == [
        "names an earlier screen that there is not"
    ]


@pytest.mark.parametrize("part", [{"node": 2}, {"node": -1}, *({"screen": seq} for seq in (-1, 0, 2, 9, None))])
def test_a_target_that_is_not_there_is_named(part: dict[str, Any]) -> None:
    assert found({"kind": "focus"}, screen(), CLICK | part, {}) == ["names a node that there is not"]


def test_no_reference_leaves_its_session() -> None:
    other = {"session": "t", "user": "u"}
    assert found(screen(), screen(), other | CLICK | {"seq": 0, "screen": -1}) == ["names a node that there is not"]
    assert found(screen(), screen(), other | SAME | {"seq": 0, "same_as": -1}) == [
        "names an earlier screen that there is not"
    ]


def test_rows_whose_order_is_wrong_are_named_and_break_nothing() -> None:
    (order,) = found({"seq": 900}, SAME | {"same_as": 0, "nodes": None, "seq": -900}, CLICK | {"node": None})[:1]
    assert "seq" in order
