"""Heads of messages: the name with which a text begins or ends, and the words that the text holds besides."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import NamedTuple

from transforms.redact.bystanders.message_words import COLON, head_of, time_pattern
from transforms.redact.bystanders.senders.words import (
    any_of,
    is_bare_time,
    is_delivery,
    is_label,
    is_titled,
    may_name,
    mentions_quote,
    says_you,
    tells_moment,
)

YOURS = "you"
"""Sender of a text that says in words that it is the recorder's."""
_MOST_WORDS, _LONGEST = 5, 400
_TOKEN = re.compile(r"\S+")
_EDGES = " \t,;:\u00b7\u2022|\uff1a\u200e"
_ADDRESS = re.compile(r"\s*[<(]?([\w.+-]+@[\w-]+(?:\.[\w-]+)+)[>)]?")
_NAME_WORD = re.compile(r"[^\W\d_]{3,}")
_SMALL = re.compile(r"\b(?:at|on|um|am|à|le|a|las|alle|il|o|om|op|kl|в|às)\b\s*", re.IGNORECASE)
_AT_COLON = re.compile(r"[^:]{0,30}(?<!\d)\s?\d{1,2}[:.]\d\d(?:\s?[ap]m)?\s?[:\uff1a]", re.IGNORECASE)
_BRACKETED = re.compile(r"\[([^\[\]]{1,30})\]\s*")
_LABELLED = re.compile(r"[^\W\d][:\uff1a]|:\s")
_NICK = re.compile(r"<[@+~&%]?([^<>\s]{1,32})>\s+")


class Head(NamedTuple):
    """Sender that a text names, and the rest of its words; ``timed`` and ``sure`` say how the name is told from words.

    A time stands beside it, or a verb of saying, a colon, or the word ``by``.
    """

    name: str
    rest: str = ""
    timed: bool = False
    sure: bool = False

    def __repr__(self) -> str:
        """Hide the name."""
        return f"Head(timed={self.timed}, sure={self.sure})"


@dataclass(frozen=True, slots=True)
class RecorderNames:
    """Names of the recorder in one window: those of the directory, those that the session tells, and ``You``."""

    listed: Callable[[str], bool] = field(repr=False)
    session: frozenset[str] = field(default=frozenset(), repr=False)
    you: bool = True

    def hold(self, name: str) -> bool:
        """Return whether a name is the recorder's; of a name with an address the address decides."""
        plain = plain_name(name)
        if found := _ADDRESS.search(plain):
            plain = found[1]
        return (self.you and says_you(plain)) or plain in self.session or self.listed(plain)

    def find_head(self, text: str) -> Head | None:
        """Return the head of a text whose sender is the recorder.

        >>> RecorderNames(lambda name: name == "ann lee").find_head("Ann Lee commented 3 hours ago")
        Head(timed=True, sure=True)
        """
        return next((head for head in read_heads(text) if self.hold(head.name) and _is_clear(head)), None)


@lru_cache(4_096)
def find_any_head(text: str) -> Head | None:
    """Return the head of a text, whoever is its sender.

    >>> [find_any_head(text) for text in ("Carl Vogt 10:42", "we meet at noon")]
    [Head(timed=True, sure=False), None]
    """
    heads = [head for head in read_heads(text) if may_name(head.name) and _is_somebody(head.name)]
    told = next((head for head in heads if head.timed or head.sure), None)
    return told or next((head for head in heads if not head.rest), None)


# ``Ann Lee, Tue 14:07``, ``Ann Lee 2 minutes``, ``2026 at``
def _is_somebody(name: str) -> bool:
    """Return whether what may be a name is no label and holds no time."""
    _, comma, last = name.rpartition(",")
    if name[:1].isdigit() or (comma and time_pattern().fullmatch(last.strip())):
        return False
    if any(any(map(str.isdigit, found[0])) for found in time_pattern().finditer(name)):
        return False
    return says_you(plain_name(name)) or not is_label(name)


def plain_name(name: str) -> str:
    """Return a name in lower case without marks around it."""
    return " ".join(name.strip(_EDGES).removeprefix("@").split()).casefold()


