"""Names of the recorder in labels of the window's own account: ``Signed in as Ann Lee``, ``Ann Lee user menu``."""

import re
from collections.abc import Iterable
from functools import cache, lru_cache

from transforms.redact.bystanders.senders.heads import find_address, plain_name
from transforms.redact.bystanders.senders.words import any_of, is_shared, may_name, says_you

_MARKED = re.compile(r"(.{2,40}) \(([^()]{1,12})\)")
_PRONOUN = "sie"
"""Word for ``you`` that people write behind their names, too: ``she`` in German."""
_LONGEST_LABEL = 200


@lru_cache(4_096)
def names_of_account(label: str) -> frozenset[str]:
    """Return the names that the label of a control gives for who is signed in: a name, an address, or both.

    >>> sorted(names_of_account("Google Account: Ann Lee (ann@acme.example)"))
    ['ann lee', 'ann@acme.example']
    >>> [sorted(names_of_account(label)) for label in ("Ann Lee's menu", "Ann Lee user menu", "Account settings")]
    [[], ['ann lee'], []]
    """
    if len(label) > _LONGEST_LABEL:
        return frozenset()
    plain = " ".join(label.split())
    found = next((told for pattern in _labels() if (told := pattern.fullmatch(plain))), None)
    return _split(found["name"]) if found else frozenset()


def marked_name(text: str) -> frozenset[str]:
    """Return the name that a text marks as the recorder's: ``Ann Lee (you)``; not ``(EU)``, nor a pronoun.

    >>> [sorted(marked_name(f"Ann Lee ({mark})")) for mark in ("you", "ME", "sie")]
    [['ann lee'], [], []]
    """
    found = _MARKED.fullmatch(text)
    if found is None or found[2].isupper() or found[2].casefold() == _PRONOUN or not says_you(found[2]):
        return frozenset()
    return _split(found[1]) if may_name(found[1]) else frozenset()


def join_accounts(accounts: Iterable[frozenset[str]]) -> frozenset[str]:
    """Join the names of accounts that share one; names that nothing joins tell nothing.

    >>> sorted(join_accounts([frozenset({"ann lee", "alee"}), frozenset({"ann lee"})]))
    ['alee', 'ann lee']
    >>> join_accounts([frozenset({"ann lee"}), frozenset({"bo"})])
    frozenset()
    """
    joined, rest = frozenset[str](), set(accounts)
    while rest:
        near = next((names for names in rest if not joined or names & joined), None)
        if near is None:
            return frozenset()
        joined |= near
        rest.remove(near)
    return joined


def share_accounts(accounts: Iterable[frozenset[str]]) -> set[frozenset[str]]:
    """Return the full names and addresses of all accounts of a session, if these are one; a login is of one site.

    >>> share_accounts([frozenset({"ann lee", "alee"}), frozenset({"ann lee"})])
    {frozenset({'ann lee'})}
    """
    full = frozenset(name for name in join_accounts(accounts) if " " in name or "@" in name)
    return {full} if full else set()


def _split(name: str) -> frozenset[str]:
    """Return a name and its address; nothing where several people may use them."""
    if is_shared(name):
        return frozenset()
    address = find_address(name)
    before = plain_name((name.partition(address)[0] if address else name).rstrip(" <("))
    named = {before} if may_name(before.title()) else set()
    return frozenset(named | ({address.casefold()} if address else set()))


@cache
def _labels() -> tuple[re.Pattern[str], ...]:
    """Compile a name behind a label of accounts, behind ``Signed in as``, and before a label of a menu."""
    colon = r"\s?[:\uff1a]\s*"
    before = rf"\W*{any_of('account')}(?:{colon}|\s(?=\w+\s\w+$))(?P<name>.+)"
    signed = rf"\W*{any_of('signed')}(?:{colon}|\s)(?P<name>.+)"
    behind = rf"(?P<name>.+?)(?:['\u2019]s)?\s{any_of('menu')}\W*"
    return tuple(re.compile(label, re.IGNORECASE) for label in (before, signed, behind))
