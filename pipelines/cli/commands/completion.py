"""The command ``keyveil completion``."""

import argparse
from collections.abc import Callable

from pipelines.cli.command import Answer, Changes
from pipelines.cli.parser import Parser
from pipelines.cli.terminal import Terminal

_FILES = ("FILE", "PATH", "CSV", "PATTERN", "URI", "LOG", "PAGE")
_FOLDERS = ("DIR",)


class Completion:
    """Write the completion of a shell."""

    name = "completion"
    changes = Changes.NOTHING
    help = "print what lets a shell complete commands, options and files"

    def __init__(self, build_parser: Callable[[], Parser]) -> None:
        """Take what builds the parser of the whole command line, this command included."""
        self._build_parser = build_parser

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Add the shell."""
        parser.add_argument(
            "shell", choices=["bash", "zsh"], help="for example: source <(keyveil completion bash), in ~/.bashrc"
        )

    def run(self, arguments: argparse.Namespace, _: Terminal) -> Answer:
        """Answer with the script."""
        import shtab  # noqa: PLC0415 - only this command needs it

        parser = self._build_parser()
        _complete_paths(parser, files=shtab.FILE, folders=shtab.DIRECTORY)
        script = shtab.complete(parser, arguments.shell)
        return Answer({"shell": arguments.shell, "script": script}, script)


def _complete_paths(parser: Parser, *, files: object, folders: object) -> None:
    """Mark the arguments of a parser, and of those below it, that take a file or a folder."""
    for action in parser.list_actions():
        if action.metavar in _FILES:
            action.complete = files  # type: ignore[attr-defined]  # read by shtab
        elif action.metavar in _FOLDERS:
            action.complete = folders  # type: ignore[attr-defined]
    for below in parser.below.values():
        _complete_paths(below, files=files, folders=folders)
