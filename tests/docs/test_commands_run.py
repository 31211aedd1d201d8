"""The commands of the pages run as they are written, on a small release that the README's own command makes."""

import contextlib
import gzip
import io
import json
import re
import shlex
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from pipelines.cli.main import main
from tests.support.days import USERS, days_from, make_sessions

_ROOT = Path(__file__).parents[2]
_PAGES = ("README.md", "docs/operating.md", "docs/auditing.md", "docs/privacy-budget.md", "docs/settings-by-size.md")
_BLOCK = re.compile(r"^```\w*\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_EXPORT = "keyveil keys export "

_ELSEWHERE = {
    "{day}": "runs by days take a minute; tests/nightly",
    "--wishes": "a second run; tests/pipelines/test_withheld.py",
    "keyveil preview ": "tests/pipelines/preview",
    "quarantine show LOCATOR": "names a record that only a run with bad input makes",
    "gs://BUCKET": "needs a bucket and its audit log; tests/pipelines/operations/disclosure",
    "gcp-kms://": "needs a project in the cloud; tests/keys/test_kms.py",
}
"""Commands that are not run here, by a part of their words, and why."""

_CODES = {"keyveil erase --user ID": 1, "keyveil subject-report data --user ID": 1, "keyveil review data": 4}
"""Exit codes other than 0: nobody of that id is in the dataset, which is said."""

_END = re.compile(r"(?<=--until )\d{4}")
"""The year of an export's last day: what a page shows passes some day, and an export of the past is refused."""


def _commands() -> list[str]:
    """List each command of the pages once, in order; the reader's keys are exported as soon as there is a key set."""
    text = "".join((_ROOT / page).read_text(encoding="utf-8") for page in _PAGES)
    lines = [line for block in _BLOCK.findall(text) for line in block.splitlines() if line.startswith("keyveil ")]
    shown = dict.fromkeys(line for line in lines if not line.startswith("keyveil  "))
    first, *rest = shown
    return [first, *sorted(rest, key=lambda line: not line.startswith(_EXPORT))]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[Path]:
    """Make the files that the pages name, and work in their folder."""
    (session, *_) = make_sessions(days_from(date(2026, 11, 3), 1), 1, 1)
    (tmp_path / "logs").mkdir()
    with gzip.open(tmp_path / "logs" / "a.jsonl.gz", "wt", encoding="utf-8") as file:
        file.write("".join(json.dumps(event | {"user_id": USERS[0]}) + "\n" for event in session))
    registry = (_ROOT / "examples" / "consent.csv").read_text(encoding="utf-8")
    files = {
        "consent.csv": registry,
        "consent-2026-11-29.csv": registry,
        "keyveil.yaml": "basis: {contact: privacy@example.com}",
        "bucket.yaml": (_ROOT / "tests" / "preflight" / "policy.yaml").read_text(encoding="utf-8"),
        "pauses.csv": "user_id,kind,starts_at,ends_at,granted_by\n",
        "id.txt": USERS[0],
        "c.txt": "Zq7-planted value\n",
        "found.csv": "who,what\n",
        "history.json": json.dumps([[1.1, 0.01, 500]]),
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    with contextlib.chdir(tmp_path):
        yield tmp_path


def _run(line: str) -> tuple[int, str]:
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            return main(shlex.split(_END.sub("2999", line), comments=True)[1:]), err.getvalue()
        except SystemExit as ended:  # --help
            return int(ended.code or 0), ""


def test_the_commands_of_the_pages_run_as_they_are_written(world: Path) -> None:
    lines = [line for line in _commands() if not any(part in line for part in _ELSEWHERE)]
    assert len(lines) >= 25
    for line in lines:
        expected = next((code for start, code in _CODES.items() if line.startswith(start)), 0)
        code, says = _run(line)
        assert code == expected, f"{line}: {says}"
    assert {"sheet.html", "report.html", "settings.yaml", "grant.json"} <= {path.name for path in world.iterdir()}


def test_every_reason_not_to_run_a_command_is_needed() -> None:
    lines = _commands()
    assert [part for part in _ELSEWHERE if not any(part in line for line in lines)] == []
