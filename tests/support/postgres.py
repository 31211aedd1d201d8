"""A PostgreSQL server of the test's own, on a socket in its folder; skipped by name where none is installed."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def serve_postgres() -> Iterator[str]:
    """Start a server and yield the URL of its database; root may not start one, so that another user does."""
    programs = next(iter(sorted(Path("/usr/lib/postgresql").glob("*/bin"))), None)
    own = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    if programs is None or (own and not shutil.which("runuser")):
        pytest.skip("no PostgreSQL server is installed: apt-get install postgresql")
    with tempfile.TemporaryDirectory(dir="/tmp") as home:
        if own:
            user = pwd.getpwnam("postgres")
            os.chown(home, user.pw_uid, user.pw_gid)
        data, started = f"{home}/data", [*own, str(programs / "pg_ctl"), "-D", f"{home}/data"]
        _run([*own, str(programs / "initdb"), "-D", data, "-U", "keyveil", "-A", "trust", "--no-sync"])
        options = f"-k {home} -c listen_addresses='' -c fsync=off"
        _run([*started, "-w", "-l", f"{home}/log", "-o", options, "start"])
        try:
            yield f"postgresql+psycopg://keyveil@/postgres?host={home}"
        finally:
            _run([*started, "-m", "immediate", "stop"])


def _run(words: list[str]) -> None:
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/")
