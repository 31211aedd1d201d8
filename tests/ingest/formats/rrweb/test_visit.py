from schemas.rejects import Reason
from schemas.tally import Outcome
from tests.support.rrweb_pages import block as element
from tests.support.rrweb_pages import change, words
from transforms.ingest.formats.foreign_recording import Recording
from transforms.ingest.formats.rrweb.containers import EventRecord
from transforms.ingest.formats.rrweb.mirror import Mirror
from transforms.ingest.formats.rrweb.recording import _see
from transforms.ingest.formats.rrweb.screens import Allowance

Event = dict[str, object]


def page(*body: object) -> list[Event]:
    html = element(2, element(3, element(4, words(5, "Shop"), tag="title"), tag="head"), element(8, *body, tag="body"))
    meta = {"type": 4, "data": {"href": "https://a.example/", "width": 8, "height": 6}}
    return [meta, {"type": 2, "data": {"node": {"type": 0, "id": 1, "childNodes": [html]}}}]


def mutate(**data: object) -> Event:
    return change(0, **({"adds": [], "removes": [], "texts": [], "attributes": []} | data))


def click(place: int = 8) -> Event:
    return change(2, type=2, id=place, x=1, y=2)


def draw(place: int, text: str) -> Event:
    return mutate(adds=[{"parentId": 8, "nextId": None, "node": element(place, words(place + 1, text), tag="p")}])


def tell(*events: Event, size: int = 10_000, windows: tuple[str, ...] = ()) -> Recording:
    recording = Recording()
    names = windows or ("",) * len(events)
    found = [
        EventRecord(place, name, event) for place, (name, event) in enumerate(zip(names, events, strict=True), start=1)
    ]
    _see(found, recording, 0, size)
    return recording


def shown(recording: Recording) -> list[str]:
    """List screens by their text, focuses by their title, pointers by their action."""
    rows = (told.event for told in recording.events)
    return [str(row.get("text", row.get("title", row.get("action", row["kind"])))) for row in rows]


def test_a_page_that_a_script_draws_is_told_as_the_next_action_begins() -> None:
    recording = tell(*page(), draw(20, "Blue lamp"), draw(30, "Green chair"), click(20))
    assert shown(recording) == ["session", "Shop", "", "Blue lamp\nGreen chair", "click"]
    assert recording.events[3].record == 5
    assert recording.counts == {"outcome.merged": 1, "merged.page_change": 1}


def test_a_page_that_changes_last_is_told_at_the_end() -> None:
    assert shown(tell(*page(), draw(20, "Thank you"))) == ["session", "Shop", "", "Thank you"]


def test_one_press_tells_one_screen() -> None:
    press = [change(2, type=kind, id=8, x=1, y=2) for kind in (1, 0, 2)]
    recording = tell(*page(), draw(20, "a"), press[0], draw(30, "b"), press[1], press[2], draw(40, "c"), click())
    assert shown(recording) == ["session", "Shop", "", "a", "down", "up", "click", "a\nb\nc", "click"]


def test_a_change_that_is_not_seen_tells_no_screen() -> None:
    recording = tell(*page(words(9, "a")), mutate(attributes=[{"id": 8, "attributes": {"class": "x"}}]), click())
    assert shown(recording) == ["session", "Shop", "a", "click"]
    assert recording.counts == {"outcome.merged": 1, "merged.page_change": 1}


def test_what_is_removed_or_rewritten_is_not_on_the_next_screen() -> None:
    changes = mutate(removes=[{"parentId": 8, "id": 10}], texts=[{"id": 21, "value": "new"}])
    recording = tell(*page(element(10, words(11, "old")), element(20, words(21, "old"))), changes, click())
    assert shown(recording)[3:] == ["new", "click"]


def test_title_and_address_of_a_single_page_application_are_told_with_its_screen() -> None:
    renamed = mutate(texts=[{"id": 5, "value": "Cart"}])
    moved = {"type": 5, "data": {"tag": "$pageview", "payload": {"href": "https://a.example/cart"}}}
    recording = tell(*page(words(9, "x")), renamed, moved, click())
    focus = recording.events[3].event
    assert (focus["title"], focus["url"], focus["app"]) == ("Cart", "https://a.example/cart", "browser")
    assert shown(recording) == ["session", "Shop", "x", "Cart", "click"]
    assert recording.counts["merged.address"] == 1


def test_typed_values_stand_in_their_fields_on_later_screens_but_not_passwords() -> None:
    fields = (element(20, tag="input", type="text"), element(21, tag="input", type="password"))
    typed = [change(5, id=20, text="blue lamp"), change(5, id=21, text="hunter2")]
    recording = tell(*page(*fields), *typed, click())
    screens = [told.event["text"] for told in recording.events if told.event["kind"] == "screen"]
    assert screens[-1] == "blue lamp"
    assert not any("hunter2" in str(screen) for screen in screens)


