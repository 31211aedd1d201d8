"""A run's metrics for OpenTelemetry: what Beam counted at every step, and what became of every event.

Sent once, when the run has ended. What cannot be sent does not undo a release.
"""

import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import Any
from urllib.parse import urlsplit

from pipelines.observe.event_log import tell
from pipelines.observe.summary import NightCounts, StepCount, Summary
from pipelines.state.tallies import select_publishable
from schemas.errors import KeyveilError, RefusedError, UsageError
from schemas.privacy import Profile
from schemas.tally import TallyGroup
from transforms.beamkit.metrics import METRICS

_TIMEOUT_S = 10
_FAILED = 4
_HERE = frozenset({"localhost", "127.0.0.1", "::1"})
_GROUPS = (
    TallyGroup.OUTCOME,
    TallyGroup.ENTITY,
    TallyGroup.REJECT,
    TallyGroup.SUPPRESSED,
    TallyGroup.MERGED,
)
"""First parts of tally names; what follows becomes an attribute."""


@dataclass(frozen=True, slots=True)
class RunOutcome:
    """Outcome of a run, and the facts known at its end.

    ``counts`` are those of releases, ``nights`` those of graphs that staged for them: the same events, at another time.
    """

    dataset: str
    exit_code: int
    seconds: float
    counts: Mapping[str, int]
    steps: tuple[StepCount, ...] = ()
    shards: int = 0
    bytes: int = 0
    nights: Mapping[str, int] = field(default_factory=dict)


@contextmanager
def measure(url: str | None, dataset: str, profile: Profile) -> Iterator[Callable[[Summary | NightCounts], None]]:
    """Send what a run came to when the block ends, an error included.

    The block hands over a summary of each release, and what each night counted. What ``profile`` does not let out is
    not sent: exit code, duration, and the files of the release alone.
    Where no address is given nothing is measured. A receiver that does not answer costs a warning, never the run.
    """
    if url is None:
        yield lambda _: None
        return
    check_endpoint(url)
    begun, reported, code = time.monotonic(), list[Summary | NightCounts](), _FAILED
    try:
        yield reported.append
        code = 1 if any(item.rejects for item in reported) else 0
    except KeyveilError as error:
        code = error.exit_code
        raise
    finally:
        if not _export(_read_end(dataset, code, time.monotonic() - begun, reported, profile), url):
            sys.stderr.write("keyveil: warning: metrics were not delivered to --metrics; the run is not affected\n")


def _export(ended: RunOutcome, url: str) -> bool:
    try:
        return export(ended, url)
    except Exception:  # noqa: BLE001 - a release that is sealed does not fail by what is said of it
        return False


def _read_end(
    dataset: str, code: int, seconds: float, reported: list[Summary | NightCounts], profile: Profile
) -> RunOutcome:
    """Add up the counts of all nights and releases of a run."""
    counts, nights, steps = Counter[str](), Counter[str](), Counter[tuple[str, str]]()
    summaries = [item for item in reported if isinstance(item, Summary)]
    for item in reported:
        (counts if isinstance(item, Summary) else nights).update(item.counts)
        steps.update({(step.step, step.name): step.count for step in item.steps})
    return RunOutcome(
        dataset,
        code,
        seconds,
        select_publishable(counts, profile),
        () if profile == Profile.AGGREGATES else _step_totals(steps),
        sum(summary.shards for summary in summaries),
        sum(summary.bytes for summary in summaries),
        select_publishable(nights, profile),
    )


def _step_totals(steps: Mapping[tuple[str, str], int]) -> tuple[StepCount, ...]:
    return tuple(StepCount(step, name, count) for (step, name), count in sorted(steps.items()))


