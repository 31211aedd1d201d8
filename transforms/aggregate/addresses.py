"""Which part of an address names a site, and what may stand in its place."""

import re
from typing import NamedTuple

from schemas.rare import OTHER

_AUTHORITY = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://(?P<authority>[^/?#\\]*)")
_OPAQUE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:(?!\d)")
_BARE = re.compile(r"[^/?#\\]*")
_WEB = frozenset({"http", "https", "ws", "wss", "ftp"})
_PORT = re.compile(r":\d+$")


class Site(NamedTuple):
    """Half-open range of an address that is replaced where the site is rare, and the site's name."""

    start: int
    end: int
    name: str


def site(address: str) -> Site:
    """Return the site of an address: the host of a web address, else all up to the path.

    A scheme may itself tell which program somebody uses, so that ``acme-crm://x/y`` is as rare as its first part. User
    name and port belong to the replaced part and not to the name.

    >>> site("https://user@Docs.Example.org:8443/d/7?q=1")
    Site(start=8, end=34, name='docs.example.org')
    >>> site("docs.example.org/d"), site("about:blank")
    (Site(start=0, end=16, name='docs.example.org'), Site(start=0, end=5, name='about:'))
    >>> site("chrome://settings/x")
    Site(start=0, end=17, name='chrome://settings')
    """
    whole = _AUTHORITY.match(address)
    if whole is not None:
        start = whole.start("authority") if whole["scheme"].lower() in _WEB else 0
        return Site(start, whole.end(), _host(address[start : whole.end()]))
    opaque = _OPAQUE.match(address)
    if opaque is not None:
        return Site(0, opaque.end() - 1, opaque[0].lower())
    bare = _BARE.match(address)
    end = bare.end() if bare is not None else 0
    return Site(0, end, _host(address[:end]))


def _host(part: str) -> str:
    return _PORT.sub("", part.rpartition("@")[2]).lower()


def without_site(address: str, found: Site) -> str:
    """Return ``address`` with ``other`` in place of its site.

    >>> without_site("https://intranet.example/a", site("https://intranet.example/a"))
    'https://other/a'
    """
    return address[: found.start] + OTHER + address[found.end :] if found.end > found.start else address
