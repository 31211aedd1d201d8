"""Sites of addresses: the part that names a site, the part to hide, and the rewritten address.

A site is read as a browser reads it, in any spelling. Only of an address that is written the way browsers write them is
it sure where the site ends and the path begins; of all others nothing but ``other`` is left, unless the site is named.
"""

import re
import unicodedata
from collections.abc import Callable, Container, Iterator
from typing import NamedTuple
from urllib.parse import unquote

from schemas.aggregates import OTHER
from transforms.aggregate.naming.hosts import host_of, is_last_label, spellings

_WEB = frozenset({"http", "https", "ws", "wss", "ftp"})
_AROUND = frozenset({"view-source", "blob", "filesystem"})
"""Schemes of which a browser shows the address that stands behind them."""

_OUTSIDE = "".join(map(chr, range(0x21)))
_BREAKS = str.maketrans("", "", "\t\n\r")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_PLAIN = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://(?P<authority>[^/?#\\\s]*)(?=[/?#]|$)")
_LOOSE = re.compile(r"[\\/]*([^/?#\\]*)")
_BARE = re.compile(r"([^/?#\\:@\s]+)(:\d{1,5})?(?=[/?#]|$)")
_INNER = re.compile(r"(?:(?<![a-z0-9])(?:https?|wss?|ftp|file):[\\/]*|[\\/]{2,})([^/?#\\&;|\s\"'<>()]*)")
_DOTTED = re.compile(r"(?<![\w.-])[\w-]+(?:\.[\w-]+)*\.([^\W\d_]{2,}|xn--[\w-]+)(?![\w-])")
_ESCAPE = re.compile(r"%(?:25)*[0-9a-f]{2}")
_WORD = re.compile(r"[\w-]+(?:\.[\w-]+)*")
_FILES = frozenset(
    "app asp aspx cgi csv do doc docx htm html ico jpg js json jsp md mov pdf php pl png py rs sh so svg txt xls xlsx "
    "xml zip".split()
)
"""Last parts of names that end files and pages more often than hosts."""

_PASSED = frozenset({"Cc", "Cf"})
_IDEOGRAPHIC_STOP = "\u3002"
_MOST_LAYERS = 6
_UNKNOWN = ""


class Site(NamedTuple):
    """Half-open range of an address that is replaced if the site is rare, and the site's name ('': uncertain)."""

    start: int
    end: int
    name: str


def site(address: str) -> Site:
    """Find the site of an address: the host of a web address, else all up to the path.

    A scheme may itself tell which program somebody uses, so that ``acme-crm://x/y`` is as rare as its first part. User
    name and port belong to the replaced part and not to the name. The range is the whole address unless it is written
    the way browsers write addresses.

    >>> site("https://user@Docs.Example.org:8443/d/7?q=1")
    Site(start=8, end=34, name='docs.example.org')
    >>> site("docs.example.org/d"), site("about:blank")
    (Site(start=0, end=16, name='docs.example.org'), Site(start=0, end=11, name='about:'))
    >>> site("chrome://settings/x"), site("view-source:https:docs.example.org")
    (Site(start=0, end=17, name='chrome://settings'), Site(start=0, end=34, name='docs.example.org'))
    """
    text = address.strip(_OUTSIDE).translate(_BREAKS)
    bare, scheme = _BARE.match(text), _SCHEME.match(text)
    if bare is not None and (scheme is None or bare[2]):
        name, start, end = _bare_host(bare), 0, bare.end()
    elif scheme is None:
        name, start, end = _UNKNOWN, 0, 0
    else:
        name, start, end = _of_scheme(text, scheme)
    written = address == text and "\\" not in text and end and name
    return Site(start, end, name) if written else Site(0, len(address), name)


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
    is_clean = is_clean and not (mentioned and any(map(mentioned, _forms(behind))))
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


def sites_within(text: str) -> Iterator[str]:
    """Yield the site of every address in a path or query, '' for one that cannot be read; percent signs hide none.

    >>> sorted(set(sites_within("/url?u=https%253A%252F%252Fa.example&v=www.b.test/c.html")))
    ['a.example', 'www.b.test']
    """
    for form in _forms(text):
        read = _ESCAPE.sub(" ", _fold(form))
        for found in _INNER.finditer(read):
            yield host_of(found[1]) or _UNKNOWN
        for found in _DOTTED.finditer(read):
            last = found[1]
            if last not in _FILES and (last.startswith("xn--") or not last.isascii() or is_last_label(last)):
                yield host_of(found[0]) or _UNKNOWN


def _bare_host(bare: re.Match[str]) -> str:
    """Read the host of an address without a scheme, as an address bar shows it; '' if it may be a path."""
    host = host_of(bare[1]) or _UNKNOWN
    return host if "." in host or host == "localhost" or bare[2] else _UNKNOWN


def _of_scheme(text: str, scheme: re.Match[str]) -> tuple[str, int, int]:
    """Find the name and the range of a site; its end is 0 if uncertain."""
    word, plain = scheme[1].lower(), _PLAIN.match(text)
    if word in _WEB:
        loose = _LOOSE.match(text, scheme.end())
        name = host_of(loose[1] if loose else "") or _UNKNOWN
        return (name, plain.start("authority"), plain.end()) if plain else (name, 0, 0)
    if word in _AROUND:
        inner = text[scheme.end() :]
        again = _SCHEME.match(inner)
        return (_UNKNOWN if again and again[1].lower() in _AROUND else site(inner).name), 0, 0
    if plain is None:
        return f"{word}:", 0, 0
    if not plain["authority"]:
        return f"{word}://", 0, 0
    host = host_of(plain["authority"])
    return (_UNKNOWN, 0, 0) if host is None else (f"{word}://{host}", 0, plain.end())


def _mentions(text: str, name: str) -> bool:
    """Return whether a text names a site by its host, its domain or the domain's label."""
    scheme, _, host = name.rpartition("://")
    words = (spellings(host) | {scheme}) - {""}
    whole = frozenset(word for word in words if "." not in word)
    for form in map(_fold, _forms(text)):
        if any(word in form for word in words - whole):
            return True
        if any(whole.intersection((word, *word.split("."), *word.split("-"))) for word in _words(form)):
            return True
    return False


def _words(form: str) -> Iterator[str]:
    for found in _WORD.finditer(form):
        yield found[0]
        yield from found[0].split("_")


def _fold(text: str) -> str:
    """Normalise a text as browsers do host names: drop ignored characters, map look-alike full stops."""
    seen = "".join(sign for sign in unicodedata.normalize("NFKC", text) if unicodedata.category(sign) not in _PASSED)
    return seen.casefold().replace(_IDEOGRAPHIC_STOP, ".")


def _forms(text: str) -> Iterator[str]:
    """Yield a text and each form after one more percent-decoding; after too many layers, a site."""
    for _ in range(_MOST_LAYERS):
        yield text
        inner = unquote(text)
        if inner == text:
            return
        text = inner
    yield "//"
