"""Journal of the nightly runs of one dataset: sealed records, numbered, each written once.

A record is what makes the files that it names real. Two runs that overlap write the same next number, which only one of
them can: the other's files count for nothing.
"""

import json
import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from pipelines.nightly.records import Record, record_from_json, record_to_json
from pipelines.state.private_state import PrivateState
from schemas.errors import FailedError, RefusedError
from transforms.keys.envelope import decrypt_by_any, encrypt
from transforms.keys.key_set import KeyRole
from transforms.object_store.interface import ObjectStore, create

NIGHTS = "nights"
ATTEMPTS = "attempts"
_FOLDER, _SUFFIX = "journal/", ".sealed"
_PURPOSE = "journal"
_DIGITS = 8
READERS = 8
"""Most records that are read at once; clients of buckets keep ten connections."""


@dataclass(frozen=True, slots=True)
class Journal:
    """The journal at ``store``; the first of ``keys`` seals new records, the others open old ones.

    A record never changes, so that each is opened once however often the journal is read; all of them stay in memory,
    and up to ``READERS`` are read at once.
    """

    store: ObjectStore
    keys: tuple[bytes, ...] = field(repr=False)
    _opened: dict[str, Record] = field(default_factory=dict, init=False, repr=False, compare=False)

    @classmethod
    def of(cls, private: PrivateState, dataset: str) -> "Journal":
        """Open the journal of a dataset in private state; it need not exist."""
        return cls(private.part(f"{NIGHTS}/{dataset}"), private.keys.derivations(KeyRole.TRANSIT, _PURPOSE))

    def read(self) -> tuple[Record, ...]:
        """Read all records in order; raise ``FailedError`` if one is missing or was altered."""
        names = [name for name in self.store.names() if name.startswith(_FOLDER) and name.endswith(_SUFFIX)]
        if names != [_name(number) for number in range(len(names))]:
            raise FailedError(f"{self.store.uri}/{_FOLDER} lacks a record; restore private state")
        new = [name for name in names if name not in self._opened]
        with ThreadPoolExecutor(READERS) as readers:
            self._opened.update(zip(new, readers.map(self._record, new), strict=True))
        return tuple(self._opened[name] for name in names)

    def append(self, number: int, record: Record) -> None:
        """Write record ``number``, counted from 0; raise ``RefusedError`` if another run has written it."""
        content = json.dumps(record_to_json(record), sort_keys=True).encode()
        if not create(self.store, _name(number), encrypt(self.keys[0], content, _name(number).encode())):
            raise RefusedError(
                "another run by days of the dataset recorded this step first; nothing of this one counts: run again "
                "when it has ended"
            )

    def _record(self, name: str) -> Record:
        with self.store.open(name) as file:
            sealed = file.read()
        at = f"{self.store.uri}/{name}"
        try:
            return record_from_json(json.loads(decrypt_by_any(self.keys, sealed, name.encode())))
        except FailedError:
            raise FailedError(f"{at} does not open; restore private state, or name its key set") from None
        except (KeyError, TypeError, ValueError):
            raise FailedError(f"{at} is of another version; use the one that wrote it") from None


def _name(number: int) -> str:
    return f"{_FOLDER}{number:0{_DIGITS}d}{_SUFFIX}"


def make_attempt_name(number: int) -> str:
    """Make a new, unique name for the results of one attempt at record ``number``.

    A job that outlives its driver writes there too, and so never into the results of the attempt that follows.
    """
    return f"{ATTEMPTS}/{file_prefix(number)}{uuid.uuid4().hex}"


def file_prefix(number: int) -> str:
    """Return the prefix of the names of files written for record ``number``."""
    return f"{number:0{_DIGITS}d}-"
