"""Record of the stretches and private words that earlier runs of a dataset left out.

A run without them, because ``--pauses`` or ``--wishes`` was forgotten, would release all of it. The record lies
sealed in private state and names people and stretches by keyed digests alone.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pipelines.state.private_state import PrivateState
from pipelines.state.sealed_record import keep_sealed, read_sealed
from schemas.errors import RefusedError
from transforms.consent.registry import ConsentSnapshot
from transforms.consent.restriction_files import OPEN
from transforms.consent.restrictions import Restrictions
from transforms.consent.settings import ConsentSettings
from transforms.keys.key_set import KeyRole
from transforms.keys.pseudonym import keyed_digest

_FOLDER = "consent/stretches"
_NOBODY = ""
"""Stands for the person of private words, which hold for everybody."""


@dataclass(frozen=True, slots=True)
class StretchRecord:
    """Ends of stretches by the digest of where they begin, by the digest of their person; words have none (0)."""

    people: Mapping[str, Mapping[str, int]] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, restrictions: Restrictions, key: bytes) -> "StretchRecord":
        """Record restrictions; of two stretches that begin at one place, the longer."""
        people: dict[str, dict[str, int]] = {}
        for user, words, end in _list_stretches(restrictions):
            digest = keyed_digest(key, b"stretch", *(word.encode() for word in words))
            ends = people.setdefault(digest_person(key, user), {})
            ends[digest] = max(end, ends.get(digest, 0))
        return cls(people)

    def list_ends(self) -> Iterator[tuple[str, str, int]]:
        """Yield the digest of each person and stretch, and the end."""
        for person, ends in self.people.items():
            yield from ((person, digest, end) for digest, end in ends.items())

    def keep(self, private: PrivateState, dataset: str) -> None:
        """Keep the record for the next run of a dataset."""
        listed = {person: dict(sorted(ends.items())) for person, ends in self.people.items()}
        keep_sealed(private, _FOLDER, dataset, listed)


def read_stretches(private: PrivateState, dataset: str) -> StretchRecord:
    """Read what earlier runs of a dataset left out; nothing before the first."""
    return read_sealed(private, _FOLDER, dataset, _parse) or StretchRecord()


def _parse(listed: Any) -> StretchRecord:
    return StretchRecord({person: _read_ends(ends) for person, ends in listed.items()})


def check_stretches(
    private: PrivateState, dataset: str, consent: ConsentSnapshot, settings: ConsentSettings
) -> StretchRecord:
    """Make the record that this run is to keep; raise ``RefusedError`` if a stretch that was left out is gone.

    A stretch may grow and an open pause be ended; one that ends earlier than before is gone: what lies behind its new
    end would be released. Only stretches of people who agree now can be missed. Those of the others are kept: they may
    agree again. Before and after a rotation of the transit key, a person has two digests.
    """
    keys, before = private.keys.derivations(KeyRole.TRANSIT, _FOLDER), read_stretches(private, dataset)
    made = [StretchRecord.of(consent.restrictions, key).people for key in keys]
    found = {person: ends for people in made for person, ends in people.items()}
    shrunk = {person: _find_shrunk(ends, found.get(person, {})) for person, ends in before.people.items()}
    gone = {person: ends for person, ends in shrunk.items() if ends}
    agreed = {digest_person(key, user) for key in keys for user in (_NOBODY, *consent.grants)}
    missed = gone.keys() & agreed
    if missed and not settings.fewer_pauses:
        raise RefusedError(
            "pauses or wishes that an earlier run of the dataset obeyed are missing, and what people took out would be "
            "released; nothing was read and nothing charged. Pass --pauses and --wishes again, or name the files in "
            "consent.pauses and consent.wishes; if people took them back, run once with --set consent.fewer_pauses=true"
        )
    kept = {person: ends for person, ends in gone.items() if person not in missed}
    people = kept | {person: {**ends, **kept.get(person, {})} for person, ends in made[0].items()}
    return StretchRecord(people)


def count_obeyed(private: PrivateState, dataset: str, restrictions: Restrictions) -> tuple[int, int]:
    """Count the stretches that the last run of a dataset left out to their end, and all that are asked about.

    ``{5..8, 9..10}`` after a run with ``{5..9}`` gives one of two. Before and after a rotation of the transit key a
    stretch has two digests.
    """
    before = read_stretches(private, dataset).people
    made = [StretchRecord.of(restrictions, key) for key in private.keys.derivations(KeyRole.TRANSIT, _FOLDER)]
    spelled = zip(*(list(record.list_ends()) for record in made), strict=True)
    obeyed = [
        any(before.get(person, {}).get(digest, -1) >= end for person, digest, end in digests) for digests in spelled
    ]
    return sum(obeyed), len(obeyed)


def _find_shrunk(before: Mapping[str, int], now: Mapping[str, int]) -> dict[str, int]:
    """Return the stretches that are missing or end earlier than before; an open pause may end anywhere."""
    return {digest: end for digest, end in before.items() if digest not in now or (end != OPEN and now[digest] < end)}


def _read_ends(ends: Mapping[str, object]) -> dict[str, int]:
    return {digest: int(str(end)) for digest, end in ends.items()}


def digest_person(key: bytes, user: str) -> str:
    """Digest a person (canonical id)."""
    return keyed_digest(key, b"person", user.encode())


def _list_stretches(restrictions: Restrictions) -> Iterator[tuple[str, tuple[str, ...], int]]:
    """Yield each person with the words that tell where a stretch of theirs begins, and with its end."""
    for user, pauses in restrictions.pauses.items():
        yield from ((user, ("pause", str(begin)), end) for begin, end in pauses)
    for user, removed in restrictions.removed.items():
        yield from ((user, ("removed", session, str(first)), end) for session, first, end in removed)
    yield from ((_NOBODY, ("word", word), 0) for word in restrictions.words)
