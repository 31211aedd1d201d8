"""Guarantees of the numeric columns of a release: one statement per group, each a theorem or a plain fact."""

import math
from dataclasses import dataclass

from schemas.privacy import Gaussian, PrivacyUnit
from transforms.noise.plan import NoisePlan, PointerNoise
from transforms.noise.population.contribution import BOUND
from transforms.noise.population.learn import Learning
from transforms.noise.population.model import PopulationModel
from transforms.noise.population.quantities import Quantity
from transforms.noise.settings import Timing
from transforms.privacy.accountant import TABLE_SHARE
from transforms.privacy.mechanisms import Sigma
from transforms.privacy.statement import ACCOUNTANT, Guarantee, assumption

_PURE = "none: nothing of the protected values is used"


_NOT_PEOPLE = (
    "This is a guarantee for one event. A person, a session or a day has many events and is covered by group "
    "composition only, which means nothing at these sizes."
)


_NOT_TEXT = "Redacted text, keys outside redactions, and the kind, number and order of rows are released without noise."


_SAME_ROWS = "the released rows stay the same, and so does their order but for key-ups between presses"


@dataclass(frozen=True, slots=True)
class ModelClaim:
    """Guarantee of a population model that the release ``release_id`` learned.

    ``learned`` names the quantities that enough units contributed to. ``epsilon`` at ``delta`` is for a unit whose
    times are used or not, ``replaced_epsilon`` for one whose times are replaced by any others.
    """

    release_id: str
    learned: tuple[str, ...]
    unit: str
    noise_multiplier: float
    epsilon: float
    delta: float
    replaced_epsilon: float
    min_units: int


def model_claim(release_id: str, plan: NoisePlan, learning: Learning, model: PopulationModel) -> ModelClaim:
    """Compute the guarantee of a model that was learned by ``learning``; launcher only."""
    from transforms.privacy.accountant import epsilon_of  # noqa: PLC0415 - imports Opacus and SciPy

    settings = plan.settings
    replaced = Gaussian(learning.noise_multiplier / math.sqrt(2))
    return ModelClaim(
        release_id=release_id,
        learned=tuple(quantity.name.lower() for quantity in Quantity if quantity in model.learned),
        unit=learning.unit.value,
        noise_multiplier=learning.noise_multiplier,
        epsilon=settings.model_epsilon,
        delta=settings.model_delta,
        replaced_epsilon=epsilon_of([replaced], settings.model_delta * (1 - TABLE_SHARE)),
        min_units=learning.min_units,
    )


def statements(plan: NoisePlan, claim: ModelClaim | None = None) -> tuple[Guarantee, ...]:
    """List the statements of a plan: times, then positions, with the directions of scrolls where those have noise.

    ``claim`` is for the learned model that times were drawn from, ``None`` where it was the published prior.
    """
    timing = _timing(plan) if claim is None else _learned_timing(plan, claim)
    pointer = (_PLACES,) if plan.pointer is None else (_positions(plan, plan.pointer), _scrolls(plan, plan.pointer))
    return (timing, *pointer)


def _learned_timing(plan: NoisePlan, claim: ModelClaim) -> Guarantee:
    few = len(Quantity) - len(claim.learned)
    instead = (
        f"; for {few} of {len(Quantity)} quantities fewer than about {claim.min_units:,} units contributed (by the "
        "noisy count), and the published constant prior, fitted to no recording, is used for them"
    )
    return Guarantee(
        columns=("t_ms", "order of key-up rows"),
        mechanism=(
            f"drawn, given the released rows, from the population model that release {claim.release_id} learned: "
            f"discrete Gaussian noise, multiplier {claim.noise_multiplier:.3f}, on bounded histograms of "
            f"{len(Quantity)} quantities together{instead if few else ''}"
        ),
        privacy_unit=_UNITS[PrivacyUnit(claim.unit)],
        adjacency=(
            f"the model uses the recorded times of one unit or does not; {_SAME_ROWS}. For one unit whose times are "
            f"replaced by any others epsilon is {claim.replaced_epsilon:.3f}"
        ),
        bounds=(
            f"of each quantity a unit adds one histogram over fixed bins, in whole numbers, of L2 norm {BOUND} at most"
        ),
        epsilon=claim.epsilon,
        delta=claim.delta,
        accountant=ACCOUNTANT,
        assumption=assumption(plan.settings.run_key),
        not_covered=(
            _NOT_TEXT,
            *_structure(),
            "The figure is what the release that learned the model spent; using the model again spends nothing.",
        ),
    )


_UNITS = {
    PrivacyUnit.USER: "one user: all recorded times of all sessions",
    PrivacyUnit.USER_DAY: "one user-day: all recorded times of the sessions of one user that begin on one UTC day",
}


