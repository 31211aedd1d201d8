"""The nights of one server: the exact commands of the units on made-up logs, alerts, a backup and its restoration."""

import configparser
import gzip
import re
import shlex
import shutil
import subprocess
import tarfile
from contextlib import ExitStack, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipelines.cli.main import COMMANDS
from pipelines.cli.parser import parse
from pipelines.config import load_config
from pipelines.doctor.settings import load_nights
from pipelines.observe.otlp_metrics import RunOutcome, list_points
from tests.support.days import USERS, days_from, make_sessions, write_days
from tests.support.http_server import Request, answering
from tests.support.nights import QUICK, Company, Told, keyveil
from transforms.object_store.atomic_files import lock_folder, lock_release

UNITS = Path(__file__).parents[3] / "deploy" / "systemd"


def read_commands(unit: str, setting: str, environment: dict[str, str]) -> list[list[str]]:
    """Return the commands of a unit as systemd makes them: ``${NAME}`` is one word, ``$NAME`` is split at spaces."""
    lines = (UNITS / unit).read_text(encoding="utf-8").splitlines()
    commands = []
    for line in (line.partition("=")[2] for line in lines if line.startswith(f"{setting}=")):
        words: list[str] = []
        for word in line.split():
            if re.fullmatch(r"\$\w+", word):
                words += shlex.split(environment[word[1:]])
            else:
                words.append(re.sub(r"\$\{(\w+)\}", lambda found: environment[found[1]], word).replace("%n", unit))
        commands.append(words)
    return commands


