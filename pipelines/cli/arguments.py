"""Arguments that several commands share, with one help text each."""

import argparse


def add_keys(parser: argparse.ArgumentParser, text: str = "key set (keyveil keys init DIR), or secret:NAME") -> None:
    """Add ``--keys``, which has no default."""
    parser.add_argument("--keys", required=True, metavar="DIR", help=text)


def add_state(parser: argparse.ArgumentParser) -> None:
    """Add ``--state``."""
    parser.add_argument("--state", metavar="URI", help="private state (default: beside the key set)")


def add_settings(parser: argparse.ArgumentParser) -> None:
    """Add ``--config`` and ``--set``."""
    parser.add_argument("--config", metavar="FILE", help="settings as YAML")
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        dest="settings",
        metavar="a.b=c",
        help="one setting, on top of the file; may be repeated (docs/configuration.md lists all)",
    )
