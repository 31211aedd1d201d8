from transforms.ingest.formats.typed_steps import Field, press


def test_keys_go_down_in_order_and_up_in_reverse_with_what_is_held() -> None:
    events = list(press(["ctrl", "shift", "T"]))
    assert [(event["key"], event["action"], event["modifiers"]) for event in events] == [
        ("Control", "down", []), ("Shift", "down", ["Control"]), ("T", "down", ["Control", "Shift"]),
        ("T", "up", ["Control", "Shift"]), ("Shift", "up", ["Control"]), ("Control", "up", []),
    ]  # fmt: skip
    assert [event["code"] for event in events[:3]] == ["ControlLeft", "ShiftLeft", "KeyT"]


def test_typing_goes_on_in_a_field_until_it_is_left() -> None:
    field = Field()
    told = [*field.type("blue"), *field.type(" lamp")]
    field.leave("City")
    told += field.type("Oslo")
    assert [(event["field_id"], event.get("value", event.get("label"))) for event in told] == [
        ("step-1", ""), ("step-1", "blue"), ("step-1", "blue lamp"), ("step-2", "City"), ("step-2", "Oslo"),
    ]  # fmt: skip


def test_filling_replaces_what_stood_there_and_another_name_is_another_field() -> None:
    field = Field()
    told = [*field.fill("a", "City"), *field.fill("b", "City"), *field.fill("c", "Password")]
    assert [(event["field_id"], event.get("value")) for event in told if event["kind"] == "input_value"] == [
        ("step-1", "a"), ("step-1", "b"), ("step-2", "c"),
    ]  # fmt: skip
    assert [event["role"] for event in told if event["kind"] == "field"] == ["textbox", "password"]
