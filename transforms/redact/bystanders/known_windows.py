"""Knowledge of a window by its names alone: others write in it, nobody else does, or neither is known."""

import re
from dataclasses import dataclass, field
from enum import Enum, auto
from functools import lru_cache

from transforms.redact.bystanders.messengers import MessengerList
from transforms.redact.settings import RedactSettings, UnknownWindows
from transforms.redact.window_rules import WindowRules
from transforms.sites.addresses import host_of_page
from transforms.sites.hosts import show_unicode
from transforms.vocabulary import shows_no_messages

_INTERNAL = re.compile(
    r"(?:about:(?:addons|config|downloads|home|newtab|preferences|settings|support)"
    r"|(?:brave|chrome|edge|opera|vivaldi)://(?:apps|bookmarks|downloads|extensions|flags|history|newtab|new-tab-page"
    r"|settings|version))(?:[/#].*)?",
    re.IGNORECASE | re.DOTALL,
)
"""Addresses of a browser's own pages. Not ``about:reader?url=`` or ``about:blank``, which show pages of sites."""


class WindowKind(Enum):
    """Kind of a window."""

    MESSENGER = auto()
    UNKNOWN = auto()  # what the recorder did not type is withheld
    OTHER = auto()  # transcripts and messages by structure alone are withheld


@dataclass(frozen=True, slots=True)
class KnownWindows:
    """Messengers, and windows without messages: those that are public, and those that the organisation lists.

    >>> windows = KnownWindows(quiet=("acme crm",))
    >>> [windows.judge(app, "", "").name for app in ("slack", "gedit", "Acme CRM", "Acme Talk")]
    ['MESSENGER', 'OTHER', 'OTHER', 'UNKNOWN']
    """

    messengers: MessengerList = field(default_factory=MessengerList)
    quiet: tuple[str, ...] = ()
    unknown: UnknownWindows = UnknownWindows.WITHHOLD
    _rules: WindowRules = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_rules", WindowRules(self.quiet, "quiet"))

    @classmethod
    def of(cls, settings: RedactSettings) -> "KnownWindows":
        """Read the settings."""
        return cls(MessengerList(settings.messengers), settings.quiet, UnknownWindows(settings.unknown_windows))

    def judge(self, app: str, title: str, url: str) -> WindowKind:
        """Judge a window by its names. A title, which others may write, never tells that there are no messages."""
        if self.messengers.names(app, title, url):
            return WindowKind.MESSENGER
        if self.unknown is UnknownWindows.STRUCTURE:
            return WindowKind.OTHER
        host = host_of_page(url)
        known = (
            _INTERNAL.fullmatch(url)
            or _is_quiet(app, host)
            or self._rules.match(app, None, {host, show_unicode(host)} - {""})
        )
        return WindowKind.OTHER if known else WindowKind.UNKNOWN


@lru_cache(4_096)
def _is_quiet(app: str, host: str) -> bool:
    return shows_no_messages(app, host)
