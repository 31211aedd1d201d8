"""The commands ``keyveil plan`` and ``keyveil ledger show|plan|charge|request|grant|granted``."""

import argparse
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.cli.arguments import add_keys, add_settings, add_state, claim_private, open_private
from pipelines.cli.command import Answer, Changes, Group
from pipelines.cli.terminal import Terminal
from schemas.errors import UsageError

if TYPE_CHECKING:
    from pipelines.budget.account import LedgerAccount
    from pipelines.budget.training_request import Training
    from pipelines.config import RunConfig


class Show:
    """Show what was spent and what is left."""

    name = "show"
    changes = Changes.NOTHING
    help = "what was charged, what is spent, what still fits"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Add keys, state and settings."""
        _add_shared(parser)

    def run(self, arguments: argparse.Namespace, _: Terminal) -> Answer:
        """Answer with every charge and the totals."""
        from pipelines.budget import reports  # noqa: PLC0415 - --help should not wait

        account, config = _open(arguments)
        return _answer(reports.show(account, config))


class Plan:
    """Preview the charge of one run to the ledger of a key set; ``keyveil plan`` needs no key set."""

    name = "plan"
    changes = Changes.NOTHING
    help = "what one run would charge to the ledger of these keys, and the error to expect, before it runs"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Add keys, state, settings, and the people and weeks to plan for."""
        _add_shared(parser)
        parser.add_argument(
            "--people", type=int, metavar="N", help="also plan the rest of the budget for about so many people"
        )
        parser.add_argument(
            "--weeks", type=int, metavar="N", help="also plan the rest of the budget for so many more weeks"
        )

    def run(self, arguments: argparse.Namespace, _: Terminal) -> Answer:
        """Answer with the charge; end with 3 where it would be refused."""
        from pipelines.budget import reports  # noqa: PLC0415 - --help should not wait

        if (arguments.people is None) != (arguments.weeks is None):
            raise UsageError("--people and --weeks go together; pass both, or neither")
        asked = None if arguments.people is None else (arguments.people, arguments.weeks)
        account, config = _open(arguments)
        return _answer(reports.plan(account, config, asked))


class Charge:
    """Charge the training of a model."""

    name = "charge"
    changes = Changes.STATE
    help = "charge the training of a model, before it begins"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Add the cost of the training, keys, state and settings."""
        _add_training(parser)
        _add_shared(parser)

    def run(self, arguments: argparse.Namespace, _: Terminal) -> Answer:
        """Charge, and answer with the rest."""
        from pipelines.budget import reports  # noqa: PLC0415 - --help should not wait

        account, config = _open(arguments)
        return _answer(reports.charge(account, config, _describe_training(arguments)))


class Request:
    """Ask for the budget of a training."""

    name = "request"
    changes = Changes.NOTHING
    help = "ask for the budget of a training, in a file for the owner of the key set; needs no keys"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Add the cost of the training, and the file to write."""
        _add_training(parser)
        parser.add_argument("-o", dest="target", type=Path, required=True, metavar="FILE", help="a new file")

    def run(self, arguments: argparse.Namespace, _: Terminal) -> Answer:
        """Write the request; refuse a history that costs more than is asked for, which no owner could grant."""
        from pipelines.budget.reports import check_history  # noqa: PLC0415 - --help should not wait
        from pipelines.budget.training_request import render_request  # noqa: PLC0415

        training = _describe_training(arguments)
        check_history(training)
        _write_new("-o", arguments.target, render_request(training))
        told = f"{arguments.target}: give it to the owner of the key set, who runs keyveil ledger grant"
        return Answer({"request": str(arguments.target), **training.to_json()}, told)


class GrantTraining:
    """Charge the training of a request, and sign the grant."""

    name = "grant"
    changes = Changes.STATE
    help = "charge the training of a request, and sign the grant for its engineer"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Add the request, the file to write, keys, state and settings."""
        parser.add_argument(
            "request", type=Path, metavar="REQUEST", help="the request: a file that keyveil ledger request wrote"
        )
        parser.add_argument("-o", dest="target", type=Path, required=True, metavar="FILE", help="a new file: the grant")
        _add_shared(parser)

    def run(self, arguments: argparse.Namespace, _: Terminal) -> Answer:
        """Charge, and answer with the rest; a request that was granted before is signed again and not charged again."""
        from pipelines.budget import reports  # noqa: PLC0415 - --help should not wait
        from pipelines.budget.training_request import Grant, read_request, sign_grant  # noqa: PLC0415

        training = read_request(arguments.request)
        account, config = _open(arguments)
        view = reports.charge(account, config, training)
        grant = Grant(training, view["ledger_id"], view["at"].partition("T")[0])
        signed = sign_grant(grant, open_private(arguments).keys.signing_private())
        _write_new("-o", arguments.target, signed.decode())
        return _answer({**view, "grant": str(arguments.target)})


class Granted:
    """Check a grant."""

    name = "granted"
    changes = Changes.NOTHING
    help = "check, with a reader's keys, that a request was granted; end with 3 or 4 if not"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Add the grant, the request and the keys."""
        parser.add_argument(
            "grant", type=Path, metavar="GRANT", help="the grant: a file that keyveil ledger grant wrote"
        )
        parser.add_argument(
            "--request",
            type=Path,
            required=True,
            metavar="FILE",
            help="file of keyveil ledger request that the grant must match",
        )
        add_keys(parser, "reader's key file, or the verifying key alone (.pem)")

    def run(self, arguments: argparse.Namespace, _: Terminal) -> Answer:
        """Check, and answer with what was granted."""
        from pipelines.budget.training_request import check_grant, read_request  # noqa: PLC0415 - --help should not wait
        from pipelines.operations.audit_keys import open_verifying  # noqa: PLC0415

        asked = read_request(arguments.request)
        content = _read(arguments.grant)
        grant = check_grant(content, asked, open_verifying(arguments.keys), str(arguments.grant))
        told = (
            f"granted on {grant.at} by ledger {grant.ledger_id}: {asked.label}, epsilon {asked.epsilon:.4g}\n"
            f"the guarantee: ({asked.epsilon:.4g}, {asked.delta:g})-differential privacy for one user, all of whose "
            "sessions in the release are added or removed; for one training that is as it was asked for"
        )
        return Answer({"ledger_id": grant.ledger_id, "at": grant.at, **asked.to_json()}, told)


