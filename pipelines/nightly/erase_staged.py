"""Taking a person out of what rests between nights: open sessions and staged ones, of every dataset."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.nightly.journal import NIGHTS, Journal, file_prefix
from pipelines.nightly.journal_state import Standing, standing_of, sweep
from pipelines.nightly.records import Rewritten
from pipelines.state.paths import state_folder, state_uri
from schemas.safe import RedactedSessions
from transforms.keys.key_set import KeyReference, KeySet
from transforms.object_store.addresses import join_uri, open_store
from transforms.object_store.atomic_files import lock_release
from transforms.staging.rename_sessions import without_user
from transforms.staging.sealed_files import HELD, STAGED, SealedFile, SealedFileStore

Tables = tuple[pa.Table | None, ...]


@dataclass(frozen=True, slots=True)
class RestingErasure:
    """Looks for people in what rests in one private state."""

    state: str | None
    reference: KeyReference
    keys: KeySet

    def datasets(self) -> list[str]:
        """Return the datasets that are run by days."""
        nights = open_store(join_uri(state_uri(self.state, self.reference), NIGHTS))
        return sorted({name.partition("/")[0] for name in nights.names()})

    def find(self, user: str) -> int:
        """Return how many files hold something of a user."""
        return sum(len(self._files(self._journal(dataset), user)) for dataset in self.datasets())

    def erase(self, user: str) -> int:
        """Write every file that holds something of a user anew without it, and return how many there were.

        Waits for runs by days on this machine. One elsewhere finds the journal changed, and counts for nothing.
        """
        return sum(self._erase(dataset, user) for dataset in self.datasets())

    def _erase(self, dataset: str, user: str) -> int:
        with lock_release(self._folder, f"{NIGHTS}-{dataset}"):
            journal = self._journal(dataset)
            number = standing_of(journal.read()).records
            replaced: dict[str, SealedFile | None] = {}
            for kind, name, left in self._files(journal, user):
                rest = SealedFileStore(self.keys, journal.place, kind)
                fresh = f"{kind}/{file_prefix(number)}{uuid.uuid4().hex}.sealed"
                slices = [rest.seal(tables) for tables in left if _owned(tables)]
                replaced[name] = rest.write(fresh, slices) if slices else None
            journal.append(number, Rewritten(replaced))
            sweep(journal, number)
            return len(replaced)

    @property
    def _folder(self) -> Path:
        return state_folder(self.state, self.reference)

    def _journal(self, dataset: str) -> Journal:
        return Journal.of(self.state, self.reference, self.keys, dataset)

    def _files(self, journal: Journal, user: str) -> list[tuple[str, str, list[Tables]]]:
        """Return kind and name of each file that holds something of a user, and what is left of its slices."""
        found = []
        for kind, name in _resting(standing_of(journal.read())):
            before = list(SealedFileStore(self.keys, journal.place, kind).read(name))
            left = [_without(kind, tables, user) for tables in before]
            if any(_owned(a) != _owned(b) for a, b in zip(before, left, strict=True)):
                found.append((kind, name, left))
        return found


def _resting(standing: Standing) -> Iterator[tuple[str, str]]:
    yield from ((HELD, name) for name in sorted(standing.held))
    for window in standing.staged.values():
        yield from ((STAGED, name) for name in sorted(window.files))


def _owned(tables: Tables) -> int:
    """Return how many rows of a slice name a user: those of its last table."""
    last = tables[-1]
    return 0 if last is None else int(last.num_rows)


def _without(kind: str, tables: Tables, user: str) -> Tables:
    table, *rest = tables
    if table is None:
        return tables
    if kind == HELD:
        return (table.filter(pc.not_equal(table["user_id"], user)),)
    headers, origins = rest
    left = without_user(RedactedSessions(table, None, headers, origins), user)
    return left.table, left.headers, left.origins
