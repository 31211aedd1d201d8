"""Title bars of windows among the lines of a screen: a picture of a desktop shows them as a text like any other."""

import re

_LONGEST = 200
_PROGRAM = re.compile(
    r"[ ][-\u2013\u2014\u00b7|][ ](?:Visual Studio Code|VSCodium|Code - OSS|Cursor|Windsurf|Zed|GitHub|GitLab|Bitbucket"
    r"|Slack|Discord|Microsoft Teams|(?:Google )?Chrome|Chromium|Mozilla Firefox|Microsoft\u200b? Edge|Brave|Opera"
    r"|Vivaldi|Safari)$"
)
_SEPARATOR = re.compile(r"[ ][-\u2013\u2014\u00b7|][ ]")
_FEWEST_PARTS = 3
"""Parts of a line that is a title, the program among them: ``Get Started - Zed`` may be a heading."""


def is_title_bar(line: str) -> bool:
    """Return whether a line of a screen is the title of a window: three parts, the last of which is a program.

    >>> is_title_bar("main.py - blue-heron - Cursor"), is_title_bar("Open with - Cursor")
    (True, False)
    """
    if len(line) > _LONGEST or _PROGRAM.search(line) is None:
        return False
    return len(_SEPARATOR.split(line)) >= _FEWEST_PARTS
