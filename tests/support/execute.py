"""Runs staged graphs as containers would, one after another, with stand-ins for what Google serves; a program.

Nothing of the checkout is on its path: ``pipelines`` and ``transforms`` come from the package that was staged. It reads
the path of a graph a line, and answers with a line of JSON: what went wrong, empty where nothing did.
"""

import json
import logging
import os
import sys
import traceback
from pathlib import Path

from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.portability.api import beam_runner_api_pb2
from apache_beam.runners.portability.fn_api_runner import FnApiRunner
from apache_beam.transforms.environments import EmbeddedPythonEnvironment
from google.auth.credentials import AnonymousCredentials
from google.cloud.storage import Client

from pipelines.runner import worker_plugin
from schemas.errors import RefusedError
from transforms.keys import secret_manager as managed
from transforms.object_store import gcs as bucket

_CLIENT = Client("test", AnonymousCredentials(), client_options={"api_endpoint": os.environ["STAND_IN_STORAGE"]})


def _access(name: str) -> managed.SecretVersion:
    """Give the first version of the key set, and nothing to a worker that would take whatever is the latest."""
    if not name.endswith("/versions/1"):
        raise RefusedError("a worker was told of no version of the key set")
    return managed.SecretVersion(1, Path(os.environ["STAND_IN_SECRET"]).read_bytes())


def _run(pipeline: Path) -> None:
    proto = beam_runner_api_pb2.Pipeline.FromString(pipeline.read_bytes())
    for environment in proto.components.environments.values():
        embedded = EmbeddedPythonEnvironment().to_runner_api(None)
        embedded.capabilities.extend(environment.capabilities)
        environment.CopyFrom(embedded)
    FnApiRunner().run_via_runner_api(proto, PipelineOptions(["--direct_num_workers=1"])).wait_until_finish()


def main() -> None:
    """Run graphs until there are no more; end at once where our code is not the package that was staged."""
    site = Path(os.environ["PYTHONPATH"])
    ours = (worker_plugin, managed, bucket)
    if Path.cwd() != Path("/") or not all(Path(str(module.__file__)).is_relative_to(site) for module in ours):
        sys.exit("the worker sees more than the staged package")
    logging.disable(logging.CRITICAL)
    bucket.client = lambda: _CLIENT
    managed.access = _access
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what a step prints is no answer
    for line in sys.stdin:
        said = ""
        try:
            _run(Path(line.rstrip("\n")))
        except Exception:  # noqa: BLE001 - whatever it is, it is the job's failure
            said = traceback.format_exc()
        print(json.dumps(said), file=answers, flush=True)


if __name__ == "__main__":
    main()
