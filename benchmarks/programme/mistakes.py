"""Mistakes of operators: each must end with 1 or 3 and one sentence, and charge nothing."""

from collections.abc import Callable, Mapping
from datetime import date

from benchmarks.programme.course import Programme
from tests.support.nights import Told, keyveil


def mistake_empty_registry(at: Programme, day: date) -> Told:
    """Run a night with an empty registry."""
    at.company.agree([])
    told = at.company.run("--day", day.isoformat())
    at.register(day)
    return told


def mistake_small_registry(at: Programme, day: date) -> Told:
    """Run a night with half of the registry."""
    at.company.agree(at.people[: len(at.people) // 2])
    told = at.company.run("--day", day.isoformat())
    at.register(day)
    return told


def mistake_other_purpose(at: Programme, day: date) -> Told:
    """Mistype the purpose."""
    return at.company.run("--day", day.isoformat(), "--purpose", "trainig")


def mistake_other_state(at: Programme, _: date) -> Told:
    """Erase under another state."""
    elsewhere = str(at.company.folder / "elsewhere")
    words = ["erase", "--user", at.people[0], str(at.company.output), "--keys", str(at.company.keys)]
    return keyveil(*words, "--state", elsewhere)


def mistake_misspelled_id(at: Programme, _: date) -> Told:
    """Erase a person who does not exist."""
    return at.command("erase", "--user", "persn-1", str(at.company.output))


def mistake_no_logs(at: Programme, day: date) -> Told:
    """Run a night from which the logs are missing; they come back for the next one."""
    folder, hidden = at.company.logs / day.isoformat(), at.company.folder / "hidden"
    folder.rename(hidden)
    told = at.run(day)
    hidden.rename(folder)
    return told


MISTAKES: Mapping[str, Callable[[Programme, date], Told]] = {
    "an empty registry": mistake_empty_registry,
    "half a registry": mistake_small_registry,
    "another purpose": mistake_other_purpose,
    "another state": mistake_other_state,
    "a misspelled id": mistake_misspelled_id,
    "no logs": mistake_no_logs,
}
