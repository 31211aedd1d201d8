"""A company that runs keyveil by days, and what its releases hold of each session."""

import contextlib
import io
import json
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from pipelines.cli.main import main
from tests.support.days import USERS, Event
from tests.support.keysets import forget_state
from tests.support.kill_points import in_child, kill_before
from tests.support.release_parts import ALL_PARTS_OPTIONS
from transforms.keys.key_set import KeyReference, KeyRole, KeySet
from transforms.keys.pseudonym import pseudonym

QUICK = (
    "--set",
    "redact.profile=fast",
    "--set",
    "store.encryption=none",
    "--set",
    "noise.model=prior",
    *ALL_PARTS_OPTIONS,
)


@dataclass(frozen=True, slots=True)
class Held:
    """Rows that releases hold of a session: rows by kind, without those that type a surrogate, and redacted spans."""

    kinds: Counter[str]
    spans: Counter[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Told:
    """Output of a command."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Return its machine-readable result."""
        return json.loads(self.out)


def keyveil(*words: str | Path) -> Told:
    """Run one command in this process."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main([str(word) for word in words])
    return Told(code, out.getvalue(), err.getvalue())


class Company:
    """Logs by day, a consent registry, a key set and an output in a folder of its own."""

    def __init__(self, folder: Path, settings: Sequence[str] = ()) -> None:
        self.folder, self.logs, self.keys = folder, folder / "logs", folder / "keys"
        self.output, self.consent = folder / "out", folder / "consent.csv"
        self.state: Path | str = folder / "state"
        self._settings = tuple(settings)
        self.agree(USERS)
        if keyveil("keys", "init", self.keys).code:
            raise AssertionError("no key set")

    def agree(self, users: Iterable[str]) -> None:
        """Write the registry again: these users agreed long ago, nobody else."""
        _write_registry(self.consent, users)

    def withdraw(self, users: Iterable[str]) -> None:
        """Write the registry again: these users agreed long ago and withdrew."""
        _write_registry(self.consent, users, withdrawn="2021-01-01T00:00:00Z")

    def words(self, *more: str) -> list[str]:
        """Return the command of a night."""
        words = ["run", "--input", f"{self.logs}/{{day}}/*.jsonl", "--consent", self.consent, "--keys", self.keys]
        words += ["--output", self.output, "--state", self.state, *QUICK, *self._settings, *more]
        return [str(word) for word in words]

    def run(self, *more: str) -> Told:
        """Run days."""
        return keyveil(*self.words("--json", *more))

    def killed(self, at: int, *more: str) -> int:
        """Run days in a child that is killed before its ``at``-th change to private state or output."""

        def act() -> int:
            sys.stdout = sys.stderr = io.StringIO()
            kill_before(self.folder, at)
            return main(self.words(*more))

        return in_child(act)

    def one_shot(self, files: Sequence[Path], users: Iterable[str]) -> Path:
        """Return the release of one run over ``files``, by the same keys, of these users, with a state of its own."""
        registry = self.folder / "one-shot.csv"
        _write_registry(registry, users)
        words = ["run", "--input", *map(str, files), "--consent", str(registry), "--keys", str(self.keys), "--json"]
        where = ["--output", str(self.folder / "one-shot"), "--state", str(self.folder / "one-shot-state")]
        with forget_state(self.keys):
            told = keyveil(*words, *where, *QUICK, *self._settings)
        if told.code:
            raise AssertionError(told.err)
        return Path(told.json["release"])

    def releases(self) -> list[Path]:
        """Return the sealed releases."""
        return sorted(path.parent for path in self.output.rglob("manifest.dsse.json"))

    def held(self, releases: Iterable[Path], sessions: Iterable[Sequence[Event]]) -> dict[str, Held]:
        """Return the rows of ``releases`` by session id; parts of a session are put together."""
        keys = KeySet.open(KeyReference.parse(str(self.keys)))
        names = [events[0]["session_id"] for events in sessions]
        found: dict[str, Held] = {}
        for release in releases:
            called = {}
            for key in keys.derivations(KeyRole.PSEUDONYM, release.name):
                called |= {pseudonym(key, "session", name, part): name for name in names for part in range(4)}
            for path in sorted((release / "events").glob("*.parquet")):
                for row in pq.read_table(path, columns=["session", "kind", "synthetic", "redactions"]).to_pylist():
                    held = found.setdefault(called[row["session"]], Held(Counter(), Counter()))
                    if not row["synthetic"]:
                        held.kinds[row["kind"]] += 1
                    held.spans.update((item["column"], item["entity"]) for item in row["redactions"] or ())
        return found

    def shards(self) -> dict[str, bytes]:
        """Return all released files by release and name."""
        return {str(path.relative_to(self.output)): path.read_bytes() for path in self.output.rglob("*.parquet")}

    def resting(self, kind: str) -> list[Path]:
        """Return the files of a kind that rest in private state."""
        return sorted((Path(self.state) / "nights" / "sessions" / kind).glob("*"))


def _write_registry(path: Path, users: Iterable[str], withdrawn: str = "") -> None:
    rows = "".join(f"{user},training,1,2020-01-01T00:00:00Z,{withdrawn}\n" for user in users)
    path.write_text("user_id,purpose,version,granted_at,withdrawn_at\n" + rows, encoding="utf-8")


def span(days: Sequence[date]) -> tuple[str, str]:
    """Return the words that run ``days``."""
    return "--days", f"{days[0].isoformat()}..{days[-1].isoformat()}"
