"""References between rows name rows of the same session that say the same."""

from typing import Any

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from schemas.safe import EVENTS_SCHEMA
from transforms.noise.linked_screens import link_screens

BOX = {"left": 0, "top": 0, "right": 10, "bottom": 10}
PLAIN = pa.schema([f.with_type(f.type.value_type) if pa.types.is_dictionary(f.type) else f for f in EVENTS_SCHEMA])


def node(name: str | None = None, **more: Any) -> dict[str, Any]:
    return {"role": "link", "name": name, "value": None, **BOX, "depth": 0, "states": []} | more


def screen(*nodes: dict[str, Any], marks: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    return {"kind": "screen", "nodes": list(nodes), "redactions": marks}


def click(index: int) -> dict[str, Any]:
    return {"kind": "pointer", "node": index}


def link(*rows: dict[str, Any], sessions: str = "") -> list[dict[str, Any]]:
    names = sessions or "s" * len(rows)
    pairs = enumerate(zip(names, rows, strict=True))
    filled = [{"session": name, "seq": names[:at].count(name)} | row for at, (name, row) in pairs]
    table = link_screens(pa.Table.from_pylist(filled, PLAIN).cast(EVENTS_SCHEMA))
    assert table.schema.equals(EVENTS_SCHEMA)
    return table.to_pylist()


def test_equal_nodes_are_stored_once_a_session() -> None:
    rows = link(screen(node("A")), {"kind": "focus"}, screen(node("A")), screen(node("B")), screen(node("A")))
    assert [row["same_as"] for row in rows] == [None, None, 0, None, 0]
    assert [row["nodes"] is None for row in rows] == [False, True, True, False, True]


def test_nodes_differ_where_any_part_of_one_does() -> None:
    others = [{"role": "img"}, {"name": "B"}, {"value": ""}, {"left": 1}, {"right": 11}, {"top": 1}, {"bottom": 11}]
    others += [{"depth": 1}, {"states": ["focused"]}, {"left": None}, {"name": ""}, {"name": None}]
    rows = link(screen(node("A")), *[screen(node("A") | other) for other in others], screen(node("A"), node("A")))
    assert [row["same_as"] for row in rows] == [None] * len(rows)


def test_no_row_refers_to_another_session() -> None:
    rows = link(screen(node("A")), screen(node("A")), click(0), sessions="aab")
    assert [(row["same_as"], row["screen"], row["node"]) for row in rows] == [
        (None, None, None),
        (0, None, None),
        (None, None, None),
    ]


def test_a_target_names_the_last_screen_before_it() -> None:
    rows = link(click(1), screen(node("A"), node("B")), click(1), screen(node("C")), {"kind": "focus"}, click(0))
    assert [(row["screen"], row["node"]) for row in rows if row["kind"] == "pointer"] == [(None, None), (1, 1), (3, 0)]


def test_redactions_of_nodes_go_where_the_nodes_go() -> None:
    own = {"column": "text", "start": 0, "end": 1, "entity": "PERSON", "node": None, "rule": "name", "score": "likely"}
    mark = own | {"column": "nodes.name", "node": 0}
    rows = link(*[screen(node("A"), marks=[own, mark])] * 2, *[screen(node("A"), marks=[mark])] * 2, screen(node("A")))
    assert [row["same_as"] for row in rows] == [None, 0, 0, 0, None]
    assert [row["redactions"] for row in rows] == [[own, mark], [own], None, None, None]


NODES = st.lists(
    st.sampled_from([node("A"), node("B"), node(None, depth=1), node("A", states=["checked"])]), max_size=3
)


@given(st.lists(st.tuples(NODES.map(lambda nodes: screen(*nodes)) | st.just(click(0)), st.booleans()), max_size=12))
def test_the_nodes_of_every_screen_can_be_read_back(listed: list[tuple[dict[str, Any], bool]]) -> None:
    names = "".join(chr(ord("a") + sum(new for _, new in listed[: at + 1])) for at in range(len(listed)))
    before = [row for row, _ in listed]
    after = link(*before, sessions=names)
    by_place = {(row["session"], row["seq"]): row for row in after}
    for old, new in zip(before, after, strict=True):
        shown = new if new["same_as"] is None else by_place[new["session"], new["same_as"]]
        assert shown["nodes"] == old.get("nodes")
        assert new["same_as"] is None or new["same_as"] < new["seq"]
        if new["node"] is not None:
            assert by_place[new["session"], new["screen"]]["kind"] == "screen"
