"""A key set in Secret Manager: what goes in, what a process makes of it, and what is refused."""

import base64
import multiprocessing
import stat
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import google.auth
import pytest
from google.auth.credentials import AnonymousCredentials

from schemas.errors import FailedError, RefusedError, UsageError
from tests.support.http_server import Request, answering
from transforms.keys import secret_manager as managed
from transforms.keys.key_set import KeyReference, KeyRole, KeySet, create_key_set
from transforms.keys.pipeline_copy import export_bundle
from transforms.keys.rotation import rotate

_NAME = "projects/acme/secrets/keyveil-keys"


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    managed.folder_of.cache_clear()
    managed.pin_version.cache_clear()
    yield
    managed.folder_of.cache_clear()
    managed.pin_version.cache_clear()


@pytest.fixture
def secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    """Serve Secret Manager's one method on 127.0.0.1; the answers are the test's."""
    create_key_set(tmp_path / "keys")
    rotate(tmp_path / "keys", KeyRole.PSEUDONYM)
    export_bundle(tmp_path / "keys", tmp_path / "bundle.json")
    served: dict[str, Any] = {"status": 200, "version": 3, "paths": []}
    served["content"] = (tmp_path / "bundle.json").read_bytes()

    def answer(request: Request) -> tuple[int, Any]:
        served["paths"].append(request.path)
        data = base64.b64encode(served["content"]).decode()
        version = served["version"] if "latest" in request.path else request.path.partition(":")[0].rpartition("/")[2]
        name = f"projects/7/secrets/keyveil-keys/versions/{version}"
        return served["status"], {"name": name, "payload": {"data": data}}

    with answering(answer) as address:
        monkeypatch.setattr(managed, "_ENDPOINT", f"{address}/v1")
        monkeypatch.setattr(google.auth, "default", lambda **_: (AnonymousCredentials(), None))
        yield served


def test_the_secret_gives_the_keys_of_the_folder_once_and_opens_no_quarantine(
    secret: dict[str, Any], tmp_path: Path
) -> None:
    reference = KeyReference.parse(f"secret:{_NAME}")
    here, there = KeySet.open(KeyReference.parse(str(tmp_path / "keys"))), KeySet.open(reference)
    for role in (KeyRole.PSEUDONYM, KeyRole.TRANSIT, KeyRole.NOISE):
        assert there.derivations(role, "x") == here.derivations(role, "x")
    assert there.signing_private().public_key() == here.signing_public()
    with pytest.raises(RefusedError):
        there.quarantine_private()
    KeySet.open(reference)
    assert secret["paths"] == [f"/v1/{_NAME}/versions/latest:access"]
    modes = {stat.S_IMODE(path.stat().st_mode) for path in reference.folder.iterdir()}
    assert (stat.S_IMODE(reference.folder.stat().st_mode), modes) == (0o700, {0o600})


def test_a_version_may_be_named(secret: dict[str, Any]) -> None:
    KeySet.open(KeyReference.parse(f"secret:{_NAME}/versions/7"))
    assert secret["paths"] == [f"/v1/{_NAME}/versions/7:access"]


def test_a_run_pins_the_version_that_is_the_latest_as_it_begins(secret: dict[str, Any], tmp_path: Path) -> None:
    named = KeyReference.parse(f"secret:{_NAME}")
    assert named.pin() == KeyReference(f"secret:{_NAME}/versions/3")
    secret["version"] = 4
    assert named.pin() == named.pin().pin() == KeyReference(f"secret:{_NAME}/versions/3")
    KeySet.open(named.pin())
    assert secret["paths"] == [f"/v1/{_NAME}/versions/latest:access", f"/v1/{_NAME}/versions/3:access"]
    folder = KeyReference.parse(str(tmp_path / "keys"))
    assert folder.pin() is folder


@pytest.mark.parametrize("version", ["latest", "", None])
def test_an_answer_that_names_no_version_is_none(version: object, secret: dict[str, Any]) -> None:
    secret["version"] = version
    with pytest.raises(FailedError, match="run again"):
        KeyReference.parse(f"secret:{_NAME}").pin()


@pytest.mark.parametrize("status", [403, 404, 500])
def test_a_secret_that_may_not_be_read_is_said(status: int, secret: dict[str, Any]) -> None:
    secret["status"] = status
    with pytest.raises(RefusedError, match=f"HTTP {status}.*secretAccessor"):
        KeySet.open(KeyReference.parse(f"secret:{_NAME}"))


@pytest.mark.parametrize(
    "content", [b"hunter2", b"[]", b"{}", b'{"../../etc/passwd": "x"}', b'{"data.json": 7}', b'{"DATA.JSON": "x"}']
)
def test_a_secret_that_holds_something_else_is_refused_without_quoting_it(
    content: bytes, secret: dict[str, Any]
) -> None:
    secret["content"] = content
    with pytest.raises(RefusedError, match="holds no key set") as caught:
        KeySet.open(KeyReference.parse(f"secret:{_NAME}"))
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("name", ["keys", "projects/p/secrets/a b", "projects/p/secrets/../x", ""])
def test_only_the_name_of_a_secret_is_taken(name: str) -> None:
    with pytest.raises(UsageError, match="secret:projects/"):
        KeyReference.parse(f"secret:{name}")


def test_keys_that_a_killed_process_left_go_when_the_next_one_opens_a_set(
    secret: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory = tmp_path / "memory"
    memory.mkdir()
    monkeypatch.setattr(managed, "_MEMORY", memory)
    (memory / "of-somebody-else").mkdir()
    started, go_on = multiprocessing.get_context("fork").Pipe()
    child = multiprocessing.get_context("fork").Process(target=_open_and_wait, args=(go_on,))
    child.start()
    started.recv()
    (held,) = memory.glob("keyveil-keys-*")
    KeySet.open(KeyReference.parse(f"secret:{_NAME}"))
    assert (held / "transit.json").is_file()
    child.kill()
    child.join()
    assert (held / "transit.json").is_file()
    managed.folder_of.cache_clear()
    KeySet.open(KeyReference.parse(f"secret:{_NAME}"))
    assert not held.exists()
    assert len(list(memory.glob("keyveil-keys-*"))) == len(secret["paths"]) - 1
    assert (memory / "of-somebody-else").is_dir()


def _open_and_wait(pipe: Connection) -> None:
    KeySet.open(KeyReference.parse(f"secret:{_NAME}"))
    pipe.send("opened")
    pipe.recv()
