"""Modifiers that a recorder believes to be held and nobody holds.

A recorder that misses one key-up (a switch of windows swallows it) reports Control, Alt or Meta with every key that
follows. Read as shortcuts, such keys type nothing, no detector sees them, and they would be released as they are.
"""

import numpy as np
import numpy.typing as npt

from transforms.editor.keymap import ALT, ALTGRAPH, CONTROL, META

Rows = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

_COMMANDING = CONTROL | ALT | META
_PRESSES, _LETTERS = 8, 5
"""So many presses of so many different letters or digits in one hold are no shortcuts but words."""


def without_stuck(held: Rows, keys: Rows, plain: Flags, ends: Flags) -> Rows:
    """Return ``held`` without the modifiers of runs of presses that spell words.

    By event: ``held`` are bits of ``keymap``, ``keys`` numbers the key values, ``plain`` says that an ASCII letter or
    digit goes down, ``ends`` that a run cannot go on: a modifier goes down or up, or the focus goes elsewhere.
    """
    commanding = (held & _COMMANDING != 0) & (held & ALTGRAPH == 0)
    letters = np.flatnonzero(plain & commanding)
    if len(letters) < _PRESSES:
        return held
    run = np.cumsum(ends | (plain & ~commanding))
    runs, presses = np.unique(run[letters], return_counts=True)
    kinds = np.unique(np.stack([run[letters], keys[letters]]), axis=1)[0]
    different = np.unique(kinds, return_counts=True)[1]
    stuck = runs[(presses >= _PRESSES) & (different >= _LETTERS)]
    return np.where(np.isin(run, stuck) & commanding, held & ~_COMMANDING, held)
