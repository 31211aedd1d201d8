"""Deny list: private windows, password managers, banking, health and HR, whose rows are dropped whole."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from transforms.redact.window_rules import WindowRules
from transforms.sites.addresses import hosts_of_page

_MANAGERS = (
    "1password", "bitwarden", "credential manager", "dashlane", "enpass", "gnome-keyring", "keepass", "keepassx",
    "keepassxc", "keeper", "keychain access", "kwalletmanager", "lastpass", "nordpass", "passbolt", "proton pass",
    "roboform", "seahorse",
)  # fmt: skip
"""Password managers, as applications call themselves."""

_DOMAINS = frozenset(
    # password managers that run in a browser
    """1password.com 1password.eu 1password.ca bitwarden.com bitwarden.eu dashlane.com keepersecurity.com lastpass.com
    nordpass.com pass.proton.me passwords.google.com"""
    # banks and payment services whose name does not say so
    """ abnamro.nl americanexpress.com bancosantander.es barclays.co.uk bbva.es bbva.mx bnpparibas bnpparibas.fr
    caixabank.es capitalone.com chase.com credit-agricole.fr dkb.de fidelity.com fnb.co.za halifax.co.uk hsbc.co.uk
    hsbc.com ing.com ing.de ing.nl intesasanpaolo.com labanquepostale.fr monzo.com n26.com nationwide.co.uk natwest.com
    nordea.com nordea.fi nordea.se nubank.com.br paypal.com pkobp.pl pnc.com postfinance.ch revolut.com rbc.com
    royalbank.com santander.co.uk santander.com schwab.com societegenerale.fr sparkasse.de starlingbank.com td.com
    tdbank.com truist.com ubs.com unicredit.it vanguard.com wellsfargo.com wise.com"""
    # health
    """ doctolib.de doctolib.fr doctolib.it login.nhs.uk myhealthrecord.gov.au mychart.com mychart.org patientaccess.com
    teladoc.com zocdoc.com"""
    # human resources and payroll
    """ adp.com bamboohr.com factorialhr.com gusto.com hibob.com myworkday.com paychex.com paycom.com personio.com
    personio.de rippling.com successfactors.com successfactors.eu workday.com""".split()
)
"""Domains whose pages are about one's own secrets, money, health or employment; subdomains belong to them."""

_MOST_LABELS = max(domain.count(".") + 1 for domain in _DOMAINS)
_LONGEST_LABEL = 63
"""Most characters of a label of a host (RFC 1035, section 2.3.4)."""

_LABEL = re.compile(
    r"(?!(?:bio|blood|cloud|clothing|data|diaper|eye|food|gene|grand|idea|image|item|job|land|left|memory|milk|name|piggy"
    r"|power|question|right|river|sand|seed|snow|song|sound|south|sperm|test|time|tissue|tool|toy|water|word|world)s?bank$)"
    r"[a-z0-9]+bank|bankof[a-z]+|[a-z0-9]*(?:e|home|internet|mobile|net|online|tele|web)banking|banking"
    r"|mychart|patientportal|myhealth|[a-z]*sparkasse[a-z]*|(?:raiffeisen|volksbank)[a-z]*"
)
"""A label of a host, without its hyphens, that says what the site is: ``deutschebank`` does, ``databank`` does not.

Nor does ``bank`` alone, which is a department, a desk or a game as often as a bank; what is typed there is redacted.
"""

_PAGES = frozenset(
    """bitwarden|bitwarden web vault|dashlane|internet banking|lastpass|mychart|my vault|netbanking|nordpass
    |online banking|online-banking|onlinebanking|patient portal|1password""".replace("\n    ", "").split("|")
)
"""Parts of a window's title that name such a page where the recording has no address."""

_PRIVATE = re.compile(
    r"(?:^|\s)(?:inprivate|incognito|inkognito\w*|private browsing|privates? (?:fenster|surfen)|privater modus"
    r"|navigation priv\u00e9e|(?:navegaci\u00f3n|ventana) (?:privada|de inc\u00f3gnito)|inc\u00f3gnito"
    r"|navigazione (?:anonima|privata|in incognito)|priv\u00e9navigatie|privat surfning)$"
)
"""Endings that browsers give the name of a private window."""

