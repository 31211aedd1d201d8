"""Names of an organisation's own software and sites, which it declares to be public."""

import hashlib
import json
import re
from dataclasses import dataclass, field

from schemas.aggregates import OTHER, PRIVATE
from schemas.errors import UsageError
from transforms.vocabulary.public_names import list_spellings, name_application

LONGEST = 64
"""Most characters of a name or a spelling."""

MOST_NAMES = 10_000
"""Most spellings and hosts of a list."""

_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_HOST = re.compile(rf"(?!www\.)(?=.{{1,253}}$){_LABEL}(?:\.{_LABEL})+")


@dataclass(frozen=True, slots=True)
class OwnNames:
    """Names that are released for everybody: of applications by what recorders call them, and of sites.

    Raises ``UsageError`` with the place of what is wrong, and without the name itself.
    """

    applications: dict[str, tuple[str, ...]] = field(default_factory=dict, repr=False)
    """Process names, bundle ids and window classes, by the name that is released for them."""

    hosts: tuple[str, ...] = field(default=(), repr=False)
    """Whole hosts; what stands before or behind them is not named."""

    _known: dict[str, str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        known: dict[str, str] = {}
        for number, (name, spellings) in enumerate(self.applications.items(), 1):
            where = f"application {number}"
            _check_name(name, where)
            for spelling in (name, *spellings):
                form = _check_spelling(spelling, where)
                if known.setdefault(form, name) != name:
                    raise UsageError(f"{where} has a spelling of an application before it; leave one of them out")
                if name_application(form) not in (None, name):
                    raise UsageError(f"{where} has a spelling that the public vocabulary names; leave it out")
        for number, host in enumerate(self.hosts, 1):
            if not _HOST.fullmatch(host):
                raise UsageError(f"host {number} must read like crm.example.com: lower case, no https://, www. or path")
        if len(set(self.hosts)) != len(self.hosts):
            raise UsageError("a host stands twice; leave one out")
        if len(known) + len(self.hosts) > MOST_NAMES:
            raise UsageError(f"the list holds more than {MOST_NAMES} spellings and hosts; shorten it")
        object.__setattr__(self, "_known", known)

    @property
    def digest(self) -> str:
        """Return the digest of the list, whatever its order; callers must key it before it leaves private state."""
        form = [sorted((name, sorted(set(found))) for name, found in self.applications.items()), sorted(self.hosts)]
        return hashlib.sha256(json.dumps(form, separators=(",", ":")).encode()).hexdigest()

    def name(self, raw: str) -> str | None:
        """Look up the name of an application here and in the public vocabulary; ``None`` if both have none."""
        return next((self._known[form] for form in list_spellings(raw) if form in self._known), name_application(raw))

    def sites(self) -> frozenset[str]:
        """Collect the hosts as addresses write them: with and without ``www.``."""
        return frozenset(form for host in self.hosts for form in (host, f"www.{host}"))


NO_NAMES = OwnNames()
"""A list of nothing: the public vocabulary alone."""


def _check_name(name: str, where: str) -> None:
    if not 1 <= len(name) <= LONGEST or name != name.strip() or not name.isprintable():
        raise UsageError(f"the name of {where} must have 1 to {LONGEST} characters, without spaces around or breaks")
    if name.casefold() in (OTHER, PRIVATE):
        raise UsageError(f"the name of {where} is a word of the release; choose another")


def _check_spelling(spelling: str, where: str) -> str:
    """Return a spelling as it is looked up."""
    form = spelling.strip().casefold()
    if not 1 <= len(form) <= LONGEST or not form.isprintable() or "/" in form or "\\" in form:
        raise UsageError(f"a spelling of {where} must have 1 to {LONGEST} characters and no path; shorten it")
    return form
