"""Characters that optical recognition takes for one another."""

_GROUPS = ("0OoQD", "1lIi|!", "2Zz", "5Ss", "6bG", "8B", "9gq")
"""A digit and what it is taken for."""

DIGIT_OF = {sign: group[0] for group in _GROUPS for sign in group[1:]}
"""Letters and signs that may stand for a digit."""

LETTERS_OF = {"0": "oO", "1": "ilI", "2": "zZ", "5": "sS", "6": "bG", "8": "B", "9": "gq"}
"""Letters of names that a digit may stand for, the likelier first: fewer than ``DIGIT_OF`` has."""

LOOK_ALIKES = (
    ("l", "I"), ("I", "l"), ("l", "i"), ("i", "l"), ("c", "e"), ("e", "c"), ("n", "h"), ("h", "n"),
    ("v", "u"), ("u", "v"), ("y", "v"), ("v", "y"), ("m", "rn"), ("rn", "m"), ("d", "cl"), ("cl", "d"),
    ("vv", "w"), ("w", "vv"),
)  # fmt: skip
"""Letters as read, and as printed."""


def confusable(character: str) -> str:
    """Return a character with all that it may be read as, itself first.

    >>> confusable("5"), confusable("k")
    ('5Ss', 'k')
    """
    return "".join(dict.fromkeys([character, *(other for group in _GROUPS if character in group for other in group)]))
