import json
from collections.abc import Callable
from pathlib import Path

import pytest

from schemas.rejects import Reason
from tests.support.rrweb_pages import change, element, words
from transforms.ingest.formats.rrweb.recording import RrwebRecording

EXAMPLES = Path("examples/recordings/rrweb")
Read = Callable[..., tuple]


def page(*body: object) -> list[dict[str, object]]:
    head = element(3, "head", element(4, "title", words(5, "A  page")), element(6, "script", words(7, "never();")))
    html = {"type": 0, "id": 1, "childNodes": [element(2, "html", head, element(8, "body", *body))]}
    meta = {"type": 4, "data": {"href": "https://example.com/a", "width": 800, "height": 600}}
    return [meta, {"type": 2, "data": {"node": html}}]


def rows(read_all: Read, path: Path, events: list) -> tuple[list[dict[str, object]], list, int]:
    path.write_text(json.dumps(events), encoding="utf-8")
    table, faults, count = read_all(path, "rrweb", user="u")
    return [{k: v for k, v in row.items() if v is not None} for row in table.to_pylist()], faults, count


def test_a_page_is_seen_as_its_reader_sees_it(tmp_path: Path, read_all: Read) -> None:
    name = element(11, "b", words(12, "Ann"))
    field = element(20, "input", type="text", value="typed before")
    secret = element(21, "input", type="password", value="hunter2")
    events = page(element(10, "p", words(13, "To "), name, words(14, "\n Bell")), words(15, "after"), field, secret)
    kept, faults, _ = rows(read_all, tmp_path / "r.json", events)
    assert faults == []
    assert [row["kind"] for row in kept] == ["session", "focus", "screen"]
    assert (kept[1]["title"], kept[1]["url"], kept[1]["app"]) == ("A page", "https://example.com/a", "browser")
    assert kept[2]["text"] == "To Ann Bell\nafter\ntyped before"
    assert not any("t_us" in row for row in kept)


def test_typed_values_belong_to_fields(tmp_path: Path, read_all: Read) -> None:
    label = element(30, "label", words(31, "Card"), **{"for": "card"})
    text, secret = element(32, "input", type="text", id="card"), element(33, "input", type="password")
    box = element(34, "input", type="checkbox")
    events = [
        *page(label, text, secret, box),
        change(2, type=5, id=32),
        change(5, id=32, text="4", isChecked=False),
        change(5, id=33, text="***", isChecked=False),
        change(0, attributes=[{"id": 33, "attributes": {"type": "text"}}], adds=[], removes=[], texts=[]),
        change(5, id=34, text="on", isChecked=True),
        change(5, id=32, text="42", isChecked=False),
        change(2, type=6, id=32),
        change(5, id=33, text="shown", isChecked=False),
    ]
    kept, faults, count = rows(read_all, tmp_path / "r.json", events)
    typed = [row for row in kept if row["kind"] in {"field", "input_value"}]
    assert faults == []
    assert [(row["field_id"], row.get("value"), row.get("source_masked")) for row in typed] == [
        ("1-32", None, None), ("1-32", "4", False), ("1-33", None, None), ("1-33", "***", True),
        ("1-32", None, None), ("1-32", "42", False), ("1-33", None, None), ("1-33", "shown", False),
    ]  # fmt: skip
    assert [(r["label"], r["role"], r.get("resumed", False)) for r in typed if r["kind"] == "field"] == [
        ("Card", "textbox", False), ("", "password", False), ("Card", "textbox", True), ("", "password", True),
    ]  # fmt: skip
    assert count == len(kept) + 3  # a mutation, a checkbox and a blur are no events of the log


def test_pointers_and_order_of_time(tmp_path: Path, read_all: Read) -> None:
    button = element(40, "button", words(41, "Pay Ann"))
    events = [
        *page(button),
        change(1, positions=[{"x": 1, "y": 2, "timeOffset": -400}, {"x": 3, "y": 4, "timeOffset": 0}]),
        change(2, type=2, id=40),
        change(3, id=1, x=0, y=70),
        change(3, id=1, x=0, y=50),
        change(9, id=40, commands=[]),
    ]
    kept, faults, count = rows(
        read_all, tmp_path / "r.json", [{**e, "timestamp": 9_000 + i} for i, e in enumerate(events)]
    )
    assert [row["action"] for row in kept if "action" in row] == ["move", "move", "click", "scroll", "scroll"]
    assert [row["t_us"] for row in kept] == sorted(row["t_us"] for row in kept)
    assert kept[0]["action"] == "move"
    click = next(row for row in kept if row.get("action") == "click")
    target = {"role": "button", "name": "Pay Ann", "bounds": None, "states": None}
    assert (click["x"], click["y"], click["target"]) == (3.0, 4.0, target)
    assert [row["dy"] for row in kept if "dy" in row] == [70.0, -20.0]
    assert [fault.problem.reason for fault in faults] == [Reason.PIXELS_REFUSED]
    assert count == len(kept) + 1


def test_a_click_has_the_box_that_the_page_told(tmp_path: Path, read_all: Read) -> None:
    box = {"x": 1.5, "y": 2, "width": 30, "height": 12}
    events = [
        *page(element(40, "button", words(41, "Pay")), element(42, "button", words(43, "Stop"))),
        {"type": 5, "data": {"tag": "keyveil-box", "payload": {"id": 40, **box}}},
        {"type": 5, "data": {"tag": "another", "payload": 7}},
        change(2, type=1, id=40, x=3, y=4),
        change(2, type=1, id=42, x=3, y=4),
        {"type": 5, "data": {"tag": "keyveil-box", "payload": {"id": 40}}},
    ]
    kept, faults, count = rows(read_all, tmp_path / "r.json", events)
    presses = [row["target"] for row in kept if row.get("action") == "down"]
    assert [(target["name"], target["bounds"]) for target in presses] == [("Pay", box), ("Stop", None)]
    assert [fault.problem.reason for fault in faults] == [Reason.MISSING_FIELD]
    assert count == len(kept) + 3  # the good box went into the click, the other event and the bad one are none


