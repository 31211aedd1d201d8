"""The command ``keyveil ledger``: what was spent, what a run would spend, and what training spends."""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any


def add_parser(commands: Any, epilog: str) -> None:
    """Add ``ledger`` to the command line."""
    ledger = commands.add_parser("ledger", help="what was spent of the privacy budget, and what is left", epilog=epilog)
    actions = ledger.add_subparsers(dest="action", required=True, metavar="ACTION", parser_class=type(ledger))
    actions.add_parser("show", help="what was charged, what is spent, what still fits", epilog=epilog)
    actions.add_parser("plan", help="what a run would charge, with the error to expect, before it runs", epilog=epilog)
    charge = actions.add_parser("charge", help="charge the training of a model, before it begins", epilog=epilog)
    charge.add_argument("--label", required=True, metavar="NAME", help="names the training; a label is charged once")
    charge.add_argument("--epsilon", required=True, type=float, help="what the training may spend for one user")
    charge.add_argument("--delta", required=True, type=float)
    charge.add_argument("--history", type=Path, metavar="FILE", help="Opacus: [[noise_multiplier, sample_rate, steps]]")
    for action in actions.choices.values():
        action.add_argument("--keys", required=True, metavar="DIR")
        action.add_argument("--state", metavar="URI", help="private state (default: beside the key set)")
        action.add_argument("--config", type=Path, metavar="FILE", help="settings as YAML")
        action.add_argument("--set", action="append", default=[], dest="settings", metavar="a.b=c")
        action.add_argument("--json", action="store_true", default=argparse.SUPPRESS)


def run(arguments: argparse.Namespace, _: Sequence[str]) -> int:
    """Show, plan or charge: 0, or 3 where a plan would be refused."""
    from rich.console import Console  # noqa: PLC0415 - --help should not wait for what follows

    from pipelines.budget import reports as ledger_views  # noqa: PLC0415
    from pipelines.budget.account import LedgerAccount  # noqa: PLC0415
    from pipelines.cli.ledger_tables import print_view  # noqa: PLC0415
    from pipelines.config import load_config  # noqa: PLC0415
    from pipelines.preflight.state import open_state  # noqa: PLC0415
    from transforms.keys.key_set import KeyReference  # noqa: PLC0415

    account = LedgerAccount.of(open_state(KeyReference.parse(arguments.keys), arguments.state))
    config = load_config(arguments.config, arguments.settings, None)
    view: Mapping[str, Any]
    if arguments.action == "show":
        view = ledger_views.show(account, config.noise)
    elif arguments.action == "plan":
        view = ledger_views.plan(account, config)
    else:
        training = ledger_views.Training(arguments.label, arguments.epsilon, arguments.delta, arguments.history)
        view = ledger_views.charge(account, config.noise, training)
    if arguments.json:
        sys.stdout.write(json.dumps(view) + "\n")
    else:
        print_view(view, Console())
    if view.get("refused"):
        sys.stderr.write(f"keyveil: {view['refused']}\n")
        return 3
    return 0
