"""Changes of settings under which a refused charge fits, each one tried by the accountant before it is offered."""

import math
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain, combinations, islice

from pipelines.budget.account import now
from pipelines.budget.release_plan import plan_release
from pipelines.config import RunConfig
from schemas.errors import BudgetError, UsageError
from schemas.privacy import Charge, Pointer, Profile, Pure, Step
from transforms.noise.looser_settings import budget_of, event_budget_of
from transforms.noise.settings import PRIOR, Timing
from transforms.privacy.budget import Budget
from transforms.privacy.composition import check_lifetime, check_release
from transforms.privacy.event_composition import check_events
from transforms.privacy.ledger import Ledger
from transforms.privacy.ledger_entries import Reservation

_MOST_OFFERED = 2
_MOST_PLACES = 6
"""Places of the decimal point by which a smaller delta is tried."""
_LIFETIMES = (8.0, 10.0, 12.0, 16.0, 20.0, 24.0, 32.0)
_EVENT_LIFETIMES = (64.0, 96.0, 128.0, 256.0, 512.0, 1000.0)
_RELEASES = (1.0, 1.5, 2.0, 4.0, 8.0, 16.0, 32.0)
_LARGEST_DELTA = 1e-3

Setting = tuple[str, str, object]
"""Section, name and value of a setting: ``("noise", "model", "prior")``."""


@dataclass(frozen=True, slots=True)
class Remedy:
    """Settings to change, in order; ``loosens`` where they promise people less, which is their owner's decision."""

    settings: tuple[Setting, ...]
    loosens: bool

    @property
    def words(self) -> str:
        """Return the words of the command line that make the change."""
        return " ".join(f"--set {section}.{name}={_yaml(value)}" for section, name, value in self.settings)


def find_remedies(config: RunConfig, ledger: Ledger, window: str | None) -> tuple[Remedy, ...]:
    """Find changes after which a release with ``config`` is accepted by its own budget and by the ledger.

    First the fewest parts to leave out, then the smallest raise of a budget.
    """
    less = list(islice((cut for cut in _list_cuts(config) if _fits(cut, config, ledger, window)), _MOST_OFFERED))
    raised = next((remedy for remedy in _list_raises(config) if _fits(remedy, config, ledger, window)), None)
    return (*less, *(() if raised is None else (raised,)))


def render_remedies(remedies: Sequence[Remedy]) -> str:
    """Render remedies as the end of a refusal."""
    cuts = " or ".join(remedy.words for remedy in remedies if not remedy.loosens)
    raises = " or ".join(remedy.words for remedy in remedies if remedy.loosens)
    parts = []
    if cuts:
        parts.append(f"it is accepted with {cuts}")
    if raises:
        parts.append(f"the privacy owner may instead decide on {raises}, which protects less and is signed")
    return "; ".join(parts) or "no change of settings makes it fit: begin with other people under another key set"


def offer_training(ledger: Ledger, charge: Charge, budget: Budget) -> str:
    """Offer the largest training like a refused one that fits: fewer of its steps, or a smaller stated epsilon."""
    if not isinstance(charge.steps[0], Pure):
        whole = sum(step.times for step in charge.steps)
        fits = _find_largest(
            whole, lambda times: _admits(ledger, replace(charge, steps=_cut(charge.steps, times)), budget)
        )
        if fits:
            return f"the first {fits:,} of its {whole:,} steps fit"
    else:
        thousandths = math.floor(budget.epsilon * 1000)
        deltas = [charge.delta / 10**places for places in range(1, _MOST_PLACES + 1)]
        if fits := _find_largest(thousandths, partial(_admits_thousandths, ledger, charge, budget)):
            return f"--epsilon {fits / 1000:g} fits"
        history = "; steps of --history add up without a delta of their own"
        for delta in deltas:
            if _admits(ledger, replace(charge, delta=delta), budget):
                return f"--delta {delta:g} fits{history}"
        # 8 at delta 1e-5, of which neither fits alone: 4.4 at 1e-7 does
        for delta in deltas:
            smaller = replace(charge, delta=delta)
            if fits := _find_largest(thousandths, partial(_admits_thousandths, ledger, smaller, budget)):
                return f"--epsilon {fits / 1000:g} --delta {delta:g} fits{history}"
    raised = next(
        (
            value
            for value in _LIFETIMES
            if value > budget.lifetime_epsilon and _admits(ledger, charge, replace(budget, lifetime_epsilon=value))
        ),
        None,
    )
    if raised is None:
        return "nothing of it fits any more"
    return f"the privacy owner may decide on --set noise.lifetime_epsilon={raised:g}, which protects less"


