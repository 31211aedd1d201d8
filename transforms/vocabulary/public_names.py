"""One public name for all spellings of an application or a site (process, bundle id, window class; host)."""

import re
from functools import cache
from importlib import resources

_LONGEST_ENDING = 64
"""Characters at the end of a name in which its version is looked for."""
_ENDING = re.compile(r"(?:\.(?:exe|app|desktop|bin|appimage)|[ -]v?\d[\d.]*(?: ?\(?(?:64|32)[ -]?bit\)?)?)+$")
_WORD = re.compile(r"[^\W\d_]{3,}")


def name_application(raw: str) -> str | None:
    r"""Look up the public name of an application; ``None`` if the vocabulary has none.

    >>> [name_application(raw) for raw in ("C:\\Apps\\WINWORD.EXE", "com.google.Chrome", "acme-crm")]
    ['Microsoft Word', 'Google Chrome', None]
    """
    known = _applications()
    return next((known[form] for form in list_spellings(raw) if form in known), None)


def list_spellings(raw: str) -> tuple[str, str, str]:
    r"""List the forms under which an application is looked up: whole, without its folder, without its ending too.

    >>> list_spellings("C:\\Apps\\WinWord.EXE")
    ('c:\\apps\\winword.exe', 'winword.exe', 'winword')
    """
    plain = raw.strip().casefold()
    short = re.split(r"[/\\]", plain)[-1]
    return plain, short, short[:-_LONGEST_ENDING] + _ENDING.sub("", short[-_LONGEST_ENDING:])


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


def shows_no_messages(app: str, host: str) -> bool:
    """Return whether it is public knowledge that nobody else writes to the user there: editors, tools, references.

    Where there is a host, it decides: a browser shows all kinds of sites.

    >>> [shows_no_messages(*window) for window in (("gedit", ""), ("firefox", "docs.python.org"), ("firefox", ""))]
    [True, True, False]
    """
    return (name_host(host) if host else name_application(app)) in _quiet()


@cache
def application_names() -> frozenset[str]:
    """Collect the public names of applications: ``Visual Studio Code``."""
    return frozenset(_applications().values())


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
def _quiet() -> frozenset[str]:
    return frozenset(_lines("quiet.txt"))


@cache
def _hosts() -> frozenset[str]:
    return frozenset(_lines("hosts.txt"))


def _lines(name: str) -> list[str]:
    text = resources.files("transforms.vocabulary").joinpath("data", name).read_text(encoding="utf-8")
    return text.splitlines()
