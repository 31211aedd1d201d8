"""Runs a staged graph as it is, but for the containers of its workers, which become processes; a program."""

import shlex
import sys
from pathlib import Path

from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.portability.api import beam_runner_api_pb2
from apache_beam.runners.portability.fn_api_runner import FnApiRunner
from apache_beam.transforms.environments import SubprocessSDKEnvironment

_WORKER = Path(__file__).with_name("isolated_worker.py")


def main(pipeline: Path) -> None:
    """Run the graph to its end; what fails ends the process."""
    proto = beam_runner_api_pb2.Pipeline.FromString(pipeline.read_bytes())
    command = f"{shlex.quote(sys.executable)} -P {shlex.quote(str(_WORKER))}"
    for environment in proto.components.environments.values():
        process = SubprocessSDKEnvironment.from_command_string(command_string=command).to_runner_api(None)
        process.capabilities.extend(environment.capabilities)
        environment.CopyFrom(process)
    FnApiRunner().run_via_runner_api(proto, PipelineOptions(["--direct_num_workers=2"])).wait_until_finish()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