def _admits(ledger: Ledger, charge: Charge, budget: Budget) -> bool:
    try:
        check_lifetime(ledger.charges(), (charge,), budget, "")
    except BudgetError:
        return False
    return True


def _admits_thousandths(ledger: Ledger, charge: Charge, budget: Budget, number: int) -> bool:
    return _admits(ledger, replace(charge, steps=(Pure(number / 1000),)), budget)


def _find_largest(whole: int, fits: Callable[[int], bool]) -> int:
    """Find the largest number up to ``whole`` that fits, 0 if none does; what fits, fits for every smaller one."""
    low, high = 0, whole
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if fits(middle) else (low, middle - 1)
    return low


def _cut(steps: Sequence[Step], times: int) -> tuple[Step, ...]:
    """Keep the first ``times`` of repeated steps: 7 of (5 of one kind, 4 of another) are 5 and 2."""
    kept: list[Step] = []
    for step in steps:
        taken = min(step.times, times - sum(item.times for item in kept))
        if taken:
            kept.append(replace(step, times=taken))
    return tuple(kept)


def _fits(remedy: Remedy, config: RunConfig, ledger: Ledger, window: str | None) -> bool:
    """Try a change: plan the release again and ask for it, without charging it."""
    try:
        changed = apply_settings(config, remedy.settings)
        charges, budget = plan_release(changed).charges(), budget_of(changed.noise)
        events = event_budget_of(changed.noise)
        check_release(charges, budget)
        check_lifetime(ledger.charges(), charges, budget, "")
        asked = Reservation("", "", "", "", budget, charges, now(), window=window, events=events)
        check_events(ledger.reservations(), asked, "")
    except (BudgetError, UsageError):
        return False
    return True


def apply_settings(config: RunConfig, settings: Sequence[Setting]) -> RunConfig:
    """Change single settings of a configuration, those of a section together: some go with each other."""
    changed: dict[str, dict[str, object]] = defaultdict(dict)
    for section, name, value in settings:
        changed[section][name] = value
    built = {section: replace(getattr(config, section), **values) for section, values in changed.items()}
    return replace(config, **built)


def _list_cuts(config: RunConfig) -> Iterator[Remedy]:
    """Yield the parts that can be left out: one by one, then in pairs, and so on."""
    noise, aggregates = config.noise, plan_release(config).aggregates.settings
    parts: list[tuple[Setting, ...]] = []
    if noise.learns:
        parts.append((("noise", "model", PRIOR),))
    if aggregates.naming and aggregates.rare_delta > _SMALL_DELTA:
        parts.append(_RARER_NAMES)
    if aggregates.counting and noise.profile != Profile.AGGREGATES:
        parts.append((("aggregates", "counting", False),))
    if aggregates.naming:
        parts.append(_NO_NAMES)
    if noise.pointer != Pointer.TARGETS:
        parts.append((("noise", "pointer", Pointer.TARGETS), ("noise", "pointer_radius_px", None)))
    if noise.timing == Timing.NOISE:
        parts.append((("noise", "timing", Timing.DROP),))
    for number in range(1, len(parts) + 1):
        for chosen in combinations(parts, number):
            if not (_NO_NAMES in chosen and _RARER_NAMES in chosen):
                yield Remedy(tuple(chain.from_iterable(chosen)), loosens=False)


_SMALL_DELTA = 1e-9
"""Delta of naming values that lets many releases pass; a name then needs a tenth more people."""

_RARER_NAMES: tuple[Setting, ...] = (("aggregates", "rare_delta", _SMALL_DELTA),)
_NO_NAMES: tuple[Setting, ...] = (("aggregates", "naming", False),)


def _list_raises(config: RunConfig) -> Iterator[Remedy]:
    """Yield raises of the budgets, the smallest first: of a lifetime, of a release, of single events, of delta."""
    noise = config.noise
    lifetimes = [value for value in _LIFETIMES if value > noise.lifetime_epsilon]
    releases = [value for value in _RELEASES if value > noise.epsilon]
    events = [value for value in _EVENT_LIFETIMES if value > noise.lifetime_event_epsilon]
    delta = min(_LARGEST_DELTA, 10 * noise.lifetime_delta)
    yield Remedy((("noise", "lifetime_delta", delta),), loosens=True)
    for name, values in (("lifetime_epsilon", lifetimes), ("epsilon", releases), ("lifetime_event_epsilon", events)):
        for value in values:
            yield Remedy((("noise", name, value),), loosens=True)
    for value in lifetimes:
        yield Remedy((("noise", "lifetime_epsilon", value), ("noise", "lifetime_delta", delta)), loosens=True)


def _yaml(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:g}" if isinstance(value, float) else str(value)
