"""Publishing and erasing through a server that answers 503, loses requests and answers, and cuts bodies."""

import gc
import sys
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from google.api_core.retry import retry_unary
from google.cloud import storage
from google.cloud.storage.retry import DEFAULT_RETRY

from schemas.errors import FailedError
from tests.dataset.test_publish import RELEASES, Runs
from tests.support.flaky_proxy import Flaky, flaky
from tests.support.gcs import client_of, fake_gcs
from transforms.dataset.codec import decode
from transforms.dataset.erase import Eraser
from transforms.dataset.layout import CATALOG, DOCUMENTS
from transforms.dataset.verify.dataset import DatasetVerifier
from transforms.keys.key_set import KeySet
from transforms.object_store import gcs as bucket


@pytest.fixture(scope="module")
def upstream() -> Iterator[str]:
    with fake_gcs() as address:
        yield address


@pytest.fixture(params=range(2))
def mischief(request: pytest.FixtureRequest) -> Flaky:
    return Flaky(request.param, share=0.25)


@pytest.fixture
def runs(
    upstream: str, mischief: Flaky, tmp_path: Path, keys: KeySet, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Runs]:
    name = f"bucket-{uuid.uuid4().hex}"
    client_of(upstream).create_bucket(name)
    monkeypatch.setattr(
        sys, "unraisablehook", lambda _: None
    )  # the client leaves sockets of cut answers to the collector
    monkeypatch.setattr(bucket, "_RETRY", DEFAULT_RETRY.with_timeout(60))
    # the client also tries again by itself, after seconds
    hasty = SimpleNamespace(monotonic=time.monotonic, sleep=lambda seconds: time.sleep(min(seconds, 0.01)))
    monkeypatch.setattr(retry_unary, "time", hasty)
    with flaky(upstream, mischief) as address:
        client: storage.Client = client_of(address)
        monkeypatch.setattr(bucket, "client", lambda: client)
        yield Runs(f"gs://{name}/data", tmp_path / "staging", keys)
        client.close()
    gc.collect()


def until_done(act: object) -> object:
    """Repeat what a person would repeat: a failure is one sentence, and the same command goes on."""
    for _ in range(20):
        try:
            return act()  # type: ignore[operator]
        except FailedError:
            continue
    raise AssertionError("twenty re-runs did not succeed")


def test_runs_and_erasures_end_as_if_nothing_had_gone_wrong(runs: Runs, mischief: Flaky) -> None:
    with ThreadPoolExecutor(3) as pool:
        several = [replace(runs, staging=runs.staging / str(n)) for n in range(3)]
        jobs = [pool.submit(until_done, lambda n=n: several[n].publish(RELEASES[n % 2])) for n in range(3)]
        for job in jobs:
            job.result()
    erased = frozenset({"user-2"})
    for release in RELEASES[:2]:
        until_done(lambda release=release: Eraser(runs.store, runs.keys).erase(runs.layout(release), erased))
    examined = until_done(lambda: DatasetVerifier(runs.store, runs.keys.verifying(), runs.keys.reader()).verify())
    assert examined.findings == ()  # type: ignore[attr-defined]
    content = until_done(runs.content)
    assert isinstance(content, dict)
    shards = [decode(found, runs.keys.reader()) for name, found in content.items() if name.endswith("parquet")]
    assert not {user for shard in shards for user in shard["user"].to_pylist()} & erased
    manifests = [until_done(lambda release=release: runs.sealed(release)) for release in RELEASES[:2]]
    named = {runs.layout(held.release_id).file(shard.path) for held in manifests for shard in held.shards}  # type: ignore[attr-defined]
    beside = {runs.layout(release).document(name) for release in RELEASES[:2] for name in DOCUMENTS}
    assert set(content) == named | beside | {CATALOG} | {runs.layout(release).manifest for release in RELEASES[:2]}
    assert len([kind for kind, count in mischief.seen.items() if count]) == 6
