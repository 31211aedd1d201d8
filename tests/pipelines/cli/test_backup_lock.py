"""No backup is made of a key set or a state that a command is changing, and each command says what it changes."""

import errno
import fcntl
import subprocess
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from pipelines.cli.command import Changes, Command, Group
from pipelines.cli.main import COMMANDS
from tests.support.days import days_from, make_sessions, write_days
from tests.support.nights import QUICK, Company, keyveil
from transforms.object_store import atomic_files
from transforms.object_store.atomic_files import LOCKS, lock_folder

_OPEN = fcntl.flock

_CHANGING = {
    "run": "--input {logs} --output {out} --consent {consent} --keys {keys} --state {state}",
    "opt-outs": "--consent {consent} --groups {groups} --group a --label a -o {new} --keys {keys} --state {state}",
    "approve": "{release} --reviewer role --keys {keys} --state {state}",
    "erase": "{out} --user user-a --keys {keys} --state {state}",
    "retain": "{out} --days 1 --keys {keys} --state {state}",
    "quarantine replay": "-o {new} --remove --keys {keys} --state {state}",
    "ledger charge": "--label a --epsilon 0.1 --delta 1e-9 --keys {keys} --state {state}",
    "ledger grant": "{request} -o {new} --keys {keys} --state {state}",
    "keys export": "{keys} --role reader -o {new}",
    "keys end": "{keys} --holder team",
    "keys rotate": "{keys} --role signing",
}
"""Words of every command that changes a state or a key set."""
_READING = {
    "keys init": "{new}",
    "keys holders": "{keys}",
    "pseudonym": "--user user-a --release {release} --keys {keys} --state {state}",
    "preview": "{log} -o {new} --keys {keys}",
    "subject-report": "{out} --user user-a -o {new} --keys {keys} --state {state}",
    "worker-sheet": "{out} -o {new}",
    "enter-pause": "{new}.csv --user user-a --day 2026-11-03 --from 14:05 --minutes 30 --zone UTC",
    "hash-directory": "{directory} -o {new} --keys {keys}",
    "verify": "{out} --keys {keys} --state {state}",
    "audit show": "--keys {keys} --state {state}",
    "audit verify": "--keys {keys} --state {state}",
    "audit export": "-o {new} --keys {keys} --state {state}",
    "audit compare": "{request} {out} --keys {keys}",
    "trace-leak": "{log} --keys {keys} --state {state}",
    "report": "{release} --keys {keys}",
    "dp-record": "{release} --keys {keys} -o {new}",
    "review": "{out} --keys {keys} --state {state} -o {new}",
    "quarantine list": "--keys {keys} --state {state}",
    "quarantine show": "none --keys {keys} --state {state}",
    "preflight": "{out}",
    "access-report": "{out} --keys {keys} --state {state}",
    "plan": "--people 100 --weeks 10",
    "ledger show": "--keys {keys} --state {state}",
    "ledger plan": "--keys {keys} --state {state}",
    "ledger request": "--label b --epsilon 0.1 --delta 1e-9 -o {new}",
    "ledger granted": "{request} --request {request} --keys {keys}",
    "doctor": "--config {nights}",
    "submit": "--config {nights} --dry-run",
    "estimate": "--config {nights}",
    "formats": "{log}",
    "denied": "chase.com",
    "inspect": "{log}",
    "ingest": "{log} -o {new} --keys {keys}",
    "completion": "bash",
    "state backup": "{state} {new}",
    "state restore": "{state} {new}",
    "pause": "{elsewhere} --reason incident",
    "resume": "{elsewhere}",
}
"""Words of every other command."""
_OPENS = sorted(name for name, words in _READING.items() if "{state}" in words or "{keys}" in words.split()[:1])
_OPENS += ["pause", "resume"]
"""Commands that open a state or a key set and change neither, and those that must never wait."""


def _walk(commands: tuple[Command | Group, ...], before: str = "") -> Iterator[tuple[str, Command]]:
    for item in commands:
        if isinstance(item, Group):
            yield from _walk(item.commands, f"{item.name} ")
        else:
            yield f"{before}{item.name}", item


