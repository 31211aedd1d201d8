"""Channels of chats, and the workspaces that they are in."""

import re
from collections.abc import Iterator

from schemas.entities import EntityType, Span
from transforms.redact.text.technical import read_technical
from transforms.redact.text.word_lists import WordClass, word_class

_SCORE = 0.8
_SIGN = re.compile(
    r"(?<!\]\()(?<!=[\"'])(?<![^\s(\"'\u201c\u2018])#(?P<name>[^\W\d_A-Z][^\WA-Z]*(?:-[^\WA-Z]+)*)(?![\w#/({=;:]\w|[\w#({=;/])"
)
"""``#incident-room`` between blanks; a name of a channel has no capital."""
_DIRECTIVES = frozenset(
    """define elif else endif endregion error extension if ifdef ifndef import include line pragma region undef version
    warning shebang noqa type""".split()
)
_COLOUR = re.compile(r"[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8}")
_SEPARATOR = re.compile(r"\s[-\u2013\u2014|]\s")
_NOTICE = re.compile(r"\d+ new items?", re.IGNORECASE)
_UNREAD = re.compile(r"(?:\(\d+\+?\)|[*!\u2022])\s")
_SLACK = re.compile(
    r"^\W{0,8}(?P<name>\w.{0,99}?) \((?:Private )?(?:Channel|Kanal|Canal|Canale|Kanaal)\)$", re.IGNORECASE
)
_TEAMS = re.compile(r"^(?P<name>[^()]+) \((?P<team>[^()]+)\)$")
_HEADINGS = frozenset(
    """channels kan\u00e4le canaux canales canali kanalen canais kana\u0142y kanaler kan\u00e1ly
    \u043a\u0430\u043d\u0430\u043b\u044b""".split()
)
"""Headings above the list of channels of a chat."""
_ENTRY = re.compile(
    r"^[#\uff03][ ]?(?P<name>[^\W\d_A-Z][^\WA-Z]{0,79}(?:-[^\WA-Z]{1,80}){0,9})(?: \d{1,3}\+?)?$", re.MULTILINE
)
"""A line of that list, the sign of which is an icon, with the number of what is unread."""
_HEADER = re.compile(r"^(?:[#\uff03]\s?)?(?P<name>[^\s#\uff03]{1,100})(?=$| [-\u2013\u2014|\u00b7] )", re.MULTILINE)
_OF_EVERYONE = frozenset({"general", "random"})
"""Channels that every workspace has."""
_TAB = re.compile(r"^#[^\s#|]{1,80} \| (?P<workspace>[^|\n]{2,60}?)(?: Slack)?$", re.MULTILINE)
"""The title of a tab as a list of tabs shows it: ``#general | Acme Corp``."""
_WINDOWS = frozenset({WordClass.INTERFACE})
_WORD = re.compile(r"[^\W_]+")


def find_channels(line: str, *, title: bool = False) -> Iterator[Span]:
    """Yield channels in ``line`` with their sign, and in a ``title`` of Slack, Teams or Discord also without it.

    >>> line = "ask in #blue-heron, not in #include"
    >>> [line[start:end] for start, end, *_ in find_channels(line)]
    ['#blue-heron']
    """
    if "#" in line and not read_technical(line).whole:
        for found in _SIGN.finditer(line):
            if found["name"] not in _DIRECTIVES and not _COLOUR.fullmatch(found["name"]):
                yield Span(found.start(), found.end(), EntityType.CHANNEL, _SCORE)
    if title:
        yield from _read_title(line)


def find_listed_channels(screen: str) -> Iterator[Span]:
    r"""Yield the channels in the list of a chat, in the header that repeats one of them, and workspaces of tabs.

    >>> screen = "Channels\n# blue-heron\n# general 3\nblue-heron - for birds"
    >>> [screen[start:end] for start, end, *_ in find_listed_channels(screen)]
    ['# blue-heron', 'blue-heron']
    """
    for tab in _TAB.finditer(screen):
        yield Span(*tab.span("workspace"), EntityType.ORGANISATION, _SCORE)
    if not _HEADINGS.intersection(map(str.casefold, screen.split("\n"))):
        return
    listed = [entry for entry in _ENTRY.finditer(screen) if entry["name"] not in _OF_EVERYONE]
    for entry in listed:
        yield Span(entry.start(), entry.end("name"), EntityType.CHANNEL, _SCORE)
    names, starts = {entry["name"] for entry in listed}, {entry.start() for entry in listed}
    for header in _HEADER.finditer(screen) if names else ():
        if header["name"] in names and header.start() not in starts:
            yield Span(header.start(), header.end("name"), EntityType.CHANNEL, _SCORE)


def _read_title(title: str) -> Iterator[Span]:
    """Yield what a title tells by its parts; in ``#general | Acme`` the workspace follows its channel."""
    parts = list(_split(title))
    names = [title[start:end] for start, end in parts]
    if "Slack" in names:
        yield from _read_slack(title, parts[: names.index("Slack")] or parts[1:])
    elif "Microsoft Teams" in names:
        for start, end in parts:
            if found := _TEAMS.match(title[start:end]):
                for part in ("name", "team"):
                    yield from _mark(title, start + found.start(part), start + found.end(part), EntityType.CHANNEL)
    elif any(_SIGN.fullmatch(name) for name in names[:2]):
        rest = [part for part, name in zip(parts, names, strict=True) if name != "Discord" and not name.startswith("#")]
        for start, end in rest[-1:]:
            yield from _mark(title, start, end, EntityType.ORGANISATION)


def _read_slack(title: str, parts: list[tuple[int, int]]) -> Iterator[Span]:
    """Read ``general (Channel) - Acme Corp - 2 new items``: the workspace is last."""
    for start, end in parts:
        if found := _SLACK.match(title[start:end]):
            yield from _mark(title, start + found.start("name"), start + found.end("name"), EntityType.CHANNEL)
    rest = [part for part in parts if not _NOTICE.fullmatch(title[slice(*part)])]
    for start, end in rest[-1:]:
        if not title[start:end].endswith(")") and len(rest) > 1:
            yield from _mark(title, start, end, EntityType.ORGANISATION)


def _split(title: str) -> Iterator[tuple[int, int]]:
    """Yield the parts of a title without the number of unread messages in front: ``(3) Discord | ducks``."""
    unread = _UNREAD.match(title)
    at = unread.end() if unread else 0
    for found in _SEPARATOR.finditer(title, at):
        yield at, found.start()
        at = found.end()
    yield at, len(title)


def _mark(title: str, start: int, end: int, entity: EntityType) -> Iterator[Span]:
    """Yield a part of a title unless all of it is words of interfaces, as ``Threads``."""
    words = _WORD.findall(title[start:end])
    if words and not all(word_class(word) in _WINDOWS for word in words):
        yield Span(start, end, entity, _SCORE)
