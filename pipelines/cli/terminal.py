"""Standard output and standard error of a command."""

import json
import sys
import unicodedata
from dataclasses import dataclass

_COMMANDS = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Control characters, directions of text, halves of characters, and ends of lines."""


def make_printable(text: str) -> str:
    r"""Replace what a terminal would obey and not show: a name of a file may hold anything.

    >>> make_printable("sound\x1b[2J\nnot")
    'sound\ufffd[2J\ufffdnot'
    """
    return text if text.isprintable() else "".join("\ufffd" if _is_command(sign) else sign for sign in text)


def _is_command(sign: str) -> bool:
    return sign != "\t" and unicodedata.category(sign) in _COMMANDS


@dataclass(frozen=True, slots=True)
class Terminal:
    """Prints for people or, ``as_json``, for machines; notes go to standard error either way."""

    as_json: bool

    def show(self, text: str) -> None:
        """Print text for people: the same on a terminal, in a pipe and in a mail of cron."""
        if not self.as_json:
            sys.stdout.write("\n".join(map(make_printable, text.split("\n"))) + "\n")

    def print_result(self, result: object) -> None:
        """Print the result as one line of JSON; people are shown something else."""
        if self.as_json:
            sys.stdout.write(json.dumps(result) + "\n")

    def note(self, line: str) -> None:
        """Write one line to standard error."""
        sys.stderr.write(f"keyveil: {make_printable(line)}\n")
