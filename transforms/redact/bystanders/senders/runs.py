"""Messages in lines of text: a head with a time above them, or the name of who wrote before each line.

``Ann Lee 10:42`` heads the lines below it, up to the first that may be a head, a mark of quoting or blank.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import takewhile, zip_longest
from typing import Protocol

from transforms.redact.bystanders.message_texts import tells_time
from transforms.redact.bystanders.message_words import head_of, is_sentence
from transforms.redact.bystanders.senders.heads import Head, find_any_head, is_address
from transforms.redact.bystanders.senders.words import (
    any_of,
    is_bare_time,
    is_label,
    is_reaction,
    is_receiver,
    is_status,
    is_titled,
    is_verb,
    leads_to_name,
    may_name,
    opens_quote,
    says_you,
    tells_clock,
)

_MOST_WORDS, _LONGEST_RUN, _LONGEST_HEAD = 5, 200, 400
_MOST_HEADS = 9
"""Lines below a name that may belong to it, and to no other."""
_LEAST_FORMED, _LEAST_SPOKEN = 2, 4
"""Fewest lines with a sender in a text, with and without a time or brackets."""


class Senders(Protocol):
    """Names whose messages are looked for."""

    def find_head(self, text: str) -> Head | None:
        """Return the head of a text whose sender has one of the names."""
        ...

    def hold(self, name: str) -> bool:
        """Return whether a name is one of them."""
        ...


class Anybody:
    """Names of all that a text shows as senders; of what is quoted it tells no sender."""

    def find_head(self, text: str) -> Head | None:
        """Return the head of a text, whoever is its sender."""
        return find_any_head(text)

    def hold(self, name: str) -> bool:  # noqa: ARG002 - as the protocol has it
        """Return that nobody is known by a name alone."""
        return False


def list_runs(lines: Sequence[str], names: Senders) -> Iterator[tuple[str, list[str]]]:
    r"""Yield runs of lines that senders of some names wrote, each with its sender.

    >>> from transforms.redact.bystanders.senders.heads import RecorderNames
    >>> lines = "Ann Lee 10:42\nsee you then\nCarl Vogt 10:43\nnot me".split("\n")
    >>> list(list_runs(lines, RecorderNames(lambda name: name == "ann lee")))
    [('Ann Lee', ['see you then'])]
    """
    formed, spoken = _count_formed(lines)
    above = _is_above(lines)
    for place, line in enumerate(lines):
        head = names.find_head(line)
        behind = lines[place + 1 : place + _LONGEST_RUN]
        if _attributes(line, names):
            yield "", list(_list_quoted(behind))
        if head is None:
            continue
        if head.rest:
            if (head.timed or line.lstrip().startswith("<")) if formed else spoken and head.sure:
                yield head.name, [head.rest]
        elif head_of(line) == "sender":
            if not any(line.strip() and head_of(line) in {None, "sender"} for line in lines[:place]):
                yield head.name, list(_list_mail(behind))
        elif above and _heads_run(lines, place, head):
            yield head.name, list(_list_below(behind))
        elif above and (words := _find_below_heads(lines, place, head)):
            yield head.name, [words]


# ``Ann Lee | <ann@acme.example> | 4 Nov | to Bo | see you then | Reply``. Where more lines than one stand below, the
# first may be what is quoted.
def _find_below_heads(lines: Sequence[str], place: int, head: Head) -> str:
    """Find the one line below a name, an address, a time, and labels, up to what may be of another."""
    if not is_titled(head.name) or lines[place].strip() != head.name or (place and leads_to_name(lines[place - 1])):
        return ""
    behind = lines[place + 1 : place + _MOST_HEADS]
    count = next((at for at, line in enumerate(behind) if not _is_of_head(line)), 0)
    if not any(map(is_bare_time, behind[:count])) or _has_two_times(lines, place):
        return ""
    first = place + 1 + count
    words, after = list(_list_below(lines[first : first + _LONGEST_RUN])), lines[first + 1 : first + 2]
    goes_on = any(is_sentence(line) and not opens_quote(line) for line in after)
    return words[0] if len(words) == 1 and is_sentence(words[0]) and not goes_on else ""


def _is_of_head(line: str) -> bool:
    plain = line.strip()
    return (
        is_status(plain)
        or is_verb(plain)
        or is_receiver(plain)
        or is_address(plain)
        or head_of(plain) in {"receiver", "date"}
        or (plain.startswith("@") and may_name(plain))
        or (is_label(plain) and not is_sentence(plain))
    )


# ``Ann Lee 10:42`` heads a message; ``10:42 Ann Lee`` an item of an agenda, ``Assigned to | Ann Lee`` a task.
def _heads_run(lines: Sequence[str], place: int, head: Head) -> bool:
    """Return whether a line begins with a name, has a time behind or below it, and no label wants it."""
    line = lines[place].lstrip()
    if not line.startswith(head.name) or (place and leads_to_name(lines[place - 1])):
        return False
    return (head.timed or any(map(is_bare_time, lines[place + 1 : place + 2]))) and not _has_two_times(lines, place)


# ``Bo Vogt 10:40 | 10:42 | see you``: what he sent is no text, and the words are of somebody without a name.
def _has_two_times(lines: Sequence[str], place: int) -> bool:
    """Return whether more than one time of a clock stands in a head and right below it."""
    below = list(takewhile(_is_of_head, lines[place + 1 : place + _MOST_HEADS]))
    return sum(map(tells_clock, [lines[place], *below])) > 1


# Three columns read out in turn, ``see you then | Ann Lee | 10:42``, have their heads below the words.
def _is_above(lines: Sequence[str]) -> bool:
    """Return whether heads stand above their words: the first has no sentence right above it."""
    first = next((place for place, line in enumerate(lines) if _is_head(line, lines[place + 1 : place + 2])), 0)
    return not (first and is_sentence(lines[first - 1]))


def _is_head(line: str, after: Sequence[str]) -> bool:
    head = find_any_head(line)
    if head is None or head.rest or not is_titled(head.name):
        return False
    return head.timed or any(map(is_bare_time, after))


def _count_formed(lines: Sequence[str]) -> tuple[bool, bool]:
    """Tell whether lines have their sender before them: with times or brackets, or with a colon in most lines."""
    heads = [head for line in lines if (head := find_any_head(line)) is not None and head.rest]
    formed = sum(head.timed for head in heads) + sum(line.lstrip().startswith("<") for line in lines)
    spoken = {head.name for head in heads if head.sure}
    told = sum(head.sure for head in heads)
    many = told >= _LEAST_SPOKEN and told * 5 >= sum(map(bool, lines)) * 4
    return formed >= _LEAST_FORMED, many and len(spoken) > 1 and sum(map(says_you, spoken)) <= 1


def _list_below(lines: Sequence[str]) -> Iterator[str]:
    """Yield the lines below a head up to the first that may be of another."""
    begun = False
    for line, after in zip_longest(lines, lines[1:], fillvalue=""):
        if is_status(line) and line.strip() and not begun:
            continue
        if not line.strip() or may_name(line) or opens_quote(line) or is_reaction(line) or _tells_end(line, after):
            return
        yield line
        begun = True


# ``On 4 Nov, Ann Lee wrote:``, ``Am 4. Nov. schrieb Ann Lee:``
def _attributes(line: str, names: Senders) -> bool:
    """Return whether a line says that the recorder wrote what is quoted below it."""
    plain = line.strip()
    told = _attribution().fullmatch(plain) if len(plain) <= _LONGEST_HEAD else None
    if told is None:
        return False
    before, after = told["before"].split(), told["after"].split()
    tails = [before[-count:] for count in range(1, _MOST_WORDS + 1)]
    return any(names.hold(" ".join(words)) for words in [*tails, after] if words)


@cache
def _attribution() -> re.Pattern[str]:
    verb = rf"(?<![^\W_]){any_of('says')}(?![^\W_])"
    return re.compile(rf"(?P<before>.*?)\s*{verb}(?P<after>.*?)\s*[:\uff1a]", re.IGNORECASE)


def _tells_end(line: str, after: str) -> bool:
    """Return whether a line may be a head: a time stands at an end of it or below it, or a name before a colon."""
    head = find_any_head(line)
    if tells_time(line) or is_bare_time(after):
        return True
    if head is not None and (head.sure or (not head.rest and is_titled(head.name))):
        return True
    return not is_sentence(line) and not line.lstrip()[:1].islower()


def _list_mail(lines: Sequence[str]) -> Iterator[str]:
    """Yield the lines of a mail behind its heads, up to what it quotes."""
    heads = next((place for place, line in enumerate(lines) if line.strip() and head_of(line) is None), len(lines))
    if heads:
        for line in lines[heads:]:
            if opens_quote(line):
                return
            yield line


def _list_quoted(lines: Sequence[str]) -> Iterator[str]:
    """Yield the lines that are marked as quoted once, right below who wrote them."""
    for line in lines:
        words = line.lstrip()
        if not words.startswith(">"):
            return
        if words[1:].lstrip().startswith(">") or opens_quote(words[1:]):
            return
        yield words[1:].strip()
