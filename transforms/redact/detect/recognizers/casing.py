r"""Patterns that ignore case but for some parts, written so that the ``regex`` module gets them right.

The module (2026.11.15) misses matches where, in a pattern that ignores case, something optional is followed by a
case-sensitive group with a class that excludes ``\W`` and more: ``(?:de )?(?-i:[^\W\d_a-z])\w* \d`` does not find
``Nova 6``, which the standard module finds. Four patterns of addresses are concerned, as "a capital letter of any
alphabet" has to be such a class. Ignoring case by character classes instead of the flag avoids it.
"""

import regex

_SENSITIVE = "(?-i:"


def compile_pattern(pattern: str, flags: int) -> regex.Pattern[str]:
    """Compile ``pattern``; where it holds a case-sensitive group, case is ignored by classes instead of by the flag."""
    if _SENSITIVE in pattern and flags & regex.IGNORECASE:
        return regex.compile(spell_out_case(pattern), flags & ~regex.IGNORECASE)
    return regex.compile(pattern, flags)


def spell_out_case(pattern: str) -> str:
    """Return a pattern that matches with case what ``pattern`` matches without, its ``(?-i:...)`` groups apart.

    >>> spelt_out("st[ai-k] (?-i:[A-Z]x)")
    '[sS][tT][ai-kAI-K] (?:[A-Z]x)'
    """
    pieces: list[str] = []
    sensitive: list[bool] = [False]
    at = 0
    while at < len(pattern):
        end, piece = _read_piece(pattern, at, sensitive=sensitive[-1])
        if pattern[at] == "(":
            opened = pattern.startswith(_SENSITIVE, at)
            sensitive.append(opened or sensitive[-1])
            end, piece = (at + len(_SENSITIVE), "(?:") if opened else _read_group(pattern, at)
        elif pattern[at] == ")":
            sensitive.pop()
        pieces.append(piece)
        at = end
    return "".join(pieces)


def _read_group(pattern: str, at: int) -> tuple[int, str]:
    """Return the end and the text of what opens a group, its name included."""
    found = regex.match(r"\((?:\?(?:P<\w+>|[:=!>|]|<[=!]))?", pattern, pos=at)
    end = found.end() if found else at + 1
    return end, pattern[at:end]


def _read_piece(pattern: str, at: int, *, sensitive: bool) -> tuple[int, str]:
    """Return the end and the new text of one character, escape or class."""
    character = pattern[at]
    if character == "\\":
        return at + 2, pattern[at : at + 2]
    if character == "[":
        end = at + 2
        while pattern[end] != "]":
            end += 2 if pattern[end] == "\\" else 1
        body = pattern[at + 1 : end]
        return end + 1, f"[{body}]" if sensitive else f"[{body}{_swap_case(body)}]"
    other = character.swapcase()
    if sensitive or not character.isalpha() or len(other) > 1 or other == character:
        return at + 1, character
    return at + 1, f"[{character}{other}]"


def _swap_case(body: str) -> str:
    """Return the letters and ranges of a class in their other case."""
    other = [
        found[0].swapcase()
        for found in regex.finditer(r"\\.(*SKIP)(*FAIL)|[^\W\d_]-[^\W\d_]|[^\W\d_]", body)
        if found[0].swapcase() != found[0] and len(found[0].swapcase()) == len(found[0])
    ]
    return "".join(other)
