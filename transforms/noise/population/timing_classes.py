"""Quantity of the population model of each interval and dwell, from released columns alone."""

import numpy as np
import numpy.typing as npt

from transforms.noise.batch import Batch, Kind, Motion
from transforms.noise.key_presses import Strokes
from transforms.noise.population.model import DERIVED
from transforms.noise.population.quantities import Quantity

Classes = npt.NDArray[np.uint8]


def interval_classes(batch: Batch, strokes: Strokes) -> Classes:
    """Classify each interval by the clock row that it leads to and the one before it.

    A press repeats the one before it where that one has no key-up, although the key has some. The interval to the end
    of a pointer segment is a ``PAUSE``, and the segment's ``DURATION`` comes on top.
    """
    clock = strokes.clock
    before = np.concatenate([clock[:1], clock[:-1]])
    kind, kind_before = batch.kind[clock], batch.kind[before]
    is_key, is_pointer = kind == Kind.KEY, kind == Kind.POINTER
    scroll = is_pointer & (batch.motion[clock] == Motion.SCROLL)
    scrolled = (kind_before == Kind.POINTER) & (batch.motion[before] == Motion.SCROLL)
    typed = is_key & (kind_before == Kind.KEY)
    repeated = (batch.stroke[clock] == batch.stroke[before]) & ~np.isin(before, strokes.down)
    repeated &= np.isin(batch.stroke[clock], batch.stroke[strokes.ups])
    to_key = Quantity.INTERVAL_LETTER + batch.key_class[clock]
    choices = [
        (typed & repeated, Quantity.REPEAT),
        (typed, to_key),
        (is_key | (scroll & ~scrolled), Quantity.HOME),
        (is_pointer & (batch.motion[clock] == Motion.MOVE), Quantity.PAUSE),
        (is_pointer, Quantity.CLICK),
        (kind == Kind.FOCUS, Quantity.SWITCH),
        (kind == Kind.TEXT_INPUT, DERIVED),
    ]
    masks, values = zip(*choices, strict=True)
    selected: Classes = np.select(masks, values, Quantity.REACT).astype(np.uint8)
    return selected


def dwell_classes(batch: Batch, strokes: Strokes) -> Classes:
    """Classify the dwell of each of ``strokes.ups``."""
    classes: Classes = (Quantity.DWELL_LETTER + batch.key_class[strokes.down]).astype(np.uint8)
    return classes
