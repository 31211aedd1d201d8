from pathlib import Path

import pytest

from schemas.errors import UsageError
from schemas.rejects import Reason
from transforms.ingest.formats.registry import ADAPTERS
from transforms.ingest.inputs import expand, input_digests, read, total_bytes
from transforms.ingest.settings import IngestSettings

KEY = b"k" * 32


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "b.jsonl").write_text("bb")
    (tmp_path / "a.jsonl.gz").write_text("a")
    (tmp_path / "notes.txt").write_text("x")
    recording = tmp_path / "recording"
    recording.mkdir()
    (recording / "events.jsonl").write_text("")
    (recording / "metadata.json").write_text("{}")
    (tmp_path / "other").mkdir()
    return tmp_path


def test_patterns_become_sources_in_order(folder: Path) -> None:
    sources = expand([f"{folder}/*", f"{folder}/b*"], None, "u", {"b.jsonl": "v", f"{folder}/recording": "w"})
    assert [(Path(s.path).name, s.index, s.format, s.user) for s in sources] == [
        ("a.jsonl.gz", 0, "canonical", "u"),
        ("b.jsonl", 1, "canonical", "v"),
        ("notes.txt", 2, "", "u"),
        ("other", 3, "", "u"),
        ("recording", 4, "agentnet", "w"),
    ]
    assert total_bytes(sources[:2]) == 12


def test_what_nobody_recognises_is_rejected_when_it_is_read(folder: Path) -> None:
    for source in expand([f"{folder}/notes.txt", f"{folder}/other"], None, None, {}):
        (block,) = read(source, IngestSettings())
        assert [fault.problem.reason for fault in block.faults] == [Reason.UNREADABLE]
        assert "--format" in block.faults[0].problem.rule


def test_wrong_use_is_said_at_once(folder: Path) -> None:
    for patterns, form, subjects in (
        ([f"{folder}/*.parquet"], None, {}),
        (["abfs://bucket/x.jsonl"], None, {}),
        ([f"{folder}/*"], "excel", {}),
        ([f"{folder}/*"], None, {"c.jsonl": "u"}),
    ):
        with pytest.raises(UsageError):
            expand(patterns, form, None, subjects)


def test_sizes_are_checked() -> None:
    for sizes in ({"max_line_bytes": 0}, {"block_bytes": 10}, {"element_events": 0}):
        with pytest.raises(UsageError):
            IngestSettings(**sizes)


def test_digests_follow_content_and_user_and_not_the_place(folder: Path) -> None:
    def digests(user: str | None = None, key: bytes = KEY) -> tuple[str, ...]:
        return input_digests(expand([f"{folder}/*"], None, user, {}), key)

    before = digests()
    assert before == digests()
    assert digests("u") != before
    assert set(digests(key=b"l" * 32)).isdisjoint(before)
    (folder / "b.jsonl").rename(folder / "c.jsonl")
    assert digests() == before
    (folder / "recording" / "events.jsonl").write_text("{}")
    assert len(set(digests()) - set(before)) == 1


def test_adapters_have_names_of_their_own() -> None:
    assert len({adapter.name for adapter in ADAPTERS}) == len(ADAPTERS)
    assert all(adapter.summary for adapter in ADAPTERS)