def _timing(plan: NoisePlan) -> Guarantee:
    settings = plan.settings
    if plan.interval_sigma is None or plan.dwell_sigma is None:
        return _unrecorded_timing(plan)
    return Guarantee(
        columns=("t_ms", "order of key-up rows"),
        mechanism=(
            f"discrete Gaussian on whole ms, sigma {_sigma(plan.interval_sigma)} ms on the interval before each row "
            f"and {_sigma(plan.dwell_sigma)} ms on each dwell; then clamped from below, summed up and sorted"
        ),
        privacy_unit="one input event; a key press and its release are one event",
        adjacency=f"the times of one event are replaced by others; {_SAME_ROWS}",
        bounds=(
            f"intervals clipped to 0..{settings.flight_clip_ms} ms and dwells to 0..{settings.dwell_clip_ms} ms; "
            "one event moves two intervals and one dwell"
        ),
        epsilon=settings.timing_epsilon,
        delta=settings.timing_delta,
        accountant=ACCOUNTANT,
        assumption=assumption(plan.settings.run_key),
        not_covered=(_NOT_PEOPLE, _NOT_TEXT, *_structure()),
    )


def _unrecorded_timing(plan: NoisePlan) -> Guarantee:
    drawn = "drawn from a published constant model that was fitted to no recording"
    dropped = "t_ms is null; key-up rows are placed by times " + drawn
    is_dropped = plan.settings.timing == Timing.DROP
    return Guarantee(
        columns=("t_ms", "order of key-up rows"),
        mechanism=dropped if is_dropped else drawn + ", by released rows alone",
        privacy_unit="all recorded times of the release",
        adjacency=f"any recorded times are replaced by others; {_SAME_ROWS}",
        bounds=_PURE,
        epsilon=0.0,
        delta=0.0,
        accountant=_PURE,
        assumption="none",
        not_covered=(_NOT_TEXT, *_structure()),
    )


def _structure() -> tuple[str, ...]:
    return (
        "Whether a recording had times at all shows.",
        "Recorded times decide where a long session is cut, and where a movement is split if movements are rows.",
        "The order of all rows but key-ups is as recorded; so is the side of other rows that a key-up is on.",
    )


_PLACES = Guarantee(
    columns=("x", "y", "to_x", "to_y"),
    mechanism=(
        "drawn inside the released box of each row's target from a published constant model that was fitted to no "
        "recording, by released rows alone; one row an action, and no row for movements"
    ),
    privacy_unit="all recorded positions and movements of the release",
    adjacency=f"any recorded positions and movements are replaced by others; {_SAME_ROWS}",
    bounds=_PURE,
    epsilon=0.0,
    delta=0.0,
    accountant=_PURE,
    assumption="none",
    not_covered=(
        "Targets that people act on are released as recorded: role, name, node, box or cell, button and modifiers.",
        "They identify people; movements of the hand are not released.",
        "Scrolls are released with their recorded direction and their notches, in steps of 1, 3, 10 and 30.",
        "Boxes are recorded, in parts of the window, but where a hidden text could have moved what they hold.",
        "Double clicks and drags are released as such, as recorded.",
    ),
)


def _positions(plan: NoisePlan, noise: PointerNoise) -> Guarantee:
    settings = plan.settings
    return Guarantee(
        columns=("x", "y", "dx and dy of moves"),
        mechanism=(
            f"discrete Gaussian on the cells of a {settings.pointer_grid_px} px grid, sigma "
            f"{_sigma(noise.position_sigma)} cells on each coordinate of each end of a segment and of any other "
            "pointer event; then clamped to the screen; a displacement is the difference of two noised positions"
        ),
        privacy_unit="one pointer event of the recording",
        adjacency=_pointer_adjacency(plan),
        bounds=(
            f"positions clamped to {settings.screen_width_px} x {settings.screen_height_px} px; one event moves at "
            "most two released positions (a move can end one segment and start another), or one position and one "
            "scroll direction"
        ),
        epsilon=settings.pointer_epsilon,
        delta=settings.pointer_delta,
        accountant=ACCOUNTANT,
        assumption=assumption(plan.settings.run_key),
        not_covered=(_NOT_PEOPLE, _NOT_TEXT, _COARSE),
    )


def _pointer_adjacency(plan: NoisePlan) -> str:
    radius = plan.settings.pointer_radius_px
    if radius is None:
        return "the position of one pointer event, and the distance it scrolled, are replaced by any other"
    return (
        f"the position of one pointer event is replaced by any other within {radius:,} px, and the distance it "
        "scrolled by any other; from a position k radii away it is hidden by at least 1/k of the noise multiplier: "
        "which part of the screen it was in shows"
    )


_COARSE = (
    "Pressing, releasing and clicking are events of their own, as are the events of one drag: what several events show "
    "together (a place that is clicked often, the path of a drag) is covered by their composition only."
)


def _scrolls(plan: NoisePlan, noise: PointerNoise) -> Guarantee:
    settings = plan.settings
    return Guarantee(
        columns=("dx and dy of scrolls",),
        mechanism=(
            f"discrete Laplace, scale {_sigma(noise.scroll_scale)}, on the direction (one of up, down, left, right, "
            "none), released as one notch; distances are not released"
        ),
        privacy_unit="one pointer event of the recording",
        adjacency=_pointer_adjacency(plan),
        bounds="a direction is a unit vector or zero; L1 sensitivity 2",
        epsilon=settings.pointer_epsilon,
        delta=settings.pointer_delta,
        accountant=ACCOUNTANT + "; the figure is for position and direction of the scroll event together",
        assumption=assumption(plan.settings.run_key),
        not_covered=(_NOT_PEOPLE, _NOT_TEXT, "How many scroll events there are is released without noise."),
    )


def _sigma(sigma: Sigma) -> str:
    return f"{float(sigma):,.3f}"
