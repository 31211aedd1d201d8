"""Staged rows wait for a budget so long as stated, from the first refusal on, and are then removed with a sentence."""

from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from pipelines.config import RunConfig, load_config
from pipelines.nightly.days import Window
from pipelines.nightly.journal import Journal
from pipelines.nightly.journal_state import fold_journal
from pipelines.nightly.records import NightStaged, ReleaseRefused
from pipelines.nightly.release_window import wait_or_remove
from pipelines.state.private_state import PrivateState
from schemas.errors import BudgetError, UsageError
from transforms.keys.key_set import KeyReference, create_key_set
from transforms.object_store.interface import put
from transforms.staging.sealed_files import SealedFile

WEEK, FIRST = Window.parse("2026-11-02..2026-11-08"), date(2026, 11, 9)
REFUSED = BudgetError("delta has run out")
STAGED = "staged/00000000-a"


@pytest.fixture
def work(tmp_path: Path) -> Any:
    """Make the context of a run whose journal has one staged file of a week."""
    create_key_set(tmp_path / "keys")
    private = PrivateState.of(KeyReference.parse(str(tmp_path / "keys")), str(tmp_path / "state"))
    journal = Journal.of(private, "sessions")
    file = SealedFile(STAGED, 3, ("d",))
    journal.append(0, NightStaged("2026-11-08", WEEK.name, (), 0, 0, 10, (file,), (), (), {}, "how"))
    put(journal.store, STAGED, b"sealed")
    return SimpleNamespace(journal=journal, opening=SimpleNamespace(config=RunConfig()))


def test_rows_wait_up_to_the_last_day_and_are_removed_on_the_next(work: Any) -> None:
    last = FIRST + timedelta(days=30)
    for today in (FIRST, FIRST + timedelta(days=1), last):
        said = str(wait_or_remove(work, WEEK, REFUSED, today))
        assert said == f"{REFUSED}; the rows of {WEEK.name} wait until {last} and are then removed"
        assert STAGED in work.journal.store.names()
    assert sum(isinstance(record, ReleaseRefused) for record in work.journal.read()) == 1
    said = str(wait_or_remove(work, WEEK, REFUSED, last + timedelta(days=1)))
    assert "were removed without a release: delta has run out" in said
    assert STAGED not in work.journal.store.names()
    assert fold_journal(work.journal.read()).pending() == []


def test_the_limit_is_a_setting(work: Any) -> None:
    work.opening.config = load_config(None, ["schedule.wait_days=1"], None)
    assert "2026-11-10" in str(wait_or_remove(work, WEEK, REFUSED, FIRST))
    assert "were removed" in str(wait_or_remove(work, WEEK, REFUSED, FIRST + timedelta(days=2)))


@pytest.mark.parametrize("days", [0, 367])
def test_a_limit_out_of_range_is_refused(days: int) -> None:
    with pytest.raises(UsageError, match=r"schedule\.wait_days"):
        load_config(None, [f"schedule.wait_days={days}"], None)
