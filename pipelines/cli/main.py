"""The command line."""

import logging
import re
import sys
import warnings
from collections.abc import Sequence

from pipelines.cli.backup_lock import lock_out_backup
from pipelines.cli.command import Command, Group, print_answer
from pipelines.cli.commands.completion import Completion
from pipelines.cli.commands.dataflow import Estimate, Submit
from pipelines.cli.commands.erase import Erase
from pipelines.cli.commands.keys import KEYS, Pseudonym
from pipelines.cli.commands.ledger import LEDGER, PlanBudget
from pipelines.cli.commands.pause import EnterPause, Pause, Resume
from pipelines.cli.commands.people import HashDirectory, OptOuts, Preview, SubjectReport, WorkerSheet
from pipelines.cli.commands.preflight import AccessReport, Doctor, Preflight
from pipelines.cli.commands.quarantine import QUARANTINE
from pipelines.cli.commands.recordings import Denied, Formats, Ingest, Inspect
from pipelines.cli.commands.report import Approve, DpRecord, Report, Review
from pipelines.cli.commands.retain import STATE, Retain
from pipelines.cli.commands.run import Run
from pipelines.cli.commands.verify import AUDIT, TraceLeak, Verify
from pipelines.cli.parser import build_parser, parse
from pipelines.cli.terminal import Terminal, make_printable
from pipelines.origin import check_origin
from pipelines.runner.memory_settings import settle_memory
from schemas import errors
from schemas.errors import KeyveilError

COMMANDS: tuple[Command | Group, ...] = (
    Run(),
    KEYS,
    Pseudonym(),
    Preview(),
    SubjectReport(),
    WorkerSheet(),
    EnterPause(),
    HashDirectory(),
    OptOuts(),
    Verify(),
    AUDIT,
    TraceLeak(),
    Report(),
    DpRecord(),
    Review(),
    Approve(),
    Erase(),
    QUARANTINE,
    Pause(),
    Resume(),
    Retain(),
    STATE,
    Preflight(),
    Doctor(),
    AccessReport(),
    PlanBudget(),
    LEDGER,
    Submit(),
    Estimate(),
    Formats(),
    Denied(),
    Inspect(),
    Ingest(),
    Completion(lambda: build_parser(COMMANDS)),
)
"""Every command, in the order of ``keyveil --help``."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; one line on standard error says why and what to do."""
    logging.disable(logging.CRITICAL)  # what a library logs, or warns of, may quote a record
    if argv is None and not sys.warnoptions:
        warnings.simplefilter("ignore")
    settle_memory()
    try:
        check_origin()
        words = list(sys.argv[1:] if argv is None else argv)
        if not words:
            build_parser(COMMANDS).print_help()
            return 0
        arguments = parse(COMMANDS, words)
        terminal = Terminal(as_json=arguments.json)
        with lock_out_backup(arguments):
            return print_answer(arguments.command.run(arguments, terminal), terminal)
    except KeyveilError as error:
        sys.stderr.write(f"keyveil: {make_printable(_sentence(error))}\n")
        return error.exit_code
    except KeyboardInterrupt:
        sys.stderr.write("keyveil: stopped by hand; nothing was published, run again\n")
        return 4
    except Exception as error:  # noqa: BLE001 - a message may quote a record; only its kind is shown
        code, cause = _known_cause(error) or (4, f"failed ({type(error).__name__}); nothing was published, run again")
        sys.stderr.write(f"keyveil: {make_printable(cause)}\n")
        return code


_OURS = re.compile(r"schemas\.errors\.(\w+): ([^\n]*?)(?: \[while running|$)", re.MULTILINE)


def _sentence(error: KeyveilError) -> str:
    """Return the sentence of an error without the step that Beam adds."""
    return str(error).partition(" [while running")[0]


def _known_cause(error: BaseException) -> tuple[int, str] | None:
    """Return code and sentence of the ``KeyveilError`` behind a failure; a worker process sends it as text."""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, KeyveilError):
            return seen.exit_code, _sentence(seen)
        seen = seen.__cause__ or seen.__context__
    found = _OURS.search(str(error))
    kind = getattr(errors, found[1], KeyveilError) if found else KeyveilError
    return (kind.exit_code, found[2]) if found else None


if __name__ == "__main__":
    sys.exit(main())
