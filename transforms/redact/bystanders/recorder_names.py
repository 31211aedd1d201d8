"""Names of the recorder of a session: those of a directory's row with its ``user_id``, and what an id tells by itself.

A name that two people of the directory have tells nobody; a given name alone, or a family name, counts only where
the column ``aliases`` holds it.
"""

import hmac
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Protocol

from schemas.errors import UsageError
from schemas.ids import canonical_id
from transforms.keys.key_set import KeyRole, KeySet
from transforms.redact.bystanders.senders.heads import plain_name
from transforms.redact.bystanders.senders.words import is_shared
from transforms.redact.detect.directory import ALIASES, HASHED, USER_ID, read_content, read_rows
from transforms.redact.settings import RedactSettings
from transforms.redact.text.word_lists import WordClass, word_class

OWNER, LISTED = "OWNER", "LISTED"
"""Entities of rows of a hashed directory that say whose a name is, and that somebody has it."""
_OWNER_IN_ANY_CASE = "OWNER in any case"
"""In place of ``OWNER`` in the digest of a name with an id without case, which is no digest of the id as written."""

_ID = re.compile(r"(?:[\w-]+[\\/])?(?P<login>[\w.+-]+)(?:@[\w-]+(?:\.[\w-]+)+)?")
_LATIN = re.compile(r"[a-z]+")
_SHORTEST_LOGIN, _MOST_PARTS = 5, 3
_UMLAUTS = str.maketrans({"\u00e4": "ae", "\u00f6": "oe", "\u00fc": "ue", "\u00df": "ss", "\u00f8": "o", "\u0142": "l"})

Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ListedNames:
    """Names that the directory has for the recorder of a session and for others."""

    owners: "Owners" = field(repr=False)
    user_id: str = field(repr=False)

    def is_own(self, name: str) -> bool:
        """Return whether the recorder has a name, and nobody else of the directory, which is asked before the id."""
        return self.owners.has(name, self.user_id) or (
            not _spellings(name).isdisjoint(names_of_id(self.user_id)) and not self.owners.knows(name)
        )

    def is_other(self, name: str) -> bool:
        """Return whether somebody else of the directory has a name, or it shares no word with that of the id.

        >>> known = ListedNames(NO_OWNERS, "nora.quist@acme.example")
        >>> [known.is_other(name) for name in ("bela toth", "b.toth@acme.example", "nora q", "nq", "quist (acme)")]
        [True, True, False, False, False]
        """
        if self.is_own(name):
            return False
        return self.owners.knows(name) or _differ(name, self.user_id)


class Owners(Protocol):
    """People of a directory by their names."""

    def has(self, name: str, user_id: str) -> bool:
        """Return whether one person alone has a name, the one with this id."""
        ...

    def knows(self, name: str) -> bool:
        """Return whether anybody has a name."""
        ...


@dataclass(frozen=True, slots=True)
class ClearOwners:
    """Names with the ids of those who have them; of a person without an id the number of the row stands for it."""

    ids: Mapping[str, frozenset[str]] = field(default_factory=dict, repr=False)

    def has(self, name: str, user_id: str) -> bool:
        """Return whether one person alone has a name, the one with this id."""
        return self.ids.get(name) == frozenset({user_id})

    def knows(self, name: str) -> bool:
        """Return whether anybody has a name."""
        return name in self.ids


@dataclass(frozen=True, slots=True)
class HashedOwners:
    """Keyed digests of names with the ids of those who have them."""

    key: bytes = field(repr=False)
    owned: frozenset[bytes] = field(repr=False)
    listed: frozenset[bytes] = field(repr=False)
    fold_case: bool

    def has(self, name: str, user_id: str) -> bool:
        """Return whether one person alone has a name, the one with this id."""
        folded = self.fold_case and _digest(self.key, _OWNER_IN_ANY_CASE, name, user_id) in self.owned
        return folded or _digest(self.key, OWNER, name, user_id) in self.owned

    def knows(self, name: str) -> bool:
        """Return whether anybody has a name."""
        return _digest(self.key, LISTED, name) in self.listed


NO_OWNERS = ClearOwners()


def open_owners(settings: RedactSettings, keys: KeySet, *, fold_case: bool) -> Owners:
    """Read whose the names of the directory are, if there is one; ``add_hashed_directory`` checks its key and rows.

    ``fold_case`` says that ids of recordings come without case.
    """
    if settings.directory is None:
        return NO_OWNERS
    rows = read_rows(read_content(settings.directory))
    if tuple(rows[0]) != HASHED:
        return ClearOwners(find_owners(rows, fold_case=fold_case))
    digests: dict[str, set[bytes]] = {OWNER: set(), LISTED: set()}
    for row in rows:
        if row["entity"] in digests:
            digests[row["entity"]].add(bytes.fromhex(row["digest"]))
    key = keys.derive(KeyRole.TRANSIT, "directory")
    return HashedOwners(key, frozenset(digests[OWNER]), frozenset(digests[LISTED]), fold_case)


