import base64
import gzip
import json
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from schemas.rejects import Reason
from tests.support.cpu import under_cpu_seconds
from transforms.ingest.formats.foreign_recording import Recording
from transforms.ingest.formats.registry import recognise
from transforms.ingest.formats.rrweb.containers import EventFinder
from transforms.ingest.formats.rrweb.recording import RrwebRecording
from transforms.ingest.formats.rrweb.unpacker import Unpacker

META = {"type": 4, "data": {"href": "https://a.example/", "width": 8, "height": 6}, "timestamp": 1_790_000_000_000}
NODE = {"type": 0, "id": 1, "childNodes": [{"type": 3, "id": 2, "textContent": "blue lamp"}]}
FULL = {"type": 2, "data": {"node": NODE, "initialOffset": {"top": 0, "left": 0}}, "timestamp": 1_790_000_000_100}
EVENTS = [META, FULL]
TEXT = json.dumps(EVENTS)


def deflate(value: object) -> str:
    return zlib.compress(json.dumps(value).encode()).decode("latin-1")


def packed_parts(event: dict) -> dict:
    packed = gzip.compress(json.dumps(event["data"]).encode()).decode("latin-1")
    return event | {"data": packed, "cv": "2024-10"}


FORMS: dict[str, bytes | str] = {
    "array": TEXT,
    "lines": "\n".join(map(json.dumps, EVENTS)),
    "lines of arrays": "\n".join(json.dumps([event]) for event in EVENTS),
    "pretty": json.dumps(EVENTS, indent=2),
    "mark": "\ufeff" + TEXT,
    "utf-16": TEXT.encode("utf-16"),
    "gzip": gzip.compress(TEXT.encode()),
    "zstd": zstandard.compress(TEXT.encode()),
    "zlib": zlib.compress(TEXT.encode()),
    "const": f"/* a comment [1] */\n// another\nconst events = {TEXT};\n",
    "typed": f"import {{ eventWithTime }} from 'x';\nexport const events: eventWithTime[] = {TEXT};",
    "default": f"export default {TEXT}",
    "commonjs": f"'use strict';\nmodule.exports = {TEXT};",
    "commonjs name": f"exports.events = {TEXT};\nfoo([1, 2]);",
    "global": f"window.recording = {TEXT}",
    "posthog": json.dumps({"next": None, "snapshot_data_by_window_id": {"w": EVENTS}}),
    "posthog lines": "\n".join(json.dumps({"window_id": "w", "data": [event]}) for event in EVENTS),
    "posthog pairs": "\n".join(json.dumps(["w", event]) for event in EVENTS),
    "posthog packed": "\n".join(json.dumps(["w", packed_parts(event)]) for event in EVENTS),
    "posthog legacy": json.dumps(
        {"compression": "gzip-base64", "data": base64.b64encode(gzip.compress(TEXT.encode())).decode()}
    ),
    "sentry": json.dumps([[META], [FULL]]),
    "sentry segment": '{"segment_id": 0}\n' + TEXT,
    "highlight": json.dumps({"session_secure_id": "a", "events": {"events": EVENTS}}),
    "events": json.dumps({"events": EVENTS, "sessionId": "x"}),
    "texts": json.dumps([json.dumps(event) for event in EVENTS]),
    "text of an array": json.dumps({"recording": TEXT}),
    "packed one by one": json.dumps([deflate(event | {"v": "v1"}) for event in EVENTS]),
    "packed whole": json.dumps(deflate(EVENTS)),
    "packed, letters as they are": json.dumps([deflate(event) for event in EVENTS], ensure_ascii=False),
}


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("suffix", [".json", ".jsonl", ".rec"])
def test_every_form_is_known_by_its_content_and_read_whole(
    tmp_path: Path, read_all: Callable[..., tuple], name: str, suffix: str
) -> None:
    form, path = FORMS[name], tmp_path / f"recording{suffix}"
    path.write_bytes(form.encode() if isinstance(form, str) else form)
    assert recognise(path) == "rrweb"
    table, faults, count = read_all(path, "rrweb", user="u")
    assert faults == []
    assert table["kind"].to_pylist() == ["session", "focus", "screen"]
    assert table["text"][2].as_py() == "blue lamp"
    assert count == 3


