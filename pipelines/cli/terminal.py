"""Standard output and standard error of a command."""

import json
import sys
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Terminal:
    """Prints for people or, ``as_json``, for machines; notes go to standard error either way."""

    as_json: bool

    def show(self, shown: object) -> None:
        """Print text, or anything that rich prints, for people; plain where standard output is no terminal."""
        if self.as_json:
            return
        if isinstance(shown, str):
            sys.stdout.write(f"{shown}\n")
            return
        from rich.console import Console  # noqa: PLC0415 - most answers are text and need no rich

        Console().print(shown)

    def print_result(self, result: object) -> None:
        """Print the result as one line of JSON; people are shown something else."""
        if self.as_json:
            sys.stdout.write(json.dumps(result) + "\n")

    def note(self, line: str) -> None:
        """Write one line to standard error."""
        sys.stderr.write(f"keyveil: {line}\n")
