"""Letters read as digits where digits are expected, at the same offsets."""

import re
from collections.abc import Iterable, Mapping, Sequence
from enum import Enum

from transforms.redact.detect.misreadings.confusions import DIGIT_OF

_RUN = re.compile(r"[A-Za-z0-9|!]+")
_LIKE = re.compile(rf"[0-9{re.escape(''.join(DIGIT_OF))}]+")
_LETTERS = re.compile(rf"[{''.join(filter(str.isalpha, DIGIT_OF))}]+")
_CHECK = re.compile(rf"(?<![A-Za-z0-9])([A-Z]{{2}})([0-9{re.escape(''.join(DIGIT_OF))}]{{2}})(?= ?[A-Z]{{4}} ?\d{{4}})")
"""Check digits of an account with the letters of its bank behind them: ``GBB2 NWBK 6016``."""
_JOINT = re.compile(r"[ ./:()+,-]{1,2}")
_TIGHT = re.compile(r"[./:-]")
_LONGEST_WORD = 4
_BARS = str.maketrans("|!", "11")
"""Signs that are no part of a code, so that each of them is a digit."""
_TO_DIGITS = str.maketrans(DIGIT_OF)


class Keep(Enum):
    """Letters of a run that stay: some numbers have their own before or behind the digits (``QQ123456C``)."""

    NONE = 0
    LEADING = 1
    TRAILING = 2
    BOTH = 3


def read_digits(content: str, keeps: Iterable[Keep]) -> list[str]:
    """Replace the letters of numbers by the digits that they look like, once for each of ``keeps``.

    The results have the length of ``content``.

    >>> read_digits("4l11 11O1", [Keep.NONE]), read_digits("QQl2345bC", [Keep.LEADING, Keep.BOTH])
    (['4111 1101'], ['QQl23456C', 'QQl2345bC'])
    """
    content = _CHECK.sub(lambda found: found[1] + found[2].translate(_TO_DIGITS), content)
    runs = list(_RUN.finditer(content))
    pieces, codes, at = list[str](), dict[int, str](), 0
    for number, run in enumerate(runs):
        pieces.append(content[at : run.start()])
        at = run.end()
        if _is_code(run[0]):
            codes[len(pieces)] = run[0].translate(_BARS)
            pieces.append("")
        else:
            pieces.append(run[0].translate(_TO_DIGITS) if _is_between(content, runs, number) else run[0])
    pieces.append(content[at:])
    return [_fill(pieces, codes, keep) for keep in keeps]


def _fill(pieces: Sequence[str], codes: Mapping[int, str], keep: Keep) -> str:
    """Join the pieces of a text with its codes, which lie at places of their own, converted."""
    filled = list(pieces)
    for place, code in codes.items():
        filled[place] = code if code.isdigit() else _LIKE.sub(lambda part: _convert(part[0], keep), code)
    return "".join(filled)


def _is_code(run: str) -> bool:
    """Tell whether a run may be a number or a code: digits, letters like digits, capitals; ``boto3`` is a word."""
    return any(map(str.isdigit, run)) and not any(map(str.islower, _LIKE.sub("", run)))


def _convert(part: str, keep: Keep) -> str:
    """Convert a stretch of digits and letters like them; one without a digit is letters."""
    places = [place for place, character in enumerate(part) if character.isdigit()]
    if not places:
        return part
    first = places[0] if keep in {Keep.LEADING, Keep.BOTH} else 0
    last = places[-1] + 1 if keep in {Keep.TRAILING, Keep.BOTH} else len(part)
    return part[:first] + part[first:last].translate(_TO_DIGITS) + part[last:]


def _is_between(content: str, runs: list[re.Match[str]], number: int) -> bool:
    """Tell whether a run of letters alone is a group of a number: ``10.O.O.5``, ``536-ZZ-8741``, ``12 SS 30``.

    Behind a plus it is the code of a country. Behind a blank it must stand between two groups with digits, behind a
    tighter sign next to one.
    """
    run = runs[number]
    if content[max(run.start() - 1, 0) : run.start()] == "+" and _LETTERS.fullmatch(run[0]):
        return True
    if len(run[0]) > _LONGEST_WORD or not _LETTERS.fullmatch(run[0]):
        return False
    sides = [
        (content[other.end() : run.start()] if place < number else content[run.end() : other.start()], other[0])
        for place, other in ((number - 1, runs[number - 1] if number else None), (number + 1, _after(runs, number)))
        if other is not None
    ]
    joined = [
        joint
        for joint, other in sides
        if _JOINT.fullmatch(joint) and _LIKE.fullmatch(other) and _is_group(other, joint)
    ]
    return len(joined) == len(("before", "after")) or any(_TIGHT.fullmatch(joint) for joint in joined)


def _is_group(other: str, joint: str) -> bool:
    return any(map(str.isdigit, other)) or (bool(_TIGHT.fullmatch(joint)) and len(other) <= 2)  # noqa: PLR2004


def _after(runs: list[re.Match[str]], number: int) -> re.Match[str] | None:
    return runs[number + 1] if number + 1 < len(runs) else None