def names_author(text: str) -> bool:
    """Return whether a text is a label of an author with a name: ``Organizer: Ann Lee``."""
    return _author().match(text.strip(_EDGES)) is not None


# ``Ann Lee 10:42``; not ``I bring it on Monday``
def names_sender(text: str) -> bool:
    """Return whether a text may be the head of a message."""
    head = find_any_head(text)
    if head is None or not (head.timed or head.sure):
        return False
    return bool(head.rest) or is_titled(head.name) or tells_moment(text)


def is_address(text: str) -> bool:
    """Return whether a text is the address of somebody, in brackets or not."""
    return _ADDRESS.fullmatch(text.strip()) is not None


# ``Ann Lee | @alee | 10:42``; ``Ann Lee | 10:42 | @Bo | see you then`` speaks to Bo.
def resembles(alias: str, name: str) -> bool:
    """Return whether a login or an address holds a word of a name."""
    plain = plain_name(alias)
    return any(word in plain for word in _NAME_WORD.findall(plain_name(name)))


def find_address(text: str) -> str:
    """Return the first address of mail in a text, '' where it has none."""
    found = _ADDRESS.search(text)
    return found[1] if found else ""


# ``Ja, ich komme`` is an answer, ``You, Anna: lunch`` names two, and ``Quoting Anna, lunch? by You`` is of two.
def _is_clear(head: Head) -> bool:
    """Return whether the name is set apart from the words beside it, which quote nobody."""
    if mentions_quote(head.rest):
        return False
    if not head.rest or head.timed or head.sure:
        return True
    return not says_you(plain_name(head.name)) and not may_name(head.rest.partition(",")[0])


# ``[10:42] Ann Lee: lunch?``, ``Ann Lee to Everyone, lunch?, 10:42``, ``lunch?, by Ann Lee 10:42``, ``Reply by Ann``
def read_heads(text: str) -> Iterator[Head]:
    """Yield the names that may be the sender of a text, the longest at its beginning first."""
    plain = text.strip(_EDGES)[:_LONGEST]
    after = COLON.split(plain, maxsplit=1)[-1]
    named = head_of(plain) == "sender"
    if not named and (label := _author().match(plain)):
        named, after = True, plain[label.end() :]
    plain, timed = _cut_times((after if named else plain).strip())
    if yours := _read_yours(plain, timed=timed):
        yield yours
    if nick := _NICK.match(plain):
        yield Head(nick[1], plain[nick.end() :], timed, sure=True)
    tokens = [found.end() for found in _TOKEN.finditer(plain)][:_MOST_WORDS]
    for end in reversed(tokens):
        address = _ADDRESS.match(plain, end)
        last = address.end() if address else end
        told = _read_tail(plain[:last], plain[last:], timed=timed)
        if told is not None:
            yield told._replace(sure=told.sure or named)
    yield from _read_by(plain, timed=timed)


def _read_tail(name: str, tail: str, *, timed: bool) -> Head | None:
    """Read what stands behind a name; nothing where it goes on with other words."""
    mark = name[-1:] if name[-1:] in _EDGES else tail.lstrip()[:1]
    tail = tail.strip(_EDGES + "\u2013\u2014->")
    verb = _verb().match(tail)
    sure = verb is not None or mark in {":", "\uff1a"}
    tail, is_timed = _cut_times(tail[verb.end() :] if verb else tail)
    cut = verb is None or is_timed or not tail or tail[:1] in _EDGES.strip()
    if to := _to().match(tail):
        sure, cut, tail = True, True, tail[to.end() :]
        tail, also = _cut_times(tail)
        is_timed |= also
    tail = tail.strip(_EDGES)
    if not tail or (sure and cut) or is_timed or mark == ",":
        return Head(name.strip(_EDGES), tail, timed or is_timed, sure and (cut or not tail))
    return Head(name.strip(_EDGES), tail, timed, False) if timed and mark in {"-", "\u2013", "\u2014"} else None