@pytest.mark.parametrize(
    "content",
    [
        b"", b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"\xff\xfe", b"hello", b"{}", b"[]", b'{"type": 1, "data": {}}',
        b"\0" * 99,
        b'{"kind": "key", "session_id": "s", "key": "a"}', b'[{"type": "4", "data": {}, "timestamp": 1790000000000}]',
    ],
)  # fmt: skip
def test_other_content_is_not_taken_for_it(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "file.json"
    path.write_bytes(content)
    assert not RrwebRecording().recognises(path)
    assert not RrwebRecording().recognises(tmp_path)


def find(text: str, most: int = 1 << 20) -> tuple[list[dict], list[tuple[int, Reason]]]:
    recording = Recording()
    found = list(EventFinder(recording, 0, Unpacker(most)).find(text))
    return [item.event for item in found], [(fault.line, fault.problem.reason) for fault in recording.faults]


def test_many_comments_before_the_events_do_not_stall() -> None:
    with under_cpu_seconds(0.5):
        assert find("/**/" * 24 + "!" + TEXT)[1] == [(0, Reason.BAD_JSON)]
    assert find("/**/ // a\nimport b\n'use strict';" * 24 + TEXT)[0] == EVENTS


def test_a_file_of_backslashes_does_not_stall(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(b"[" + b"\\" * 60_000)
    with under_cpu_seconds(0.5):
        assert not RrwebRecording().recognises(tmp_path / "a.json")


def test_a_broken_line_costs_that_line() -> None:
    lines = [json.dumps(META), '{"type": 3, "data', json.dumps(FULL)]
    assert find("\n".join(lines)) == ([META, FULL], [(2, Reason.BAD_JSON)])


@pytest.mark.parametrize("end", [len(TEXT) - 1, len(TEXT) - 20])
def test_an_object_that_breaks_off_keeps_the_events_before(end: int) -> None:
    text = '{"next": null, "events": ' + TEXT
    events, faults = find(text[: end + len('{"next": null, "events": ')])
    assert events == ([META, FULL] if end == len(TEXT) - 1 else [META])
    assert [reason for _, reason in faults] == [Reason.BAD_JSON]


def test_an_item_that_is_no_event_is_refused_by_its_place() -> None:
    assert find(json.dumps([META, 7, {"type": "a"}, [], FULL]))[1] == [(2, Reason.WRONG_TYPE), (3, Reason.WRONG_TYPE)]


@pytest.mark.parametrize("spare", [0, -1])
def test_no_more_is_unpacked_than_is_allowed(spare: int) -> None:
    size = len(json.dumps(META))
    events, faults = find(json.dumps([deflate(META)]), size + spare)
    assert (events, faults) == (([META], []) if spare == 0 else ([], [(1, Reason.WRONG_TYPE)]))


def test_a_deep_container_ends() -> None:
    nested: object = META
    for _ in range(50):
        nested = {"x": nested}
    assert find(json.dumps(nested)) == ([], [])
    assert find("[" * 100_000)[1] == [(1, Reason.BAD_JSON)]


VALUES = st.recursive(
    st.none() | st.integers() | st.text(max_size=4) | st.sampled_from([META, FULL, deflate(META), TEXT]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["type", "data", "events", "window_id", "cv"]), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(VALUES | st.binary(max_size=40).map(lambda data: data.decode("latin-1")), st.integers(0, 3))
def test_whatever_stands_in_a_file_is_read_to_its_end(value: object, cut: int) -> None:
    text = value if isinstance(value, str) else json.dumps(value)
    events, _ = find(text[: len(text) - cut])
    assert all(isinstance(event["data"], dict) for event in events)
