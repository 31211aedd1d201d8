"""The trail of a key set names every step, and its check every release, erasure and journal that is not as recorded."""

import json
from pathlib import Path

import pytest

from pipelines.budget.account import LedgerAccount
from pipelines.cli.main import main
from pipelines.nightly.journal import NIGHTS, Journal
from pipelines.nightly.records import ReleaseStarted
from pipelines.state.private_state import PrivateState
from pipelines.state.tombstones import ErasureRecords
from schemas.privacy import Adjacency, Charge, Gaussian, PrivacyUnit
from transforms.keys.key_set import KeyReference, create_key_set
from transforms.object_store.interface import put
from transforms.privacy.budget import Budget
from transforms.privacy.ledger_changes import Approval, Replacement, Retirement, Tombstone
from transforms.privacy.ledger_entries import Commit, Reservation

AT = "2026-11-24T00:00:00Z"
_BUDGET = Budget(PrivacyUnit.USER, 1.0, 1e-6, 4.0, 1e-6)
_CHARGE = Charge("q", ("x",), "Gaussian", PrivacyUnit.USER, Adjacency.ADD_REMOVE, (Gaussian(5.0),))


@pytest.fixture
def private(tmp_path: Path) -> PrivateState:
    create_key_set(tmp_path / "keys")
    return PrivateState.of(KeyReference.parse(str(tmp_path / "keys")), None)


def seal(private: PrivateState, name: str, window: str | None = None) -> str:
    """Enter a sealed release and return its address; nothing lies there."""
    address = str(private.folder.parent / "data" / "sessions" / "releases" / name)
    reservation = Reservation(name, "sessions", "c", "d", _BUDGET, (_CHARGE,), AT, window)
    LedgerAccount.of(private).settle(reservation, Commit(name, address, "e", AT))
    return address


def audited(private: PrivateState, action: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    capsys.readouterr()
    code = main(["audit", action, "--keys", str(private.reference.folder), "--json"])
    shown = capsys.readouterr()
    return code, shown.out, shown.err


def test_the_trail_of_a_new_key_set_is_empty_and_without_findings(
    private: PrivateState, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["audit", "show", "--keys", str(private.reference.folder)]) == 0
    assert capsys.readouterr().out == "nothing was recorded yet\n"
    assert main(["audit", "verify", "--keys", str(private.reference.folder)]) == 0
    assert (
        "0 entries of the ledger, 0 erasures, 0 nightly records, 0 releases: no problem found"
        in capsys.readouterr().out
    )


def test_every_kind_of_step_is_shown_in_order(private: PrivateState, capsys: pytest.CaptureFixture[str]) -> None:
    account = LedgerAccount.of(private)
    address = seal(private, "a1", "2026-W48")
    account.enter(Tombstone("t1", AT), Replacement(address, "f", 1, AT), Retirement(address, AT))
    account.enter(Approval(address, "f", "officer", AT))
    account.reserve(Reservation("b2", "sessions", "c", "d", _BUDGET, (_CHARGE,), AT))
    account.cancel("b2")
    account.reserve(Reservation("training/m 1", "training", "", "", _BUDGET, (_CHARGE,), AT))
    code, out, _ = audited(private, "show", capsys)
    trail = json.loads(out)
    assert (code, [entry["number"] for entry in trail]) == (0, [1, 2, 3, 4, 5, 6, 7, 8, 9])
    assert [(entry["action"], entry["subject"]) for entry in trail] == [
        ("charge reserved", "a1 of sessions, window 2026-W48"),
        ("release sealed", address),
        ("person erased", "tombstone t1"),
        ("manifest replaced", f"{address} (1 erasures)"),
        ("release retired", address),
        ("release approved", f"{address} by officer"),
        ("charge reserved", "b2 of sessions"),
        ("charge cancelled", "b2"),
        ("charged", "training/m 1"),
    ]
    assert trail[0]["at"] == AT


def test_a_release_that_lies_nowhere_is_a_finding_until_it_is_retired(
    private: PrivateState, capsys: pytest.CaptureFixture[str]
) -> None:
    address = seal(private, "a1")
    code, out, errors = audited(private, "verify", capsys)
    assert (code, json.loads(out)["sound"]) == (4, False)
    assert f"{address}/manifest.dsse.json is sealed by the ledger and missing" in errors
    assert "move it back" in errors
    LedgerAccount.of(private).enter(Retirement(address, AT))
    assert audited(private, "verify", capsys)[0] == 0


def test_lost_erasures_and_damaged_journals_are_findings(
    private: PrivateState, capsys: pytest.CaptureFixture[str]
) -> None:
    journal = Journal.of(private, "sessions")
    journal.append(0, ReleaseStarted("2026-W48", "a1"))
    records = ErasureRecords.of(private)
    name = records.begin("user-a", ())
    LedgerAccount.of(private).enter(Tombstone(name, AT))
    code, out, _ = audited(private, "verify", capsys)
    seen = json.loads(out)
    assert (code, seen["nightly_records"], seen["erasures"], seen["pending_erasures"]) == (0, 1, 1, 1)
    put(private.part(NIGHTS), "sessions/journal/00000000.sealed", b"damaged")
    records.store.delete(f"{name}.json")
    code, _, errors = audited(private, "verify", capsys)
    assert code == 4
    assert "sessions has a damaged journal" in errors
    assert "1 tombstones of erased people are missing" in errors


def test_an_altered_ledger_ends_both_commands(private: PrivateState, capsys: pytest.CaptureFixture[str]) -> None:
    seal(private, "a1")
    store = private.part("ledger")
    seen = store.get("ledger.jsonl")
    assert seen is not None
    put(store, "ledger.jsonl", seen.content.replace(b"sessions", b"Sessions"))
    for action in ("show", "verify"):
        code, out, errors = audited(private, action, capsys)
        assert (code, out) == (4, "")
        assert "was altered" in errors
