"""Split sessions that are too large."""

import numpy as np
import numpy.typing as npt


def cut(gaps: npt.NDArray[np.int64], limit: int) -> list[int]:
    """Return the first event of each part of a session of ``len(gaps)`` events, no part longer than ``limit``.

    ``gaps[i]`` is how good a cut just before event i is: the idle time before it. Each part ends at the best place in
    its second half, the latest of equals, so that few cuts are made and none in the middle of typing if it can be
    helped.

    >>> cut(np.array([0, 1, 1, 9, 1, 1, 1]), 4)
    [0, 3]
    """
    starts = [0]
    while len(gaps) - starts[-1] > limit:
        first = starts[-1] + max(limit // 2, 1)
        window = gaps[first : starts[-1] + limit + 1]
        starts.append(first + len(window) - 1 - int(np.argmax(window[::-1])))
    return starts
