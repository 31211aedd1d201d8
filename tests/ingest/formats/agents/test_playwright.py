import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from schemas.rejects import Reason

Read = Callable[..., tuple]


def trace(*records: object, name: str = "trace.trace") -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(name, "\n".join(map(json.dumps, records)))
        archive.writestr("resources/page.jpeg", b"never opened")
    return packed.getvalue()


def call(method: str, place: int, **parameters: object) -> dict[str, object]:
    begun = {"type": "before", "callId": f"call@{place}", "startTime": 100.0 + place, "wallTime": 5_000.0 + place}
    return begun | {"class": "Frame", "method": method, "params": parameters}


def test_calls_become_events_on_the_epoch_s_clock(tmp_path: Path, read_all: Read) -> None:
    button = 'internal:role=button[name="Pay \\"now\\""i]'
    records = [
        {"type": "context-options", "version": 6},
        {"type": "event", "method": "navigated", "params": {"url": "https://a.example"}, "time": 99.0},
        call("click", 1, selector=button), {"type": "input", "callId": "call@1", "point": {"x": 3, "y": 4}},
        call("fill", 2, selector='internal:label="City"i', value="Oslo"), call("type", 3, selector="css=#q", text=" N"),
        call("press", 4, selector="css=#q", key="Control+a"), call("press", 5, key="+"),
        call("mouseWheel", 6, deltaX=0, deltaY=50), call("goto", 7, url="https://a.example"),
        call("fill", 8, selector="x"), {"type": "frame-snapshot"}, {"type": "screencast-frame"}, 7,
    ]  # fmt: skip
    path = tmp_path / "trace.zip"
    path.write_bytes(trace(*records))
    table, faults, count = read_all(path, "playwright", user="u")
    rows = table.to_pylist()
    assert [row["kind"] for row in rows] == [
        "session", "focus", "pointer", "field", "input_value", "input_value", *["key"] * 6, "pointer",
    ]  # fmt: skip
    assert rows[2]["target"]["name"] == 'Pay "now"'
    assert (rows[2]["x"], rows[2]["y"], rows[2]["t_us"]) == (3, 4, 5_001_000)
    assert rows[1]["t_us"] == 4_999_000
    assert [row["value"] for row in rows if row["kind"] == "input_value"] == ["Oslo", "Oslo N"]
    assert [row["key"] for row in rows if row["action"] == "down"] == ["Control", "a", "+"]
    assert [fault.problem.reason for fault in faults] == [
        Reason.MISSING_FIELD, Reason.MISSING_FIELD, Reason.WRONG_TYPE,
    ]  # fmt: skip
    assert count == len(rows) + 3 + 3


def snapshot(place: int, *body: object, main: bool = True) -> dict[str, object]:
    told = {"frameId": "f", "isMainFrame": main, "timestamp": 100.0 + place, "frameUrl": "https://a.example"}
    return {"type": "frame-snapshot", "snapshot": told | {"html": ["HTML", {}, ["BODY", {}, *body]]}}


def test_what_pages_show_in_password_fields_is_masked_whatever_the_selector(tmp_path: Path, read_all: Read) -> None:
    path = tmp_path / "trace.zip"
    path.write_bytes(
        trace(
            call("fill", 1, selector="#name", value="ann"), call("click", 2, selector="#pw"),
            call("fill", 3, selector="#pw", value="zebra 77"),
            snapshot(4, ["INPUT", {"type": "password", "__playwright_value_": "zebra 77"}], "hello"),
            snapshot(5, ["INPUT", {"type": "password", "value": "otter"}], ["INPUT", {"value": "Oslo"}], main=False),
            snapshot(6, ["INPUT", {"type": "password", "value": "\u2022\u2022\u2022"}], ["INPUT"], ["INPUT", 7]),
        )
    )  # fmt: skip
    rows = read_all(path, "playwright", user="u")[0].to_pylist()
    told = [(row["value"], row["source_masked"]) for row in rows if row["kind"] == "input_value"]
    assert told == [("ann", False), ("zebra 77", True), ("otter", True)]


@pytest.mark.parametrize("content", [trace(name="other.txt"), trace({"type": "before"})[:-30], b"PK\x03\x04.trace"])
def test_an_archive_without_a_trace_or_a_damaged_one_is_refused(content: bytes, tmp_path: Path, read_all: Read) -> None:
    path = tmp_path / "trace.zip"
    path.write_bytes(content)
    table, faults, _ = read_all(path, "playwright", user="u")
    assert (table.num_rows, [fault.problem.reason for fault in faults]) == (0, [Reason.BAD_JSON])


def test_an_archive_that_unpacks_to_too_much_is_refused(tmp_path: Path, read_all: Read) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for place in range(3):
            archive.writestr(f"{place}.trace", b"\n" * (9 << 20))
    path = tmp_path / "trace.zip"
    path.write_bytes(packed.getvalue())
    assert [fault.problem.reason for fault in read_all(path, "playwright", user="u")[1]] == [Reason.BAD_JSON]
