"""Old copies of an output, its catalog, the ledger or the tombstones: each mixture of times is refused and named."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path

import pytest
from google.cloud import storage

from pipelines.cli.main import main
from pipelines.release import run as running
from tests.support.basis import WORDS
from tests.support.gcs import client_of, fake_gcs
from tests.support.scripted_preflight import Scripted
from transforms.object_store import gcs as bucket
from transforms.object_store.addresses import is_bucket, open_store
from transforms.object_store.interface import ObjectStore, put
from transforms.preflight.verdict import BucketState

_EXAMPLES = Path(__file__).parents[3] / "examples"
_LOG = _EXAMPLES / "recordings" / "synthetic-office.jsonl"
_SAME = BucketState("7", "etag")
_CATALOG = "sessions/catalog.json"
TIMES = range(3)
"""After the first release, after an erasure from it, after a second release."""


@dataclass
class World:
    """An output and private state, with copies of both from each time."""

    home: Path
    output: str
    outputs: list[dict[str, bytes]] = field(default_factory=list)
    states: list[dict[str, bytes]] = field(default_factory=list)

    @property
    def store(self) -> ObjectStore:
        return open_store(self.output)

    @property
    def state(self) -> ObjectStore:
        return open_store(str(self.home / "keyveil-state"))

    def keep(self) -> None:
        self.outputs.append(content(self.store))
        self.states.append(content(self.state))

    def put(self, *, output: int, ledger: int, erasures: int, catalog: int | None = None) -> None:
        listed = self.outputs[output if catalog is None else catalog][_CATALOG]
        restore(self.store, self.outputs[output] | {_CATALOG: listed})
        old = {name: item for name, item in self.states[ledger].items() if name.startswith("ledger/")}
        old |= {name: item for name, item in self.states[erasures].items() if name.startswith("erasures/")}
        restore(self.state, old)

    def command(self, name: str, *words: str) -> int:
        return main([name, *words, "--keys", str(self.home / "keys")])

    def run(self, *words: str) -> int:
        inputs = ("--input", str(_LOG), "--consent", str(_EXAMPLES / "consent.csv"))
        return self.command("run", *inputs, "--output", self.output, *WORDS, *words)

    def verify(self) -> int:
        return self.command("verify", self.output)

    def erase(self, *words: str) -> int:
        return self.command("erase", *words)


def content(store: ObjectStore) -> dict[str, bytes]:
    found = {name: store.get(name) for name in store.names()}
    return {name: seen.content for name, seen in found.items() if seen is not None}


def restore(store: ObjectStore, files: dict[str, bytes]) -> None:
    for name in store.names():
        if name not in files:
            store.delete(name)
    for name, item in files.items():
        put(store, name, item)


@pytest.fixture(scope="module")
def client() -> Iterator[storage.Client]:
    with fake_gcs() as url:
        yield client_of(url)


@pytest.fixture(scope="module", params=["folder", "bucket"])
def world(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, client: storage.Client
) -> Iterator[World]:
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        if request.param == "bucket":
            patch.setattr(bucket, "client", lambda: client)
            patch.setattr(running, "open_preflight", lambda *_: Scripted(*[_SAME] * 9))
            client.create_bucket("past")
        made = World(home, "gs://past/data" if request.param == "bucket" else str(home / "data"))
        assert main(["keys", "init", str(home / "keys")]) == 0
        assert made.run() == 0
        made.keep()
        assert made.erase("--user", "user-a", made.output) == 0
        made.keep()
        assert made.run("--set", "store.compression_level=4") == 0
        made.keep()
        yield made


def test_what_belongs_together_is_sound_and_every_other_mixture_is_refused(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    times = (0, 2) if is_bucket(world.output) else TIMES  # a command against the bucket takes three times as long
    for output, ledger, erasures in product(times, times, times):
        world.put(output=output, ledger=ledger, erasures=erasures)
        before = content(world.store)
        capsys.readouterr()
        found = world.verify()
        errors = capsys.readouterr().err
        if output == ledger and (erasures > 0) == (output > 0):  # the last time erased nobody
            assert (found, errors) == (0, "")
            continue
        assert found == 4, (output, ledger, erasures)
        assert "restore" in errors
        assert world.run("--set", "store.compression_level=5") == 3, (output, ledger, erasures)
        refused = capsys.readouterr().err
        assert refused.count("\n") == 1
        assert "restore" in refused
        assert content(world.store) == before


@pytest.mark.parametrize("catalog", [0, 1])
def test_an_old_catalog_is_named_and_no_run_goes_on_top_of_it(
    world: World, catalog: int, capsys: pytest.CaptureFixture[str]
) -> None:
    world.put(output=2, ledger=2, erasures=2, catalog=catalog)
    capsys.readouterr()
    assert world.verify() == 4
    assert f"{world.output}/{_CATALOG} is older than the ledger" in capsys.readouterr().err
    assert world.run("--set", "store.compression_level=5") == 3
    assert f"{world.output}/{_CATALOG} is older than the ledger" in capsys.readouterr().err


def test_a_catalog_that_is_newer_than_output_and_ledger_is_named_and_no_run_goes_on(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    newest = json.loads(world.outputs[2][_CATALOG])["current"]
    world.put(output=1, ledger=1, erasures=1, catalog=2)
    for command, code in ((world.verify, 4), (lambda: world.run("--set", "store.compression_level=5"), 3)):
        capsys.readouterr()
        assert command() == code
        assert (
            f"{_CATALOG} lists release {newest}, which is neither in the output nor in the ledger"
            in capsys.readouterr().err
        )
    capsys.readouterr()
    assert world.run("--set", "store.compression_level=4") == 3  # nor is the release itself drawn and charged again


def test_a_lost_catalog_is_written_again_by_the_next_run(world: World) -> None:
    world.put(output=2, ledger=2, erasures=2)
    world.store.delete(_CATALOG)
    assert world.run("--set", "store.compression_level=4") == 0
    assert json.loads(content(world.store)[_CATALOG])["releases"] == json.loads(world.outputs[2][_CATALOG])["releases"]
    assert world.verify() == 0


def test_the_release_that_is_missing_is_named_and_may_be_made_again_or_given_up(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    world.put(output=1, ledger=2, erasures=2)
    newest = json.loads(world.outputs[2][_CATALOG])["current"]
    capsys.readouterr()
    assert world.verify() == 4
    assert f"releases/{newest}/manifest.dsse.json is sealed by the ledger and missing" in capsys.readouterr().err
    assert world.command("retain", world.output, "--missing") == 0
    assert world.verify() == 0
    assert world.run("--set", "store.compression_level=4") == 3
    assert "is not created again" in capsys.readouterr().err

    world.put(output=1, ledger=2, erasures=2)
    assert world.run("--set", "store.compression_level=4") == 0
    assert world.verify() == 0


def test_an_erasure_on_an_old_copy_is_refused_before_anything_is_changed(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    for output, ledger, erasures in ((0, 1, 1), (1, 0, 0)):
        world.put(output=output, ledger=ledger, erasures=erasures)
        before = content(world.store), content(world.state)
        capsys.readouterr()
        assert world.erase("--user", "user-b", world.output) == 3
        assert "older" in capsys.readouterr().err
        assert (content(world.store), content(world.state)) == before


def test_after_an_old_state_was_put_back_each_erased_person_is_erased_again_and_nobody_is_released(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    if is_bucket(world.output):
        return  # the rules are those of the folder, and a command takes three times as long
    world.put(output=0, ledger=0, erasures=0)
    for user in ("user-a", "user-b"):
        assert world.erase("--user", user, world.output) == 0
    old = content(world.store)
    world.put(output=0, ledger=0, erasures=0)
    restore(world.store, old)
    capsys.readouterr()
    for refused in (
        lambda: world.run("--dataset", "other"),  # which would release both
        lambda: world.erase("--user", "user-c", world.output),
        lambda: world.erase("--pending", world.output),
        lambda: world.erase("--pending", world.output, "--consent", str(_EXAMPLES / "consent.csv")),
    ):
        assert refused() == 3
        assert "erase these people again with keyveil erase --user" in capsys.readouterr().err
    assert world.erase("--user", "user-b", world.output, "--dry-run") == 0
    assert world.erase("--user", "user-b", world.output) == 0
    assert world.verify() == 4
    assert world.run("--dataset", "other") == 3
    assert world.erase("--user", "user-a", world.output) == 0
    capsys.readouterr()
    assert world.verify() == 0
    assert len([name for name in content(world.state) if name.startswith("erasures/")]) == 2
    marks = {
        proof["mark"]
        for name, item in content(world.state).items()
        if name.startswith("erasures/")
        for proof in json.loads(item)["proofs"]
    }
    assert len(marks) == 2


def test_a_retired_release_that_lies_there_again_is_named_until_it_is_retired_again(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    world.put(output=1, ledger=1, erasures=1)
    ledger = content(world.state)["ledger/ledger.jsonl"]
    assert world.command("retain", world.output, "--missing") == 0
    assert content(world.state)["ledger/ledger.jsonl"] == ledger
    restore(world.store, {})
    assert world.command("retain", world.output, "--missing") == 0
    restore(world.store, world.outputs[1])
    capsys.readouterr()
    assert world.verify() == 4
    assert "was retired" in capsys.readouterr().err
    assert world.run("--set", "store.compression_level=5") == 3
    assert "was retired" in capsys.readouterr().err
    assert world.command("retain", world.output, "--days", "3650") == 0
    assert "1 release removed" in capsys.readouterr().out
    assert set(content(world.store)) == {_CATALOG}
    assert world.verify() == 0


def test_an_erasure_that_stops_before_the_manifest_changes_is_finished_as_pending(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from transforms.dataset import erase as erasing  # noqa: PLC0415

    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    for step in ("sign_manifest", "change_catalog"):
        world.put(output=0, ledger=0, erasures=0)
        with monkeypatch.context() as broken:
            broken.setattr(erasing, step, crash)
            assert world.erase("--user", "user-a", world.output) == 4
        assert world.erase("--pending") == 0
        assert world.verify() == 0
        (record,) = (json.loads(item) for name, item in content(world.state).items() if name.startswith("erasures/"))
        assert len(record["proofs"]) == 1
    capsys.readouterr()


def test_a_folder_that_was_moved_is_as_sound_as_before_and_an_old_copy_elsewhere_is_not(
    world: World, tmp_path: Path
) -> None:
    world.put(output=2, ledger=2, erasures=2)
    for time, code in ((2, 0), (1, 0), (0, 4)):
        moved = open_store(str(tmp_path / str(time)))
        restore(moved, world.outputs[time])
        assert world.command("verify", moved.uri) == code
    shutil.rmtree(tmp_path / "0")


def test_an_audit_names_every_mixture_without_the_address_of_an_output(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    mixtures = ((2, 2, 2), (1, 2, 2), (0, 1, 1), (1, 1, 0), (2, 1, 1))  # a command against the bucket takes longer
    for output, ledger, erasures in mixtures[:2] if is_bucket(world.output) else mixtures:
        world.put(output=output, ledger=ledger, erasures=erasures)
        capsys.readouterr()
        sound = output == ledger and (erasures > 0) == (output > 0)
        assert world.command("audit", "verify") == (0 if sound else 4), (output, ledger, erasures)
        shown = capsys.readouterr()
        assert "no problem found" in shown.out if sound else "restore" in shown.err
    world.put(output=2, ledger=2, erasures=2)
    assert world.command("audit", "show", "--json") == 0
    assert [entry["action"] for entry in json.loads(capsys.readouterr().out)] == [
        *["charge reserved", "release sealed", "person erased", "manifest replaced"],
        *["charge reserved", "release sealed"],
    ]
