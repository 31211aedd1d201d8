import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from google.cloud import storage

from schemas.safe import EVENTS_SCHEMA
from tests.support.gcs import client_of, fake_gcs
from tests.support.keysets import make_reference
from transforms.dataset.codec import FileHeader
from transforms.keys.key_set import KeyReference, KeySet
from transforms.object_store import gcs as bucket

RELEASE = "r" * 26
Batch = Callable[..., pa.Table]


@pytest.fixture(scope="session")
def gcs() -> Iterator[storage.Client]:
    """Give a client of a real fake-gcs-server."""
    with fake_gcs() as url:
        yield client_of(url)


@pytest.fixture(params=["folder", "bucket"])
def home(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Give an empty output, once in a local folder and once in a bucket of the server."""
    return make_home(request.param, request, tmp_path, monkeypatch)


@pytest.fixture(params=["folder", "bucket", "s3"])
def anywhere(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Give an empty output as ``home`` does, and in a bucket of S3, whose server takes 10 ms a request."""
    return make_home(request.param, request, tmp_path, monkeypatch)


def make_home(kind: str, request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    if kind == "folder":
        return str(tmp_path / "out")
    if kind == "s3":
        return f"{request.getfixturevalue('s3_bucket')}/some/prefix"
    client = request.getfixturevalue("gcs")
    monkeypatch.setattr(bucket, "client", lambda: client)
    name = f"bucket-{uuid.uuid4().hex}"
    client.create_bucket(name)
    return f"gs://{name}/some/prefix"


@pytest.fixture(scope="session")
def reference(tmp_path_factory: pytest.TempPathFactory) -> KeyReference:
    return make_reference(tmp_path_factory.mktemp("secrets") / "keys")


@pytest.fixture(scope="session")
def keys(reference: KeyReference) -> KeySet:
    return KeySet.open(reference)


@pytest.fixture(scope="session")
def other_keys(tmp_path_factory: pytest.TempPathFactory) -> KeySet:
    return KeySet.open(make_reference(tmp_path_factory.mktemp("others") / "keys"))


@pytest.fixture(scope="session")
def header() -> FileHeader:
    return FileHeader(RELEASE, "every column is redacted or noised")


@pytest.fixture(scope="session")
def batch() -> Batch:
    """Make whole sessions of every kind of column, the same for the same seed."""
    return make_batch


def make_batch(seed: int, lengths: tuple[int, ...] = (7, 12, 3)) -> pa.Table:
    draw = np.random.default_rng(seed)
    rows = sum(lengths)
    names = np.repeat([f"session-{seed:03d}-{index}" for index in range(len(lengths))], lengths)
    users = np.repeat([f"user-{(seed + index) % 5}" for index in range(len(lengths))], lengths)

    def words(options: list[str], share: float) -> list[str | None]:
        kept = draw.random(rows) < share
        return [str(word) if keep else None for word, keep in zip(draw.choice(options, rows), kept, strict=True)]

    def numbers(share: float) -> pa.Array:
        return pa.array(draw.integers(-900, 900, rows), mask=draw.random(rows) > share).cast(pa.int32())

    seq = np.concatenate([np.arange(n) for n in lengths])
    draws = draw.integers(0, 3, rows)

    def zeros(share: float) -> pa.Array:
        return pa.array(np.zeros(rows), mask=(draw.random(rows) > share) | (seq == 0)).cast(pa.int32())

    span = {"column": "text", "start": 0, "end": 3, "entity": "PERSON", "rule": "name", "score": "likely"}
    box = {"left": 0, "top": 5, "right": 70, "bottom": 10_000}
    node = {"role": "link", "name": "A link", "value": None, **box, "depth": 1, "states": ["focused"]}
    columns = {
        "session": names,
        "user": users,
        "seq": pa.array(seq, pa.int32()),
        "t_ms": pa.array(draw.integers(0, 10**6, rows), mask=draw.random(rows) < 0.2),
        "kind": words(["key", "pointer", "focus", "text_input"], 1.0),
        "action": words(["down", "up", "move"], 0.7),
        "key": words(["a", "é", "Enter"], 0.7),
        "code": words(["KeyA", "Enter"], 0.7),
        "modifiers": [[["Shift"], ["Alt", "Shift"], [], None][int(pick)] for pick in draw.integers(0, 4, rows)],
        "synthetic": draw.random(rows) < 0.3,
        **{name: numbers(0.5) for name in ("dx", "dy", "field")},
        # positions lie in their boxes, which all rows with a place have
        **{name: draw.integers(5, 70, rows) for name in ("x", "y", "to_x", "to_y")},
        **{name: [box] * rows for name in ("box", "to_box")},
        "place": words(["element", "none"], 0.3),
        # the first row of a session is the screen that others name
        **dict.fromkeys(("node", "screen"), zeros(0.2)),
        "same_as": zeros(0.2),
        "window": [[{"width": 1280, "height": 800}, None][int(pick)] for pick in draw.integers(0, 2, rows)],
        "nodes": [
            [[node, node], [], None][int(pick) if later else 0] for pick, later in zip(draws, seq > 0, strict=True)
        ],
        "button": words(["left"], 0.2),
        "app": words(["editor", "other"], 0.4),
        "title": words(["A title", "名前", ""], 0.4),
        "url": words(["https://a.example/x"], 0.2),
        "role": words(["textbox", "link"], 0.5),
        "name": words(["Search", "Message"], 0.5),
        "text": words(["one", "two\nlines", "x" * 300], 0.5),
        "redactions": [[[], [span], [span, span], None][int(pick)] for pick in draw.integers(0, 4, rows)],
    }
    table = pa.table(
        {name: pa.array(columns[name], _plain(EVENTS_SCHEMA.field(name).type)) for name in EVENTS_SCHEMA.names}
    )
    return table.cast(EVENTS_SCHEMA)


def _plain(kind: pa.DataType) -> pa.DataType:
    return kind.value_type if pa.types.is_dictionary(kind) else kind
