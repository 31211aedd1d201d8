"""Reads the Terraform files and says what they would make, in the form of Google's interfaces."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import hcl2
from hcl2 import SerializationOptions

FOLDER = Path(__file__).parents[2] / "deploy" / "terraform"
_OPTIONS = SerializationOptions(strip_string_quotes=True, with_comments=False)
_LEFT_OUT = {"depends_on", "lifecycle", "parent"}  # they decide order and place, not what is made
_REFERENCE = re.compile(r"\$\{([^{}]*)\}")


class Blocks:
    """The blocks of one folder, with every reference replaced by what ``names`` says."""

    def __init__(self, files: Mapping[str, str], names: Mapping[str, Any]) -> None:
        self.names = dict(names)
        self.parsed = [hcl2.loads(text, serialization_options=_OPTIONS) for text in files.values()]

    def all(self, kind: str, resource: str) -> dict[str, Any]:
        """Return the unresolved blocks of a resource or data source by name."""
        found: dict[str, Any] = {}
        for document in self.parsed:
            for block in document.get(kind, []):
                found |= block.get(resource, {})
        return found

    def one(self, kind: str, resource: str, name: str) -> Any:
        found = self.all(kind, resource)[name]
        return self.resolve({key: value for key, value in found.items() if key not in _LEFT_OUT})

    def local(self, name: str) -> Any:
        found = [block[name] for document in self.parsed for block in document.get("locals", []) if name in block]
        return self.resolve(found[0])

    def resolve(self, value: Any, extra: Mapping[str, Any] | None = None) -> Any:
        names = {**self.names, **(extra or {})}
        if isinstance(value, dict):
            inner = {key: item for key, item in value.items() if not key.startswith("__")}
            return {str(self.resolve(key, extra)): self.resolve(item, extra) for key, item in inner.items()}
        if isinstance(value, list):
            return [self.resolve(item, extra) for item in value]
        if not isinstance(value, str):
            return value
        whole = re.fullmatch(r"\$\{(.*)\}", value, re.DOTALL)
        if whole and (name := re.sub(r"^\((.*)\)$", r"\1", whole[1])) in names:
            return names[name]
        return _REFERENCE.sub(lambda found: str(names[found[1]]), value)


def sources(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.tf"))}


def bucket(module: Blocks) -> dict[str, Any]:
    """Return the bucket as the storage interface would describe it."""
    made = module.one("resource", "google_storage_bucket", "this")
    encryption = made["encryption"][0]
    enforced = {
        _camel(name): {"restrictionMode": value[0]["restriction_mode"]}
        for name, value in encryption.items()
        if name.endswith("_enforcement_config")
    }
    rules = [
        {"action": {"type": rule["action"][0]["type"]}, "condition": dict(rule["condition"][0])}
        for rule in made["lifecycle_rule"]
    ]
    return {
        "kind": "storage#bucket",
        "name": made["name"],
        "location": made["location"].upper(),
        "metageneration": "1",
        "labels": made["labels"],
        "iamConfiguration": {
            "publicAccessPrevention": made["public_access_prevention"],
            "uniformBucketLevelAccess": {
                "enabled": made["uniform_bucket_level_access"],
                "lockedTime": "2027-02-20T00:00:00.000Z",
            },
        },
        "versioning": {"enabled": made["versioning"][0]["enabled"]},
        "softDeletePolicy": {
            "retentionDurationSeconds": str(made["soft_delete_policy"][0]["retention_duration_seconds"])
        },
        "lifecycle": {"rule": rules},
        "encryption": {"defaultKmsKeyName": encryption["default_kms_key_name"], **enforced},
        "billing": {"requesterPays": made["requester_pays"]},
        "defaultEventBasedHold": made["default_event_based_hold"],
    }


def iam_policy(blocks: Blocks, name: str) -> dict[str, Any]:
    """Return an authoritative policy as an interface would return it."""
    data = blocks.all("data", "google_iam_policy")[name]
    bindings = [blocks.resolve(item) for item in data.get("binding", [])]
    for dynamic in data.get("dynamic", []):
        listed = re.fullmatch(r"\$\{length\((.*)\) > 0 \? \[\1\] : \[\]\}", dynamic["binding"]["for_each"])
        assert listed, "the only dynamic form that is understood"
        if members := blocks.names[listed[1]]:
            bindings.append(blocks.resolve(dynamic["binding"]["content"][0], {"binding.value": members}))
    for binding in bindings:
        if "condition" in binding:
            binding["condition"] = binding["condition"][0]
    return {"version": 3, "etag": "CAE=", "bindings": bindings}


def _camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(word.title() for word in others)
