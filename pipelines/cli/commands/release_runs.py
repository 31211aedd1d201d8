"""Runs of ``keyveil run``, of one release or by days: run them, and say what came of them."""

import argparse
from collections.abc import Callable
from datetime import date

from rich.console import Console

from pipelines.cli.command import Answer
from pipelines.cli.next_commands import list_next
from pipelines.cli.terminal import Terminal
from pipelines.config import RunConfig, load_config
from pipelines.nightly.days import SinceLast, parse_day, parse_days
from pipelines.nightly.night_summary import NightSummary, render_night
from pipelines.nightly.run import run_days
from pipelines.observe.event_log import keep_event_log, on_standard_error, tell
from pipelines.observe.otlp_metrics import measure
from pipelines.observe.summary import NightCounts, Summary, reject_lines, render
from pipelines.output import Output
from pipelines.release.empty_run import NothingKeptError
from pipelines.release.prepare import RunRequest
from pipelines.release.run import run
from schemas.privacy import Profile
from transforms.object_store.access_note import note_accesses

Ended = Callable[[Summary | NightCounts], None]
"""Takes note of what a night or a release counted, for metrics."""


def make_releases(arguments: argparse.Namespace, terminal: Terminal) -> Answer:
    """Run what the arguments ask for; end with 1 where some input was set aside."""
    config = load_config(arguments.config, arguments.settings, arguments.purpose)
    request = RunRequest(
        inputs=tuple(arguments.input),
        output=Output.at(arguments.output),
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
        beam_flags=arguments.beam_flags,
        policy=arguments.policy,
        finish=arguments.finish,
        pauses=arguments.pauses,
        wishes=tuple(arguments.wishes),
    )
    note_accesses({"purpose": config.purpose, "dataset": arguments.dataset})
    if arguments.consent == "all-for-evaluation":
        terminal.note("warning: every user is treated as consenting; the release is marked evaluation")
    with (
        keep_event_log(arguments.journal),
        measure(arguments.metrics, arguments.dataset, config.noise.profile) as ended,
    ):
        if arguments.day is not None or arguments.days is not None or arguments.since_last:
            return _run_by_days(arguments, request, config, terminal, ended)
        try:
            summary = run(request, config, Console(stderr=True))
        except NothingKeptError as nothing:
            _note_rejects(nothing, arguments, config, terminal)
            raise
        ended(summary)
        tell("run ended", {"exit_code": 1 if summary.rejects else 0})
    _note_rejects(summary, arguments, config, terminal)
    following = () if summary.submitted else list_next(arguments, is_rejected=bool(summary.rejects))
    shown = "\n".join([*render(summary), *following])
    return Answer(summary.as_json(), shown, exit_code=1 if summary.rejects else 0)


def _run_by_days(
    arguments: argparse.Namespace, request: RunRequest, config: RunConfig, terminal: Terminal, ended: Ended
) -> Answer:
    """Run days in order; show each night and release as it is done: what was done before a refusal stays done."""
    nights: list[NightSummary] = []
    releases: list[Summary] = []

    def take_note(item: NightSummary | Summary) -> None:
        if isinstance(item, NightSummary):
            nights.append(item)
            ended(item.counted)
            _note_rejects(item, arguments, config, terminal)
            terminal.show(render_night(item))
            if item.warning:
                terminal.note(item.warning)
        else:
            releases.append(item)
            ended(item)
            terminal.show("\n".join(render(item)))

    pending: tuple[str, ...] | None = None
    try:
        pending = run_days(request, config, _named_days(arguments), Console(stderr=True), take_note)
    finally:
        if nights or pending is not None:
            done = {"nights": [night.as_json() for night in nights], "releases": [item.as_json() for item in releases]}
            terminal.print_result({**done, "pending": pending})
    code = max((night.exit_code for night in nights), default=0)
    tell("run ended", {"exit_code": code})
    return Answer(None, None, exit_code=code)


def _named_days(arguments: argparse.Namespace) -> tuple[date, ...] | SinceLast:
    if arguments.since_last:
        return SinceLast(None if arguments.first is None else parse_day(arguments.first))
    return (parse_day(arguments.day),) if arguments.day is not None else parse_days(arguments.days)


def _note_rejects(
    done: Summary | NightSummary | NothingKeptError,
    arguments: argparse.Namespace,
    config: RunConfig,
    terminal: Terminal,
) -> None:
    """Say of the first rejects where they are; a log on standard error has other readers and names no file."""
    is_logged = on_standard_error(arguments.journal)
    counted = not is_logged or config.noise.profile != Profile.AGGREGATES
    for line in reject_lines(done.rejects, () if is_logged else done.sources, counted=counted):
        terminal.note(line)
