"""Places learned from a whole release: one pass over its screens, once for all readers of it in a process."""

from collections import OrderedDict
from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from keyveil.read_plan import ReadPlan, ReadPosition, Unit
from keyveil.records import read_nodes
from keyveil.release import Release
from keyveil.session_scan import sessions_from
from keyveil.training.places import Places, digest_tree
from keyveil.training.screen import Screen
from keyveil.training.split import split_of

_COLUMNS = ("seq", "kind", "app", "nodes", "redactions")
_AT_HAND = 2

_learned: OrderedDict[tuple[Any, ...], Places] = OrderedDict()


def learn_from_release(release: Release, split_seed: int | None = None) -> Places:
    """Learn places from the screens of a release in which nothing was replaced, in the order of the release.

    With ``split_seed``, from those of the people whom it assigns to ``train`` alone, so that nothing that a person of
    another split saw has a part in training. The last results stay in memory, by the digests of the shards. Without a
    key for nodes, there is nothing to learn.
    """
    schema: Any = release.schema("events")
    shards = release.shards("events")
    if not set(_COLUMNS) <= set(schema.names):
        return Places()
    key = (tuple(shard.sha256 for shard in shards), split_seed)
    if key not in _learned:
        places = Places()
        units = [Unit(shard, 0, 1) for shard in range(len(shards))]
        for found in sessions_from(release, ReadPlan(_COLUMNS), units, ReadPosition(0, 0)):
            if split_seed is None or split_of(found.user, split_seed) == "train":
                for screen in _new_screens(found.events.combine_chunks(), places):
                    places.add(screen)
        _learned[key] = places
    _learned.move_to_end(key)
    while len(_learned) > _AT_HAND:
        _learned.popitem(last=False)
    return _learned[key]


def _new_screens(events: pa.Table, places: Places) -> Iterator[Screen]:
    """Yield the screens without a replacement whose trees are new to ``places``; no other is decoded whole."""
    front: str | None = None
    nodes = events["nodes"].chunk(0)
    ends, depths = nodes.offsets.to_pylist(), nodes.values.field("depth")
    roles = nodes.values.field("role")
    marks = pc.list_value_length(events["redactions"]).to_pylist()
    kinds = events["kind"].cast(pa.string()).to_pylist()
    for row, kind in enumerate(kinds):
        if kind == "focus":
            front = events["app"][row].as_py()
        begin, count = ends[row], ends[row + 1] - ends[row]
        if kind == "screen" and count and not marks[row]:
            tree = digest_tree(roles.slice(begin, count).to_pylist(), depths.slice(begin, count).to_pylist())
            if places.takes(front, tree, count):
                yield Screen(seq=events["seq"][row].as_py(), nodes=read_nodes(nodes[row].as_py()), app=front)
