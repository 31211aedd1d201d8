"""The command line."""

import argparse
import json
import logging
import re
import sys
from collections.abc import Sequence

from rich.console import Console

from pipelines.cli import erase as erase_cli
from pipelines.cli import estimate as estimate_cli
from pipelines.cli import keys as keys_cli
from pipelines.cli import ledger as ledger_cli
from pipelines.cli import pause as pause_cli
from pipelines.cli import preflight
from pipelines.cli import quarantine as quarantine_cli
from pipelines.cli import retain as retain_cli
from pipelines.cli import submit as submit_cli
from pipelines.cli import verify as verify_cli
from pipelines.origin import check_origin
from pipelines.runner.memory_settings import settle_memory
from schemas import errors
from schemas.errors import KeyveilError, RefusedError, UsageError

_EXIT = "exit codes: 0 done; 1 done, but some input was set aside; 2 wrong use; 3 refused; 4 failed"


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> None:  # type: ignore[override]
        raise UsageError(f"{message}; see {self.prog} --help")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="keyveil", description="Recordings of computer use to defensible training data.", epilog=_EXIT
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND", parser_class=_Parser)
    _add_run(commands)
    keys_cli.add_parser(commands, _EXIT)
    verify_cli.add_parser(commands, _EXIT)
    erase_cli.add_parser(commands, _EXIT)
    quarantine_cli.add_parser(commands, _EXIT)
    pause_cli.add_parser(commands, _EXIT)
    retain_cli.add_parser(commands, _EXIT)
    preflight.add_parser(commands, _EXIT)
    ledger_cli.add_parser(commands, _EXIT)
    submit_cli.add_parser(commands, _EXIT)
    estimate_cli.add_parser(commands, _EXIT)
    commands.add_parser("formats", help="which recordings can be read", epilog=_EXIT)
    for sub in commands.choices.values():
        sub.add_argument("--json", action="store_true", help="print a machine-readable result")
    return parser


def _add_run(commands: "argparse._SubParsersAction[_Parser]") -> None:
    run = commands.add_parser(
        "run", help="make a release", epilog=f"Beam's own flags follow a double dash. {_EXIT}", allow_abbrev=False
    )
    run.add_argument(
        "--input",
        nargs="+",
        required=True,
        metavar="PATTERN",
        help="recordings: files, globs, folders that are one recording; by days with {day} in it",
    )
    run.add_argument("--output", required=True, metavar="URI", help="folder of the datasets")
    run.add_argument("--consent", metavar="FILE", help="consent registry (CSV), or all-for-evaluation")
    run.add_argument("--keys", metavar="DIR", help="key set (keyveil keys init DIR), or secret:NAME")
    run.add_argument("--dataset", default="sessions", metavar="NAME")
    run.add_argument("--format", metavar="NAME", help="read every input in this format")
    when = run.add_mutually_exclusive_group()
    when.add_argument("--day", metavar="DATE", help="stage the logs of one day; release a window when it is over")
    when.add_argument("--days", metavar="FIRST..LAST", help="run these days in order")
    when.add_argument("--since-last", action="store_true", help="run every day since the last one, up to yesterday")
    whose = run.add_mutually_exclusive_group()
    whose.add_argument("--user", metavar="ID", help="the person of recordings that name none")
    whose.add_argument("--subjects", metavar="CSV", help="source,user_id for recordings that name none")
    run.add_argument("--policy", metavar="FILE", help="what was agreed about the output bucket (YAML)")
    run.add_argument("--purpose", metavar="NAME", help="what consent was given for (default: training)")
    run.add_argument("--state", metavar="URI", help="private state (default: beside the key set)")
    run.add_argument("--config", metavar="FILE", help="settings as YAML")
    run.add_argument("--set", action="append", default=[], dest="settings", metavar="a.b=c")
    run.add_argument("--runner", default="DirectRunner", metavar="NAME")
    run.add_argument("--finish", action="store_true", help="publish what a job of the same command has computed")
    run.add_argument("--journal", metavar="FILE", help="also say what happens as JSON lines (-: standard error)")
    run.add_argument("--metrics", metavar="URL", help="send metrics to this OTLP/HTTP receiver when the run ends")
    run.add_argument("--trace", metavar="URI", help="also write pointers to source events into this private folder")
    run.add_argument("--trace-clear", action="store_true", help="write the trace unsealed, for evaluation")


