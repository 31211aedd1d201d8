"""What a release may claim about its numeric columns: one statement a group, each a theorem or a plain fact."""

from dataclasses import dataclass

from transforms.noise.mechanisms import Sigma
from transforms.noise.plan import NoisePlan
from transforms.noise.policy import RunKey, Timing

ACCOUNTANT = "Renyi DP (Opacus 1.6 RDPAccountant, orders 1.01 to 100,000); tables exact to their share of delta"
_PURE = "none: nothing of the protected values is used"
_NOT_PEOPLE = (
    "This is a guarantee for one event. A person, a session or a day has many events and is covered by group "
    "composition only, which means nothing at these sizes."
)
_NOT_TEXT = "Redacted text, keys outside redactions, and the kind, number and order of rows are released without noise."
_SAME_ROWS = "the released rows stay the same, and so does their order but for key-ups between presses"
_SEALED = "the run's noise key is destroyed when the release is sealed"
_DERIVED = "the run's noise key can be derived again from the key set for ever: for tests and audits only"


@dataclass(frozen=True, slots=True)
class NoiseStatement:
    """What holds for ``columns``. ``assumption`` is what the guarantee rests on besides mathematics."""

    columns: tuple[str, ...]
    mechanism: str
    privacy_unit: str
    adjacency: str
    bounds: str
    epsilon: float
    delta: float
    accountant: str
    assumption: str
    not_covered: tuple[str, ...]


def statements(plan: NoisePlan) -> tuple[NoiseStatement, ...]:
    """Return the statements of a plan: times, positions, scroll directions."""
    return (_timing(plan), _positions(plan), _scrolls(plan))


def _timing(plan: NoisePlan) -> NoiseStatement:
    settings = plan.settings
    if plan.interval_sigma is None or plan.dwell_sigma is None:
        return _unrecorded_timing(plan)
    return NoiseStatement(
        columns=("t_ms", "order of key-up rows"),
        mechanism=(
            f"discrete Gaussian on whole ms, sigma {_shown(plan.interval_sigma)} ms on the interval before each row "
            f"and {_shown(plan.dwell_sigma)} ms on each dwell; then clamped from below, summed up and sorted"
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
        assumption=_assumption(plan),
        not_covered=(_NOT_PEOPLE, _NOT_TEXT, *_structure()),
    )


def _unrecorded_timing(plan: NoisePlan) -> NoiseStatement:
    drawn = "drawn from a published constant model that was fitted to no recording"
    dropped = "t_ms is null; key-up rows are placed by times " + drawn
    is_dropped = plan.settings.timing == Timing.DROP
    return NoiseStatement(
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
        "Recorded times decide where a pointer movement is split into segments and where a long session is cut.",
        "The order of all rows but key-ups is as recorded; so is the side of other rows that a key-up is on.",
    )


def _positions(plan: NoisePlan) -> NoiseStatement:
    settings = plan.settings
    return NoiseStatement(
        columns=("x", "y", "dx and dy of moves"),
        mechanism=(
            f"discrete Gaussian on the cells of a {settings.pointer_grid_px} px grid, sigma "
            f"{_shown(plan.position_sigma)} cells on each coordinate of each end of a segment and of any other "
            "pointer event; then clamped to the screen; a displacement is the difference of two noised positions"
        ),
        privacy_unit="one pointer event of the recording",
        adjacency="the position of one pointer event, and the distance it scrolled, are replaced by any other",
        bounds=(
            f"positions clamped to {settings.screen_width_px} x {settings.screen_height_px} px; one event moves at "
            "most two released positions (a move can end one segment and start another), or one position and one "
            "scroll direction"
        ),
        epsilon=settings.pointer_epsilon,
        delta=settings.pointer_delta,
        accountant=ACCOUNTANT,
        assumption=_assumption(plan),
        not_covered=(_NOT_PEOPLE, _NOT_TEXT, _COARSE),
    )


_COARSE = (
    "Pressing, releasing and clicking are events of their own, as are the events of one drag: what several events show "
    "together (a place that is clicked often, the path of a drag) is covered by their composition only."
)


def _scrolls(plan: NoisePlan) -> NoiseStatement:
    settings = plan.settings
    return NoiseStatement(
        columns=("dx and dy of scrolls",),
        mechanism=(
            f"discrete Laplace, scale {_shown(plan.scroll_scale)}, on the direction (one of up, down, left, right, "
            "none), released as one notch; distances are not released"
        ),
        privacy_unit="one pointer event of the recording",
        adjacency="the position of one pointer event, and the distance it scrolled, are replaced by any other",
        bounds="a direction is a unit vector or zero; L1 sensitivity 2",
        epsilon=settings.pointer_epsilon,
        delta=settings.pointer_delta,
        accountant=ACCOUNTANT + "; the figure is for position and direction of the scroll event together",
        assumption=_assumption(plan),
        not_covered=(_NOT_PEOPLE, _NOT_TEXT, "How many scroll events there are is released without noise."),
    )


def _assumption(plan: NoisePlan) -> str:
    fate = _DERIVED if plan.settings.run_key == RunKey.DERIVED else _SEALED
    return f"HMAC-SHA256 and AES-256 are pseudo-random functions; {fate}"


def _shown(sigma: Sigma) -> str:
    return f"{float(sigma):,.3f}"
