import hashlib
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from unittest import mock

import pyarrow as pa
import pytest

from schemas.safe import EVENTS_SCHEMA, SCHEMA_VERSION, ShardEntry
from transforms.dataset import codec
from transforms.dataset.codec import FileHeader, encode
from transforms.dataset.layout import release_layout
from transforms.dataset.manifest import Manifest, shard_records
from transforms.dataset.place_shard import naming_key
from transforms.dataset.publish import publish
from transforms.dataset.settings import StoreSettings
from transforms.dataset.shards import in_total_order, sessions_of, shard_name
from transforms.keys.key_set import KeyReference, KeySet, create_key_set, export_reader
from transforms.object_store.addresses import open_store

RELEASE = "r" * 26
BOX = {"left": 0, "top": 5, "right": 70, "bottom": 10_000}
NODE = {"role": "link", "name": None, "value": None, **BOX, "depth": 1, "states": ["focused"]}
WORDS = ("canary-one", "canary-two words", "canary three\nlines")


@dataclass(frozen=True)
class Published:
    """A dataset on the disk, the reader's key file for it, and what was put into it, shard by shard."""

    home: Path
    reader: Path
    keys: KeySet
    tables: tuple[pa.Table, ...]

    @property
    def folder(self) -> Path:
        return self.home / "releases" / RELEASE

    @property
    def sessions(self) -> list[str]:
        return [name for table in self.tables for name in table["session"].unique().to_pylist()]


def session(name: str, user: str, events: int, seed: int) -> pa.Table:
    draw = random.Random(seed)
    rows: list[dict[str, object]] = []
    for seq in range(events):
        row: dict[str, object] = {"session": name, "user": user, "seq": seq, "t_ms": seq * 40, "synthetic": False}
        if seq % 5 == 0:
            row |= {"kind": "focus", "app": draw.choice(["mail", "editor"]), "title": draw.choice(WORDS)}
        elif seq % 5 == 4:
            row |= {"kind": "pointer", "action": "move", "x": draw.randrange(999), "y": 4, "dx": 3, "dy": -3}
            row |= {"box": BOX, "place": "node", "node": 0, "screen": 0}
        else:
            letter = draw.choice("abc")
            row |= {"kind": "key", "action": "down", "key": letter, "code": f"Key{letter.upper()}", "field": 0}
            row |= {"modifiers": ["Shift"] if seq % 2 else [], "synthetic": seq % 3 == 0}
        if seq % 7 == 3:
            row |= {"kind": "screen", "action": None, "nodes": [NODE, NODE | {"name": draw.choice(WORDS)}]}
        if seq == events - 1:
            span = {"column": "text", "start": 0, "end": 6, "entity": "PERSON", "rule": "name", "score": "likely"}
            row |= {"kind": "text_input", "action": None, "text": draw.choice(WORDS), "redactions": [span]}
        rows.append(row)
    plain = pa.schema([f.with_type(f.type.value_type) if pa.types.is_dictionary(f.type) else f for f in EVENTS_SCHEMA])
    return pa.Table.from_pylist(rows, plain).cast(EVENTS_SCHEMA)


def published(
    folder: Path,
    keys: KeySet,
    reader: Path,
    shards: Sequence[Sequence[int]],
    encryption: Literal["sealed", "none"],
    *,
    make: Callable[[str, str, int, int], pa.Table] = session,
    release_id: str = RELEASE,
    window: str | None = None,
) -> Published:
    """Publish a release whose shard ``i`` holds sessions of ``shards[i]`` events each."""
    settings = StoreSettings(encryption=encryption)
    header = FileHeader(release_id, "every column is redacted or noised")
    naming = naming_key(keys, release_id)
    staging = folder / f"staging-{release_id}"
    staging.mkdir(mode=0o700)
    entries, tables, made = [], [], 0
    for shard, lengths in enumerate(shards):
        pieces = [make(f"s{made + n:05d}", f"u{n % 3}", events, made + n) for n, events in enumerate(lengths)]
        made += len(lengths)
        events = in_total_order(pieces)
        tables.append(events)
        for name, table in (("events", events), ("sessions", sessions_of(events))):
            with mock.patch.object(codec, "_group_rows", return_value=1_024):
                content = encode(table, header, settings, keys.reader()).to_pybytes()
            staged = staging / f"{name}-{shard}"
            staged.write_bytes(content)
            path = f"{name}/{shard_name(naming, shard, table)}"
            digest = hashlib.sha256(content).hexdigest()
            entries.append(ShardEntry(path, table.num_rows, len(content), digest, str(staged)))
    manifest = Manifest(
        release_id=release_id,
        dataset="typing",
        schema_version=SCHEMA_VERSION,
        keyveil_version="0.1.0",
        config_fingerprint="c0",
        code_digest="c1",
        model_digest="c2",
        inputs_digest="c3",
        consent_digest="c4",
        consent_mode="registry",
        run_key="ephemeral",
        noise=(),
        encryption=encryption,
        data_key=keys.reader().data.key_id if encryption == "sealed" else None,
        counts={},
        shards=shard_records(entries),
        window=window,
    )
    layout = release_layout(str(folder / "out"), "typing", release_id)
    publish(open_store(layout.home), layout, manifest, entries, keys)
    return Published(Path(layout.home), reader, keys, tuple(tables))


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> KeySet:
    folder = tmp_path_factory.mktemp("secrets") / "keys"
    create_key_set(folder)
    return KeySet.open(KeyReference.parse(str(folder)))


@pytest.fixture(scope="session")
def reader(keys: KeySet, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("reader") / "reader.json"
    export_reader(keys.folder, target)
    return target


Publish = Callable[..., Published]


@pytest.fixture
def publish_release(tmp_path: Path, keys: KeySet, reader: Path) -> Publish:
    def make(shards: Sequence[Sequence[int]], encryption: Literal["sealed", "none"] = "none") -> Published:
        return published(tmp_path, keys, reader, shards, encryption)

    return make


SHARDS = [[40, 7, 120, 3], [1, 2_600, 9], [60] * 12, [5], [33, 33]]


@pytest.fixture(scope="session", params=["none", "sealed"])
def release(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, keys: KeySet, reader: Path
) -> Published:
    """A release that no test may change: sessions within, at and across row groups and batches."""
    return published(tmp_path_factory.mktemp("release"), keys, reader, SHARDS, request.param)