def _parse(words: list[str]) -> tuple[argparse.Namespace, list[str]]:
    """Return our own arguments and, behind a double dash, Beam's."""
    own, flags = (words[: words.index("--")], words[words.index("--") + 1 :]) if "--" in words else (words, [])
    arguments = _parser().parse_args(own)
    if flags and arguments.command != "run":
        raise UsageError("Beam's flags go with keyveil run only")
    return arguments, flags


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; one line on standard error says why and what to do."""
    logging.disable(logging.CRITICAL)  # what a library logs may quote a record
    settle_memory()
    try:
        check_origin()
        arguments, flags = _parse(list(sys.argv[1:] if argv is None else argv))
        return int(_COMMANDS[arguments.command](arguments, flags))
    except KeyveilError as error:
        sys.stderr.write(f"keyveil: {_sentence(error)}\n")
        return error.exit_code
    except KeyboardInterrupt:
        sys.stderr.write("keyveil: stopped by hand; nothing was published, run again\n")
        return 4
    except Exception as error:  # noqa: BLE001 - a message may quote a record; only its kind is shown
        code, cause = _known_cause(error) or (4, f"failed ({type(error).__name__}); nothing was published, run again")
        sys.stderr.write(f"keyveil: {cause}\n")
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


def _run(arguments: argparse.Namespace, flags: Sequence[str]) -> int:
    if arguments.keys is None:
        raise RefusedError("a run needs a key set: make one with keyveil keys init DIR and name it with --keys DIR")
    if arguments.consent is None:
        raise RefusedError(
            "a run needs consent: write a CSV with the columns user_id,purpose,version,granted_at,withdrawn_at "
            "and name it with --consent FILE"
        )
    from pipelines.config import load_config  # noqa: PLC0415 - Beam takes seconds to import; --help should not
    from pipelines.observe.event_log import keep_event_log, on_standard_error  # noqa: PLC0415
    from pipelines.observe.otlp_metrics import measure  # noqa: PLC0415
    from pipelines.observe.summary import reject_lines, show  # noqa: PLC0415
    from pipelines.release.empty_run import NothingKeptError  # noqa: PLC0415
    from pipelines.release.prepare import RunRequest  # noqa: PLC0415
    from pipelines.release.run import run  # noqa: PLC0415
    from schemas.privacy import Profile  # noqa: PLC0415

    config = load_config(arguments.config, arguments.settings, arguments.purpose)
    request = RunRequest(
        inputs=tuple(arguments.input),
        output=arguments.output,
        consent=arguments.consent,
        keys=arguments.keys,
        dataset=arguments.dataset,
        format=arguments.format,
        user=arguments.user,
        subjects=arguments.subjects,
        state=arguments.state,
        runner=arguments.runner,
        trace=arguments.trace,
        trace_clear=arguments.trace_clear,
        beam_flags=tuple(flags),
        policy=arguments.policy,
        finish=arguments.finish,
    )
    if arguments.consent == "all-for-evaluation":
        sys.stderr.write("keyveil: warning: every user is treated as consenting; the release is marked evaluation\n")
    with (
        keep_event_log(arguments.journal),
        measure(arguments.metrics, arguments.dataset, config.noise.profile) as ended,
    ):
        if arguments.day is not None or arguments.days is not None or arguments.since_last:
            from pipelines.cli import run_days as command  # noqa: PLC0415

            return command.run(arguments, request, config, ended)
        logged = on_standard_error(arguments.journal)
        counted = not logged or config.noise.profile != Profile.AGGREGATES
        try:
            summary = run(request, config, Console(stderr=True))
        except NothingKeptError as nothing:
            names = () if logged else nothing.sources
            sys.stderr.writelines(f"{line}\n" for line in reject_lines(nothing.rejects, names, counted=counted))
            raise
        ended(summary)
    for line in reject_lines(summary.rejects, () if logged else summary.sources, counted=counted):
        sys.stderr.write(line + "\n")
    if arguments.json:
        sys.stdout.write(json.dumps(summary.as_json()) + "\n")
    else:
        show(summary, Console())
    return 1 if summary.rejects else 0


def _formats(arguments: argparse.Namespace, _: Sequence[str]) -> int:
    from transforms.ingest.formats.registry import ADAPTERS  # noqa: PLC0415

    names = [adapter.name for adapter in ADAPTERS]
    sys.stdout.write(json.dumps(names) + "\n" if arguments.json else "\n".join(names) + "\n")
    return 0


_COMMANDS = {
    "run": _run,
    "keys": keys_cli.run_keys,
    "pseudonym": keys_cli.run_pseudonym,
    "formats": _formats,
    "verify": verify_cli.run,
    "erase": erase_cli.run,
    "quarantine": quarantine_cli.run,
    "pause": pause_cli.run_pause,
    "resume": pause_cli.run_resume,
    "retain": retain_cli.run,
    "preflight": preflight.run,
    "ledger": ledger_cli.run,
    "submit": submit_cli.run,
    "estimate": estimate_cli.run,
}


if __name__ == "__main__":
    sys.exit(main())
