"""Beam's own flags: which are passed on, which are refused because they lose data."""

from collections.abc import Sequence

from apache_beam.options.pipeline_options import PipelineOptions

from schemas.errors import UsageError

LOCAL_RUNNER = "FnApiRunner"
"""Beam's in-process runner by name: ``DirectRunner`` may switch to an engine that ignores the ``direct_*`` flags."""

_LOCAL_NAMES = frozenset({"", "DirectRunner", LOCAL_RUNNER})
_LOSING_MODE = "multi_threading"
_LOSING_EXPERIMENT = "data_buffer_time_limit_ms"


def local_options(runner: str, flags: Sequence[str]) -> PipelineOptions:
    """Return Beam's options for a local run; raise ``UsageError`` for a flag that is known to lose events."""
    if runner not in _LOCAL_NAMES:
        raise UsageError("this version runs locally; use --runner DirectRunner")
    joined = " ".join(flags)
    if _LOSING_MODE in joined:
        raise UsageError(
            "--direct_running_mode=multi_threading loses events in Beam 2.77; use in_memory or multi_processing"
        )
    if _LOSING_EXPERIMENT in joined:
        raise UsageError("--experiments=data_buffer_time_limit_ms loses events in Beam 2.77; leave it out")
    if any(flag.startswith("--runner") for flag in flags):
        raise UsageError("name the runner with keyveil's own --runner, before the double dash")
    options = PipelineOptions([f"--runner={LOCAL_RUNNER}", *flags])
    unknown = [flag.split("=", 1)[0] for flag in flags if flag.startswith("--") and not _known(flag)]
    if unknown:
        raise UsageError(f"Beam does not know the flag {unknown[0]}; see the flags of apache_beam.options")
    return options


def _known(flag: str) -> bool:
    name = flag.removeprefix("--").split("=", 1)[0]
    return name in PipelineOptions().get_all_options()
