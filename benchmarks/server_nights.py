"""Thirty nights of one server by the commands of its units, with two failures and their alerts, then a restoration.

Run: python -m benchmarks.server_nights [--nights 30] [--sessions 2]

Every night the clock of the run stands at 02:17 of the next day, and the commands of ``keyveil-nights.service`` are run
as written there: the night, its verification once something is released, and ``attention``. In one night the
registry of consent cannot be read; another night is killed. Both times systemd's part is played: what ``OnFailure=``
starts must reach a webhook, and the night after catches up. At the end keys, state and releases are gone: one backup
and a copy of the releases are put on the empty folders by the commands of the page, and nothing is left to do again.
"""

import argparse
import os
import shutil
import signal
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from pipelines.nightly import run as nightly
from tests.deploy.systemd.test_units import Server, read_commands
from tests.support.days import days_from, make_sessions, write_days
from tests.support.http_server import Request, answering
from tests.support.kill_points import KILLED, in_child
from tests.support.nights import keyveil
from tests.support.simulation import require

UNIT = "keyveil-nights.service"
UNREADABLE, KILLED_NIGHT = 7, 19


def night_clock(day: date) -> type[datetime]:
    """Return a clock that stands at 02:17 UTC of the day after ``day``."""

    class Clock(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> "Clock":
            return cls(day.year, day.month, day.day, 2, 17, tzinfo=tz) + timedelta(days=1)

    return Clock


def kill_a_night(server: Server) -> int:
    """Run a night in a child that is killed as it records what it staged; return its exit code."""

    def die(*_: object) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    def act() -> int:
        from pipelines.nightly import stage_day  # noqa: PLC0415 - patched in the child alone

        stage_day._reconcile = die  # noqa: SLF001
        return server.night().code

    return in_child(act)


def run_nights(server: Server, days: list[date], url: str) -> tuple[int, int]:
    """Run the nights; return how many ended well, and how many failed and were alerted."""
    company, good, failed = server.company, 0, 0
    for number, day in enumerate(days):
        nightly.datetime = night_clock(day)
        registry = company.consent.read_text()
        if number == UNREADABLE:
            company.consent.write_text("user_id,purpose\n")
        code = kill_a_night(server) if number == KILLED_NIGHT else server.night().code
        company.consent.write_text(registry)
        if code in (0, 1):
            verify, attention = read_commands(UNIT, "ExecStartPost", server.environment)
            require(not company.releases() or keyveil(*verify[1:]).code == 0, f"verify fails after night {number}")
            require(server.script(*attention, ALERT_URL=url).returncode == 0, f"attention fails after night {number}")
            good += 1
        else:
            require(code == (KILLED if number == KILLED_NIGHT else 3), f"night {number} ends with {code}")
            (alert,) = read_commands("keyveil-alert@.service", "ExecStart", server.environment)
            words = [word.replace("%i", UNIT) for word in alert]
            require(server.script(*words, ALERT_URL=url).returncode == 0, "an alert is not sent")
            failed += 1
    return good, failed


def restore(server: Server, folder: Path) -> None:
    """Lose keys, state and releases, and put them back by the commands of the page."""
    company = server.company
    (backup,) = read_commands("keyveil-backup.service", "ExecStart", server.environment)
    named = {"KEYS": str(company.keys), "STATE": str(company.state)}
    require(server.script(*backup, **named).returncode == 0, "the backup fails")
    (archive,) = (folder / "backup").iterdir()
    shutil.copytree(company.output, folder / "copy")
    for lost in (company.keys, Path(company.state), company.output):
        shutil.rmtree(lost)
    told = keyveil(*server.restore(archive, folder / "copy"))
    require(told.code == 0, f"verify fails after the restoration: {told.err}")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--nights", type=int, default=30)
    parser.add_argument("--sessions", type=int, default=2)
    chosen = parser.parse_args()
    begun, cpu, received = time.monotonic(), time.process_time(), list[str]()

    def answer(request: Request) -> tuple[int, Any]:
        received.append(request.json()["text"])
        return 200, {}

    with tempfile.TemporaryDirectory() as name, answering(answer) as url:
        server = Server(Path(name))
        days = days_from(datetime.now(UTC).date() - timedelta(days=chosen.nights + 1), chosen.nights)
        server.environment["FIRST_DAY"] = days[0].isoformat()
        write_days(server.company.logs, [*make_sessions(days, chosen.sessions, 5)])
        good, failed = run_nights(server, days, url)
        releases = len(server.company.releases())
        restore(server, Path(name))
        made = server.night()
        require(made.code == 0, "the night after the restoration fails")
        require(len(server.company.releases()) == releases, "the night after the restoration releases again")
    sent = sum("failed" in text for text in received)
    require((good, failed, sent) == (chosen.nights - 2, 2, 2), f"{good} good, {failed} failed, {sent} alerts")
    print(
        f"{chosen.nights} nights: {good} ended well, {failed} failed, {sent} alerts of failures and "
        f"{len(received) - sent} others, {releases} releases, restored; {time.process_time() - cpu:.0f} CPU s, "
        f"{time.monotonic() - begun:.0f} s"
    )


if __name__ == "__main__":
    main()
