"""Refuse a graph that would hand unsealed recordings to a runner: the last check before it is sent to other machines.

Everything counts as raw until a transform that is marked ``SafeOutput`` gives it. Raw collections may be shuffled or
kept for a side input only as sealed bytes.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import apache_beam as beam
from apache_beam.portability.api import beam_runner_api_pb2

from schemas.errors import FailedError
from transforms.beamkit.outputs import TALLY
from transforms.beamkit.zones import SAFE_OUTPUT

_SHUFFLE = "beam:transform:group_by_key:v1"
_RESHUFFLE = "beam:transform:reshuffle:v1"
_PAR_DO = "beam:transform:pardo:v1"
_SEALED = frozenset({"beam:coder:bytes:v1", "beam:coder:varint:v1"})
"""Bucket numbers and ciphertext; of a pair, both halves."""

_PAIR = "beam:coder:kv:v1"


def check_graph(pipeline: beam.Pipeline) -> None:
    """Raise ``FailedError`` where a graph would hand a runner anything clear before redaction."""
    clear = find_clear_shuffles(pipeline.to_runner_api())
    if clear:
        raise FailedError(f"{', '.join(clear)} would shuffle what is not sealed before redaction; report this defect")


def find_clear_shuffles(proto: Any) -> list[str]:
    """List the steps before redaction that hand anything clear to the runner."""
    graph = _Graph(proto)
    return sorted(
        name
        for name, collection in graph.find_shuffled()
        if graph.is_raw(collection) and not graph.is_sealed(proto.components.pcollections[collection].coder_id)
    )


class _Graph:
    """A graph, indexed by its collections."""

    def __init__(self, proto: Any) -> None:
        self._transforms: Mapping[str, Any] = proto.components.transforms
        self._coders: Mapping[str, Any] = proto.components.coders
        leaves = [item for item in self._transforms.values() if not item.subtransforms]
        self._makers = {
            made: (item, tag)
            for item in leaves
            for tag, made in item.outputs.items()
            if made not in item.inputs.values()  # an empty composite gives what it takes
        }
        self._safe = {
            made
            for item in self._transforms.values()
            if SAFE_OUTPUT in item.annotations
            for made in item.outputs.values()
            if made not in item.inputs.values()
        }

    def find_shuffled(self) -> Iterator[tuple[str, str]]:
        """Yield step and collection of everything that a runner shuffles, or keeps for a side input."""
        inside = {
            part for item in self._transforms.values() if item.spec.urn == _RESHUFFLE for part in self._parts(item)
        }
        for key, item in self._transforms.items():
            if item.spec.urn == _RESHUFFLE or (item.spec.urn == _SHUFFLE and key not in inside):
                yield from ((item.unique_name, collection) for collection in item.inputs.values())
            elif item.spec.urn == _PAR_DO:
                payload = beam_runner_api_pb2.ParDoPayload.FromString(item.spec.payload)
                yield from ((item.unique_name, item.inputs[side]) for side in payload.side_inputs)

    def is_raw(self, collection: str) -> bool:
        """Check whether a collection comes from a source without passing a transform with safe output."""
        waiting, seen = [collection], set[str]()
        while waiting:
            if (now := waiting.pop()) in seen:
                continue
            seen.add(now)
            maker, tag = self._makers[now]
            if now in self._safe or tag == TALLY:
                continue
            if not maker.inputs:
                return True
            waiting += maker.inputs.values()
        return False

    def is_sealed(self, coder: str) -> bool:
        """Check whether a coder writes nothing but bucket numbers and sealed bytes."""
        found = self._coders[coder]
        if found.spec.urn == _PAIR:
            return all(self.is_sealed(part) for part in found.component_coder_ids)
        return found.spec.urn in _SEALED

    def _parts(self, item: Any) -> Iterator[str]:
        for part in item.subtransforms:
            yield part
            yield from self._parts(self._transforms[part])