def test_what_is_typed_into_a_rich_editor_is_told_as_its_value() -> None:
    editor = element(20, element(30, words(31, "De"), tag="p"), contenteditable="true", **{"aria-label": "Note"})
    focus = change(2, type=5, id=20)
    texts = [mutate(texts=[{"id": 31, "value": text}]) for text in ("Dea", "Dear", "Dear")]
    more = mutate(adds=[{"parentId": 20, "nextId": None, "node": element(40, words(41, "Yours"), tag="p")}])
    outside = mutate(texts=[{"id": 5, "value": "Draft"}])
    recording = tell(
        *page(editor), focus, *texts, outside, more, change(2, type=6, id=20), mutate(removes=[{"id": 31}])
    )
    values = [told.event for told in recording.events if told.event["kind"] == "input_value"]
    assert [value["value"] for value in values] == ["Dea", "Dear", "Dear\nYours"]
    assert {value["field_id"] for value in values} == {"1-20"}
    assert next(told.event for told in recording.events if told.event["kind"] == "field")["label"] == "Note"


def test_windows_of_one_recording_have_their_own_pages_and_are_told_to_be_in_front() -> None:
    first, second = page(element(20, tag="input")), page(element(20, words(21, "other")))
    second[0]["data"]["href"] = "https://b.example/"
    events = [*first, *second, change(5, id=20, text="typed"), click(20)]
    timed = [event | {"timestamp": 10 + place} for place, event in enumerate(events)]
    recording = tell(*timed, windows=("a", "a", "b", "b", "a", "b"))
    focused = [told.event["url"] for told in recording.events if told.event["kind"] == "focus"]
    assert focused == ["https://a.example/", "https://b.example/", "https://a.example/", "https://b.example/"]
    assert [told.event["kind"] for told in recording.events].count("session") == 1
    assert [told.event["field_id"] for told in recording.events if told.event["kind"] == "input_value"] == ["1-20"]
    (press,) = (told.event for told in recording.events if told.event.get("action") == "click")
    assert press["target"]["name"] == "other"


def test_console_network_and_custom_events_are_dropped_and_counted() -> None:
    plugin = {"type": 6, "data": {"plugin": "rrweb/console@1", "payload": {"payload": ["jane"]}}}
    recording = tell(
        *page(), plugin, {"type": 5, "data": {"tag": "identify", "payload": {"name": "Jane"}}}, {"type": 9, "data": {}}
    )
    assert recording.counts == {
        f"outcome.{Outcome.SUPPRESSED}": 3,
        "suppressed.plugin_event": 1,
        "suppressed.custom_event": 1,
        "suppressed.recorder_internals": 1,
    }
    assert "jane" not in str(recording.events).lower()


def test_screens_stop_where_the_recording_does_not_pay_for_more() -> None:
    body = [words(place, "w" * 100) for place in range(100, 1_100)]
    steps = [event for place in range(5_000, 5_400, 2) for event in (draw(place, "x"), click())]
    recording = tell(*page(*body), *steps, size=0)
    screens = [told.event for told in recording.events if told.event["kind"] == "screen"]
    assert 10_000_000 / 130_000 < len(screens) < 10_000_000 / 100_000 + 1
    assert recording.counts["suppressed.screen_over_allowance"] == 200 - (len(screens) - 1)


def test_an_allowance_is_spent_to_its_last_node() -> None:
    mirror = Mirror()
    mirror.add({"type": 0, "id": 1, "childNodes": [words(2, "ab")]}, None)
    exact = Allowance(0)
    exact._left = 40
    assert exact.read(mirror) == "ab"
    assert exact.read(mirror) is None
    short = Allowance(0)
    short._left = 39
    assert short.read(mirror) is None


def test_a_time_that_is_written_as_text_is_a_time() -> None:
    events = [event | {"timestamp": f"{1_000 + place}.5"} for place, event in enumerate(page())]
    assert [told.at for told in tell(*events).events] == [1_000.5, 1_000.5, 1_001.5]
    assert tell(events[0] | {"timestamp": "noon"}).events[0].at is None


def test_an_event_without_what_its_kind_needs_becomes_a_fault() -> None:
    recording = tell(*page(), change(2, type=2), change(5, id=8), change(1, positions=[]), change(3, id=1, x="1", y=2))
    assert [fault.problem.reason for fault in recording.faults] == [Reason.MISSING_FIELD] * 4
