import json
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest
from apache_beam import coders

from schemas.rejects import Fault
from tests.support.keysets import make_reference
from transforms.beamkit.sealed_shuffle import ExchangeSettings
from transforms.ingest.formats.adapter import Source
from transforms.ingest.inputs import read
from transforms.ingest.parsing.block import ROW_SCHEMA, Block
from transforms.ingest.settings import IngestSettings
from transforms.keys.key_set import KeyReference, KeySet

Event = dict[str, object]
ReadAll = Callable[..., tuple[pa.Table, list[Fault], int]]


@pytest.fixture(autouse=True)
def untouched_coders(monkeypatch: pytest.MonkeyPatch) -> None:
    registry = coders.registry
    monkeypatch.setattr(registry, "_coders", dict(registry._coders))


@pytest.fixture(scope="session")
def reference(tmp_path_factory: pytest.TempPathFactory) -> KeyReference:
    return make_reference(tmp_path_factory.mktemp("secrets") / "keys")


@pytest.fixture(scope="session")
def keys(reference: KeyReference) -> KeySet:
    return KeySet.open(reference)


@pytest.fixture
def exchange(reference: KeyReference, tmp_path: Path) -> ExchangeSettings:
    spill = tmp_path / "spill"
    spill.mkdir()
    return ExchangeSettings(reference, "run", str(spill))


@pytest.fixture(scope="session")
def key_event() -> Callable[..., Event]:
    def make(seq: int = 0, **changes: object) -> Event:
        event: Event = {"session_id": "s", "user_id": "u", "seq": seq, "t_us": 1_000 + seq, "kind": "key"}
        event |= {"action": "down", "key": "a", "code": "KeyA", "modifiers": []}
        return {name: value for name, value in (event | changes).items() if value is not ...}

    return make


@pytest.fixture(scope="session")
def read_blocks() -> Callable[..., list[Block]]:
    def run(path: Path, form: str = "canonical", user: str | None = None, **sizes: int) -> list[Block]:
        return list(read(Source(0, str(path), form, user), IngestSettings(**sizes)))

    return run


@pytest.fixture(scope="session")
def read_all(read_blocks: Callable[..., list[Block]]) -> ReadAll:
    def run(
        path: Path, form: str = "canonical", user: str | None = None, **sizes: int
    ) -> tuple[pa.Table, list[Fault], int]:
        kept = read_blocks(path, form, user, **sizes)
        table = pa.concat_tables([ROW_SCHEMA.empty_table(), *(block.table for block in kept)])
        return table, [fault for block in kept for fault in block.faults], sum(block.events for block in kept)

    return run


@pytest.fixture(scope="session")
def as_lines() -> Callable[..., bytes]:
    def write(*events: Event) -> bytes:
        return b"".join(json.dumps(event).encode() + b"\n" for event in events)

    return write
