"""Entry point of the Flex Template: the launcher's ``--name=value`` words become keyveil's command line."""

import sys
from collections.abc import Sequence

from pipelines.cli.main import main

_OWN = ("input", "output", "consent", "keys", "dataset", "policy", "purpose", "config", "state", "subjects")
"""Parameters of the template; every other word is one of Beam's own flags, which the launcher adds."""


def command_line(words: Sequence[str]) -> list[str]:
    """Return the words of ``keyveil run``: our parameters first, then Beam's flags behind a double dash."""
    own: list[str] = []
    flags: list[str] = []
    runner = "DataflowRunner"
    for word in words:
        name, _, value = word.removeprefix("--").partition("=")
        if name == "runner":
            runner = value
        elif name in _OWN:
            own += [f"--{name}", *(value.split(",") if name == "input" else [value])]
        else:
            flags.append(word)
    return ["run", *own, "--runner", runner, "--", *flags]


if __name__ == "__main__":
    sys.exit(main(command_line(sys.argv[1:])))
