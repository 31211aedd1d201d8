"""Exact tallies of a run: published with rows, kept in private state if tables alone are released.

A release of the profile ``aggregates`` is under differential privacy for users as a whole. One exact count beside it,
of passwords replaced, say, would undo that: the difference of two releases is one person's number of passwords.
"""

import json
from collections.abc import Mapping

from pipelines.state.private_state import PrivateState
from schemas.privacy import Profile
from transforms.object_store.interface import put

_FOLDER = "tallies"


def select_publishable(counts: Mapping[str, int], profile: Profile) -> dict[str, int]:
    """Select the counts that a manifest, a journal and metrics may hold: all, or none of a release of tables alone."""
    return {} if profile == Profile.AGGREGATES else dict(counts)


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
