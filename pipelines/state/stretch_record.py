"""Record of the stretches and private words that earlier runs of a dataset left out.

A run without them, because ``--pauses`` or ``--wishes`` was forgotten, would release all of it. The record lies
sealed in private state and names people and stretches by keyed digests alone.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from pipelines.state.private_state import PrivateState
from schemas.errors import FailedError, RefusedError
from transforms.consent.registry import ConsentSnapshot
from transforms.consent.restrictions import Restrictions
from transforms.consent.settings import ConsentSettings
from transforms.keys.envelope import decrypt_by_any, encrypt
from transforms.keys.key_set import KeyRole
from transforms.keys.pseudonym import keyed_digest
from transforms.object_store.interface import put

_FOLDER = "consent/stretches"
_NOBODY = ""
"""Stands for the person of private words, which hold for everybody."""


@dataclass(frozen=True, slots=True)
class StretchRecord:
    """Digests of stretches and words by the digest of their person."""

    people: Mapping[str, frozenset[str]] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, restrictions: Restrictions, key: bytes) -> "StretchRecord":
        """Record restrictions: a stretch by where it begins, as an open pause is ended later."""
        people: dict[str, set[str]] = {}
        for user, words in _list_stretches(restrictions):
            digest = keyed_digest(key, b"stretch", *(word.encode() for word in words))
            people.setdefault(digest_person(key, user), set()).add(digest)
        return cls({person: frozenset(stretches) for person, stretches in people.items()})

    def keep(self, private: PrivateState, dataset: str) -> None:
        """Keep the record for the next run of a dataset."""
        name = _name(dataset)
        listed = {person: sorted(stretches) for person, stretches in self.people.items()}
        key = private.keys.derive(KeyRole.TRANSIT, _FOLDER)
        put(private.part(_FOLDER), name, encrypt(key, json.dumps(listed).encode(), name.encode()))


def read_stretches(private: PrivateState, dataset: str) -> StretchRecord:
    """Read what earlier runs of a dataset left out; nothing before the first."""
    name = _name(dataset)
    seen = private.part(_FOLDER).get(name)
    if seen is None:
        return StretchRecord()
    try:
        listed = json.loads(
            decrypt_by_any(private.keys.derivations(KeyRole.TRANSIT, _FOLDER), seen.content, name.encode())
        )
        return StretchRecord({person: frozenset(stretches) for person, stretches in listed.items()})
    except (FailedError, ValueError, TypeError, AttributeError):
        raise FailedError(
            f"{private.address(_FOLDER)}/{name} does not open; restore private state, or name its key set"
        ) from None


def check_stretches(
    private: PrivateState, dataset: str, consent: ConsentSnapshot, settings: ConsentSettings
) -> StretchRecord:
    """Make the record that this run is to keep; raise ``RefusedError`` if a stretch that was left out is gone.

    Only stretches of people who agree now can be missed. Those of the others are kept: they may agree again. Before and
    after a rotation of the transit key, a person has two digests.
    """
    keys, before = private.keys.derivations(KeyRole.TRANSIT, _FOLDER), read_stretches(private, dataset)
    made = [StretchRecord.of(consent.restrictions, key).people for key in keys]
    found = {person: stretches for people in made for person, stretches in people.items()}
    gone = {
        person: stretches - found.get(person, frozenset())
        for person, stretches in before.people.items()
        if not stretches <= found.get(person, frozenset())
    }
    agreed = {digest_person(key, user) for key in keys for user in (_NOBODY, *consent.grants)}
    missed = gone.keys() & agreed
    if missed and not settings.fewer_pauses:
        raise RefusedError(
            "pauses or wishes that an earlier run of the dataset obeyed are missing, and what people took out would be "
            "released; nothing was read and nothing charged. Pass --pauses and --wishes again, or name the files in "
            "consent.pauses and consent.wishes; if people took them back, run once with --set consent.fewer_pauses=true"
        )
    kept = {person: stretches for person, stretches in gone.items() if person not in missed}
    people = kept | {person: stretches | kept.get(person, frozenset()) for person, stretches in made[0].items()}
    return StretchRecord(people)


def digest_person(key: bytes, user: str) -> str:
    """Digest a person (canonical id)."""
    return keyed_digest(key, b"person", user.encode())


def _list_stretches(restrictions: Restrictions) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield each person with the words that tell a stretch of theirs from any other."""
    for user, pauses in restrictions.pauses.items():
        yield from ((user, ("pause", str(begin))) for begin, _ in pauses)
    for user, removed in restrictions.removed.items():
        yield from ((user, ("removed", session, str(first))) for session, first, _ in removed)
    yield from ((_NOBODY, ("word", word)) for word in restrictions.words)


def _name(dataset: str) -> str:
    return f"{dataset}.sealed"
