"""Entry point of the Flex Template: the launcher's ``--name=value`` words become keyveil's command line."""

import sys
from collections.abc import Sequence

from pipelines.cli.main import main

_OWN = ("input", "output", "consent", "keys", "dataset", "policy", "purpose", "config", "state", "subjects")
"""Parameters of the template that are arguments of ours."""
_FLAGS = {
    "job_subnetwork": "subnetwork",
    "job_kms_key": "dataflow_kms_key",
    "job_account": "service_account_email",
    "job_image": "sdk_container_image",
    "job_labels": "labels",
}
"""Parameters of the template that are flags of Beam's: no page promises that the launcher hands these on."""


def command_line(words: Sequence[str]) -> list[str]:
    """Return the words of ``keyveil run``: our parameters first, then Beam's flags behind a double dash.

    Of a flag that the launcher hands on and that is a parameter too, the parameter counts.
    """
    own: list[str] = []
    flags = ["--no_use_public_ips"]
    runner = "DataflowRunner"
    for word in words:
        name, _, value = word.removeprefix("--").partition("=")
        if name == "runner":
            runner = value
        elif name in _OWN:
            own += [f"--{name}", *(value.split(",") if name == "input" else [value])]
        elif name in _FLAGS:
            flags += [f"--{_FLAGS[name]}={item}" for item in (value.split(",") if name == "job_labels" else [value])]
        elif name not in _FLAGS.values():
            flags.append(word)
    return ["run", *own, "--runner", runner, "--", *flags]


if __name__ == "__main__":
    sys.exit(main(command_line(sys.argv[1:])))