_ALL = dict(_walk(COMMANDS))


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Company:
    """Make a state with a release; commands that are kept out leave it as it was."""
    company = Company(tmp_path_factory.mktemp("company"))
    write_days(company.logs, [*make_sessions(days_from(date(2026, 11, 2), 1), 1, 4)])
    words = ("--keys", company.keys, "--state", company.state, "--output", company.output, *QUICK)
    log = next(company.logs.rglob("*.jsonl"))
    assert keyveil("run", "--input", log, "--consent", company.consent, *words).code == 0
    folder = company.folder
    (folder / "groups.csv").write_text("user_id,group\nuser-a,a\n")
    (folder / "directory.csv").write_text("name\nAnna Kowalczik\n")
    (folder / "nights.env").write_text(f"OUTPUT={company.output}\n")
    words = ("--label", "c", "--epsilon", "0.1", "--delta", "1e-9", "-o", folder / "request.json")
    assert keyveil("ledger", "request", *words).code == 0
    return company


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a lock that is not free raise instead of wait."""

    def flock(descriptor: int, how: int) -> None:
        try:
            _OPEN(descriptor, how | fcntl.LOCK_NB)
        except BlockingIOError:
            raise OSError(errno.EWOULDBLOCK, "another holds it") from None

    monkeypatch.setattr(atomic_files.fcntl, "flock", flock)


def _fill(words: str, company: Company, new: Path) -> list[str]:
    (release,) = (Path(company.output) / "sessions" / "releases").iterdir()
    names = {name: company.folder / f"{name}.csv" for name in ("groups", "directory")}
    names |= {"nights": company.folder / "nights.env", "request": company.folder / "request.json"}
    names |= {"log": next(company.logs.rglob("*.jsonl")), "logs": next(company.logs.rglob("*.jsonl"))}
    names |= {"out": company.output, "keys": company.keys, "state": Path(company.state), "consent": company.consent}
    names |= {"new": new / "new", "elsewhere": new, "release": release}
    return [word.format_map(names) for word in words.split()]


def _read_all(company: Company) -> dict[Path, bytes]:
    places = (company.keys, Path(company.state), company.output)
    return {path: path.read_bytes() for place in places for path in place.rglob("*") if path.is_file()}


def test_every_command_says_what_it_changes_and_is_tried_here() -> None:
    changing = {name for name, command in _ALL.items() if command.changes in {Changes.STATE, Changes.KEYS}}
    assert changing == set(_CHANGING)
    assert set(_ALL) - changing == set(_READING)
    assert {name for name, command in _ALL.items() if command.changes is Changes.PAUSE} == {"pause", "resume"}


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("name", sorted(_CHANGING))
def test_what_changes_keys_or_state_waits_for_a_backup(name: str, company: Company, tmp_path: Path) -> None:
    before, words = _read_all(company), _fill(_CHANGING[name], company, tmp_path)
    changes = _ALL[name].changes
    held, free = company.keys, Path(company.state) / LOCKS
    if changes is Changes.STATE:
        held, free = free, held
    with lock_folder(held):
        told = keyveil(*name.split(), *words)
    assert (told.code, "cannot be locked" in told.err, str(held) in told.err) == (4, True, True), told.err
    assert _read_all(company) == before
    assert not (tmp_path / "new").exists()


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("name", _OPENS)
def test_what_reads_waits_for_no_backup_and_changes_nothing(name: str, company: Company, tmp_path: Path) -> None:
    before = _read_all(company)
    with lock_folder(company.keys), lock_folder(Path(company.state) / LOCKS):
        told = keyveil(*name.split(), *_fill(_READING[name], company, tmp_path))
    assert "locked" not in told.err
    assert _read_all(company) == before


@pytest.mark.parametrize("held", ["keys", "state"])
def test_a_command_holds_what_it_changes_until_it_ends(
    held: str, company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A backup, which wants both alone, gets neither while the command runs, and both afterwards."""
    name = "keys rotate" if held == "keys" else "ledger charge"
    folder = company.keys if held == "keys" else Path(company.state) / LOCKS
    free: list[bool] = []

    def is_free() -> bool:
        return subprocess.run(["flock", "--nonblock", str(folder), "true"], check=False).returncode == 0

    command, run = _ALL[name], _ALL[name].run
    monkeypatch.setattr(command, "run", lambda *words: (free.append(is_free()), run(*words))[1], raising=False)
    told = keyveil(*name.split(), *_fill(_CHANGING[name], company, company.folder))
    assert (told.code, free, is_free()) == (0, [False], True), told.err


def test_in_a_folder_that_is_no_state_no_locks_are_made(company: Company, tmp_path: Path) -> None:
    words = ("--keys", company.keys, "--state", tmp_path, "--label", "x", "--epsilon", "9", "--delta", "1e-9")
    assert keyveil("ledger", "charge", *words).code == 3
    assert not (tmp_path / LOCKS).exists()
    assert keyveil("ledger", "charge", "--keys", tmp_path / "none", *words[4:]).code == 3
