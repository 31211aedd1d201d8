import pyarrow as pa

from schemas.raw import RAW_SCHEMA
from schemas.safe import SESSIONS_SCHEMA
from transforms.redact.rows.session_headers import session_headers


def test_each_session_has_one_row_and_only_short_words_travel() -> None:
    rows = [
        {"kind": "session", "os": "Windows 11", "keyboard_layout": "de-DE", "recorder": "pynput"},
        {"kind": "session", "os": "Linux"},
        {"kind": "key"},
        {"kind": "key"},
        {"kind": "session", "os": "laptop of anna@example.org", "keyboard_layout": "x" * 49, "recorder": ""},
    ]
    table = pa.Table.from_pylist(rows, schema=RAW_SCHEMA)
    headers = session_headers(table, [0, 3, 4], ["a", "b", "c"], ["u", "u", "v"])
    assert headers.schema.equals(SESSIONS_SCHEMA)
    nothing = {"os": None, "keyboard_layout": None, "recorder": None}
    assert headers.to_pylist() == [
        {"session": "a", "user": "u", "os": "Windows 11", "keyboard_layout": "de-DE", "recorder": "pynput"},
        {"session": "b", "user": "u", **nothing},
        {"session": "c", "user": "v", **nothing},
    ]


def test_an_empty_batch_has_no_headers() -> None:
    assert session_headers(RAW_SCHEMA.empty_table(), [], [], []).num_rows == 0
