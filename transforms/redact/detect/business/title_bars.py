"""Title bars of windows among the lines of a screen: a picture of a desktop shows them as a text like any other."""

import re

_LONGEST = 200
_PROGRAM = re.compile(
    r"[ ][-\u2013\u2014\u00b7|][ ](?:Visual Studio Code|VSCodium|Code - OSS|Cursor|Windsurf|Zed|GitHub|GitLab|Bitbucket"
    r"|Slack|Discord|Microsoft Teams|(?:Google )?Chrome|Chromium|Mozilla Firefox|Microsoft\u200b? Edge|Brave|Opera"
    r"|Vivaldi|Safari)$"
)
_SEPARATOR = re.compile(r"[ ][-\u2013\u2014\u00b7|][ ]")


# ``Get Started - Zed`` may be a heading, and so may ``Get Started - Code - OSS``, a program of two parts.
def is_title_bar(line: str) -> bool:
    """Return whether a line of a screen is the title of a window: two parts or more before the name of a program.

    >>> is_title_bar("main.py - blue-heron - Cursor"), is_title_bar("Open with - Cursor")
    (True, False)
    """
    program = _PROGRAM.search(line) if len(line) <= _LONGEST else None
    return program is not None and _SEPARATOR.search(line, 0, program.start()) is not None
