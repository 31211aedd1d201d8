"""One public name for all spellings of an application or a site (process, bundle id, window class; host)."""

import re
from functools import cache
from importlib import resources

_PATH = re.compile(r".*[/\\]")
_ENDING = re.compile(r"(?:\.(?:exe|app|desktop|bin|appimage)|[ -]v?\d[\d.]*(?: ?\(?(?:64|32)[ -]?bit\)?)?)+$")
_WORD = re.compile(r"[^\W\d_]{3,}")


def name_application(raw: str) -> str | None:
    r"""Look up the public name of an application; ``None`` if the vocabulary has none.

    >>> [name_application(raw) for raw in ("C:\\Apps\\WINWORD.EXE", "com.google.Chrome", "acme-crm")]
    ['Microsoft Word', 'Google Chrome', None]
    """
    known = _applications()
    plain = raw.strip().casefold()
    short = _PATH.sub("", plain)
    return known.get(plain) or known.get(short) or known.get(_ENDING.sub("", short))


def name_host(host: str) -> str | None:
    """Look up the public name of a host, its ASCII form in lower case; ``None`` if the vocabulary has none.

    Only whole hosts count: what stands before a known site may name a company.

    >>> [name_host(host) for host in ("www.github.com", "docs.google.com", "acme.slack.com")]
    ['github.com', 'docs.google.com', None]
    """
    plain = host.removeprefix("www.")
    return plain if plain in _hosts() else None


@cache
def public_hosts() -> frozenset[str]:
    """Collect the hosts that have a public name, as addresses write them: with and without ``www.``."""
    return _hosts() | {f"www.{host}" for host in _hosts()}


@cache
def application_words() -> frozenset[str]:
    """Collect the words of applications' names, lower case: ``visual``, ``photoshop``, ``jupyter``."""
    return frozenset(word for name in _applications().values() for word in _WORD.findall(name.casefold()))


@cache
def _applications() -> dict[str, str]:
    found: dict[str, str] = {}
    for line in _lines("applications.txt"):
        name, _, aliases = line.partition(" | ")
        for alias in (name.casefold(), *aliases.split(", ")):
            found[alias] = name
    return found


@cache
def _hosts() -> frozenset[str]:
    return frozenset(_lines("hosts.txt"))


def _lines(name: str) -> list[str]:
    text = resources.files("transforms.vocabulary").joinpath("data", name).read_text(encoding="utf-8")
    return text.splitlines()