def test_a_recording_that_breaks_off_keeps_what_came_before(tmp_path: Path, read_all: Read) -> None:
    path = tmp_path / "r.json"
    path.write_text(json.dumps([*page(words(9, "x")), 7, change(2)])[:-1] + ', {"type": 3, "da')
    table, faults, events = read_all(path, "rrweb", user="u")
    assert (table.num_rows, events) == (3, 6)
    assert sorted((fault.line, fault.problem.reason) for fault in faults) == [
        (3, Reason.WRONG_TYPE),
        (4, Reason.MISSING_FIELD),
        (5, Reason.BAD_JSON),
    ]


def test_a_tree_that_holds_itself_ends(tmp_path: Path, read_all: Read) -> None:
    loop = change(0, adds=[{"parentId": 9, "node": element(8, "div", element(9, "input"))}])
    kept, faults, _ = rows(read_all, tmp_path / "r.json", [*page(element(9, "label")), loop, change(5, id=9, text="a")])
    assert faults == []
    assert kept[-1]["value"] == "a"


def test_both_forms_of_a_file_are_recognised(tmp_path: Path) -> None:
    adapter = RrwebRecording()
    assert adapter.recognises(EXAMPLES / "player-public-events.js")
    assert adapter.recognises(EXAMPLES / "integration_form_interactions.json")
    (tmp_path / "other.json").write_text('{"type": 1, "data": {}}')
    assert not adapter.recognises(tmp_path / "other.json")
    assert not adapter.recognises(tmp_path)


def test_the_bundled_recordings_are_read_whole(read_all: Read) -> None:
    form, faults, _ = read_all(EXAMPLES / "integration_form_interactions.json", "rrweb", user="u")
    assert faults == []
    assert form["t_us"].null_count == form.num_rows
    assert "textarea test" in form["value"].to_pylist()
    visit, faults, _ = read_all(EXAMPLES / "player-public-events.js", "rrweb", user="u")
    assert faults == []
    assert visit["t_us"].null_count == 0
    assert visit["session_id"][0].as_py() == "8dda0c07-b950-47ec-a5ea-3d25746042bf"


MASKED = [change(2, type=5, id=40), change(5, id=40, text="••••••", isChecked=False)]


@pytest.mark.parametrize(
    "field",
    [
        element(40, "input", type="text", value="blue lamp"),
        element(40, "textarea", value="blue lamp"),
        element(40, "textarea", words(41, "blue lamp")),
        element(40, "div", words(41, "blue lamp"), contenteditable="true"),
    ],
)
@pytest.mark.parametrize("later", [False, True])
def test_a_field_that_was_masked_once_shows_its_value_nowhere(
    tmp_path: Path, read_all: Read, field: dict[str, object], *, later: bool
) -> None:
    body = page(element(30, "p", words(31, "Shop")), field)
    events = [*body, *MASKED, body[1]] if later else [*body, *MASKED]
    kept, faults, _ = rows(read_all, tmp_path / "r.json", events)
    assert faults == []
    told = [row for row in kept if "blue lamp" in str(row)]
    assert {row["kind"] for row in told} == {"input_value"}
    assert all(row["source_masked"] for row in told)
    assert {row["text"] for row in kept if row["kind"] == "screen"} == {"Shop"}


def test_a_value_that_is_set_in_a_masked_field_is_told_once_as_masked(tmp_path: Path, read_all: Read) -> None:
    sets = change(0, attributes=[{"id": 40, "attributes": {"value": "blue lamp"}}], adds=[], removes=[], texts=[])
    events = [*page(element(40, "input", type="text")), *MASKED, sets, sets]
    kept, _, _ = rows(read_all, tmp_path / "r.json", events)
    told = [(row["value"], row["source_masked"]) for row in kept if row["kind"] == "input_value"]
    assert told == [("••••••", True), ("blue lamp", True)]


def test_the_same_number_on_another_page_is_another_field(tmp_path: Path, read_all: Read) -> None:
    other = page(element(40, "p", words(41, "News")))
    other[0] = {"type": 4, "data": {"href": "https://example.com/b", "width": 800, "height": 600}}
    kept, _, _ = rows(read_all, tmp_path / "r.json", [*page(element(40, "input", type="text")), *MASKED, *other])
    assert "News" in {row.get("text") for row in kept}


@pytest.mark.parametrize("odd", [{}, [], None, "0", 1e9])
def test_numbers_of_kinds_may_be_anything(tmp_path: Path, read_all: Read, odd: object) -> None:
    events = [
        *page(words(9, "x")),
        {"type": 3, "data": {"source": odd}},
        change(2, type=odd, id=odd),
        change(5, id=odd),
    ]
    events += [
        {"type": 5, "data": {"tag": odd, "payload": odd}},
        {"type": 4, "data": {"href": odd, "width": 1, "height": 1}},
    ]
    events += [change(0, adds=odd, removes=[odd], texts=[{"id": odd}], attributes=[{"id": 9, "attributes": odd}])]
    kept, faults, count = rows(read_all, tmp_path / "r.json", events)
    assert count >= len(kept) + len(faults)
