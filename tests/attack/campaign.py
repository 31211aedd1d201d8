"""Batches of attacks: many sessions in one run of the command line, and a search of all that it leaves behind."""

import contextlib
import io
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import pyarrow.parquet as pq

from pipelines.cli.main import main
from tests.attack.recordings import Recording, Variant, agreed, lines, registry
from tests.attack.searching import Hit, Searcher
from tests.support.http_server import Request, answering
from transforms.keys.envelope import unseal
from transforms.keys.key_set import KeyReference, KeySet
from transforms.keys.quarantine_sealer import QUARANTINE_CONTEXT

MOST_IN_A_RUN = 500
COMPANION = "companion"
"""Somebody in every run who does nothing wrong: what holds up or drops their session is a fault."""
_SETTINGS = ("store.encryption=none", "noise.model=prior", "noise.lifetime_epsilon=32")

Attack = Callable[[Recording], Variant]


@dataclass
class Verdict:
    """Outcome of the variants of one kind.

    ``leaks`` says by variant what was found; ``failures`` are stalls, crashes and wrong refusals. ``released`` of
    ``sessions`` reached the release: a redaction that withholds everything would hold, and be of no use.
    """

    kind: str
    variants: int
    leaks: dict[int, list[str]] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)
    sessions: int = 0
    released: int = 0
    notes: list[str] = field(default_factory=list)
    cpu_s: float = 0.0

    def add(self, other: "Verdict") -> None:
        """Count another batch of the same kind."""
        for number, found in other.leaks.items():
            self.leaks.setdefault(number, []).extend(found)
        self.failures += other.failures
        self.sessions += other.sessions
        self.released += other.released

    def __str__(self) -> str:
        """Return one line a finding."""
        found = [f"{self.kind} {number}: {' | '.join(self.leaks[number][:3])}" for number in sorted(self.leaks)]
        return "\n".join([*found, *(f"{self.kind}: {failure}" for failure in self.failures)])


def drawn(attack: Attack, seed: int, number: int) -> Variant:
    """Return variant ``number`` of an attack: the same for the same seed, whatever was drawn before."""
    name = attack.__name__
    draw = Random(f"{seed}/{name}/{number}")
    return attack(Recording(f"{name}-{number}", f"user-{number // 3}", draw))


def recordings_attack(
    attack: Attack, folder: Path, seed: int, variants: int, prepare: Callable[["Home"], None] | None = None
) -> Verdict:
    """Run ``variants`` of an attack in batches, and search all that is left behind."""
    began, verdict = time.process_time(), Verdict(attack.__name__, variants)
    for start in range(0, variants, MOST_IN_A_RUN):
        numbers = range(start, min(variants, start + MOST_IN_A_RUN))
        made = [drawn(attack, seed, number) for number in numbers]
        home = Home(folder / f"{attack.__name__}-{start}")
        if prepare is not None:
            prepare(home)
        before = home.sessions_released()
        home.attack(made)
        batch = Verdict(attack.__name__, len(made), leaks=leaks(home, made, numbers))
        batch.sessions, batch.released = len(made), home.sessions_released() - before - 1
        if home.code not in (0, 1) or batch.released < 0:
            batch.failures.append(f"the run ended with {home.code}: {home.shown[-300:]}")
        if any(variant.registry for variant in made) and batch.released > 0:
            batch.failures.append(f"{batch.released} sessions of people who did not agree are released")
        verdict.add(batch)
        home.remove()
    verdict.cpu_s = time.process_time() - began
    return verdict


def leaks(home: "Home", made: Sequence[Variant], numbers: Sequence[int]) -> dict[int, list[str]]:
    """Find the secrets of each variant that stand anywhere but in the log."""
    owners = [(number, secret) for number, variant in zip(numbers, made, strict=True) for secret in variant.secrets]
    found: dict[int, list[str]] = {}
    for hit in sorted(home.search([secret for _, secret in owners])):
        found.setdefault(owners[hit.ordinal][0], []).append(f"{hit.form} in {hit.where}")
    return found


