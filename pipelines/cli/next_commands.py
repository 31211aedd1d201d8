"""The commands that follow a run, to be copied."""

import argparse
import shlex
from collections.abc import Iterator
from pathlib import Path

BACK_UP = "Back up the key set and private state now: an older backup knows nothing of this, and stops every run."
_MOST_NEXT = 3
_WIDTH = 78
"""Columns of a line before the two that break it."""


def list_next(arguments: argparse.Namespace, *, is_rejected: bool) -> Iterator[str]:
    """Yield the next commands, to be copied: check the release, let somebody read it, see what was set aside."""
    from transforms.keys.pipeline_copy import is_copy  # noqa: PLC0415 - --help should not wait

    keys, output = shlex.quote(arguments.keys), shlex.quote(arguments.output)
    common = [f"--keys {keys}", *([f"--state {shlex.quote(arguments.state)}"] if arguments.state else [])]
    commands = [["keyveil verify", output, *common]]
    if is_rejected:
        commands.append(["keyveil quarantine list", *common])
    if not arguments.keys.startswith("secret:") and not is_copy(Path(arguments.keys)):
        commands.append(["keyveil keys export --role reader", keys, "-o reader.json"])
    commands.append(["keyveil ledger show", *common])
    yield "next"
    for command in commands[:_MOST_NEXT]:
        yield from _break_command(command)


def _break_command(parts: list[str]) -> Iterator[str]:
    """Yield a command in lines of 80 columns that a shell joins again; a part that is longer stands alone."""
    line = f"  {parts[0]}"
    for part in parts[1:]:
        if len(line) + 1 + len(part) > _WIDTH:
            yield f"{line} \\"
            line = f"    {part}"
        else:
            line = f"{line} {part}"
    yield line
