"""Part of an address that is hidden where its site may not be named, and the rewritten address.

Of an address of which it is uncertain where the site ends nothing but ``other`` is left, unless the site is named.
"""

import re
from collections.abc import Callable, Container, Iterator

from schemas.aggregates import OTHER
from transforms.sites.addresses import decode_layers, fold_host, site, sites_within
from transforms.sites.hosts import spellings

_WORD = re.compile(r"[\w-]+(?:\.[\w-]+)*")


def rare_part(
    address: str, named: Container[str | None], mentioned: Callable[[str], object] | None = None
) -> tuple[int, int] | None:
    """Find the half-open range to replace by ``other``, so that no site outside ``named`` is left.

    ``None``: nothing is to be hidden. A path stays behind a hidden site only where it names no site, that one included,
    and ``mentioned`` finds nothing in it.

    >>> rare_part("https://docs.example.org/d?q=1", ())
    (8, 24)
    >>> rare_part("https://docs.example.org/example/d", ())
    (0, 34)
    >>> rare_part("https://docs.example.org/go?to=https%3A%2F%2Fzebra.test", ("docs.example.org",))
    (25, 55)
    """
    found = site(address)
    behind = address[found.end :]
    is_clean = all(name in named for name in sites_within(behind or address))
    is_clean = is_clean and not (mentioned and any(map(mentioned, decode_layers(behind))))
    if found.name and found.name in named:
        if is_clean:
            return None
        return (found.end + 1, len(address)) if behind else (0, len(address))
    if not behind or (is_clean and not _mentions(behind, found.name)):
        return found.start, found.end
    return 0, len(address)


def without(address: str, part: tuple[int, int] | None) -> str:
    """Put ``other`` in place of a part of an address.

    >>> without("https://intranet.example/a", (8, 24))
    'https://other/a'
    """
    return address if part is None or not address else address[: part[0]] + OTHER + address[part[1] :]


def _mentions(text: str, name: str) -> bool:
    """Return whether a text names a site by its host, its domain or the domain's label."""
    scheme, _, host = name.rpartition("://")
    words = (spellings(host) | {scheme}) - {""}
    whole = frozenset(word for word in words if "." not in word)
    for form in map(fold_host, decode_layers(text)):
        if any(word in form for word in words - whole):
            return True
        if any(whole.intersection((word, *word.split("."), *word.split("-"))) for word in _words(form)):
            return True
    return False


def _words(form: str) -> Iterator[str]:
    for found in _WORD.finditer(form):
        yield found[0]
        yield from found[0].split("_")
