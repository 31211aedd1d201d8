"""Reserved values and coined names, which belong to nobody: drawing them and recognising them.

Sources: example domains (RFC 2606), addresses of the benchmarking network (RFC 2544) and documentation MAC addresses
(RFC 7042), telephone numbers 555-0100 to 555-0199 (NANPA), card numbers of payment test environments, social security
area 000 (never issued), people born in 1900, an IBAN of an unassigned bank code. Names are coined from syllables: a
real name, however rare, belongs to somebody and looks like one that the redaction missed.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import NamedTuple

import ahocorasick

from schemas.entities import EntityType, Span
from transforms.redact.text.folding import BREAK
from transforms.redact.text.spans import trim

_GIVEN_HEADS = """Bral Crev Drin Fesk Glen Jorv Kest Lurn Mirv Nolk Plev Quor Rusk Selv Tarn Velt Wisk Yorv Zelm Orv
    Trev Skel Bryn Drav""".split()
_GIVEN_TAILS = "ano ika eth oma uril isa oven elo imar osti unda epha".split()
_FAMILY_HEADS = """Ambro Brack Cald Dorst Elver Farn Grov Hask Ister Jard Kolver Lumb Marsk Norv Ostr Prav Quill Rask
    Storv Thorv Ulv Verd Wend Yald""".split()
_FAMILY_TAILS = "ensby merick owitt hallen astrel ovane umber iddick onsedge arrow elvic uttle".split()

GIVEN = tuple(head + tail for head in _GIVEN_HEADS for tail in _GIVEN_TAILS)
"""Coined given names."""

FAMILY = tuple(head + tail for head in _FAMILY_HEADS for tail in _FAMILY_TAILS)
"""Coined family names."""

_FAMILY_NAME = rf"(?:{'|'.join(_FAMILY_HEADS)})(?:{'|'.join(_FAMILY_TAILS)})"
_NAME = rf"(?:(?:{'|'.join(_GIVEN_HEADS)})(?:{'|'.join(_GIVEN_TAILS)})|{_FAMILY_NAME})"
_WORKS = "works forge mills craft".split()
_SITES = "haven ridge gate field".split()
"""Endings that make a coined family name the name of an organisation, and of a project."""

_STREETS = ("Example Street", "Sample Avenue", "Placeholder Road", "Specimen Lane", "Test Square")
_CARDS = tuple(
    """4000056655665556 4000000760000002 4000001240000000 5200828282828210 5105105105105100 2223003122003222
    6011981111111113 6011000990139424 3056930009020004 3566002020360505 6200000000000005 6200000000000047""".split()
)


class Form(NamedTuple):
    """The generator of one kind of surrogate from 128 random bits, and the pattern of all its values."""

    make: Callable[[int], str]
    pattern: str


def _pick(choices: Sequence[str], draw: int) -> str:
    return choices[draw % len(choices)]


def _person(draw: int) -> str:
    return f"{_pick(GIVEN, draw)} {_pick(FAMILY, draw >> 32)}"


def email_of(given: str, family: str) -> str:
    """Build the mail address of a coined name."""
    return f"{given}.{family}@example.com".lower()


def _email(draw: int) -> str:
    return email_of(*_person(draw).split())


def _username(draw: int) -> str:
    return f"{_pick(GIVEN, draw).lower()}{(draw >> 32) % 900 + 100}"


def _phone(draw: int) -> str:
    return f"+1 907-555-01{draw % 100:02d}"


def _address(draw: int) -> str:
    return f"{draw % 90 + 10} {_pick(_STREETS, draw >> 16)}"


def _location(_: int) -> str:
    return "Exampleville"


def _birthday(draw: int) -> str:
    return f"1900-{draw % 12 + 1:02d}-{(draw >> 16) % 28 + 1:02d}"


def _ssn(draw: int) -> str:
    return f"000-{draw % 90 + 10}-{(draw >> 16) % 9000 + 1000}"


def _card(draw: int) -> str:
    return _pick(_CARDS, draw)


def _iban(draw: int) -> str:
    """Build a British IBAN of bank code TEST with valid check digits (ISO 13616: 98 - remainder by 97)."""
    account = f"{draw % 10**14:014d}"
    spelled = "".join(str(int(character, 36)) for character in f"TEST{account}GB00")
    return f"GB{98 - int(spelled) % 97:02d}TEST{account}"


def _ip_address(draw: int) -> str:
    return f"198.{draw % 2 + 18}.{(draw >> 8) % 256}.{(draw >> 16) % 254 + 1}"


def _mac_address(draw: int) -> str:
    return f"00:00:5e:00:53:{draw % 256:02x}"


def _hostname(draw: int) -> str:
    return f"host{draw % 900 + 100}.example.net"


def _path(draw: int) -> str:
    return f"/example/file{draw % 900 + 100}"


def _url(draw: int) -> str:
    return f"https://example.com/{draw % 9000 + 1000}"


def _number(draw: int) -> str:
    return f"ID-000-{draw % 900_000 + 100_000}"


def _organisation(draw: int) -> str:
    return _pick(FAMILY, draw) + _pick(_WORKS, draw >> 32)


def _project(draw: int) -> str:
    return _pick(FAMILY, draw) + _pick(_SITES, draw >> 32)


def _ticket(draw: int) -> str:
    return f"TICKET-{draw % 90_000 + 10_000}"


def _channel(draw: int) -> str:
    return f"channel-{draw % 9000 + 1000}"


def _repository(draw: int) -> str:
    return f"repo-{draw % 9000 + 1000}"


_NUMBER = Form(_number, r"ID-000-[1-9]\d{5}")

FORMS: Mapping[EntityType, Form] = {
    EntityType.EMAIL_ADDRESS: Form(_email, rf"{_NAME}\.{_NAME}@example\.com"),
    EntityType.USERNAME: Form(_username, rf"@?{_NAME}[1-9]\d\d"),
    EntityType.PERSON: Form(_person, rf"{_NAME}(?:(?:[ ._+-]|%20)?{_NAME})?"),
    EntityType.PHONE_NUMBER: Form(_phone, r"\+1 907-555-01\d\d"),
    EntityType.ADDRESS: Form(_address, rf"[1-9]\d (?:{'|'.join(_STREETS)})"),
    EntityType.LOCATION: Form(_location, "Exampleville"),
    EntityType.DATE_OF_BIRTH: Form(_birthday, r"1900-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])"),
    EntityType.US_SSN: Form(_ssn, r"000-[1-9]\d-[1-9]\d{3}"),
    EntityType.CREDIT_CARD: Form(_card, "|".join(_CARDS)),
    EntityType.IBAN_CODE: Form(_iban, r"GB\d\dTEST\d{14}"),
    EntityType.IP_ADDRESS: Form(_ip_address, r"198\.1[89]\.\d{1,3}\.\d{1,3}"),
    EntityType.MAC_ADDRESS: Form(_mac_address, r"00:00:5e:00:53:[0-9a-f]{2}"),
    EntityType.HOSTNAME: Form(_hostname, r"host[1-9]\d\d\.example\.net"),
    EntityType.FILE_PATH: Form(_path, r"/example/file[1-9]\d\d"),
    EntityType.URL: Form(_url, r"https://example\.com/[1-9]\d{3}"),
    EntityType.ORGANISATION: Form(_organisation, rf"{_FAMILY_NAME}(?:{'|'.join(_WORKS)})"),
    EntityType.PROJECT: Form(_project, rf"{_FAMILY_NAME}(?:{'|'.join(_SITES)})"),
    EntityType.TICKET: Form(_ticket, r"TICKET-[1-9]\d{4}"),
    EntityType.CHANNEL: Form(_channel, r"#?channel-[1-9]\d{3}"),
    EntityType.REPOSITORY: Form(_repository, r"repo-[1-9]\d{3}"),
    EntityType.EMPLOYEE_ID: _NUMBER,
    EntityType.ID_NUMBER: _NUMBER,
    EntityType.BANK_ACCOUNT: _NUMBER,
}
"""Entity types that have surrogates; any other has only its marker."""


def placeholder(entity: EntityType) -> str:
    """Return the fixed marker of an entity type, such as ``<PASSWORD>``."""
    return f"<{entity.value}>"


_MARKERS = "|".join(f"<(?:{entity.value})>" for entity in EntityType)
_OURS = re.compile(
    rf"(?P<marker>{_MARKERS})|(?<![^\W_])(?:"
    + "|".join(f"(?P<{kind.value}>{form.pattern})" for kind, form in FORMS.items())
    + r")(?![^\W_])",
    re.IGNORECASE,
)


def _gate() -> ahocorasick.Automaton:
    """Build an automaton with a word of every surrogate; searching it is much cheaper than the pattern."""
    automaton = ahocorasick.Automaton()
    fixed = "example 907-555-01 1900- 000- 198.18. 198.19. 00:00:5e:00:53: test ticket- channel- repo-".split()
    for word in (*GIVEN, *FAMILY, *_CARDS, *_STREETS, *(placeholder(entity) for entity in EntityType), *fixed):
        automaton.add_word(word.lower(), True)
    automaton.make_automaton()
    return automaton


_GATE = _gate()


def surrogates_in(text: str) -> list[Span]:
    """Find the markers and surrogates in ``text``."""
    if next(_GATE.iter(text.lower()), None) is None:
        return []
    return [Span(found.start(), found.end(), _kind(found), 1.0) for found in _OURS.finditer(text)]


def _kind(found: re.Match[str]) -> EntityType:
    name = found.lastgroup or ""
    return EntityType(found[0][1:-1].upper() if name == "marker" else name)


def is_surrogate(value: str) -> bool:
    """Return whether the whole ``value`` is a marker or a surrogate."""
    return next(_GATE.iter(value.lower()), None) is not None and _OURS.fullmatch(value) is not None


def without_surrogates(text: str) -> str:
    """Replace each marker and each surrogate in ``text`` by a ``BREAK``."""
    pieces, at = [], 0
    for own in surrogates_in(text):
        pieces.append(text[at : own.start])
        at = own.end
    return BREAK.join([*pieces, text[at:]])


_WHOLE = frozenset({EntityType.PASSWORD, EntityType.SECRET, EntityType.ONE_TIME_CODE, EntityType.UNSCANNED})
_WORD = re.compile(r"[^\W_]+")


def left_alone(spans: tuple[Span, ...], content: str, common: Collection[str]) -> tuple[Span, ...]:
    """Split merged ``spans`` so that surrogates get spans of their own.

    Redacted text that is redacted again keeps its surrogates. The rest of a span is dropped if all its words are in
    ``common``, as in ``Dear Kestano``. A password, secret, one-time code or unscanned text that holds a surrogate is
    not split.
    """
    ours = surrogates_in(content) if spans else []
    if not ours:
        return spans
    starts, ends = [own.start for own in ours], [own.end for own in ours]
    met = (ours[bisect_right(ends, span.start) : bisect_left(starts, span.end)] for span in spans)
    pairs = zip(spans, met, strict=True)
    return tuple(piece for span, inside in pairs for piece in _pieces(span, inside, content, common))


def _pieces(span: Span, inside: Sequence[Span], content: str, common: Collection[str]) -> list[Span]:
    apart = [own for own in inside if own.start > span.start or own.end < span.end]
    if not inside or (apart and span.entity in _WHOLE):
        return [span]
    edges = [span.start, *(edge for own in inside for edge in (own.start, own.end)), span.end]
    rest = [span._replace(start=start, end=end) for start, end in zip(edges[::2], edges[1::2], strict=True)]
    kept = [part for piece in rest if (part := trim(piece, content)) and _tells(content[part.start : part.end], common)]
    return sorted([*inside, *kept])


def _tells(text: str, common: Collection[str]) -> bool:
    return any(word.lower() not in common for word in _WORD.findall(text))