def _read_by(plain: str, *, timed: bool) -> Iterator[Head]:
    """Read a text that ends in who wrote, ``Reply by Ann``, or tells it behind a comma: ``lunch, by Ann, busy``."""
    for found in _by().finditer(plain):
        before = plain[: found.start()]
        is_thing = _thing().fullmatch(_SMALL.sub("", time_pattern().sub("", before))) is not None
        if not is_thing and not before.rstrip().endswith((",", ".", "!", "?", "\u2026")):
            continue
        for end in reversed([token.end() for token in _TOKEN.finditer(plain, found.end())][:_MOST_WORDS]):
            rest, is_timed = _cut_times(plain[end:].strip(_EDGES))
            marked = plain[end - 1] in ":\uff1a" or (is_timed and _AT_COLON.match(plain, end) is not None)
            if is_thing and marked:
                yield Head(plain[found.end() : end].strip(_EDGES), rest.strip(_EDGES), timed or is_timed, sure=True)
            elif not rest.strip(_EDGES + ".") or (not is_thing and (is_timed or plain[end - 1] == ",")):
                yield Head(plain[found.end() : end], "" if is_thing else before, timed or is_timed, sure=True)


# ``You sent: see you then``, ``Your message, see you then, 10:42, Seen``; another's are ``You sent me the wrong file``
# and ``Your message, as I said, is lost``.
def _read_yours(plain: str, *, timed: bool) -> Head | None:
    """Read a text that says in words that it is the recorder's message."""
    found = _yours().match(plain)
    if found is None:
        return None
    rest, is_timed = _cut_times(plain[found.end() :].lstrip())
    mark = "" if not rest or is_timed else rest[:1]
    is_read_out = mark == "," and _is_read_out(rest)
    if mark in {"", ":", "\uff1a"} or is_read_out or (mark == "," and found["device"]):
        return Head(YOURS, rest.strip(_EDGES), timed or is_timed or is_read_out, sure=True)
    return None


def _is_read_out(rest: str) -> bool:
    """Return whether a time and a state stand behind words: ``, see you, 10:42, Seen``; not ``, re: ...``."""
    parts = rest.split(",")
    return not _LABELLED.search(rest) and is_delivery(parts[-1]) and any(map(is_bare_time, parts[2:-1]))


def _cut_times(text: str) -> tuple[str, bool]:
    """Cut the times at the beginning of a text, and tell whether there were some; ``Yesterday we met`` stays whole."""
    whole, cut = text, False
    while True:
        bracketed = _BRACKETED.match(text)
        if bracketed and time_pattern().search(bracketed[1]):
            found = bracketed.end()
        elif match := _led_time().match(text):
            found = match.end()
        else:
            break
        text, cut = text[found:].lstrip(_EDGES + "."), True
    told = whole[: len(whole) - len(text)]
    return (text if not text or any(map(str.isdigit, told)) else whole), cut


@cache
def _led_time() -> re.Pattern[str]:
    return re.compile(rf"[,(]?\s*(?:[^\W\d_]{{1,4}}\s)?(?:{time_pattern().pattern})\)?", re.IGNORECASE)


@cache
def _verb() -> re.Pattern[str]:
    return re.compile(rf"{any_of('says')}(?![^\W_])", re.IGNORECASE)


@cache
def _to() -> re.Pattern[str]:
    return re.compile(rf"{any_of('to')}\s[^,:]{{1,40}}[,:]\s", re.IGNORECASE)


@cache
def _by() -> re.Pattern[str]:
    return re.compile(rf"(?<![^\W_])(?:{any_of('by')}\s|{any_of('author')}\s?[:\uff1a]\s?)@?", re.IGNORECASE)


@cache
def _yours() -> re.Pattern[str]:
    return re.compile(rf"(?:{any_of('yours')}|(?P<device>{any_of('device')}))(?![^\W_])", re.IGNORECASE)


@cache
def _author() -> re.Pattern[str]:
    return re.compile(rf"{any_of('author')}\s?[:\uff1a]\s*", re.IGNORECASE)


@cache
def _thing() -> re.Pattern[str]:
    return re.compile(rf"\W*(?:\w+,?\s+){{0,2}}{any_of('thing')}(?:\s#?\d+)?\s+", re.IGNORECASE)
