"""Choice of the released clock of a batch: synthetic, noised or none.

*synthesize*: every time and the place of every key-up come from the population model and the keyed stream. Given the
model they are a function of released columns alone; the recording decides only whether there is a clock at all.

*noise*: the interval before each row and the dwell of each press, in ms and clipped, with discrete Gaussian noise; rows
without a recorded time take the model's. The draws depend on the recorded intervals of the session, so that a corrected
recording draws independent noise. Clamping (1 ms at least) and cumulation are post-processing.

*drop*: as *synthesize*, then null: the order of key-ups is rhythm too.
"""

import numpy as np
import numpy.typing as npt

from transforms.keys.pseudonym import frame_parts
from transforms.noise.batch import UNKNOWN, Batch, Mask, Rows, microseconds
from transforms.noise.clock import Clock, run_clock
from transforms.noise.key_presses import Strokes
from transforms.noise.plan import NoisePlan
from transforms.noise.population.model import PopulationModel
from transforms.noise.population.quantities import Quantity
from transforms.noise.population.timing_classes import dwell_classes, interval_classes
from transforms.noise.settings import Timing
from transforms.privacy.mechanisms import discrete_gaussian
from transforms.privacy.uniform_words import words

_US_PER_MS = 1000


def released_clock(batch: Batch, strokes: Strokes, plan: NoisePlan, model: PopulationModel, key: bytes) -> Clock:
    """Compute times and released order of every row; ``is_timed`` marks rows whose times are released."""
    gaps_ms, dwells_ms = synthetic(batch, strokes, model, key)
    if plan.interval_sigma is not None and plan.dwell_sigma is not None:
        gaps, dwells = recorded_times(batch, strokes, plan)
        contents = zip(
            batch.labels, _bytes(batch, strokes.clock, gaps), _bytes(batch, strokes.ups, dwells), strict=True
        )
        labels = [b"".join(frame_parts(*content)) for content in contents]
        for_gaps = words(key, [b"interval" + label for label in labels], batch.per_session(strokes.clock))
        for_dwells = words(key, [b"dwell" + label for label in labels], batch.per_session(strokes.ups))
        gaps_ms = _add_noise(gaps, discrete_gaussian(plan.interval_sigma).draw(for_gaps), gaps_ms)
        dwells_ms = _add_noise(dwells, discrete_gaussian(plan.dwell_sigma).draw(for_dwells), dwells_ms)
    return run_clock(batch, strokes, gaps_ms, dwells_ms)


def is_timed(batch: Batch, plan: NoisePlan) -> Mask:
    """Return by row whether its session has a released clock: it has recorded times and the plan keeps them."""
    if plan.settings.timing == Timing.DROP:
        return np.zeros(batch.rows, dtype=np.bool_)
    known = microseconds(batch.table) != UNKNOWN
    with_times = np.bincount(batch.session[known], minlength=len(batch.counts)) > 0
    has_clock: Mask = with_times[batch.session]
    return has_clock


def synthetic(batch: Batch, strokes: Strokes, model: PopulationModel, key: bytes) -> tuple[Rows, Rows]:
    """Draw the interval before each clock row and the dwell of each key-up from the model, in ms.

    The words of a session go to its clock rows first and then to its key-ups in the order of their presses: where a
    key-up was recorded changes no draw. The interval to the end of a pointer segment is a pause and the segment's
    duration.
    """
    high = words(key, _labels(b"synthetic", batch), batch.counts.tolist()).high
    clock_counts = np.bincount(batch.session[strokes.clock], minlength=len(batch.counts))
    up_counts = batch.counts - clock_counts
    gap_words = high[np.repeat(batch.begins, clock_counts) + _ranks(clock_counts)]
    dwell_words = high[np.repeat(batch.begins + clock_counts, up_counts) + _ranks(up_counts)]
    classes = interval_classes(batch, strokes)
    gaps_ms = model.draw(classes, gap_words)
    segments = np.flatnonzero(classes == Quantity.PAUSE)
    moves = batch.per_session(strokes.clock[segments])
    durations = np.full(len(segments), Quantity.DURATION, dtype=np.uint8)
    gaps_ms[segments] += model.draw(durations, words(key, _labels(b"duration", batch), moves).high)
    return gaps_ms, model.draw(dwell_classes(batch, strokes), dwell_words)


def _labels(purpose: bytes, batch: Batch) -> list[bytes]:
    return [b"".join(frame_parts(purpose, label)) for label in batch.labels]


def recorded_times(batch: Batch, strokes: Strokes, plan: NoisePlan) -> tuple[Rows, Rows]:
    """Measure the recorded interval before each clock row and the dwell of each key-up, in ms and clipped.

    -1 where the recording has none: a session's first timed row, rows without a time, and a second key-up of one press.
    An interval counts from the last clock row that has a time.
    """
    t_us = microseconds(batch.table)
    clock_us, session = t_us[strokes.clock], batch.session[strokes.clock]
    at = np.arange(len(clock_us))
    last = np.maximum.accumulate(np.where(clock_us == UNKNOWN, UNKNOWN, at)) if len(at) else at
    before = np.concatenate([np.full(1, UNKNOWN), last[:-1]])[: len(at)]
    known = (clock_us != UNKNOWN) & (before != UNKNOWN)
    known &= session[before] == session
    gaps = np.clip((clock_us - clock_us[before]) // _US_PER_MS, 0, plan.settings.flight_clip_ms)
    up_us, down_us = t_us[strokes.ups], t_us[strokes.down]
    dwells = np.clip((up_us - down_us) // _US_PER_MS, 0, plan.settings.dwell_clip_ms)
    held = strokes.first & (up_us != UNKNOWN) & (down_us != UNKNOWN)
    return np.where(known, gaps, UNKNOWN), np.where(held, dwells, UNKNOWN)


def _bytes(batch: Batch, rows: Rows, values: Rows) -> list[bytes]:
    """Split the bytes of ``values`` at ``rows`` (ordered by session) by session."""
    ends = np.cumsum(batch.per_session(rows)).tolist()
    content = values.astype("<i8").tobytes()
    return [content[8 * begin : 8 * end] for begin, end in zip([0, *ends], ends, strict=False)]


def _add_noise(values: Rows, noise: npt.NDArray[np.int32], instead: Rows) -> Rows:
    return np.where(values == UNKNOWN, instead, values + noise)


def _ranks(counts: Rows) -> Rows:
    """Concatenate 0..n-1 for each n of ``counts``."""
    ranks: Rows = np.arange(int(counts.sum())) - np.repeat(np.cumsum(counts) - counts, counts)
    return ranks
