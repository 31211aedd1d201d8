import pyarrow as pa
import pytest

from schemas.raw import LOG_SCHEMA
from transforms.ingest.parsing.key_names import name_key, name_keys, name_modifier


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("Spacebar", " "), ("Space", " "), ("Key.space", " "), ("Del", "Delete"), ("Left", "ArrowLeft"),
        ("Up", "ArrowUp"), ("Esc", "Escape"), ("Return", "Enter"), ("BackSpace", "Backspace"),
        ("VK_BACK", "Backspace"), ("Prior", "PageUp"), ("page_down", "PageDown"), ("Win", "Meta"),
        ("OS", "Meta"), ("Apps", "ContextMenu"), ("Scroll", "ScrollLock"), ("Multiply", "*"), ("Subtract", "-"),
        ("KP_Enter", "Enter"), ("Numpad_Add", "+"), ("ctrl_l", "Control"), ("Shift_R", "Shift"), ("period", "."),
        ("at", "@"), ("f12", "F12"), ("MozPrintableKey", "Unidentified"),
    ],
)  # fmt: skip
def test_old_and_foreign_names_become_those_of_w3c(written: str, key: str) -> None:
    assert name_key(written) == key


@pytest.mark.parametrize(
    "key", ["a", "-", " ", "", "é", "Enter", "Dead", "Process", "ArrowUp", "F24", "F25", "ab", "hunter2"]
)
def test_other_keys_stay_as_they_are(key: str) -> None:
    assert name_key(key) == key


def test_a_word_that_names_no_modifier_stays() -> None:
    assert [name_modifier(word) for word in ("Ctrl", "shift_l", "Del", "Left")] == ["Control", "Shift", "Del", "Left"]


def test_a_column_is_renamed_where_a_row_needs_it() -> None:
    keys = ["a", "Spacebar", None, "A"]
    held = [["ctrl", "Control", "Shift"], [], None, ["Fn"]]
    columns = {"key": pa.array(keys), "modifiers": pa.array(held, pa.list_(pa.string()))}
    table = pa.table(
        [columns[f.name] if f.name in columns else pa.nulls(4, f.type) for f in LOG_SCHEMA], schema=LOG_SCHEMA
    )
    named = name_keys(table)
    assert named["key"].to_pylist() == ["a", " ", None, "A"]
    assert named["modifiers"].to_pylist() == [["Control", "Shift"], [], None, ["Fn"]]
    assert named.schema.equals(LOG_SCHEMA)
    assert name_keys(named).equals(named)
