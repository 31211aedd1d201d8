"""Exact tallies of a run: published with rows, kept in private state if tables alone are released.

A release of the profile ``aggregates`` is under differential privacy for users as a whole. One exact count beside it,
of passwords replaced, say, would undo that: the difference of two releases is one person's number of passwords.
"""

import json
from collections.abc import Mapping

from pipelines.state.private_state import PrivateState
from schemas.privacy import Profile
from schemas.rejects import Reason
from schemas.tally import READ, SUPPRESSED_EVENTS, TallyGroup
from transforms.object_store.interface import put

_FOLDER = "tallies"
_NOT_OURS = (Reason.PAUSED, Reason.NO_CONSENT, Reason.ERASED, Reason.OTHER_PURPOSE, Reason.OTHER_VERSION)
"""Reasons of events that people excluded or never agreed to: their counts are not published."""
_NAMES = frozenset(group.of(reason) for group in (TallyGroup.SUPPRESSED, TallyGroup.SESSIONS) for reason in _NOT_OURS)


def select_publishable(counts: Mapping[str, int], profile: Profile) -> dict[str, int]:
    """Select the counts that a manifest, a journal and metrics may hold: all, or none of a release of tables alone."""
    return {} if profile == Profile.AGGREGATES else _without_refused(counts)


def _without_refused(counts: Mapping[str, int]) -> dict[str, int]:
    """Subtract events that people excluded or never agreed to from every count, as if they had not been recorded."""
    shown = {name: number for name, number in counts.items() if name not in _NAMES}
    out = sum(counts.get(TallyGroup.SUPPRESSED.of(reason), 0) for reason in _NOT_OURS)
    for name in (READ, SUPPRESSED_EVENTS) if out else ():
        shown[name] = shown.get(name, 0) - out
    if out and not shown[SUPPRESSED_EVENTS]:
        del shown[SUPPRESSED_EVENTS]
    return shown


def keep_tallies(private: PrivateState, release_id: str, counts: Mapping[str, int]) -> None:
    """Write the tallies of a release into private state, replacing those of an earlier attempt."""
    put(private.part(_FOLDER), _name(release_id), json.dumps(dict(counts)).encode())


def read_tallies(private: PrivateState, release_id: str) -> dict[str, int]:
    """Read the tallies of a release from private state; none where another state holds them."""
    seen = private.part(_FOLDER).get(_name(release_id))
    counts: dict[str, int] = {} if seen is None else json.loads(seen.content)
    return counts


def _name(release_id: str) -> str:
    return f"{release_id}.json"
