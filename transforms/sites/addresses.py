"""Sites of addresses: the part that names a site, and the other sites that an address may name.

A site is read as a browser reads it, in any spelling. Only of an address that is written the way browsers write them is
it sure where the site ends and the path begins.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import unquote

from transforms.sites.hosts import host_of, is_last_label, show_unicode

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
_BEHIND_USER = re.compile(r"@([^/?#\\&;|\s\"'<>()@]+)")
_FIRST = re.compile(r"[/?#\\\s]*([^/?#\\:@\s]++)(?!:)")
_DOTTED = re.compile(r"(?<![\w.-])[\w-]+(?:\.[\w-]+)*\.([^\W\d_]{2,}|xn--[\w-]+)(?![\w-])")
_ESCAPE = re.compile(r"%(?:25)*[0-9a-f]{2}")
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


def host_of_page(address: str) -> str:
    """Read the host whose page an address shows, in any spelling; '' where that is uncertain.

    >>> host_of_page("blob:https://Docs.Example.org:8443/1-2"), host_of_page("crm://x/y"), host_of_page("about:blank")
    ('docs.example.org', 'x', '')
    """
    name = site(address).name
    return "" if name.endswith(":") else name.rpartition("//")[2]


def hosts_of_page(address: str) -> frozenset[str]:
    """List the hosts whose page an address may show, in ASCII and in Unicode.

    Only where its own host is uncertain, hosts that it names elsewhere count: a search for a site is not that site.

    >>> sorted(hosts_of_page("https://s.example/?q=a.example")), sorted(hosts_of_page("about:reader?url=//a.example"))
    (['s.example'], ['a.example'])
    """
    name = site(address).name
    own = host_of_page(address)
    found = {own} if own else named_sites(address) - {name} if name != "file://" else frozenset[str]()
    return frozenset(found) | {show_unicode(host) for host in found}


def sites_within(text: str) -> Iterator[str]:
    """Yield the site of every address in a path or query, '' for one that cannot be read; percent signs hide none.

    >>> sorted(set(sites_within("/url?u=https%253A%252F%252Fa.example&v=www.b.test/c.html")))
    ['a.example', 'www.b.test']
    """
    for form in decode_layers(text):
        read = _ESCAPE.sub(" ", fold_host(form))
        for found in _INNER.finditer(read):
            yield host_of(found[1]) or _UNKNOWN
        for found in _DOTTED.finditer(read):
            last = found[1]
            if last not in _FILES and (last.startswith("xn--") or not last.isascii() or is_last_label(last)):
                yield host_of(found[0]) or _UNKNOWN


def named_sites(address: str) -> frozenset[str]:
    """List all sites that an address names or may name: its own, those in its path, and hosts of mail addresses.

    Of an address that may be a path or a host, the first part is taken for a host.

    >>> sorted(named_sites("https://me:pw@a.example/?u=//b.test")), sorted(named_sites("mailto:x@intranet"))
    (['a.example', 'b.test'], ['intranet', 'mailto:'])
    >>> sorted(named_sites("#intranet")), sorted(named_sites("jira/browse/7"))
    (['intranet'], ['jira'])
    """
    own = site(address).name
    names = {own, *sites_within(address)}
    for form in map(fold_host, decode_layers(address)):
        names |= {host_of(found[1]) or _UNKNOWN for found in _BEHIND_USER.finditer(form)}
    if not own and (first := _FIRST.match(fold_host(address))):
        names.add(host_of(first[1]) or _UNKNOWN)
    return frozenset(names - {_UNKNOWN})


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


def fold_host(text: str) -> str:
    """Normalise a text as browsers do host names: drop ignored characters, map look-alike full stops."""
    seen = "".join(sign for sign in unicodedata.normalize("NFKC", text) if unicodedata.category(sign) not in _PASSED)
    return seen.casefold().replace(_IDEOGRAPHIC_STOP, ".")


def decode_layers(text: str) -> Iterator[str]:
    """Yield a text and each form after one more percent-decoding; after too many layers, a site."""
    for _ in range(_MOST_LAYERS):
        yield text
        inner = unquote(text)
        if inner == text:
            return
        text = inner
    yield "//"
