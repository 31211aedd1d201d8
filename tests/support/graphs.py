"""Steps of a submitted graph, in a form that can be compared between runners."""

from typing import Any


def steps(proto: Any) -> dict[str, str]:
    """Return the kind of every step by its name."""
    return {item.unique_name: item.spec.urn for item in proto.components.transforms.values()}


def coders(proto: Any) -> dict[tuple[str, str], str]:
    """Return the coder of everything that a step gives, by step and output."""
    components = proto.components

    def spelled(coder: str) -> str:
        found = components.coders[coder]
        inner = ",".join(spelled(part) for part in found.component_coder_ids)
        return f"{found.spec.urn}[{found.spec.payload.hex()}]<{inner}>"

    return {
        (item.unique_name, tag): spelled(components.pcollections[made].coder_id)
        for item in components.transforms.values()
        for tag, made in item.outputs.items()
    }


def working(found: dict[str, str]) -> dict[str, str]:
    """Return the steps without composites that hold none, which Beam leaves in or out."""
    return {name: urn for name, urn in found.items() if not name.endswith("/MaybeReshuffle")}
