"""Erase a person from the open and staged sessions of every dataset."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.nightly.journal import NIGHTS, Journal, file_prefix
from pipelines.nightly.journal_state import JournalState, fold_journal, sweep
from pipelines.nightly.records import FilesReplaced
from pipelines.state.private_state import PrivateState
from schemas.safe import RedactedSessions
from transforms.object_store.atomic_files import lock_release
from transforms.staging.rename_sessions import without_user
from transforms.staging.sealed_files import HELD, STAGED, SealedFile, SealedFileStore

Tables = tuple[pa.Table | None, ...]


@dataclass(frozen=True, slots=True)
class StagedErasure:
    """Find and erase people in the staged files of one private state."""

    private: PrivateState

    def datasets(self) -> list[str]:
        """List the datasets that are run by days."""
        return sorted({name.partition("/")[0] for name in self.private.part(NIGHTS).names()})

    def find(self, user: str) -> int:
        """Count the files that hold rows of a user."""
        return sum(len(self._files(self._journal(dataset), user)) for dataset in self.datasets())

    def erase(self, user: str) -> int:
        """Rewrite every file that holds rows of a user without them, and return the number of files.

        Waits for runs by days on this machine. One elsewhere finds the journal changed, and counts for nothing.
        """
        return sum(self._erase(dataset, user) for dataset in self.datasets())

    def _erase(self, dataset: str, user: str) -> int:
        with lock_release(self.private.folder, f"{NIGHTS}-{dataset}"):
            journal = self._journal(dataset)
            number = fold_journal(journal.read()).records
            replaced: dict[str, SealedFile | None] = {}
            for kind, name, left in self._files(journal, user):
                rest = SealedFileStore(self.private.keys, journal.store, kind)
                fresh = f"{kind}/{file_prefix(number)}{uuid.uuid4().hex}.sealed"
                slices = [rest.seal(tables) for tables in left if _count_owned_rows(tables)]
                replaced[name] = rest.write(fresh, slices) if slices else None
            journal.append(number, FilesReplaced(replaced))
            sweep(journal, number)
            return len(replaced)

    def _journal(self, dataset: str) -> Journal:
        return Journal.of(self.private, dataset)

    def _files(self, journal: Journal, user: str) -> list[tuple[str, str, list[Tables]]]:
        """List kind and name of each file with rows of a user, and its slices without them."""
        found = []
        for kind, name in _resting(fold_journal(journal.read())):
            before = list(SealedFileStore(self.private.keys, journal.store, kind).read(name))
            left = [_without(kind, tables, user) for tables in before]
            if any(_count_owned_rows(a) != _count_owned_rows(b) for a, b in zip(before, left, strict=True)):
                found.append((kind, name, left))
        return found


def _resting(standing: JournalState) -> Iterator[tuple[str, str]]:
    yield from ((HELD, name) for name in sorted(standing.held))
    for window in standing.staged.values():
        yield from ((STAGED, name) for name in sorted(window.files))


def _count_owned_rows(tables: Tables) -> int:
    """Count the rows of a slice that name a user: those of its last table."""
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
