"""Key-ups and the key-downs that they belong to, against the plain reading of the rule."""

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from transforms.keystrokes.editor_events import Act, _pair_key_ups

EVENT = st.tuples(st.integers(1, 3), st.integers(0, 2), st.sampled_from([Act.TYPE, Act.PRESS, Act.RELEASE, Act.PASTE]))


def paired(events: list[tuple[int, int, int]]) -> list[tuple[int, int]]:
    """Pair (session, key, act) by looking at the last event of the same key in the same session."""
    last: dict[tuple[int, int], tuple[int, int]] = {}
    pairs = []
    for at, (session, key, act) in enumerate(events):
        if act == Act.PASTE:
            continue
        before = last.get((session, key))
        if act == Act.RELEASE and before is not None and before[1] != Act.RELEASE:
            pairs.append((at, before[0]))
        last[session, key] = at, act
    return pairs


@given(st.lists(EVENT, max_size=12).map(lambda events: sorted(events, key=lambda event: event[0])))
@example([])
@example([(1, 1, Act.PRESS), (2, 0, Act.RELEASE)])
@example([(1, 2, Act.TYPE), (2, 0, Act.RELEASE), (2, 1, Act.TYPE)])
@example([(1, 2, Act.TYPE), (2, 1, Act.RELEASE)])
def test_a_key_up_belongs_to_the_key_down_right_before_it_of_its_key_in_its_session(
    events: list[tuple[int, int, int]],
) -> None:
    session, key, act = (np.array([event[part] for event in events], dtype=np.int64) for part in range(3))
    ups, downs = _pair_key_ups(key, act.astype(np.int8), session)
    assert sorted(zip(ups.tolist(), downs.tolist(), strict=True)) == paired(events)
