import pytest

from tests.support.rrweb_pages import element, words
from transforms.ingest.formats.foreign_recording import Recording
from transforms.ingest.formats.rrweb.containers import EventRecord
from transforms.ingest.formats.rrweb.mirror import Mirror
from transforms.ingest.formats.rrweb.placed_elements import PlacedElements, read_boxes
from transforms.ingest.formats.rrweb.recording import _see
from transforms.ingest.formats.rrweb.screens import Allowance

Event = dict[str, object]
BOX = {"x": 1.0, "y": 2.0, "width": 30.0, "height": 12.0}


FORM = element(
    9,
    "form",
    element(10, "label", words(11, "Name"), **{"for": "n"}),
    element(12, "input", id="n", value="Ann Bell"),
    element(13, "input", type="password", value="hunter2", **{"aria-label": "Password"}),
    element(14, "button", words(15, "Pay")),
    element(16, "button", words(17, "Ghost"), hidden=True),
    element(18, "div", words(19, "Dear Ann"), contenteditable="true"),
)


def tell(*events: Event) -> Recording:
    recording = Recording()
    meta = {"type": 4, "data": {"href": "https://a.example/", "width": 8, "height": 6}}
    snapshot = {"type": 2, "data": {"node": {"type": 0, "id": 1, "childNodes": [FORM]}}}
    _see([EventRecord(place, "", event) for place, event in enumerate([meta, snapshot, *events])], recording, 0, 10_000)
    return recording


def boxes(*places: int, **sides: float) -> Event:
    rows = [[place, *(BOX | sides).values()] for place in places]
    return {"type": 5, "data": {"tag": "keyveil-boxes", "payload": {"boxes": rows}}}


def press(place: int) -> Event:
    return {"type": 3, "data": {"source": 2, "type": 2, "id": place, "x": 3, "y": 4}}


def screens(recording: Recording) -> list[Event]:
    return [told.event for told in recording.events if told.event["kind"] == "screen"]


def test_the_elements_that_a_page_placed_are_nodes_of_the_screen_at_the_press() -> None:
    recording = tell(boxes(9, 10, 12, 13, 14, 16, 18, 99), press(14))
    bare, placed = screens(recording)
    assert "nodes" not in bare
    assert placed["text"] == bare["text"]
    nodes = placed["nodes"]
    assert [(node["role"], node["name"], node.get("value"), node["depth"]) for node in nodes] == [
        ("form", "", None, 0),
        ("generic", "Name", None, 1),
        ("textbox", "Name", "Ann Bell", 1),
        ("textbox", "Password", None, 1),
        ("button", "Pay", None, 1),
        ("generic", "", "Dear Ann", 1),
    ]
    assert [node.get("protected") for node in nodes] == [None, None, None, True, None, None]
    assert all(node["bounds"] == BOX for node in nodes)
    assert recording.events[-1].event["target"] == {"role": "button", "name": "Pay", "bounds": BOX}
    assert recording.counts["merged.box"] == 1


def test_an_unchanged_page_is_recorded_once_and_a_moved_one_again() -> None:
    told = tell(boxes(14), press(14), boxes(14), press(14), boxes(14, x=9.0), press(14))
    assert [[node["bounds"]["x"] for node in screen.get("nodes", ())] for screen in screens(told)] == [[], [1.0], [9.0]]


def test_what_was_masked_once_has_no_value() -> None:
    masked = {"type": 3, "data": {"source": 5, "id": 12, "text": "***", "isChecked": False}}
    node = screens(tell(masked, boxes(12), press(12)))[-1]["nodes"][0]
    assert (node["protected"], "value" in node) == (True, False)


@pytest.mark.parametrize("payload", [None, {}, {"boxes": 7}, {"boxes": [[1, 2, 3, 4]]}, {"boxes": [[1, 2, 3, 4, "5"]]}])
def test_boxes_of_another_form_are_refused(payload: object) -> None:
    with pytest.raises(TypeError):
        read_boxes(payload)
    recording = tell({"type": 5, "data": {"tag": "keyveil-boxes", "payload": payload}}, press(14))
    assert len(recording.faults) == 1


def test_nodes_count_against_the_allowance() -> None:
    page = Mirror()
    page.add(element(1, "ul", *(element(place, "li", words(place + 1, "x")) for place in range(10, 4_010, 2))), None)
    placed = PlacedElements(dict.fromkeys(range(10, 4_010, 2), BOX))
    rich, poor = Allowance(0), Allowance(0)
    poor._left = 1_000
    assert len(placed.list_nodes(page, rich)) == 2_000
    assert 10_000_000 - rich._left == 2_000 * (2 + 30) * 20
    assert placed.list_nodes(page, poor) == []
