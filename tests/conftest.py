"""Fixtures and settings of every test."""

import gc
import tempfile
import time
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from apache_beam import coders
from hypothesis import HealthCheck, settings

from tests.support.beam_arguments import remember_arguments
from tests.support.midnight import wait_for_midnight

# how long it takes is measured in benchmarks/; no database of examples: a checkout may be read-only, and no run may
# depend on the one before (a failure prints what replays it), nor on luck: each test draws the same examples every
# time. ``pytest --hypothesis-profile=explore`` draws others.
_COMMON = {"deadline": None, "print_blob": True, "database": None, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("keyveil", derandomize=True, **_COMMON)
settings.register_profile("explore", **_COMMON)
settings.load_profile("keyveil")


remember_arguments()


def pytest_collection_finish() -> None:
    """Leave what was imported out of every later collection of garbage: it stays to the end."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup() -> None:
    """Let each test, with the fixtures that are made for it, pass within one day: what it compares may name the day."""
    wait_for_midnight(datetime.now(UTC), time.sleep)


def pytest_unconfigure() -> None:
    """Let libraries be taken apart at the end, some of which report what is left."""
    gc.unfreeze()


_REGISTERED = dict(coders.registry._coders)


@pytest.fixture(autouse=True)
def _beam_registry() -> Iterator[None]:
    """Let every test begin with Beam's own coders: a run registers more of them for the whole process."""
    coders.registry._coders = dict(_REGISTERED)
    yield
    coders.registry._coders = dict(_REGISTERED)


@pytest.fixture(autouse=True, scope="session")
def _temporary_files(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep temporary files of the tests together: Beam makes a folder for each graph, even for one that never runs."""
    before, tempfile.tempdir = tempfile.tempdir, str(tmp_path_factory.mktemp("temporary"))
    yield
    tempfile.tempdir = before


@pytest.fixture(scope="session")
def s3_server() -> Iterator[str]:
    """Give the address of a server that speaks S3's API."""
    from tests.support.s3 import moto_s3  # noqa: PLC0415 - most tests do without a client of S3

    with moto_s3() as address:
        yield address


@pytest.fixture
def s3_bucket(s3_server: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """Give the address of a new bucket there, which ``open_store`` reaches."""
    from tests.support.s3 import create_bucket, s3_client  # noqa: PLC0415
    from transforms.object_store import s3  # noqa: PLC0415

    client = s3_client(s3_server)
    monkeypatch.setattr(s3, "client", lambda: client)
    name = f"bucket-{uuid.uuid4().hex}"
    create_bucket(client, name)
    return f"s3://{name}"