class Server:
    """One machine with units, logs and folders in a place of its own."""

    def __init__(self, folder: Path) -> None:
        self.company = Company(folder)
        names = {line.partition("=")[0] for line in (UNITS / "nights.env").read_text().splitlines() if line[0] != "#"}
        self.environment = {
            "FIRST_DAY": str(datetime.now(UTC).date() - timedelta(days=2)),
            "INPUT": f"{self.company.logs}/{{day}}/*.jsonl",
            "CONSENT": str(self.company.consent),
            "OUTPUT": str(self.company.output),
            "KEYS": str(self.company.keys),
            "STATE": str(self.company.state),
            "JOURNAL": str(folder / "nights.jsonl"),
            "BACKUP": str(folder / "backup"),
            "RETAIN": "--days 365",
            # a window a day: on whatever day of the week this runs, windows are over
            "OPTIONS": shlex.join((*QUICK, "--set", "schedule.window_days=1")),
        }
        assert names == set(self.environment), "the example names what the units use"

    def night(self, **changes: str) -> Told:
        """Run what the service runs, with changes of the environment file."""
        (command,) = read_commands("keyveil-nights.service", "ExecStart", self.environment | changes)
        assert command[0] == "/opt/keyveil/bin/keyveil"
        return keyveil(*command[1:])

    def script(self, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run one of our scripts."""
        command = [word.replace("/opt/keyveil/systemd", str(UNITS)) for word in words]
        path = {"PATH": "/usr/bin:/bin"}
        return subprocess.run(command, env=path | environment, check=False, capture_output=True, text=True)

    def restore(self, archive: Path, copy: Path) -> list[str]:
        """Run the commands of the page on empty folders; return the words of the last one, which verifies."""
        page = (UNITS / "README.md").read_text(encoding="utf-8")
        block = page[page.index("## Restore") :].partition("```\n")[2].partition("```")[0]
        block = re.sub(r"/srv/backup/keyveil/keyveil-\w+\.tar", str(archive), block)
        named = {"data": self.company.output, "keys": self.company.keys, "state": self.company.state}
        places = {f"/var/lib/keyveil/{name}": here for name, here in named.items()} | {"/srv/backup/releases": copy}
        for shown, here in places.items():
            block = block.replace(shown, str(here))
        *puts, verify = [line for line in block.splitlines() if not line.startswith("systemctl")]
        for line in puts:
            assert self.script(*line.split()).returncode == 0, line
        return verify.partition("/bin/keyveil ")[2].split()


@pytest.fixture
def server(tmp_path: Path) -> Server:
    return Server(tmp_path)


def test_nights_run_fail_go_on_and_come_back_from_a_backup(server: Server, tmp_path: Path) -> None:
    company, today = server.company, datetime.now(UTC).date()
    write_days(company.logs, [*make_sessions(days_from(today - timedelta(days=2), 2), 1, 5)])
    pauses = tmp_path / "pauses.csv"
    pauses.write_text(f"user_id,kind,starts_at,ends_at,granted_by\n{USERS[0]},pause,{today}T00:00:00Z,,\n")
    forgetful = server.environment["OPTIONS"]
    server.environment["OPTIONS"] += f" --pauses {pauses}"
    registry = company.consent.read_text()
    company.consent.write_text("user_id,purpose\n")
    assert server.night().code == 3
    company.consent.write_text(registry)
    told = server.night()
    assert (told.code, len(company.resting("journal")) >= 2) == (0, True), told.err
    made = len(company.resting("journal"))
    forgotten = server.night(OPTIONS=forgetful)
    assert (forgotten.code, "Pass --pauses" in forgotten.err) == (3, True)

    never = ("run-keys", "runs", "locks", "prefilters")
    for name in never:
        (company.state / name).mkdir(exist_ok=True)
        (company.state / name / "secret").touch()
    (company.state / "nights" / "runs").mkdir()
    (backup,) = read_commands("keyveil-backup.service", "ExecStart", server.environment)
    assert server.script(*backup, KEYS=str(company.keys), STATE=str(company.state)).returncode == 0
    (archive,) = (tmp_path / "backup").iterdir()
    assert archive.stat().st_mode & 0o077 == 0
    with tarfile.open(archive) as kept:
        names = {f"/{name}" for name in kept.getnames()}
    assert not [name for name in never if f"{company.state}/{name}" in names]
    assert {f"{company.state}/nights/runs", f"{company.state}/ledger", f"{company.keys}/signing.public.pem"} <= names
    (tmp_path / "copy").mkdir()
    for lost in (company.keys, company.state):
        shutil.rmtree(lost)
    assert server.restore(archive, tmp_path / "copy")[:1] == ["verify"]
    assert server.night().code == 0
    assert len(company.resting("journal")) == made, "the restored machine has nothing to do again"


def write_line(message: str) -> str:
    """Write severity and message of a line as the event log writes them."""
    severity = "INFO" if message in {"night staged", "run ended"} else "WARNING"
    return f'"severity": "{severity}", "message": "{message}"'


@pytest.mark.parametrize(
    ("lines", "sent"),
    [
        (["release late", "night staged", "run ended"], ["release late"]),
        (["pauses of nobody", "registry row unused", "run ended"], ["pauses of nobody", "registry row unused"]),
        (["budget low", "run ended", "night staged", "run ended"], []),
        (["release late", "release late", "rejects unusual"], ["rejects unusual", "release late"]),
        (["night staged", "run ended"], []),
        (["no log", "damaged files", "run ended"], ["damaged files", "no log"]),
    ],
)
def test_what_needs_somebody_is_sent_once_and_without_a_line_of_the_log(
    server: Server, tmp_path: Path, lines: list[str], sent: list[str]
) -> None:
    journal, received = tmp_path / "nights.jsonl", list[Any]()
    journal.write_text("".join(f'{{"time": "t", {line}, "dataset": "hunter2"}}\n' for line in map(write_line, lines)))

    def answer(request: Request) -> tuple[int, Any]:
        received.append(request.json()["text"])
        return 200, {}

    with answering(answer) as url:
        words = ("/opt/keyveil/systemd/attention", str(journal), "keyveil-nights.service")
        assert server.script(*words, ALERT_URL=url).returncode == 0
    assert [text.split(": ")[2].partition(";")[0] for text in received] == sorted(sent)
    assert "hunter2" not in "".join(received)


def test_a_failure_is_sent_and_an_alert_that_nobody_gets_is_an_error(server: Server) -> None:
    with answering(lambda _: (200, {})) as url:
        assert (
            server.script("/opt/keyveil/systemd/alert", "keyveil-nights.service", "failed", ALERT_URL=url).returncode
            == 0
        )
    with answering(lambda _: (500, {})) as url:
        assert server.script("/opt/keyveil/systemd/alert", "u", "failed", ALERT_URL=url).returncode != 0
    unset = server.script("/opt/keyveil/systemd/alert", "u", "failed")
    assert (unset.returncode, "ALERT_URL" in unset.stderr) == (1, True)


@pytest.mark.parametrize(
    ("unit", "says"), [("a.service", "see journalctl -u a.service"), ("nights", "see the event log")]
)
def test_an_alert_says_where_to_look(server: Server, unit: str, says: str) -> None:
    received = list[str]()

    def answer(request: Request) -> tuple[int, Any]:
        received.append(request.json()["text"])
        return 200, {}

    with answering(answer) as url:
        assert server.script("/opt/keyveil/systemd/alert", unit, "failed", ALERT_URL=url).returncode == 0
    assert received[0].endswith(says)


@pytest.mark.parametrize(
    ("hours", "message", "times"),
    [(25, "run ended", 0), (25, "run failed", 0), (27, "run ended", 1), (1, "night staged", 1)],
)
def test_a_night_that_did_not_run_is_told(server: Server, tmp_path: Path, hours: int, message: str, times: int) -> None:
    at = (datetime.now(UTC) - timedelta(hours=hours)).isoformat(timespec="milliseconds")
    line = f'{{"time": "{at}", "severity": "INFO", "message": "{message}"}}\n'.encode()
    received = list[str]()

    def answer(request: Request) -> tuple[int, Any]:
        received.append(request.json()["text"])
        return 200, {}

    with answering(answer) as url:
        words = ("/opt/keyveil/systemd/heartbeat", str(tmp_path / "nights.jsonl"), "keyveil-nights.service")
        for name, content in (("nights.jsonl", line), ("nights.jsonl.1.gz", gzip.compress(line))):
            (tmp_path / name).write_bytes(content)
            assert server.script(*words, ALERT_URL=url).returncode == 0
            (tmp_path / name).unlink()
    assert ["no night ran for 26 hours" in text for text in received] == [True] * 2 * times


def test_the_address_of_an_alert_is_not_in_the_list_of_processes(server: Server) -> None:
    shown = list[bytes]()

    def answer(_: Request) -> tuple[int, Any]:
        for words in Path("/proc").glob("[0-9]*/cmdline"):
            with suppress(OSError):
                shown.append(words.read_bytes())
        return 200, {}

    with answering(answer) as url:
        assert server.script("/opt/keyveil/systemd/alert", "u", "failed", ALERT_URL=f"{url}/hunter2").returncode == 0
    assert any(b"curl" in words for words in shown)
    assert not any(b"hunter2" in words for words in shown)


@pytest.mark.parametrize(
    ("unit", "when", "setting", "value"),
    [
        ("keyveil-nights.service", "17 2 * * *", "pauses", "/srv/consent/pauses.csv"),
        ("keyveil-retain.service", "0 14 * * 0", "days", 365),
    ],
)
def test_the_line_of_cron_runs_what_the_service_runs(
    unit: str, when: str, setting: str, value: object, tmp_path: Path
) -> None:
    page = (UNITS / "README.md").read_text(encoding="utf-8")
    (line,) = [line for line in page.splitlines() if line.startswith(f"{when} keyveil ")]
    stub = tmp_path / "bin" / "keyveil"
    stub.parent.mkdir()
    stub.write_text('#!/bin/sh\nfor word in "$@"; do echo "$word"; done\n')
    stub.chmod(0o700)
    command = line.removeprefix(f"{when} keyveil ").replace("/etc/keyveil", str(UNITS))
    shell = ["/bin/sh", "-c", command.replace("/opt/keyveil/bin", str(stub.parent))]
    told = subprocess.run(shell, env={"PATH": "/usr/bin:/bin"}, check=True, capture_output=True, text=True)
    pairs = (line.partition("=") for line in (UNITS / "nights.env").read_text().splitlines() if line[0] != "#")
    environment = {name: value.strip('"') for name, _, value in pairs}
    (service,) = read_commands(unit, "ExecStart", environment)
    assert told.stdout.splitlines() == service[1:]
    assert getattr(parse(COMMANDS, service[1:]), setting) == value


def test_retention_deletes_what_is_older_than_promised_and_alerts_where_it_cannot(server: Server) -> None:
    company, today = server.company, datetime.now(UTC).date()
    write_days(company.logs, [*make_sessions(days_from(today - timedelta(days=2), 2), 1, 2)])
    assert server.night().code == 0
    (words,) = read_commands("keyveil-retain.service", "ExecStart", server.environment)
    told = keyveil(*words[1:])
    assert (told.code, "0 releases removed" in told.out) == (0, True), told.err
    unit = configparser.RawConfigParser(strict=False)
    unit.read(UNITS / "keyveil-retain.service")
    assert unit["Unit"]["OnFailure"] == "keyveil-alert@%n.service"
    assert "SuccessExitStatus" not in unit["Service"]


def test_the_page_repairs_a_ledger_that_names_lost_releases_by_a_command_that_is_one() -> None:
    page = (UNITS / "README.md").read_text(encoding="utf-8")
    (command,) = re.findall(r"`keyveil (retain [^`]+)`", page)
    assert parse(COMMANDS, command.split()).missing


def test_of_many_backups_the_last_are_kept(server: Server, tmp_path: Path) -> None:
    folder = tmp_path / "backup"
    folder.mkdir()
    for day in range(1, 5):
        (folder / f"keyveil-202601{day:02}T000000Z.tar").touch()
    named = {"KEYS": str(server.company.keys), "STATE": str(server.company.keys), "KEEP": "2"}
    assert server.script(str(UNITS / "backup"), str(folder), **named).returncode == 0
    kept = sorted(path.name for path in folder.iterdir())
    assert (len(kept), kept[0]) == (2, "keyveil-20260104T000000Z.tar")


@pytest.mark.parametrize("held", ["keys", "state"])
def test_a_backup_waits_for_who_changes_state_or_keys(server: Server, tmp_path: Path, held: str) -> None:
    (command,) = read_commands("keyveil-backup.service", "ExecStart", server.environment)
    words = [word.replace("/opt/keyveil/systemd", str(UNITS)) for word in command]
    state = Path(server.company.state)
    named = {"PATH": "/usr/bin:/bin", "KEYS": str(server.company.keys), "STATE": str(state)}
    with ExitStack() as changing:
        if held == "keys":
            changing.enter_context(lock_folder(server.company.keys))
        else:
            changing.enter_context(lock_release(state, "nights-sessions"))
            changing.enter_context(lock_release(state, "nights-other"))
        begun = subprocess.Popen(words, env=named)
        with pytest.raises(subprocess.TimeoutExpired):
            begun.wait(1)
        assert not list((tmp_path / "backup").glob("keyveil-*.tar"))
    assert begun.wait(600) == 0
    assert len(list((tmp_path / "backup").glob("keyveil-*.tar"))) == 1


def test_a_night_waits_for_a_backup(server: Server) -> None:
    locks = Path(server.company.state) / "locks"
    with lock_release(Path(server.company.state), "nights-sessions"):
        pass
    waits = ["flock", "--nonblock", "--shared", str(locks), "true"]
    with lock_folder(locks):
        assert subprocess.run(waits, check=False).returncode == 1
    with lock_release(Path(server.company.state), "nights-other"):
        assert subprocess.run(waits, check=False).returncode == 0
        assert subprocess.run([*waits[:2], str(locks), "true"], check=False).returncode == 1


def test_a_backup_before_the_first_night_leaves_room_for_its_locks(server: Server, tmp_path: Path) -> None:
    named = {"KEYS": str(server.company.keys), "STATE": str(server.company.state)}
    assert server.script(str(UNITS / "backup"), str(tmp_path / "backup"), **named).returncode == 0
    with lock_release(Path(server.company.state), "nights-sessions"):
        pass


def test_a_failed_night_alerts_and_is_bounded() -> None:
    parser = configparser.RawConfigParser(strict=False)
    parser.read(UNITS / "keyveil-nights.service")
    unit, service = parser["Unit"], parser["Service"]
    assert unit["OnFailure"] == "keyveil-alert@%n.service"
    assert (service["Type"], service["SuccessExitStatus"], service["UMask"]) == ("oneshot", "1", "0077")
    assert (service["MemoryMax"], service["StateDirectoryMode"], service["IPAddressDeny"]) == ("8G", "0700", "any")
    for name in ("keyveil-nights.timer", "keyveil-backup.timer", "keyveil-retain.timer", "keyveil-heartbeat.timer"):
        assert "Persistent=true" in (UNITS / name).read_text(encoding="utf-8")


def test_prometheus_asks_for_metrics_that_a_run_sends() -> None:
    ended = RunOutcome("d", 0, 1.0, {}, nights={"reject.unreadable": 1})
    sent = {"keyveil.run.duration", *(name for name, _, _ in list_points(ended))}
    known = {name.replace(".", "_") for name in sent}
    rules = yaml.safe_load((UNITS / "prometheus.yaml").read_text(encoding="utf-8"))["groups"][0]["rules"]
    asked = {name for rule in rules for name in re.findall(r"keyveil_\w+", rule["expr"])}
    assert {re.sub(r"_(total|seconds)$", "", name) for name in asked} <= known
    assert len(rules) >= 4


def test_the_example_of_settings_is_one_that_the_example_of_the_nights_names() -> None:
    config = load_config(str(UNITS / "settings.yaml"), [], None)
    assert (config.aggregates.people, config.schedule.days_off) == (300, ("saturday", "sunday"))
    assert config.basis.expires is not None
    config.basis.require(config.basis.expires, complete=False)  # what an example states passes some day
    assert load_nights(UNITS / "nights.env").config == "/etc/keyveil/settings.yaml"


def test_cron_does_each_night_what_the_units_do() -> None:
    page = (UNITS / "README.md").read_text(encoding="utf-8")
    lines = [line for line in page.splitlines() if re.match(r"[\d*]+ \d+ \* \* [\d*] keyveil ", line)]
    assert len(lines) == 6
    for what in ("keyveil run ", "keyveil verify ", "/attention ", "/heartbeat ", "/backup ", "keyveil retain "):
        assert len([line for line in lines if what in line]) == 1, what
    (verify,) = [line for line in lines if "keyveil verify " in line]
    (_, unit), *_ = [line.split("keyveil verify ") for line in _unit_lines() if "keyveil verify " in line]
    words = re.sub(r"\$(\w+)", r"${\1}", verify.split("keyveil verify ")[1].partition(" ||")[0].replace('"', ""))
    assert words == unit
    assert "OnSuccess=keyveil-backup.service" in _unit_lines()


def _unit_lines() -> list[str]:
    return (UNITS / "keyveil-nights.service").read_text(encoding="utf-8").splitlines()


def test_a_backup_from_before_a_release_comes_back_by_the_steps_of_the_page(tmp_path: Path) -> None:
    end = datetime.now(UTC).date() - timedelta(days=1)
    days = days_from(end - timedelta(days=end.toordinal() % 2 + 1), 2)  # a window that is over
    company = Company(tmp_path, ("--set", "schedule.window_days=2"))
    write_days(company.logs, [*make_sessions(days, 1, 3)])
    assert company.run("--days", f"{days[0]}..{days[0]}").code == 0
    shutil.copytree(company.state, tmp_path / "backup")
    assert company.run("--day", str(days[1])).code == 0
    (release,) = company.releases()
    shutil.rmtree(company.state)
    shutil.copytree(tmp_path / "backup", company.state)
    look = ("verify", company.output, "--keys", company.keys, "--state", company.state)
    told = keyveil(*look)
    assert (told.code, f"{release.name} was charged to another ledger" in told.err) == (4, True)
    assert company.run("--day", str(days[1])).code == 3

    page = (UNITS / "README.md").read_text(encoding="utf-8")
    block = page[page.index("`was charged to another ledger") :].partition("```\n")[2].partition("```")[0]
    for name, here in {"data": company.output, "keys": company.keys, "state": company.state}.items():
        block = block.replace(f"/var/lib/keyveil/{name}", str(here))
    for line in block.replace("ID", release.name).splitlines():
        if line.startswith("keyveil "):
            assert keyveil(*line.split()[1:]).code == 0, line
        else:
            subprocess.run(line.split(), check=True)
    told = company.run("--day", str(days[1]))
    assert (told.code, len(told.json["releases"]), len(company.releases())) == (0, 1, 1), told.err
    assert keyveil(*look).code == 0
    shown = keyveil("ledger", "show", "--keys", company.keys, "--state", company.state, "--json").json
    assert f"lost-{release.name}" in str(shown)
