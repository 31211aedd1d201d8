"""The commands ``keyveil ledger show|plan|charge``."""

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.cli.arguments import add_keys, add_settings, add_state
from pipelines.cli.command import Answer, Group
from pipelines.cli.terminal import Terminal

if TYPE_CHECKING:
    from pipelines.budget.account import LedgerAccount
    from pipelines.config import RunConfig


class Show:
    """Show what was spent and what is left."""

    name = "show"
    help = "what was charged, what is spent, what still fits"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Add keys, state and settings."""
        _add_shared(parser)

    def run(self, arguments: argparse.Namespace, _: Terminal) -> Answer:
        """Answer with every charge and the totals."""
        from pipelines.budget import reports  # noqa: PLC0415 - --help should not wait

        account, config = _open(arguments)
        return _answer(reports.show(account, config.noise))


class Plan:
    """Preview a charge."""

    name = "plan"
    help = "what a run would charge, with the error to expect, before it runs"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Add keys, state and settings."""
        _add_shared(parser)

    def run(self, arguments: argparse.Namespace, _: Terminal) -> Answer:
        """Answer with the charge; end with 3 where it would be refused."""
        from pipelines.budget import reports  # noqa: PLC0415 - --help should not wait

        account, config = _open(arguments)
        return _answer(reports.plan(account, config))


class Charge:
    """Charge the training of a model."""

    name = "charge"
    help = "charge the training of a model, before it begins"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Add the cost of the training, keys, state and settings."""
        parser.add_argument("--label", required=True, metavar="NAME", help="of the training; a label is charged once")
        parser.add_argument(
            "--epsilon", required=True, type=float, metavar="E", help="what the training may spend for one user"
        )
        parser.add_argument("--delta", required=True, type=float, metavar="D", help="the delta of that epsilon")
        parser.add_argument(
            "--history", type=Path, metavar="FILE", help="Opacus: [[noise_multiplier, sample_rate, steps], ...]"
        )
        _add_shared(parser)

    def run(self, arguments: argparse.Namespace, _: Terminal) -> Answer:
        """Charge, and answer with the rest."""
        from pipelines.budget import reports  # noqa: PLC0415 - --help should not wait

        account, config = _open(arguments)
        training = reports.Training(arguments.label, arguments.epsilon, arguments.delta, arguments.history)
        return _answer(reports.charge(account, config.noise, training))


LEDGER = Group("ledger", "what was spent of the privacy budget, and what is left", (Show(), Plan(), Charge()))


def _add_shared(parser: argparse.ArgumentParser) -> None:
    add_keys(parser)
    add_state(parser)
    add_settings(parser)


def _open(arguments: argparse.Namespace) -> "tuple[LedgerAccount, RunConfig]":
    """Open the account of the key set, and load the configuration."""
    from pipelines.budget.account import LedgerAccount  # noqa: PLC0415 - --help should not wait
    from pipelines.config import load_config  # noqa: PLC0415
    from pipelines.preflight.state import open_state  # noqa: PLC0415
    from transforms.keys.key_set import KeyReference  # noqa: PLC0415

    account = LedgerAccount.of(open_state(KeyReference.parse(arguments.keys), arguments.state))
    return account, load_config(arguments.config, arguments.settings, None)


def _answer(view: Mapping[str, Any]) -> Answer:
    from pipelines.cli.ledger_tables import render_view  # noqa: PLC0415 - --help should not wait

    refused = view.get("refused")
    notes = (str(refused),) if refused else ()
    return Answer(dict(view), "\n".join(render_view(view)), notes, 3 if refused else 0)