def step_counts(result: Any) -> tuple[StepCount, ...]:
    """Return our counters of a finished pipeline; what was committed where the runner tells, else attempted.

    Empty where the service does not tell them: what a job computed is not lost for its statistics.
    """
    try:
        counters = result.metrics().query()["counters"]
    except Exception as error:  # noqa: BLE001 - clients of several services, each with errors of its own
        tell("counters unread", {"error": type(error).__name__})
        return ()
    found = (
        StepCount(str(item.key.step), item.key.metric.name, int(item.committed or item.attempted or 0))
        for item in counters
        if item.key.metric.namespace == METRICS
    )
    return tuple(sorted(found, key=lambda item: (item.step, item.name)))


def check_endpoint(url: str) -> None:
    """Raise ``UsageError`` where ``url`` is no address.

    Raises ``RefusedError`` where metrics would be read on the way, or the extra that sends them is not installed.
    """
    try:
        parts = urlsplit(url)
    except ValueError:  # brackets that hold no address
        parts = urlsplit("")
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise UsageError("--metrics is the address of an OTLP receiver, for example https://collector:4318/v1/metrics")
    if parts.scheme == "http" and parts.hostname not in _HERE:
        raise RefusedError("--metrics would send over the network in the clear; set an https address")
    if find_spec("opentelemetry") is None or find_spec("opentelemetry.exporter") is None:
        raise RefusedError("--metrics needs an extra: pip install 'keyveil[telemetry]'")


def export(ended: RunOutcome, url: str) -> bool:
    """Send the metrics of a run to an OTLP/HTTP receiver and return whether it took them."""
    from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter  # noqa: PLC0415 - an extra
    from opentelemetry.sdk.metrics import MeterProvider  # noqa: PLC0415
    from opentelemetry.sdk.metrics.export import InMemoryMetricReader, MetricExportResult  # noqa: PLC0415
    from opentelemetry.sdk.resources import Resource  # noqa: PLC0415

    reader, exporter = InMemoryMetricReader(), OTLPMetricExporter(url, timeout=_TIMEOUT_S)
    resource = Resource({"service.name": "keyveil", "keyveil.dataset": ended.dataset})
    provider = MeterProvider([reader], resource, shutdown_on_exit=False)
    meter = provider.get_meter("keyveil")
    for name, unit, points in list_points(ended):
        counter = meter.create_counter(name, unit)
        for count, attributes in points:
            counter.add(count, attributes)
    meter.create_gauge("keyveil.run.duration", "s").set(ended.seconds, {"exit_code": ended.exit_code})
    try:
        collected = reader.get_metrics_data()
        return collected is not None and exporter.export(collected) is MetricExportResult.SUCCESS
    finally:
        provider.shutdown()
        exporter.shutdown()


_Point = tuple[int, dict[str, str | int]]


def list_points(ended: RunOutcome) -> Iterable[tuple[str, str, list[_Point]]]:
    """List the counters of a run: name, unit, and a count for each set of attributes."""
    yield "keyveil.runs", "{run}", [(1, {"exit_code": ended.exit_code})]
    yield "keyveil.shards", "{shard}", [(ended.shards, {})]
    yield "keyveil.bytes", "By", [(ended.bytes, {})]
    yield from _tallies("keyveil", ended.counts)
    yield from _tallies("keyveil.night", ended.nights)
    by_name: dict[str, list[_Point]] = {}
    for item in ended.steps:
        by_name.setdefault(item.name, []).append((item.count, {"step": item.step}))
    for name, points in by_name.items():
        yield f"keyveil.beam.{name}", "{item}", points


def _tallies(prefix: str, counts: Mapping[str, int]) -> Iterable[tuple[str, str, list[_Point]]]:
    groups: dict[str, list[_Point]] = {group: [] for group in _GROUPS}
    for name, count in counts.items():
        group, _, value = name.partition(".")
        if group in groups:
            groups[group].append((count, {group: value}))
        else:
            yield f"{prefix}.{name}", "{item}", [(count, {})]
    for group, points in groups.items():
        yield f"{prefix}.{group}", "{event}", points
