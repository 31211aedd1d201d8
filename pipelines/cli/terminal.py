"""Standard output and standard error of a command."""

import json
import sys
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Terminal:
    """Prints for people or, ``as_json``, for machines; notes go to standard error either way."""

    as_json: bool

    def show(self, text: str) -> None:
        """Print text for people: the same on a terminal, in a pipe and in a mail of cron."""
        if not self.as_json:
            sys.stdout.write(f"{text}\n")

    def print_result(self, result: object) -> None:
        """Print the result as one line of JSON; people are shown something else."""
        if self.as_json:
            sys.stdout.write(json.dumps(result) + "\n")

    def note(self, line: str) -> None:
        """Write one line to standard error."""
        sys.stderr.write(f"keyveil: {line}\n")
