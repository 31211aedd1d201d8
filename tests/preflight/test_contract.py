"""The recorded answers and the requests are held against Google's own discovery documents."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import googleapiclient
import pytest

from pipelines.preflight.collect_bucket import collect_bucket
from tests.preflight.stub import serving
from tests.preflight.world import NOW, good, policy

_DOCUMENTS = Path(googleapiclient.__file__).parent / "discovery_cache" / "documents"
_INTERFACES = {
    "storage": ("storage.v1",),
    "resource_manager": ("cloudresourcemanager.v3",),
    "asset": ("cloudasset.v1",),
    "kms": ("cloudkms.v1",),
    "org_policy": ("orgpolicy.v2",),
    "logging": ("logging.v2",),
    "iam": ("iam.v1", "iam.v2"),
    "access_context": ("accesscontextmanager.v1",),
    "secrets": ("secretmanager.v1",),
}
_KINDS = {"string": str, "integer": int, "boolean": bool, "number": (int, float)}


@cache
def _document(name: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((_DOCUMENTS / f"{name}.json").read_text())
    return document


def _methods(resource: dict[str, Any]) -> list[dict[str, Any]]:
    found = list(resource.get("methods", {}).values())
    for child in resource.get("resources", {}).values():
        found += _methods(child)
    return found


@cache
def _routes(name: str) -> list[tuple[re.Pattern[str], dict[str, Any]]]:
    document = _document(name)
    routes = []
    for method in _methods(document):
        path = document["servicePath"] + method.get("flatPath", method["path"])
        pattern = "".join(
            "[^/:]+" if part.startswith("{") else re.escape(part) for part in re.split(r"({[^}]*})", path)
        )
        routes.append((re.compile(pattern), method))
    return routes


def _method(verb: str, path: str) -> tuple[str, dict[str, Any]]:
    """Return the document and the most literal method that a request addresses."""
    interface, _, rest = path.partition("/")
    found = [
        (pattern.pattern.count("[^/:]+"), name, method)
        for name in _INTERFACES[interface]
        for pattern, method in _routes(name)
        if method["httpMethod"] == verb and pattern.fullmatch(rest)
    ]
    assert found, f"{verb} {path} is no method of {interface}"
    _, name, method = min(found, key=lambda item: item[0])
    return name, method


def _faults(name: str, schema: dict[str, Any], value: Any, path: str = "") -> list[str]:
    if "$ref" in schema:
        schema = _document(name)["schemas"][schema["$ref"]]
    if isinstance(value, dict):
        fields, more = schema.get("properties", {}), schema.get("additionalProperties")
        return [
            fault
            for key, item in value.items()
            for fault in (
                _faults(name, fields.get(key) or more, item, f"{path}.{key}")
                if key in fields or more
                else [f"{path}.{key}: no such field"]
            )
        ]
    if isinstance(value, list):
        if schema.get("type") != "array":
            return [f"{path}: no list"]
        return [fault for i, item in enumerate(value) for fault in _faults(name, schema["items"], item, f"{path}[{i}]")]
    kind = _KINDS.get(schema.get("type", ""))
    if kind is None or not isinstance(value, kind) or (isinstance(value, bool) and kind is int):
        return [f"{path}: {type(value).__name__}"]
    if "enum" in schema and value not in schema["enum"]:
        return [f"{path}: {value} is no value"]
    return []


@pytest.fixture(scope="module")
def requests_made() -> list[tuple[str, str, dict[str, list[str]]]]:
    world = good()
    bucket = "storage/storage/v1/b/acme-keyveil"
    world[f"{bucket}/managedFolders"]["items"] = [{"kind": "storage#managedFolder", "name": "a/"}]
    world[f"{bucket}/managedFolders/a%2F/iam"] = {"kind": "storage#policy", "version": 1}
    with serving(world) as stub:
        assert stub.connection is not None
        collect_bucket(stub.connection, policy(), NOW, writing=True)
    return stub.log


def test_every_request_is_a_documented_one_with_documented_parameters(
    requests_made: list[tuple[str, str, dict[str, list[str]]]],
) -> None:
    for verb, path, query in requests_made:
        name, method = _method(verb, path)
        known = {**method.get("parameters", {}), **_document(name).get("parameters", {})}
        assert set(query) <= set(known), f"{verb} {path}"


def test_every_request_only_reads(requests_made: list[tuple[str, str, dict[str, list[str]]]]) -> None:
    for verb, path, _ in requests_made:
        _, method = _method(verb, path)
        assert verb == "GET" or method["id"].endswith(".getIamPolicy"), method["id"]


def test_every_recorded_answer_has_the_documented_form() -> None:
    for path, answer in good().items():
        if path in ("held", "canary"):
            continue
        plain = path.split("?")[0]
        reads_policy = plain.endswith(":getIamPolicy") and not plain.startswith(("kms/", "secrets/"))
        name, method = _method("POST" if reads_policy else "GET", plain)
        answers = answer.values() if plain.endswith(":analyzeIamPolicy") else [answer]
        for one in answers:
            assert _faults(name, method["response"], one, plain) == []


def test_a_policy_in_a_secret_is_read_by_a_documented_method() -> None:
    name, method = _method("GET", "secrets/v1/projects/p/secrets/s/versions/latest:access")
    assert (name, method["id"]) == ("secretmanager.v1", "secretmanager.projects.secrets.versions.access")
    assert _faults(name, method["response"], {"payload": {"data": "eA=="}}) == []


def test_the_contract_finds_what_is_not_documented() -> None:
    wrong = {"iamConfiguration": {"publicAccessPreventions": "x"}, "softDeletePolicy": {"retentionDurationSeconds": 0}}
    assert len(_faults("storage.v1", {"$ref": "Bucket"}, wrong)) == 2
    with pytest.raises(AssertionError):
        _method("GET", "storage/storage/v1/b/x/policies")