class Home:
    """A folder with a log, keys, private state and an output, and what was said while a command ran."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True)
        self.log, self.keys, self.state = folder / "log.jsonl", folder / "keys", folder / "state"
        self.output, self.journal, self.registry = folder / "out", folder / "journal.jsonl", folder / "consent.csv"
        self.code, self.shown, self.sent = 0, "", b""
        self.command("keys", "init", self.keys)

    def command(self, *words: object) -> int:
        """Run a command of ``keyveil`` in this process, keep what it says, and return its exit code."""
        said = io.StringIO()
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            try:
                self.code = main([str(word) for word in words])
            except SystemExit as ended:
                self.code = int(ended.code or 0)
        self.shown += said.getvalue()
        return self.code

    def run(self, *words: object, consent: object = "all-for-evaluation", settings: Sequence[str] = ()) -> int:
        """Run the main job over the log, with a journal and a receiver of metrics."""
        common = ["run", "--input", self.log, "--consent", consent, "--keys", self.keys, "--state", self.state]
        common += ["--output", self.output, "--journal", self.journal]
        for setting in (*_SETTINGS, *settings):
            common += ["--set", setting]
        with answering(self._receive) as address:
            return self.command(*common, "--metrics", f"{address}/v1/metrics", *words)

    def attack(self, made: Sequence[Variant]) -> int:
        """Run over all variants together and one harmless session, with the consent that they name or everybody's."""
        harmless = Recording("companion", COMPANION, Random(0)).rows
        rows = [*harmless, *(row for variant in made for row in variant.rows)]
        self.log.write_text(lines(rows), errors="surrogateescape")
        grants = {grant for variant in made for grant in variant.registry}
        if not grants:
            return self.run()
        self.registry.write_text(registry([agreed(COMPANION), *sorted(grants)]))
        return self.run(consent=self.registry)

    def _receive(self, request: Request) -> tuple[int, Any]:
        self.sent += request.content
        return 200, {}

    def search(self, secrets: Sequence[str]) -> set[Hit]:
        """Search everything but the log and the keys."""
        searcher = Searcher(secrets)
        found = searcher.in_bytes(self.sent, "metrics") | searcher.in_text(self.shown, "what the command says")
        for folder in (self.output, self.state):
            found |= searcher.in_folder(folder)
        if self.registry.exists():
            for content in self.quarantined():
                found |= searcher.in_bytes(content, "opened quarantine")
        return found | (searcher.in_file(self.journal, "journal") if self.journal.exists() else set())

    def quarantined(self) -> Iterator[bytes]:
        """Yield what lies sealed in the quarantine, as the holder of its private key reads it."""
        private = KeySet.open(KeyReference.parse(str(self.keys))).quarantine_private()
        for path in sorted((self.state / "quarantine").rglob("*.sealed")):
            yield unseal(private, path.read_bytes(), QUARANTINE_CONTEXT)

    def tables(self, name: str) -> Iterator[Any]:
        """Yield the released tables of a kind, as whoever holds the release reads them."""
        yield from (pq.read_table(path) for path in sorted(self.output.rglob(f"{name}/*.parquet")))

    def sessions_released(self) -> int:
        """Return how many sessions the release holds."""
        return len({name for table in self.tables("events") for name in table["session"].to_pylist()})

    def remove(self) -> None:
        """Remove the folder."""
        for path in sorted(self.folder.rglob("*"), reverse=True):
            path.rmdir() if path.is_dir() and not path.is_symlink() else path.unlink()
        self.folder.rmdir()


def by_form(verdict: Verdict) -> str:
    """Return how often each form was found, most frequent first."""
    forms = Counter(re.sub(r"[0-9a-f]{8,}", "*", text) for found in verdict.leaks.values() for text in set(found))
    return ", ".join(f"{form} ({count})" for form, count in forms.most_common(6))
