r"""A workaround for mixed-case patterns that the ``regex`` module matches wrongly.

In a case-insensitive pattern, ``regex`` (2026.11.15) misses matches of a case-sensitive group with a class that
excludes ``\W`` and more, if it follows an optional part: ``(?:de )?(?-i:[^\W\d_a-z])\w* \d`` does not find ``Nova 6``,
although ``re`` does. Four address patterns need such a class for "a capital letter of any alphabet". Spelling both
cases as character classes, instead of setting the flag, avoids the fault.
"""

import regex

_SENSITIVE = "(?-i:"


def compile_pattern(pattern: str, flags: int) -> regex.Pattern[str]:
    """Compile ``pattern``; one with a case-sensitive group gets character classes instead of the flag."""
    if _SENSITIVE in pattern and flags & regex.IGNORECASE:
        return regex.compile(spell_out_case(pattern), flags & ~regex.IGNORECASE)
    return regex.compile(pattern, flags)


def spell_out_case(pattern: str) -> str:
    """Rewrite a case-insensitive ``pattern`` as a case-sensitive one; ``(?-i:...)`` groups keep their case.

    >>> spell_out_case("st[ai-k] (?-i:[A-Z]x)")
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
    """Read the opening of a group with its name; return its end and text."""
    found = regex.match(r"\((?:\?(?:P<\w+>|[:=!>|]|<[=!]))?", pattern, pos=at)
    end = found.end() if found else at + 1
    return end, pattern[at:end]


def _read_piece(pattern: str, at: int, *, sensitive: bool) -> tuple[int, str]:
    """Rewrite one character, escape or class; return its end and new text."""
    character = pattern[at]
    if character == "\\":
        return at + 2, pattern[at : at + 2]
    if character == "[":
        end = at + 2
        while pattern[end] != "]":
            end += 2 if pattern[end] == "\\" else 1
        body = pattern[at + 1 : end]
        sign = "-" if body.endswith("-") and not body.endswith("\\-") else ""  # it must stay last: no range
        return end + 1, f"[{body}]" if sensitive else f"[{body.removesuffix(sign)}{_swap_case(body)}{sign}]"
    other = character.swapcase()
    if sensitive or not character.isalpha() or len(other) > 1 or other == character:
        return at + 1, character
    return at + 1, f"[{character}{other}]"


def _swap_case(body: str) -> str:
    """Swap the case of the letters and ranges of a class."""
    other = [
        found[0].swapcase()
        for found in regex.finditer(r"\\.(*SKIP)(*FAIL)|[^\W\d_]-[^\W\d_]|[^\W\d_]", body)
        if found[0].swapcase() != found[0] and len(found[0].swapcase()) == len(found[0])
    ]
    return "".join(other)
