"""Final check: the releases hold what they must, the ledger is intact, and everything verifies."""

import time
from datetime import date, timedelta
from pathlib import Path

from benchmarks.programme.course import Programme
from pipelines.nightly.days import find_window
from tests.support.days import Event
from tests.support.nights import Held, keyveil
from tests.support.simulation import require


def find_due(at: Programme) -> set[str]:
    """Find the sessions that releases must hold: their person had agreed before, and was not gone at their release.

    Somebody who withdraws on a Wednesday is in no release of that week, and stays in those of before.
    """
    due = set[str]()
    for events in at.sessions:
        name, first, last = events[0]["user_id"], _find_day(events[0]), _find_day(events[-1])
        window = find_window(last, at.window_days)
        agreed = at.joined.get(name, first) <= first
        stayed = name not in at.erased and at.withdrawn.get(name, date.max) > window.last
        if agreed and stayed and last <= at.days[-1]:
            due.add(events[0]["session_id"])
    return due


def find_joining(at: Programme) -> set[str]:
    """Find the sessions over the midnight from which their person agreed: the part behind it may be released."""
    joined = {name: day - timedelta(days=1) for name, day in at.joined.items()}
    return {
        events[0]["session_id"] for events in at.sessions if joined.get(events[0]["user_id"]) == _find_day(events[0])
    }


def _find_day(event: Event) -> date:
    return date(1970, 1, 1) + timedelta(microseconds=event["t_us"])


def check_end(at: Programme) -> None:
    """Check the conditions that must hold at the end."""
    made = at.company.releases()
    require(len(made) == at.done["releases"], f"{len(made)} releases lie there, {at.done['releases']} were made")
    held, due = at.company.held(made, at.sessions), find_due(at)
    more = held.keys() - due - find_joining(at)
    require(due <= held.keys() and not more, f"{len(due - held.keys())} sessions are lost, {len(more)} too many")
    whole: dict[tuple[str, ...], Held] = {}
    for events in at.sessions:
        name = events[0]["session_id"]
        if name in due:
            like = whole.setdefault(tuple(event["kind"] for event in events), held[name])
            require(held[name] == like, f"session {name} has other rows or spans than one with the same events")
    at.done["sessions released whole"] = len(due)
    at.done["sessions without agreement"] = len(at.sessions) - len(due)
    ledger = at.ledger()
    open_charges = [entry for entry in ledger.reservations() if ledger.find_commit(entry.charge_id) is None]
    require(not open_charges, f"{len(open_charges)} charges have no release")
    spent = at.command("ledger", "show", "--json").json
    require(spent["spent"]["user"] <= spent["lifetime_epsilon"], "the budget was passed")
    audit(at)


def audit(at: Programme) -> None:
    """Verify everything as auditors do: with the key of the first day, a reader's new key, and the key set."""
    output, reader = str(at.company.output), str(at.company.folder / "reader.json")
    require(keyveil("keys", "export", "--role", "reader", at.company.keys, "-o", reader).code == 0, "no reader's key")
    consent = ("--consent", str(at.company.folder / "obeyed.csv"))
    for keys, more in ((at.company.folder / "first.pem", ()), (reader, ()), (at.company.keys, consent)):
        state = ("--state", str(at.company.state)) if more else ()
        told = keyveil("verify", output, "--keys", keys, *state, *more, "--json")
        require(told.code == 0, f"verify by {Path(keys).name} ended with {told.code}: {told.err}")
        require(len(told.json["releases"]) == at.done["releases"], f"{Path(keys).name} does not see every release")
    verify_again(at)


def verify_again(at: Programme) -> None:
    """Verify with a record, as every night does: first whole, then what is new or changed and one old release."""
    words = ("verify", str(at.company.output), "--record", str(at.company.folder / "verified.json"), "--json")
    for read in (at.done["releases"], 1):
        begun = time.process_time()
        told = at.command(*words)
        require((told.code, told.json["read"]) == (0, read), f"verify with a record ended with {told.code}: {told.err}")
        used = time.process_time() - begun
        print(f"verified with {read} of {at.done['releases']} releases read: {used:.2f} CPU seconds")
