"""``keyveil run --day | --days | --since-last``: what the command line says and shows of runs by days."""

import argparse
import json
import sys
from collections.abc import Callable

from rich.console import Console

from pipelines.config import RunConfig
from pipelines.nightly.days import parse_day, parse_days
from pipelines.nightly.run import run_days
from pipelines.nightly.stage_day import NightSummary
from pipelines.observe.event_log import on_standard_error
from pipelines.observe.summary import NightCounts, Summary, reject_lines, show
from pipelines.release.prepare import RunRequest
from schemas.privacy import Profile


def run(
    arguments: argparse.Namespace,
    request: RunRequest,
    config: RunConfig,
    ended: Callable[[Summary | NightCounts], None],
) -> int:
    """Run the days that are asked for: 0, or 1 where some input was set aside.

    ``ended`` hears of what each night and each release counted.
    """
    days = None
    if not arguments.since_last:
        days = (parse_day(arguments.day),) if arguments.day is not None else parse_days(arguments.days)
    printing = None if arguments.json else Console()
    logged = on_standard_error(arguments.journal)
    counted = not logged or config.noise.profile != Profile.AGGREGATES
    nights: list[NightSummary] = []
    releases: list[Summary] = []

    def told(item: NightSummary | Summary) -> None:
        if isinstance(item, NightSummary):
            nights.append(item)
            ended(item.counted)
            for line in reject_lines(item.rejects, () if logged else item.sources, counted=counted):
                sys.stderr.write(line + "\n")
        else:
            releases.append(item)
            ended(item)
        if printing is not None:
            _show(item, printing)

    pending: tuple[str, ...] | None = None
    try:
        pending = run_days(request, config, days, Console(stderr=True), told)
    finally:  # what was done before a refusal stays done
        if arguments.json and (nights or pending is not None):
            result = {
                "nights": [night.as_json() for night in nights],
                "releases": [item.as_json() for item in releases],
            }
            sys.stdout.write(json.dumps({**result, "pending": pending}) + "\n")
    return 1 if any(night.rejects for night in nights) else 0


def _show(item: NightSummary | Summary, console: Console) -> None:
    if isinstance(item, Summary):
        show(item, console)
        return
    files = f"{item.files} new files ({item.late} of earlier days, {item.duplicates} copies left out)"
    console.print(
        f"{item.day}: {files}, {item.events:,} events, {item.rows:,} rows staged for {item.window}, "
        f"{item.held:,} events wait for their session's end",
        markup=False,
        highlight=False,
        soft_wrap=True,
    )