_PARTS = re.compile(r"\s[-\u2013\u2014|\u00b7:]\s|[\[\]()]")
_ENDING = re.compile(r"(?:\.exe|\.app|[ -]?v?\d(?:\d|\.(?!exe|app))*+)++$")
_LONGEST_ENDING = 64
"""Characters at the end of a name in which its version is looked for."""
_REVERSED = re.compile(r"(?:com|org|net|io|eu|de|me)\.")


RULES = (
    "hosts of which a part ends in bank (but not in words such as databank) or in banking",
    "hosts of which a part holds sparkasse, or begins with bankof, raiffeisen or volksbank",
    "hosts below .bank, and hosts of which a part is mychart, patientportal or myhealth",
    "windows whose title says that they are private",
)
"""The rules beside the names of the list, in plain words."""


Window = tuple[str | None, str | None, str | None, bool | None]
"""app, title, url, private"""


@dataclass(frozen=True, slots=True)
class DenyList:
    """Compiled rules; ``extra`` adds regular expressions for whole applications or hosts, or parts of titles."""

    extra: tuple[str, ...] = ()
    _rules: WindowRules = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_rules", WindowRules(self.extra, "denied"))

    def denies(self, app: str | None, title: str | None, url: str | None, *, private: bool) -> bool:
        """Check whether the rows after a ``focus`` event with these values are dropped."""
        hosts = {host for host in hosts_of_page(url or "") if "." in host}
        return (
            private
            or any(name in _MANAGERS for name in _app_names(app))
            or any(map(_is_private_site, hosts))
            or _is_private_title(title, addressed=bool(hosts))
            or self._rules.match(app, title, hosts)
        )

    def names(self, word: str) -> bool:
        """Return whether nothing is kept of a program, a site or a window that is called so.

        >>> DenyList().names("chase.com"), DenyList().names("weather.com")
        (True, False)
        """
        return self.denies(word, word, word if "://" in word else f"https://{word}", private=False)

    def deny_each(self, windows: Sequence[Window]) -> list[bool]:
        """Return for each window whether what follows it is dropped."""
        known = {window: self.denies(*window[:3], private=bool(window[3])) for window in dict.fromkeys(windows)}
        return [known[window] for window in windows]


def list_names() -> dict[str, list[str]]:
    """List what the built-in list names: programs, sites with all below them, and parts of titles of windows."""
    sites = [name if "." in name else f".{name}" for name in _DOMAINS]  # .bnpparibas: all hosts that end so
    return {"programs": sorted(_MANAGERS), "sites": sorted(sites), "titles": sorted(_PAGES)}


def _app_names(app: str | None) -> Iterator[str]:
    """Yield the names of an application: of ``org.keepassxc.KeePassXC`` also each of its parts."""
    name = re.split(r"[/\\]", (app or "").strip().casefold())[-1]
    name = name[:-_LONGEST_ENDING] + _ENDING.sub("", name[-_LONGEST_ENDING:])
    yield name
    if _REVERSED.match(name):
        yield from name.split(".")[1:]


def _is_private_site(host: str) -> bool:
    labels = host.split(".")
    if labels[-1] == "bank" or any(".".join(labels[-count:]) in _DOMAINS for count in range(1, _MOST_LABELS + 1)):
        return True
    return any(_LABEL.fullmatch(label.replace("-", "")) for label in labels[:-1] if len(label) <= _LONGEST_LABEL)


def _is_private_title(title: str | None, *, addressed: bool) -> bool:
    parts = [part.strip() for part in _PARTS.split((title or "").casefold()) if part.strip()]
    if any(_PRIVATE.search(part) for part in parts[-2:]):
        return True
    return not addressed and any(part in _PAGES for part in parts)


def find_denied_rows(
    focus_rows: Sequence[int], denied: Sequence[bool], session_ends: Sequence[int]
) -> list[tuple[int, int]]:
    """Return the half-open row ranges that are dropped, neighbours within a session joined.

    ``focus_rows`` are the rows of all focus events of a batch in order; ``denied`` and ``session_ends`` say for each
    whether it is denied and at which row its session ends.
    """
    stretches: list[tuple[int, int]] = []
    for position, (row, drop) in enumerate(zip(focus_rows, denied, strict=True)):
        if not drop:
            continue
        following = focus_rows[position + 1] if position + 1 < len(focus_rows) else session_ends[position]
        end = min(following, session_ends[position])
        if stretches and stretches[-1][1] == row and row != session_ends[position - 1]:
            stretches[-1] = (stretches[-1][0], end)
        else:
            stretches.append((row, end))
    return stretches
