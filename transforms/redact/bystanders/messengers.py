"""Windows in which other people write: mail, chats, calendars, meetings; told by application, site and title."""

import re
from dataclasses import dataclass, field
from functools import cache, lru_cache

from transforms.redact.window_rules import WindowRules
from transforms.sites.addresses import hosts_of_page
from transforms.vocabulary import name_application
from transforms.vocabulary.public_names import application_names

_APPLICATIONS = frozenset(
    "Calendar|HexChat|Mail|Microsoft Outlook|Microsoft Teams|Rocket.Chat|Signal|Slack|Telegram|Thunderbird|WhatsApp"
    "|Zoom".split("|")
)
"""Public names of applications whose windows are about messages."""

_WORDS = re.compile(
    r"(?<![a-z])(?:[a-z]{0,4}e?-?mails?|gmail|inbox|postfach|posteingang|outlook|thunderbird|betterbird|evolution|geary"
    r"|chats?|messenger|messages?|nachrichten|mattermost|element|zulip|slack|teams|discord|telegram|whatsapp|signal"
    r"|viber|threema|wire|skype|zoom|webex|meet|jitsi|calendar|kalender|calendrier|agenda|captions?|untertitel|intercom"
    r"|zendesk|front|missive|superhuman|protonmail|roundcube|zimbra)(?![a-z])"
)
"""Words in the name of an application, in a host, or at the end of a title, that tell such a window."""

_SEPARATOR = re.compile(r"(\s[-\u2013\u2014|\u00b7]\s)")
_NAME_WORDS = 2
"""Most words of the name that ends a title; more of them may be somebody's."""


@lru_cache(4_096)
def is_messenger(app: str, title: str, url: str) -> bool:
    """Return whether other people write in a window.

    >>> is_messenger("firefox", "Budget - Acme Webmail - Firefox", "https://office.example/42")
    True
    """
    if name_application(app) in _APPLICATIONS or _WORDS.search(app.casefold()):
        return True
    if any(_WORDS.search(host.replace(".", " ")) for host in hosts_of_page(url)):
        return True
    return any(_WORDS.search(part) for part in split_title(title.casefold())[::2][-2:])


@dataclass(frozen=True, slots=True)
class MessengerList:
    """Windows in which other people write: those that are known, and those that ``redact.messengers`` names.

    >>> MessengerList(("acme talk",)).names("Acme Talk", "Lunch", "")
    True
    """

    extra: tuple[str, ...] = ()
    _rules: WindowRules = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_rules", WindowRules(self.extra, "messengers"))

    def names(self, app: str, title: str, url: str) -> bool:
        """Return whether other people write in a window."""
        return is_messenger(app, title, url) or self._rules.match(app, title, hosts_of_page(url))


def split_title(title: str) -> list[str]:
    """Split a title into its parts, with what separates them between them.

    >>> split_title("Lunch - Inbox | Geary")
    ['Lunch', ' - ', 'Inbox', ' | ', 'Geary']
    """
    return _SEPARATOR.split(title)


def is_application(part: str) -> bool:
    """Return whether a part of a title is the name of an application and nothing else.

    >>> [is_application(part) for part in ("Geary", "Evolution Mail", "Anna Mail", "Signal from Anna")]
    [True, True, False, False]
    """
    words = part.casefold().split()
    if not 1 <= len(words) <= _NAME_WORDS:
        return False
    return " ".join(words) in _application_names() or all(_WORDS.fullmatch(word) for word in words)


@cache
def _application_names() -> frozenset[str]:
    return frozenset(name.casefold() for name in application_names())
