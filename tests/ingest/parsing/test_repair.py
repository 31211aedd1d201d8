import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.rejects import Reason
from transforms.ingest.parsing.log_rules import find_problem
from transforms.ingest.parsing.repair import repair

SCREEN = {"kind": "screen", "session_id": "s", "seq": 1, "source": "a11y", "text": "blue lamp"}
BOX = {"x": 1, "y": 2, "width": 3, "height": 4}
NAN = float("nan")


def node(**fields: object) -> dict[str, object]:
    return SCREEN | {"nodes": [{"role": "button", "name": "Pay"} | fields]}


REPAIRED = [
    (SCREEN | {"text": "Chair \ud83d"}, SCREEN | {"text": "Chair \ufffd"}, "text.half_character"),
    (SCREEN | {"seq": 1.0}, SCREEN, "seq.float"),
    (node(colour="red"), node(), "nodes.unknown_field"),
    (node(**{"name\ud83d": "red"}), node(), "nodes.unknown_field"),
    (node(name=7), node(name=None), "nodes.wrong_type"),
    (node(depth=2.0), node(depth=2), "nodes.float"),
    (node(depth=-1), node(depth=None), "nodes.out_of_range"),
    (node(bounds=BOX | {"width": NAN}), node(bounds=None), "nodes.out_of_range"),
    (node(bounds=BOX | {"x": "1"}), node(bounds=None), "nodes.out_of_range"),
    (node(states=["checked", None]), node(states=["checked"]), "nodes.wrong_type"),
    (node(protected="yes"), node(protected=True), "nodes.wrong_type"),
    (node(isPassword=True), node(protected=True), "nodes.unknown_field"),
    (node(isPassword=False), node(), "nodes.unknown_field"),
    (SCREEN | {"nodes": [7]}, SCREEN | {"nodes": []}, "nodes.wrong_type"),
    (SCREEN | {"window": BOX | {"scale": NAN}}, SCREEN | {"window": BOX | {"scale": None}}, "window.no_number"),
    (SCREEN | {"window": 5}, SCREEN | {"window": None}, "window.wrong_type"),
]


@pytest.mark.parametrize(("event", "wanted", "flaw"), REPAIRED)
def test_a_flaw_costs_its_value(event: dict, wanted: dict, flaw: str) -> None:
    fixed, repairs = repair(event)
    assert find_problem(event) is not None
    assert fixed == wanted
    assert repairs == {f"repaired.{flaw}": 1}
    assert find_problem(fixed) is None


@pytest.mark.parametrize(
    "changes",
    [
        {"session_id": "s\ud83d"},
        {"user_id": 7},
        {"t_us": NAN},
        {"seq": 1.5},
        {"kind": "scr\ud83d"},
        {"source": "pixels"},
        {"text": 7},
        {"hunter2": 1},
        {"nodes": [{"screenshot": "aGk="}]},
        {"nodes": [{"name": "data:image/png;base64,aGk="}]},
    ],
)
def test_what_cannot_be_understood_is_rejected_as_before(changes: dict[str, object]) -> None:
    event = SCREEN | changes
    fixed, _ = repair(event)
    assert find_problem(fixed) == find_problem(event) is not None


@pytest.mark.parametrize(("name", "kind"), [("private", "focus"), ("source_masked", "input_value"), ("url", "focus")])
def test_a_sign_of_privacy_is_never_guessed(name: str, kind: str) -> None:
    event = {"kind": kind, "session_id": "s", "seq": 0, name: 1}
    assert repair(event) == (event, {})


def test_a_key_that_is_half_a_character_is_unidentified() -> None:
    assert repair({"kind": "key", "key": "\udc00"})[0]["key"] == "Unidentified"


LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=3)
NAMES = st.sampled_from(["role", "name", "bounds", "x", "width", "protected", "states", "other"])
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(NAMES, inner, max_size=3), max_leaves=6
)


@given(st.sampled_from(["nodes", "target", "window", "screens", "dx", "text"]), VALUES)
def test_repair_twice_changes_nothing_more(name: str, value: object) -> None:
    fixed, _ = repair({"kind": "screen", name: value})
    again, repairs = repair(fixed)
    assert not repairs
    assert json.dumps(again) == json.dumps(fixed)


def test_a_log_with_flaws_is_read_and_the_flaws_are_counted(
    tmp_path: Path, key_event: Callable[..., dict], as_lines: Callable[..., bytes], read_blocks: Callable[..., list]
) -> None:
    path = tmp_path / "log.jsonl"
    broken = json.dumps(SCREEN | {"seq": 3, "user_id": "u"}).replace("lamp", "lamp ?").encode().replace(b"?", b"\xff")
    path.write_bytes(as_lines(key_event() | {"seq": 0.0}, SCREEN | {"seq": 1.0, "text": "\ud83d"}) + broken)
    blocks = read_blocks(path)
    assert [fault.problem.reason for block in blocks for fault in block.faults] == []
    assert [text for block in blocks for text in block.table["text"].to_pylist()] == [
        None,
        "\ufffd",
        "blue lamp \ufffd",
    ]
    counts = sum((Counter(dict(block.counts)) for block in blocks), Counter())
    assert counts == {"repaired.seq.float": 2, "repaired.text.half_character": 2}


def test_bytes_that_are_no_text_in_an_id_are_refused(tmp_path: Path, read_all: Callable[..., tuple]) -> None:
    path = tmp_path / "log.jsonl"
    path.write_bytes(json.dumps(SCREEN | {"user_id": "?"}).encode().replace(b"?", b"\xff"))
    assert [fault.problem.reason for fault in read_all(path)[1]] == [Reason.BAD_UTF8]