def find_owners(rows: Sequence[Row], *, fold_case: bool) -> dict[str, frozenset[str]]:
    """Collect the names of clear rows by which a program shows a person, with the canonical ids of who has them.

    >>> sorted(find_owners([{"user_id": "u1", "name": "Bell, Ann", "aliases": "annie"}], fold_case=True))
    ['ann bell', 'annie', 'bell ann', 'bell, ann']
    """
    found: dict[str, set[str]] = {}
    for number, row in enumerate(rows):
        owner = _read_id(row, fold_case=fold_case) or f"\0{number}"
        for name in _list_names(row):
            found.setdefault(name, set()).add(owner)
    return {name: frozenset(ids) for name, ids in found.items()}


def _read_id(row: Row, *, fold_case: bool) -> str:
    """Read the id of a row in the form in which ids of recordings are compared, '' where there is none."""
    written = row.get(USER_ID, "").strip()
    try:
        return canonical_id(written, fold_case=fold_case) if written else ""
    except ValueError:
        raise UsageError(f"redact.directory: a {USER_ID} holds a control or invisible character; correct it") from None


def hash_owners(rows: Sequence[Row], key: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield an entity and a digest for each name of clear rows that have ids, and for each that one person has."""
    if not any(row.get(USER_ID) for row in rows):
        return
    for tag, fold_case in ((OWNER, False), (_OWNER_IN_ANY_CASE, True)):
        for name, ids in find_owners(rows, fold_case=fold_case).items():
            yield LISTED, _digest(key, LISTED, name)
            owner, *others = ids
            if not others and not owner.startswith("\0"):
                yield OWNER, _digest(key, tag, name, owner)


def _list_names(row: Row) -> Iterator[str]:
    for name in (row.get("name", ""), f"{row.get('given_name', '')} {row.get('family_name', '')}"):
        yield from _list_orders(plain_name(name))
    single = [row.get("email", ""), row.get("username", ""), *row.get(ALIASES, "").split(";")]
    yield from (name for text in single if (name := plain_name(text)))


def _list_orders(name: str) -> Iterable[str]:
    """List the orders of a name of two words or more: with the family name in front, too."""
    family, comma, given = (part.strip() for part in name.partition(","))
    words = name.split()
    if len(words) < 2:  # noqa: PLR2004 - one word is a given name or a family name
        return ()
    if not comma:
        given, family = " ".join(words[:-1]), words[-1]
    return f"{given} {family}", f"{family} {given}", f"{family}, {given}"


# ``nora.quist@acme.example`` is an address, a login and a name in two orders; ``nora`` may be of any Nora, and
# ``info@acme.example`` of several people.
@lru_cache(4_096)
def names_of_id(user_id: str) -> frozenset[str]:
    """Return the names that an id of a person tells by itself: an address, a login, a given and a family name.

    >>> sorted(names_of_id("nora.quist@acme.example"))
    ['nora quist', 'nora.quist', 'nora.quist@acme.example', 'quist nora', 'quist, nora']
    >>> [sorted(names_of_id(user_id)) for user_id in ("ACME/nquist", "nora", "u1", "info@acme.example")]
    [['nquist'], [], [], []]
    """
    plain = plain_name(user_id)
    found = _ID.fullmatch(plain)
    if found is None or is_shared(plain.replace("_", " ")):
        return frozenset()
    login = found["login"]
    parts = re.split(r"[._-]", login)
    is_name = 1 < len(parts) <= _MOST_PARTS and all(len(part) > 1 and part.isalpha() for part in parts)
    names = set(_list_orders(" ".join(parts))) if is_name else set[str]()
    if is_name or (len(login) >= _SHORTEST_LOGIN and word_class(login) is WordClass.UNKNOWN):
        names.add(login)
    return frozenset(names | ({plain} if "@" in plain else set()))


# ``bela toth`` is not ``nora.quist@acme.example``; ``nora q`` may be, and so may ``nq`` and a name in another script.
def _differ(name: str, user_id: str) -> bool:
    """Return whether a name of two words or more shares none with an id that is a name itself."""
    told = {spelling for name in names_of_id(user_id) if " " in name for spelling in _spellings(name)}
    own = {word for spelling in told for word in _LATIN.findall(spelling)}
    spelled = [_LATIN.findall(spelling.partition("@")[0]) for spelling in _spellings(name)]
    return bool(own) and all(len(words) > 1 and own.isdisjoint(words) for words in spelled if words) and any(spelled)


@lru_cache(4_096)
def _spellings(name: str) -> frozenset[str]:
    """Return a name as it is shown and as ids spell it: without marks on its letters."""
    found = {name}
    for text in (name, name.translate(_UMLAUTS)):
        found.add("".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign)))
    return frozenset(found)


def _digest(key: bytes, *parts: str) -> bytes:
    return hmac.digest(key, b"\0".join(part.encode("utf-8", "surrogatepass") for part in parts), "sha256")
