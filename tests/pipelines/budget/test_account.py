"""The ledger where it lies: on disk and in a bucket, under races, crashes and damage."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from dp_accounting import GaussianDpEvent
from dp_accounting.rdp import RdpAccountant
from google.cloud.storage import Client

from pipelines.budget.account import LedgerAccount
from pipelines.budget.release_plan import plan_release
from pipelines.config import load_config
from pipelines.state import local_ledger as ledger_files
from pipelines.state.bucket_ledger import bucket_ledger
from pipelines.state.local_ledger import LocalLedger
from pipelines.state.private_state import PrivateState, state_folder
from schemas.errors import FailedError, RefusedError
from schemas.privacy import Adjacency, Charge, Gaussian, PrivacyUnit
from tests.support.gcs import client_of, fake_gcs
from transforms.keys.key_set import KeyReference, KeyRole, create_key_set
from transforms.keys.rotation import rotate
from transforms.object_store import atomic_files as durable
from transforms.object_store import gcs
from transforms.privacy.accountant import ORDERS
from transforms.privacy.budget import Budget
from transforms.privacy.ledger_entries import Commit, Reservation

KEY = bytes(range(32))
BUDGET = Budget(PrivacyUnit.USER, 1.0, 1e-6, 4.0, 1e-6)
CHARGE = Charge("q", ("x",), "Gaussian", PrivacyUnit.USER, Adjacency.ADD_REMOVE, (Gaussian(5.0),))
LIMIT = 14
"""Charges at noise multiplier 5 that fit into epsilon 4: one more would pass it."""


def reservation(name: str, charge: Charge = CHARGE) -> Reservation:
    return Reservation(name, "typing", "c", "d", BUDGET, (charge,), "2026-11-24T00:00:00Z")


def commit(name: str) -> Commit:
    return Commit(name, "/data", "e", "2026-11-24T00:00:00Z")


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with fake_gcs() as address:
        yield address


@pytest.fixture
def client(server: str, monkeypatch: pytest.MonkeyPatch) -> Client:
    client = client_of(server)
    monkeypatch.setattr(gcs, "client", lambda: client)
    return client


@pytest.fixture(params=["local", "bucket", "s3"])
def account(request: pytest.FixtureRequest, tmp_path: Path) -> LedgerAccount:
    if request.param == "local":
        return LedgerAccount(LocalLedger(tmp_path / "ledger" / "ledger.jsonl"), (KEY,))
    if request.param == "s3":
        return LedgerAccount(bucket_ledger(f"{request.getfixturevalue('s3_bucket')}/private"), (KEY,))
    client: Client = request.getfixturevalue("client")
    name = tmp_path.name.replace("_", "-").lower()
    client.create_bucket(name)
    return LedgerAccount(bucket_ledger(f"gs://{name}/private"), (KEY,))


def test_charges_are_made_until_the_next_one_would_pass_the_lifetime_budget(account: LedgerAccount) -> None:
    for number in range(LIMIT):
        account.reserve(reservation(f"r{number}"))
    before = account.store.read()
    with pytest.raises(RefusedError, match="will not fit on any later day"):
        account.reserve(reservation("one-more"))
    assert account.store.read() == before
    assert len(account.ledger().charges()) == LIMIT


def test_a_retry_is_the_same_charge_even_when_nothing_fits_any_more(account: LedgerAccount) -> None:
    for number in range(LIMIT):
        account.reserve(reservation(f"r{number}"))
    again = account.reserve(replace(reservation("r3"), at="2027-01-01T00:00:00Z"))
    assert len(again.entries) == 4  # as of its own charge, whatever followed
    account.commit(commit("r3"))
    account.commit(commit("r3"))
    assert len(account.ledger().entries) == LIMIT + 1


def test_a_release_above_its_own_budget_charges_nothing(account: LedgerAccount) -> None:
    with pytest.raises(RefusedError, match="for one user"):
        account.reserve(reservation("r", replace(CHARGE, steps=(Gaussian(1.0),))))
    assert account.store.read() is None


def test_a_release_that_is_there_is_recorded_whatever_is_left(account: LedgerAccount) -> None:
    for number in range(LIMIT):
        account.reserve(reservation(f"r{number}"))
    account.settle(reservation("restored"), commit("restored"))
    account.settle(reservation("restored"), commit("restored"))
    assert len(account.ledger().charges()) == LIMIT + 1
    assert account.ledger().find_commit("restored") is not None


def test_a_damaged_ledger_is_refused_by_name_and_left_as_it_is(account: LedgerAccount) -> None:
    account.reserve(reservation("r"))
    content = account.store.read()
    assert content is not None
    damaged = content.replace(b'"times":1', b'"times":2')
    account.store.update(lambda _: damaged)
    for act in (account.ledger, lambda: account.reserve(reservation("s")), lambda: account.commit(commit("r"))):
        with pytest.raises(FailedError, match=r"ledger\.jsonl was altered"):
            act()
    assert account.store.read() == damaged


def test_the_statement_is_as_of_the_charge(account: LedgerAccount) -> None:
    first = account.statement(account.reserve(reservation("a")), reservation("a"), ("noise.epsilon=2",))
    account.reserve(reservation("b"))
    again = account.statement(account.reserve(reservation("a")), reservation("a"), ("noise.epsilon=2",))
    assert again == first
    assert (first.entry, first.unit, first.loosened, first.not_counted) == (1, "user", ("noise.epsilon=2",), ())
    assert 0 < first.epsilon < first.spent_epsilon + 1e-9 < first.fits_epsilon < 4
    second = account.statement(account.reserve(reservation("b")), reservation("b"), ())
    assert second.spent_epsilon > first.spent_epsilon
    assert second.fits_epsilon < first.fits_epsilon


def test_another_library_finds_the_epsilon_of_a_release_from_its_manifest_alone(tmp_path: Path) -> None:
    charges = plan_release(load_config(None, ["noise.model=learn"], None)).charges()
    account = LedgerAccount(LocalLedger(tmp_path / "ledger.jsonl"), (KEY,))
    asked = replace(reservation("r"), budget=Budget(PrivacyUnit.USER, 1.0, 1e-7, 8.0, 1e-6), charges=charges)
    stated = account.statement(account.reserve(asked), asked, ())
    theirs = RdpAccountant(ORDERS)
    for item in stated.charges:
        assert (item.unit, item.pure_epsilon) == ("user", None)
        assert item.noise_multiplier is not None
        theirs.compose(GaussianDpEvent(item.noise_multiplier), item.times)
    left = stated.delta - sum(item.delta for item in stated.charges)
    assert stated.epsilon == pytest.approx(theirs.get_epsilon(left), rel=0.01)
    assert {item.label for item in stated.charges} == {charge.label for charge in charges}


def test_a_rotated_key_goes_on_with_the_same_ledger(tmp_path: Path) -> None:
    create_key_set(tmp_path / "keys")
    reference = KeyReference.parse(str(tmp_path / "keys"))
    LedgerAccount.of(PrivateState.of(reference, None)).reserve(reservation("a"))
    rotate(tmp_path / "keys", KeyRole.NOISE)
    account = LedgerAccount.of(PrivateState.of(reference, None))
    account.reserve(reservation("b"))
    assert len(account.ledger().entries) == 2
    assert len(LedgerAccount(account.store, account.keys[:1]).ledger().entries) == 2
    assert (tmp_path / "keyveil-state" / "ledger" / "ledger.jsonl").stat().st_mode & 0o777 == 0o600


def _crash_after(lines: int, act: Callable[[], object]) -> bool:
    """Do ``act`` in a child that is killed before line number ``lines`` of the storage code; return whether it was."""
    watched = {durable.__file__, ledger_files.__file__}
    child = os.fork()
    if child == 0:
        left = lines

        def trace(frame: FrameType, event: str, _: Any) -> Any:
            nonlocal left
            if frame.f_code.co_filename not in watched:
                return None
            if event == "line":
                left -= 1
                if left == 0:
                    os.kill(os.getpid(), signal.SIGKILL)
            return trace

        sys.settrace(trace)
        act()
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.waitstatus_to_exitcode(status) == 0
    return os.WIFSIGNALED(status)


@pytest.mark.parametrize("kind", ["reserve", "commit"])
def test_a_kill_between_any_two_steps_loses_no_charge_and_doubles_none(kind: str, tmp_path: Path) -> None:
    free = replace(CHARGE, unit=PrivacyUnit.EVENT)  # as many as there are steps must fit
    account = LedgerAccount(LocalLedger(tmp_path / "ledger" / "ledger.jsonl"), (KEY,))
    step, killed = 0, True
    while killed:
        step += 1
        name = f"r{step}"
        if kind == "commit":
            account.reserve(reservation(name, free))
        act = {
            "reserve": lambda name=name: account.reserve(reservation(name, free)),
            "commit": lambda name=name: account.commit(commit(name)),
        }[kind]
        before = account.ledger().entries
        killed = _crash_after(step, act)
        left = account.ledger().entries
        assert left[: len(before)] == before
        assert len(left) - len(before) in ({0, 1} if killed else {1})
        act()
        assert len(account.ledger().entries) == len(before) + 1
        assert {path.name for path in (tmp_path / "ledger").iterdir()} == {"ledger.jsonl"}
    assert step > 20


def test_racing_processes_never_overspend_and_never_pay_twice() -> None:
    script = Path(__file__).parents[3] / "benchmarks" / "ledger_race.py"
    words = ["--processes", "4", "--attempts", "25", "--noise-multiplier", "10"]
    done = subprocess.run([sys.executable, "-W", "ignore", script, *words], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("56 charged (one alone: 56)") == 2  # on disk and in the bucket, of 91 different ids


def test_a_stand_in_for_the_bucket_is_refused(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    gcs.client.cache_clear()
    monkeypatch.setenv("STORAGE_EMULATOR_HOST", server)
    with pytest.raises(RefusedError, match="STORAGE_EMULATOR_HOST"):
        bucket_ledger("gs://ledgers/private")


@pytest.mark.usefixtures("client")
def test_a_bucket_that_does_not_answer_stops_everything() -> None:
    account = LedgerAccount(bucket_ledger("gs://no-such-bucket/private"), (KEY,))
    with pytest.raises(FailedError, match=r"no release is made without it: gs://no-such-bucket/private/ledger/ledger"):
        account.reserve(reservation("r"))


def test_a_content_that_was_replaced_meanwhile_is_not_overwritten(client: Client) -> None:
    client.create_bucket("meanwhile")
    store = bucket_ledger("gs://meanwhile/private")
    assert store.name == "gs://meanwhile/private/ledger/ledger.jsonl"
    seen: list[bytes | None] = []

    def change(content: bytes | None) -> bytes:
        seen.append(content)
        if len(seen) == 1:
            store.update(lambda _: b"theirs")
        return b"ours"

    store.update(change)
    assert seen == [None, b"theirs"]
    assert store.read() == b"ours"


def test_the_ledger_lies_beside_the_key_set_unless_a_state_is_named(tmp_path: Path) -> None:
    create_key_set(tmp_path / "keys")
    reference = KeyReference.parse(str(tmp_path / "keys"))
    beside, named = tmp_path / "keyveil-state", tmp_path / "elsewhere"
    assert PrivateState.of(reference, None).open_ledger().name == str(beside / "ledger" / "ledger.jsonl")
    assert PrivateState.of(reference, str(named)).open_ledger().name == str(named / "ledger" / "ledger.jsonl")
    assert state_folder(f"file://{named}", reference) == named
    assert state_folder("gs://bucket/private", reference) == beside
