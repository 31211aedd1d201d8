"""Names and values of nodes are redacted as the texts that they are, and as the text of their screen is."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.entities import EntityType, Span, Text
from tests.support.pages import LAYOUTS, WINDOW, Page, draw
from transforms.redact.results import RedactionResult
from transforms.redact.screens.recorded_nodes import _holds_whole
from transforms.redact.settings import RedactSettings

Run = Callable[..., RedactionResult]

PEOPLE = dict.fromkeys(("Anna Kowalski", "Bo Roe", "Maximilian Oyelaran-Schwarzenberger"), EntityType.PERSON)


def node(role: str, name: str = "", value: str = "", **more: Any) -> dict[str, Any]:
    return {"role": role, "name": name, "value": value, **more}


def screen(text: str, *nodes: dict[str, Any]) -> dict[str, Any]:
    return {"kind": "screen", "source": "a11y", "text": text, "nodes": list(nodes)}


def released(result: RedactionResult) -> list[dict[str, Any]]:
    assert not result.withheld
    return result.sessions.table.to_pylist()


def test_a_name_has_the_same_surrogate_in_the_text_and_in_its_node(redact: Run) -> None:
    lines = "button 'Send'\nlink 'Anna Kowalski'"
    (row,) = released(redact([screen(lines, node("button", "Send"), node("link", "Anna Kowalski"))], PEOPLE))
    first, second = row["nodes"]
    assert first["name"] == "Send"
    assert second["name"] != "Anna Kowalski"
    assert row["text"] == f"button 'Send'\nlink '{second['name']}'"
    assert row["redactions"] == [
        {"column": "text", "start": 20, "end": 20 + len(second["name"]), "entity": "PERSON", "node": None},
        {"column": "nodes.name", "start": 0, "end": len(second["name"]), "entity": "PERSON", "node": 1},
    ]


def test_a_value_is_redacted_and_marked_apart_from_its_name(redact: Run) -> None:
    (row,) = released(redact([screen("Full name", node("textbox", "Full name", "Bo Roe, Kiel"))], PEOPLE))
    (found,) = row["nodes"]
    assert found["name"] == "Full name"
    assert found["value"].endswith(", Kiel")
    assert "Bo" not in found["value"]
    (mark,) = row["redactions"]
    assert (mark["column"], mark["start"], mark["node"]) == ("nodes.value", 0, 0)
    assert found["value"][mark["end"] :] == ", Kiel"


class Asked:
    """A detector that remembers what it was asked."""

    common_words: frozenset[str] = frozenset()

    def __init__(self) -> None:
        self.texts: list[Text] = []

    def detect(self, texts: Sequence[Text]) -> list[tuple[Span, ...]]:
        self.texts += texts
        return [() for _ in texts]

    def digest(self) -> str:
        return "asked"


def test_a_name_that_stands_in_the_text_of_its_screen_is_not_scanned_again(redact: Run) -> None:
    asked = Asked()
    nodes = [node("button", "Send"), node("link", "Open"), node("link", "Nowhere"), node("textbox", "To", "Ada")]
    redact([screen("button 'Send'\n  Open \nTo", *nodes)] * 2, asked)
    assert [text.content for text in asked.texts] == ["button 'Send'\n  Open \nTo", "Nowhere", "Ada"]
    assert asked.texts[2].label == "To"


def test_the_nth_of_equal_names_is_judged_where_it_stands_in_the_text(redact: Run) -> None:
    class Second(Asked):
        def detect(self, texts: Sequence[Text]) -> list[tuple[Span, ...]]:
            return [(Span(8, 10, EntityType.MEDICAL, 1.0),) if "Jo\n" in text.content else () for text in texts]

    (row,) = released(redact([screen("Jo\nname:\nJo", node("link", "Jo"), node("link", "Jo"))], Second()))
    # the span is of ":\nJ" in all: what of it is in the second name is redacted there
    first, second = row["nodes"]
    assert first["name"] == "Jo"
    assert second["name"] == "<MEDICAL>o"


@pytest.mark.parametrize(
    "told", [node("textbox", "PIN", "hunter2", protected=True), node("password", "PIN", "hunter2")]
)
def test_a_protected_value_is_null_and_gone_from_all_other_nodes(redact: Run, told: dict[str, Any]) -> None:
    box = {"x": 10, "y": 20, "width": 192, "height": 54}
    rows = [screen("", told | {"bounds": box}, node("paragraph", "it is hunter2"), node("textbox", "Note", "hunter2"))]
    (row,) = released(redact(rows, {}))
    assert [item["value"] for item in row["nodes"]] == [None, None, "<PASSWORD>"]
    assert row["nodes"][1]["name"] == "it is <PASSWORD>"


def test_a_protected_field_keeps_its_box(redact: Run) -> None:
    box = {"x": 192, "y": 108, "width": 192, "height": 54}
    (row,) = released(redact([screen("", node("password", "Password", "hunter2", bounds=box))], {}))
    edges = [row["nodes"][0][edge] for edge in ("left", "top", "right", "bottom")]
    assert edges == [1000, 1000, 2000, 1500]


def test_roles_outside_the_vocabulary_become_generic_and_states_are_known_words(redact: Run) -> None:
    (row,) = released(redact([screen("", node("anna", ""), node("Passwordbox", ""))], {}))
    assert [item["role"] for item in row["nodes"]] == ["generic", "password"]


def test_a_private_stretch_shows_no_node(redact: Run) -> None:
    rows = [{"kind": "focus", "app": "Browser", "title": "", "private": True}, screen("x", node("link", "Anna"))]
    assert [(row["app"], row["nodes"]) for row in released(redact(rows, {}))] == [("private", None)]


def test_a_screen_without_nodes_has_none(redact: Run) -> None:
    (row,) = released(redact([{"kind": "screen", "source": "ocr", "text": "plain"}], {}))
    assert row["nodes"] is None


@pytest.mark.parametrize("names_all", [True, False])
def test_where_controls_alone_are_listed_a_hidden_text_may_have_moved_each(redact: Run, *, names_all: bool) -> None:
    def reply(width: int) -> dict[str, Any]:
        button = node("button", "Reply", bounds={"x": 300 + width, "y": 200, "width": 70, "height": 18}, depth=1)
        page = node("document", bounds={"x": 200, "y": 100, "width": 1200, "height": 800}, depth=0)
        name = node("link", "Bo Roe", bounds={"x": 300, "y": 200, "width": width, "height": 18}, depth=1)
        rows = [_HEADER, screen("To: Bo Roe\nReply", page, *([name] if names_all else []), button)]
        return dict(released(redact(rows, PEOPLE))[0]["nodes"][-1])

    assert reply(50) == reply(190)


def test_controls_stay_where_nothing_is_hidden_or_all_that_is_hidden_is_in_a_node_elsewhere(redact: Run) -> None:
    bounds = {"x": 320, "y": 180, "width": 120, "height": 80}
    page = node("document", bounds=_bounds(WINDOW), depth=0)
    pane = node("navigation", bounds=_bounds(WINDOW) | {"width": 80}, depth=1)
    button = node("button", "Reply", bounds=bounds, depth=1)
    for text, nodes in (("Reply", [page]), ("To: Bo Roe", [page, pane, node("link", "Bo Roe", depth=2)])):
        (row,) = released(redact([_HEADER, screen(text, *nodes, button)], PEOPLE))
        assert [row["nodes"][-1][edge] for edge in ("left", "top", "right", "bottom")] == [1000, 1000, 2000, 2000]


@pytest.mark.parametrize("layout", LAYOUTS)
@given(names=st.lists(st.sampled_from(sorted(PEOPLE)), min_size=2, max_size=2, unique=True))
def test_worlds_that_differ_in_a_name_and_all_that_it_moves_are_released_alike(
    redact: Run, layout: Callable[[Page], None], names: list[str]
) -> None:
    settings = RedactSettings(treatments={"PERSON": "placeholder"})
    worlds = []
    for name in names:
        nodes = [
            node(item.role, item.words, bounds=item.box and _bounds(item.box)) for item in draw(layout, [name], [name])
        ]
        rows = [_HEADER, screen("\n".join(item["name"] for item in nodes), *nodes)]
        worlds.append(released(redact(rows, PEOPLE, settings)))
    assert worlds[0] == worlds[1]
    assert "<PERSON>" in [item["name"] for item in worlds[0][0]["nodes"]]


_HEADER = {"kind": "session", "screens": [{"x": 200, "y": 100, "width": 1200, "height": 800, "scale": 1}]}


def _bounds(box: Any) -> dict[str, float]:
    return {"x": box.left, "y": box.top, "width": box.width, "height": box.height}


def test_the_header_above_is_the_window_of_the_pages() -> None:
    assert _bounds(WINDOW) == {name: _HEADER["screens"][0][name] for name in ("x", "y", "width", "height")}


@pytest.mark.parametrize(
    ("listed", "held"),
    [("Edit", False), ("Ed", True), ("for Ed, now", True), ("Ed_2", False), ("Fred", False), ("", False)],
)
def test_a_hidden_text_is_in_a_node_only_as_whole_words(listed: str, held: bool) -> None:
    assert _holds_whole(listed, "Ed") == held
