"""The commands ``keyveil submit`` and ``keyveil estimate``: a job on Dataflow, and its cost."""

import argparse
import json
from itertools import chain
from pathlib import Path

from pipelines.cli.command import Answer, Changes
from pipelines.cli.terminal import Terminal


class Submit:
    """Start the pipeline on Dataflow."""

    name = "submit"
    changes = Changes.NOTHING
    help = "start the pipeline on Dataflow"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Add the launch settings."""
        parser.add_argument("--config", type=Path, required=True, metavar="FILE", help="launch settings (YAML)")
        parser.add_argument("--dry-run", action="store_true", help="print the launch body, send nothing")

    def run(self, arguments: argparse.Namespace, _: Terminal) -> Answer:
        """Check the settings, look at the output, launch; or answer with the body that would be sent."""
        from pipelines.config import load_record  # noqa: PLC0415 - the clients take seconds to import
        from pipelines.runner.flex_template import LaunchSettings, launch, launch_body  # noqa: PLC0415

        settings = load_record(LaunchSettings, arguments.config)
        if arguments.dry_run:
            body = launch_body(settings)
            return Answer(body, json.dumps(body, indent=2))
        from pipelines.preflight.google_api import connect  # noqa: PLC0415
        from pipelines.preflight.watch import open_bucket_preflight, open_preflight  # noqa: PLC0415

        open_preflight(settings.run.output, settings.run.policy, sealed=None).look().require()
        for address, keeps in ((settings.staging, False), (settings.run.state, True)):
            open_bucket_preflight(address, settings.run.policy, keeps=keeps).look().require()
        job = launch(connect().own, settings)
        return Answer({"job": job}, job)


class Estimate:
    """Estimate workers and cost."""

    name = "estimate"
    changes = Changes.NOTHING
    help = "workers and cost of a day from measured CPU time"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Add the settings of the estimate."""
        parser.add_argument("--config", type=Path, required=True, metavar="FILE", help="load, worker and prices (YAML)")

    def run(self, arguments: argparse.Namespace, _: Terminal) -> Answer:
        """Answer with the estimate and what it rests on."""
        from pipelines.config import load_record  # noqa: PLC0415 - slow to import; --help should not wait
        from pipelines.observe.text_table import hang  # noqa: PLC0415
        from pipelines.runner.estimate import EstimateSettings, estimate, lines  # noqa: PLC0415

        settings = load_record(EstimateSettings, arguments.config)
        found = estimate(settings)
        return Answer(found.as_json(), "\n".join(chain.from_iterable(map(hang, lines(found, settings)))))
