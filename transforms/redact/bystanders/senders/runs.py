"""Messages in lines of text: a head with a time above them, or the name of who wrote before each line.

``Ann Lee 10:42`` heads the lines below it, up to the first that may be a head, a mark of quoting or blank.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import zip_longest

from transforms.redact.bystanders.message_texts import tells_time
from transforms.redact.bystanders.message_words import head_of, is_sentence
from transforms.redact.bystanders.senders.heads import Head, OwnNames, find_any_head
from transforms.redact.bystanders.senders.words import (
    any_of,
    is_bare_time,
    is_status,
    is_titled,
    leads_to_name,
    may_name,
    opens_quote,
    says_you,
)

_MOST_WORDS, _LONGEST_RUN, _LONGEST_HEAD = 5, 200, 400
_LEAST_FORMED, _LEAST_SPOKEN = 2, 4
"""Fewest lines with a sender in a text, with and without a time or brackets."""


def list_own_runs(lines: Sequence[str], names: OwnNames) -> Iterator[list[str]]:
    r"""Yield runs of lines that the recorder wrote.

    >>> lines = "Ann Lee 10:42\nsee you then\nCarl Vogt 10:43\nnot me".split("\n")
    >>> list(list_own_runs(lines, OwnNames(lambda name: name == "ann lee")))
    [['see you then']]
    """
    formed, spoken = _count_formed(lines)
    above = _is_above(lines)
    for place, line in enumerate(lines):
        head = names.find_head(line)
        if _attributes(line, names):
            yield list(_list_quoted(lines[place + 1 : place + _LONGEST_RUN]))
        if head is None:
            continue
        if head.rest:
            if (head.timed or line.lstrip().startswith("<")) if formed else spoken and head.sure:
                yield [head.rest]
        elif head_of(line) == "sender":
            if not any(line.strip() and head_of(line) in {None, "sender"} for line in lines[:place]):
                yield list(_list_mail(lines[place + 1 : place + _LONGEST_RUN]))
        elif above and _heads_run(lines, place, head):
            yield list(_list_below(lines[place + 1 : place + _LONGEST_RUN]))


# ``Ann Lee 10:42`` heads a message; ``10:42 Ann Lee`` an item of an agenda, ``Assigned to | Ann Lee`` a task.
def _heads_run(lines: Sequence[str], place: int, head: Head) -> bool:
    """Return whether a line begins with a name, has a time behind or below it, and no label wants it."""
    line = lines[place].lstrip()
    if not line.startswith(head.name) or (place and leads_to_name(lines[place - 1])):
        return False
    return head.timed or any(map(is_bare_time, lines[place + 1 : place + 2]))


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
        if not line.strip() or may_name(line) or opens_quote(line) or _tells_end(line, after):
            return
        yield line
        begun = True


# ``On 4 Nov, Ann Lee wrote:``, ``Am 4. Nov. schrieb Ann Lee:``
def _attributes(line: str, names: OwnNames) -> bool:
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
