"""Estimate of workers and costs of a day's events, from a measured CPU time and stated prices."""

from dataclasses import asdict, dataclass
from math import ceil

from schemas.errors import UsageError

_GIB = 2**30
_DAYS_A_MONTH = 30


@dataclass(frozen=True, slots=True)
class Load:
    """Work of each day, to finish within ``window_hours``; ``measured`` names the source and day of the figures.

    ``shuffled_bytes_per_event`` are the sealed bytes of all shuffles, ``released_bytes_per_event`` those of the shards.
    """

    events_per_day: float
    window_hours: float
    cpu_us_per_event: float
    shuffled_bytes_per_event: float
    released_bytes_per_event: float
    measured: str

    def __post_init__(self) -> None:
        """Raise ``UsageError`` where a figure is out of range or none says where it comes from."""
        figures = (self.events_per_day, self.window_hours, self.cpu_us_per_event)
        if min(figures) <= 0 or self.shuffled_bytes_per_event < 0 or self.released_bytes_per_event < 0:
            raise UsageError("each of load.* is a positive number; measure it with benchmarks/scaling.py")
        if not self.measured.strip():
            raise UsageError("load.measured says with what, where and when the CPU time was measured")


@dataclass(frozen=True, slots=True)
class Worker:
    """One machine; ``relative_speed`` is its core against the measured one, ``utilisation`` the part that works."""

    vcpus: int
    memory_gib: float
    relative_speed: float = 1.0
    utilisation: float = 0.8

    def __post_init__(self) -> None:
        """Raise ``UsageError`` where a figure is out of range."""
        if self.vcpus < 1 or self.memory_gib <= 0 or self.relative_speed <= 0 or not 0 < self.utilisation <= 1:
            raise UsageError(
                "worker.vcpus, memory_gib and relative_speed are positive, utilisation is above 0, at most 1"
            )


@dataclass(frozen=True, slots=True)
class Prices:
    """Prices of a provider, with source and day."""

    currency: str
    vcpu_hour: float
    memory_gib_hour: float
    shuffled_gib: float
    stored_gib_month: float
    source: str
    as_of: str

    def __post_init__(self) -> None:
        """Raise ``UsageError`` where a price is negative or has no source or day."""
        if min(self.vcpu_hour, self.memory_gib_hour, self.shuffled_gib, self.stored_gib_month) < 0:
            raise UsageError("each of prices.* is zero or more")
        if not self.source.strip() or not self.as_of.strip():
            raise UsageError("prices.source and prices.as_of say where and when the prices were read")


@dataclass(frozen=True, slots=True)
class EstimateSettings:
    """Assumptions of an estimate; releases are kept for ``retention_days``."""

    load: Load
    worker: Worker
    prices: Prices
    retention_days: int = 90


@dataclass(frozen=True, slots=True)
class Estimate:
    """Resources and costs of a day, in the currency of the prices; storage at its steady state."""

    workers: int
    vcpu_hours: float
    memory_gib_hours: float
    shuffled_gib: float
    stored_gib: float
    compute_a_day: float
    shuffle_a_day: float
    storage_a_day: float

    @property
    def a_day(self) -> float:
        """Add up the costs of a day."""
        return self.compute_a_day + self.shuffle_a_day + self.storage_a_day

    def as_json(self) -> dict[str, float]:
        """Return the machine-readable form."""
        return asdict(self) | {"a_day": self.a_day}


def estimate(settings: EstimateSettings) -> Estimate:
    """Estimate workers and costs of a day.

    CPU time grows with the events (``benchmarks/scaling.py`` measures by how much it does not), and whole workers are
    paid for as long as they are needed.
    """
    load, worker, prices = settings.load, settings.worker, settings.prices
    busy_hours = load.events_per_day * load.cpu_us_per_event / 1e6 / 3600 / worker.relative_speed
    vcpu_hours = busy_hours / worker.utilisation
    gib_hours = vcpu_hours / worker.vcpus * worker.memory_gib
    shuffled = load.events_per_day * load.shuffled_bytes_per_event / _GIB
    stored = load.events_per_day * load.released_bytes_per_event / _GIB * settings.retention_days
    return Estimate(
        workers=ceil(vcpu_hours / (worker.vcpus * load.window_hours)),
        vcpu_hours=vcpu_hours,
        memory_gib_hours=gib_hours,
        shuffled_gib=shuffled,
        stored_gib=stored,
        compute_a_day=vcpu_hours * prices.vcpu_hour + gib_hours * prices.memory_gib_hour,
        shuffle_a_day=shuffled * prices.shuffled_gib,
        storage_a_day=stored * prices.stored_gib_month / _DAYS_A_MONTH,
    )


def lines(found: Estimate, settings: EstimateSettings) -> list[str]:
    """Render the estimate as sentences, with its assumptions."""
    load, worker, prices = settings.load, settings.worker, settings.prices
    costs = {"compute": found.compute_a_day, "shuffle": found.shuffle_a_day, "storage": found.storage_a_day}
    parts = ", ".join(f"{name} {cost:,.2f}" for name, cost in costs.items())
    called = "worker" if found.workers == 1 else "workers"
    return [
        f"{found.workers} {called} of {worker.vcpus} vCPUs for {load.window_hours:g} hours a day",
        f"{found.vcpu_hours:,.0f} vCPU hours and {found.memory_gib_hours:,.0f} GiB hours a day",
        f"{found.shuffled_gib:,.0f} GiB shuffled a day, {found.stored_gib:,.0f} GiB of releases kept",
        f"{found.a_day:,.2f} {prices.currency} a day: {parts}",
        f"assumed: {load.cpu_us_per_event:g} us of CPU an event ({load.measured})",
        f"assumed: prices as of {prices.as_of} ({prices.source})",
        "not counted: reading the input, requests, keys, logs, the network, retries",
    ]
