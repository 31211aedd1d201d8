"""The command ``keyveil formats``."""

import argparse

from pipelines.cli.command import Answer
from pipelines.cli.terminal import Terminal


class Formats:
    """List the formats of recordings."""

    name = "formats"
    help = "which recordings can be read"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Add nothing."""

    def run(self, _: argparse.Namespace, __: Terminal) -> Answer:
        """Answer with the names of the formats, in the order in which they are asked, and what each reads."""
        from pipelines.observe.text_table import align  # noqa: PLC0415 - --help should not wait
        from transforms.ingest.formats.registry import ADAPTERS  # noqa: PLC0415

        names = [adapter.name for adapter in ADAPTERS]
        return Answer(names, "\n".join(align([(adapter.name, adapter.summary) for adapter in ADAPTERS])))