LEDGER = Group(
    "ledger",
    "what was spent of the privacy budget, and what is left",
    (Show(), Plan(), Charge(), Request(), GrantTraining(), Granted()),
)


def _add_training(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--label", required=True, metavar="NAME", help="name of the training; each label is charged once"
    )
    parser.add_argument(
        "--epsilon", required=True, type=float, metavar="E", help="epsilon that the training may spend for one user"
    )
    parser.add_argument("--delta", required=True, type=float, metavar="D", help="the delta of that epsilon")
    parser.add_argument(
        "--history",
        type=Path,
        metavar="FILE",
        help="JSON as Opacus keeps it: [[noise_multiplier, sample_rate, steps], ...]",
    )


def _describe_training(arguments: argparse.Namespace) -> "Training":
    from pipelines.budget.training_request import Training, read_history  # noqa: PLC0415 - --help should not wait

    steps = None if arguments.history is None else read_history(arguments.history)
    return Training(arguments.label, arguments.epsilon, arguments.delta, steps)


def _add_shared(parser: argparse.ArgumentParser) -> None:
    add_keys(parser)
    add_state(parser)
    add_settings(parser)


def _open(arguments: argparse.Namespace) -> "tuple[LedgerAccount, RunConfig]":
    """Open the account of the key set, and load the configuration.

    Raises ``FailedError`` where the ledger lost entries that the tombstones of private state prove.
    """
    from pipelines.budget.account import LedgerAccount  # noqa: PLC0415 - --help should not wait
    from pipelines.budget.history import find_tombstone_fault  # noqa: PLC0415
    from pipelines.config import load_config  # noqa: PLC0415
    from pipelines.state.tombstones import ErasureRecords  # noqa: PLC0415
    from schemas.errors import FailedError  # noqa: PLC0415

    is_charge = arguments.command.changes is Changes.STATE
    private = claim_private(arguments) if is_charge else open_private(arguments)
    account = LedgerAccount.of(private)
    fault = find_tombstone_fault(account, ErasureRecords.of(private))
    if fault is not None:
        raise FailedError(f"{fault.address} {fault.problem}")
    return account, load_config(arguments.config, arguments.settings, None)


def _answer(view: Mapping[str, Any]) -> Answer:
    from pipelines.cli.ledger_tables import render_view  # noqa: PLC0415 - --help should not wait

    refused = view.get("refused")
    notes = (str(refused),) if refused else ()
    return Answer(dict(view), "\n".join(render_view(view)), notes, 3 if refused else 0)


class PlanBudget:
    """Plan a budget before there is a key set; ``keyveil ledger plan`` previews the charge of one run."""

    name = "plan"
    changes = Changes.NOTHING
    help = "without keys: which settings fit into the budget with so many people and weeks"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Add people, weeks, settings and the file to write."""
        parser.add_argument("--people", type=int, required=True, metavar="N", help="roughly how many are recorded")
        parser.add_argument("--weeks", type=int, required=True, metavar="N", help="for how long releases are wanted")
        parser.add_argument(
            "--output",
            type=Path,
            metavar="FILE",
            help="write the settings there (YAML), a new file: with --config and --set, these and the planned ones",
        )
        add_settings(parser)

    def run(self, arguments: argparse.Namespace, _: Terminal) -> Answer:
        """Answer with what fits, what each part gives, and the settings."""
        from pipelines.budget.forecast import forecast  # noqa: PLC0415 - --help should not wait
        from pipelines.cli.ledger_tables import render_forecast, render_yaml  # noqa: PLC0415
        from pipelines.config import complete_settings, load_config  # noqa: PLC0415

        config = load_config(arguments.config, arguments.settings, None)
        found = forecast(config, arguments.people, arguments.weeks)
        view = asdict(found)
        if arguments.output is not None:
            whole = complete_settings(arguments.config, arguments.settings, found.settings)
            _write_new("--output", arguments.output, render_yaml(view | {"settings": whole}))
        return Answer(view, "\n".join(render_forecast(view)))


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path} cannot be read ({error.strerror}); name a file of keyveil ledger grant") from None


def _write_new(option: str, path: Path, text: str) -> None:
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise UsageError(f"{option} {path} cannot be written as a new file ({error.strerror}); name another") from None
