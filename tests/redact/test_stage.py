import json
from pathlib import Path
from typing import Any

import apache_beam as beam
import pyarrow as pa
import pytest

from schemas.entities import Span, Text
from schemas.raw import RAW_SCHEMA, RawSessions
from schemas.rejects import Reason, RejectedEvents, Stage
from schemas.safe import RedactedSessions
from transforms.beamkit.outputs import REJECTED, TALLY
from transforms.keys.envelope import unseal
from transforms.keys.key_set import KeyReference, KeySet, create_key_set
from transforms.keys.quarantine_sealer import QUARANTINE_CONTEXT
from transforms.keystrokes import reconstruct
from transforms.redact import session_redactor, stage
from transforms.redact.results import Extras
from transforms.redact.settings import RedactSettings


class Nervous:
    """Fails on one word."""

    common_words: frozenset[str] = frozenset()

    def detect(self, texts: list[Text]) -> list[tuple[Span, ...]]:
        if any("hunter2" in text.content for text in texts):
            raise ValueError("hunter2")
        return [() for _ in texts]


@pytest.fixture
def keys(tmp_path: Path) -> KeyReference:
    create_key_set(tmp_path / "keys")
    return KeyReference.parse(str(tmp_path / "keys"))


NOTHING = Extras()
DEFAULT = RedactSettings()


class Words:
    """The words that somebody made private."""

    def open_words(self) -> tuple[str, ...]:
        return ("Blue Heron",)


def outputs(
    rows: list[dict[str, Any]],
    keys: KeyReference,
    monkeypatch: pytest.MonkeyPatch,
    beside: Extras = NOTHING,
    settings: RedactSettings = DEFAULT,
) -> dict[str, list[Any]]:
    monkeypatch.setattr(session_redactor, "shared_detector", lambda *_: Nervous())
    table = pa.Table.from_pylist(
        [{"user_id": "u", "kind": "screen", "seq": seq, "episode": 0} | row for seq, row in enumerate(rows)],
        schema=RAW_SCHEMA,
    )
    redact = stage._Redact(
        settings, keys, "release", beside, prefilters=None, words=Words(), fold_case=False, exchange=None
    )
    redact.setup()
    given: dict[str, list[Any]] = {"sessions": [], REJECTED: [], TALLY: []}
    for item in redact.process(reconstruct(RawSessions(table))):
        tag, value = (item.tag, item.value) if isinstance(item, beam.pvalue.TaggedOutput) else ("sessions", item)
        given[tag].append(value)
    return given


def test_a_withheld_session_leaves_sealed_and_its_batch_goes_on(
    keys: KeyReference, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [
        {"session_id": "a", "text": "hello"},
        {"session_id": "b", "text": "hunter2", "source_file": 3},
        {"session_id": "b", "text": "more", "source_file": 3},
    ]
    given = outputs(rows, keys, monkeypatch)
    (released,) = given["sessions"]
    assert isinstance(released, RedactedSessions)
    assert released.table["text"].to_pylist() == ["hello"]
    (rejected,) = given[REJECTED]
    assert isinstance(rejected, RejectedEvents)
    assert (rejected.stage, rejected.reason) == (Stage.REDACT, Reason.DETECTOR_FAILED)
    assert (rejected.source, rejected.line, rejected.events) == (3, 0, 2)
    assert "hunter2" not in repr(rejected)
    assert b"hunter2" not in rejected.sealed
    content = unseal(KeySet.open(keys).quarantine_private(), rejected.sealed, QUARANTINE_CONTEXT)
    assert [json.loads(line)["text"] for line in content.splitlines()] == ["hunter2", "more"]
    assert dict(given[TALLY])["outcome.rejected"] == 2


def test_a_batch_without_a_released_session_gives_none(keys: KeyReference, monkeypatch: pytest.MonkeyPatch) -> None:
    given = outputs([{"session_id": "b", "text": "hunter2"}], keys, monkeypatch)
    assert given["sessions"] == []
    assert len(given[REJECTED]) == 1


def test_origins_tell_whose_each_released_session_is_and_what_became_of_its_events(
    keys: KeyReference, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [
        {"session_id": "a", "text": "hello", "t_us": 7},
        {"session_id": "a", "text": "again", "t_us": 8},
        {"session_id": "b", "text": "hunter2"},
        {"session_id": "c", "text": "more"},
    ]
    (released,) = outputs(rows, keys, monkeypatch, Extras(origins=True))["sessions"]
    origins = released.origins.to_pylist()
    assert [(row["session_id"], row["user_id"], row["first_us"]) for row in origins] == [
        ("a", "u", 7),
        ("c", "u", None),
    ]
    assert [row["session"] for row in origins] == list(dict.fromkeys(released.table["session"].to_pylist()))
    assert [row["tally"] for row in origins] == [
        [{"name": "outcome.kept", "count": 2}],
        [{"name": "outcome.kept", "count": 1}],
    ]


def test_a_private_word_is_replaced_in_any_case_and_marked(keys: KeyReference, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [{"session_id": "a", "text": "on BLUE HERON day"}, {"session_id": "a", "text": "bluest herons"}]
    (released,) = outputs(rows, keys, monkeypatch)["sessions"]
    assert released.table["text"].to_pylist() == ["on <SECRET> day", "bluest herons"]
    assert [item["entity"] for item in released.table["redactions"][0].as_py()] == ["SECRET"]


def test_withheld_words_are_marked_and_their_boxes_do_not_depend_on_them(
    keys: KeyReference, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = RedactSettings(bystanders="withhold_incoming")

    def release(words: str) -> pa.Table:
        wide = {"x": 10.0, "y": 40.0, "width": 9.0 * len(words), "height": 18.0}
        short = {"x": 20.0 + wide["width"], "y": 40.0, "width": 40.0, "height": 18.0}
        tree = [
            {"role": "document", "name": "", "bounds": {"x": 0.0, "y": 0.0, "width": 1920.0, "height": 1080.0}},
            {"role": "listitem", "name": words, "bounds": wide, "depth": 1},
            {"role": "button", "name": "Reply", "bounds": short, "depth": 1},
        ]
        rows = [
            {"session_id": "a", "kind": "focus", "app": "geary", "title": "Inbox - Geary"},
            {"session_id": "a", "text": words, "nodes": tree},
        ]
        (released,) = outputs(rows, keys, monkeypatch, settings=settings)["sessions"]
        table: pa.Table = released.table
        return table

    long, short = release("could you look at the draft of the contract before noon"), release("what a pity")
    assert long["text"].to_pylist()[1] == "<INCOMING>"
    marks = {(item["column"], item["entity"], item["node"]) for item in long["redactions"][1].as_py()}
    assert marks == {("text", "INCOMING", None), ("nodes.name", "INCOMING", 1)}
    assert long["nodes"][1].as_py() == short["nodes"][1].as_py()


def test_texts_in_scripts_without_measured_recall_are_counted(
    keys: KeyReference, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = ["\u10d2\u10d0\u10db\u10d0\u10e0", "open \u043f\u0440\u0438", "\u1797\u17b6\u179f\u17b6 now"]
    rows = [{"session_id": "a", "text": text} for text in texts]
    assert ("texts.unmeasured", 2) in outputs(rows, keys, monkeypatch)[TALLY]
    assert "texts.unmeasured" not in dict(outputs(rows[1:2], keys, monkeypatch)[TALLY])
