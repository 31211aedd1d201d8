"""Messages in lines that are read off a picture: those with ticks behind their time, and captions below who speaks."""

import re
from collections.abc import Iterator, Sequence
from itertools import chain, pairwise

from transforms.redact.bystanders.message_words import is_sentence
from transforms.redact.bystanders.senders.heads import RecorderNames, find_any_head, plain_name
from transforms.redact.bystanders.senders.words import (
    is_captions,
    is_reaction,
    is_status,
    is_titled,
    may_name,
    opens_quote,
)
from transforms.redact.bystanders.window_labels import is_addressee

_ENDS_IN_TIME = re.compile(
    r"(?<!\d)[012]?\d[:.h][0-5]\d(?:\s?[ap]\.?m\.?)?\s*(?P<ticks>[\u2713\u2714\u221a]{1,2}|vv|//)?\s*", re.IGNORECASE
)
_END = frozenset(".!?\u2026")
_TAIL, _MOST_LINES, _MOST_WORDS, _LEAST_SPEAKERS = 16, 30, 5, 2
"""Most letters of a time with ticks, lines of a message, words of a name; fewest names of who speaks in captions."""


# ``lunch? 10:41 | on my way, I am | late 10:43 vv``: the second and third line are one message, marked as sent. Where
# the time of another's message was not read, its words stand above them: lines that are broken are as long as fit.
def list_ticked(lines: Sequence[str]) -> Iterator[list[str]]:
    """Yield the lines of messages that have ticks behind their time, if others have a time alone."""
    ends = [(place, found) for place, line in enumerate(lines) if (found := _end_of(line))]
    if all(found["ticks"] for _, found in ends):
        return
    words = {place: lines[place][: len(lines[place]) - len(found[0])].strip() for place, found in ends}
    runs = [
        ([*lines[before + 1 : place], words[place]], found["ticks"]) for (before, _), (place, found) in pairwise(ends)
    ]
    width = max((len(line) for line in chain(words.values(), *(run for run, _ in runs))), default=0)
    for run, ticks in runs:
        if ticks and len(run) <= _MOST_LINES and not any(map(_may_be_of_another, run)):
            yield run[_find_break(run, width) :]


def _find_break(run: Sequence[str], width: int) -> int:
    """Find the last line that does not go on from the one before: it begins large, or had room there."""
    for place in range(len(run) - 1, 0, -1):
        line, before = run[place].strip(), run[place - 1].strip()
        has_room = len(before) + 1 + len(line.split(maxsplit=1)[0]) <= width  # no line is blank
        if has_room or line[:1].isupper() or before[-1:] in _END:
            return place
    return 0


def _end_of(line: str) -> re.Match[str] | None:
    """Match a time at the end of a line, with what stands behind it."""
    found = re.search(r"(?:^|\s)(?=[012]?\d[:.h][0-5]\d)", line[-_TAIL:])
    return _ENDS_IN_TIME.fullmatch(line[len(line) - len(line[-_TAIL:]) + found.end() :]) if found else None


def _may_be_of_another(line: str) -> bool:
    if not line.strip() or opens_quote(line) or is_reaction(line) or is_status(line) or line.lstrip().startswith("@"):
        return True
    head = find_any_head(line)
    return _is_name(line) or (head is not None and bool(head.rest) and (head.sure or head.timed))


# ``Captions | Ann Lee | we begin at the hall with | ten | Bo Vogt | fine with me``
def list_captions(lines: Sequence[str], names: RecorderNames) -> Iterator[list[str]]:
    """Yield what the recorder says in the captions of a meeting, up to the next line that may name who speaks."""
    start = next((place + 1 for place, line in enumerate(lines) if is_captions(line)), len(lines))
    speakers = {plain_name(line) for line in lines[start:] if _is_name(line)}
    if start == len(lines) or not _is_name(lines[start]) or len(speakers) < _LEAST_SPEAKERS:
        return
    said: list[str] | None = None
    for line in lines[start:]:
        if _may_be_speaker(line) or opens_quote(line):
            if said:
                yield said
            said = [] if _is_name(line) and names.hold(line) else None
        elif said is not None:
            said.append(line)
    if said:
        yield said


def _is_name(line: str) -> bool:
    return may_name(line) and is_titled(line)


# ``van der Berg Anna``, ``iPhone of Bo``, ``Bo Vogt (Acme Ltd, External)``
def _may_be_speaker(line: str) -> bool:
    words = line.split()
    is_short = len(words) <= _MOST_WORDS and any(map(is_addressee, words))
    return not is_sentence(line) or "(" in line or is_titled(line) or is_short
