"""Says what Terraform would make of the folders in ``deploy/terraform``, in the form of its resources."""

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lark import Token, Tree

from tests.deploy.hcl import (
    UnknownNameError,
    attributes,
    blocks,
    evaluate,
    evaluate_body,
    parse,
    pick,
)

FOLDER = Path(__file__).parents[2] / "deploy" / "terraform"
_META = frozenset({"for_each", "depends_on", "provider", "source"})
Files = Mapping[str, Tree[Token]]
"""Parsed files by ``FOLDER/NAME``."""


def parsed() -> dict[str, Tree[Token]]:
    """Parse every file; the trees may be changed."""
    found = sorted(FOLDER.glob("*/*.tf"))
    return {path.relative_to(FOLDER).as_posix(): copy.deepcopy(parse(path.read_text())) for path in found}


def number(project: str) -> str:
    """Return the made-up number of a project."""
    return str(4711 + sum(project.encode()))


_AGENTS = {
    "secretmanager": "gcp-sa-secretmanager", "dataflow": "dataflow-service-producer-prod",
    "run": "serverless-robot-prod", "workflows": "gcp-sa-workflows", "cloudscheduler": "gcp-sa-cloudscheduler",
}  # fmt: skip
_COMPUTED = {
    "google_service_account": {
        "email": "{account_id}@{project}.iam.gserviceaccount.com",
        "id": "projects/{project}/serviceAccounts/{account_id}@{project}.iam.gserviceaccount.com",
        "name": "projects/{project}/serviceAccounts/{account_id}@{project}.iam.gserviceaccount.com",
    },
    "google_project": {"number": "{project_number}"},
    "google_storage_project_service_account": {
        "email_address": "service-{project_number}@gs-project-accounts.iam.gserviceaccount.com"
    },
    "google_project_service_identity": {"email": "service-{project_number}@{agent}.iam.gserviceaccount.com"},
    "google_kms_key_ring": {"id": "projects/{project}/locations/{location}/keyRings/{name}"},
    "google_kms_crypto_key": {"id": "{key_ring}/cryptoKeys/{name}"},
    "google_secret_manager_secret": {"id": "projects/{project}/secrets/{secret_id}"},
    "google_project_iam_custom_role": {"id": "projects/{project}/roles/{role_id}"},
    "google_organization_iam_custom_role": {"id": "organizations/{org_id}/roles/{role_id}"},
    "google_logging_project_sink": {
        "writer_identity": "serviceAccount:sink-{project}@gcp-sa-logging.iam.gserviceaccount.com"
    },
    "google_cloud_run_v2_job": {"id": "projects/{project}/locations/{location}/jobs/{name}"},
    "google_workflows_workflow": {"id": "projects/{project}/locations/{region}/workflows/{name}"},
    "google_compute_network": {"id": "projects/{project}/global/networks/{name}"},
    "google_monitoring_notification_channel": {"id": "projects/{project}/notificationChannels/1"},
}  # fmt: skip
"""Values that the service fills in once a resource is made."""


def _complete(kind: str, made: dict[str, Any]) -> dict[str, Any]:
    project = made.get("project") or made.get("project_id") or ""
    agent = _AGENTS.get(made.get("service", "").partition(".")[0], "")
    names = {**made, "project_number": number(project), "agent": agent}
    filled = {name: text.format(**names) for name, text in _COMPUTED.get(kind, {}).items()}
    if kind == "google_iam_policy":
        filled["policy_data"] = {"bindings": made.get("binding", [])}
    return {**filled, **made}


@dataclass(eq=False)
class Module:
    """One folder with its variables set; resources are made when they are asked for."""

    files: Files
    folder: str
    given: Mapping[str, Any]
    made: dict[tuple[str, str], Any] = field(default_factory=dict)
    children: dict[str, "Module"] = field(default_factory=dict)
    locals: dict[str, Any] = field(default_factory=dict)
    needs: dict[str, set[str]] = field(default_factory=dict)
    _making: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        bodies = [tree.children[0] for name, tree in self.files.items() if name.startswith(f"{self.folder}/")]
        self._blocks = {
            tuple(labels): inner for body in bodies for labels, inner in blocks(body) if labels != ["locals"]
        }
        self._locals = {
            name: tree
            for body in bodies
            for labels, inner in blocks(body)
            if labels == ["locals"]
            for name, tree in attributes(inner).items()
        }
        self.given = {**self._defaults(), **self.given}
        self._check_given()

    def apply(self) -> dict[tuple[str, str], Any]:
        """Make everything, and return resources and data sources by kind and name."""
        for labels in self._blocks:
            if labels[0] in ("resource", "data"):
                self._make(labels)
            elif labels[0] == "module":
                self._child(labels[1]).apply()
        return self.made

    def all(self, kind: str) -> list[dict[str, Any]]:
        """Return every resource of a kind, those of the modules within included."""
        own = [item for (of, _), found in self.apply().items() if of == kind for item in _instances(found)]
        return own + [item for child in self.children.values() for item in child.all(kind)]

    def output(self, name: str) -> Any:
        """Return an output."""
        return evaluate(attributes(self._block(("output", name)))["value"], self._names)

    def before(self, name: str) -> set[str]:
        """Return everything that is made before a resource, ``KIND.NAME``."""
        self.apply()
        found: set[str] = set()
        waiting = [name]
        while waiting:
            for other in self.needs.get(waiting.pop(), set()) - found:
                found.add(other)
                waiting.append(other)
        return found

    def _defaults(self) -> dict[str, Any]:
        variables = {labels[1]: inner for labels, inner in self._blocks.items() if labels[0] == "variable"}
        return {
            name: evaluate(attributes(inner)["default"], self._names)
            for name, inner in variables.items()
            if "default" in attributes(inner)
        }

    def _check_given(self) -> None:
        for labels, inner in self._blocks.items():
            if labels[0] != "variable":
                continue
            pick(self.given, labels[1])
            for (kind, *_), rule in blocks(inner):
                if kind == "validation" and not evaluate(attributes(rule)["condition"], self._names):
                    raise ValueError(evaluate(attributes(rule)["error_message"], self._names))

    def _block(self, labels: tuple[str, ...]) -> Tree[Token]:
        if labels not in self._blocks:
            raise UnknownNameError(".".join(labels))
        return self._blocks[labels]

    def _names(self, name: str) -> Any:
        if name == "var":
            return self.given
        if name == "path":
            return {"module": f"terraform/{self.folder}"}
        kinds = {"local": self._local, "module": self._outputs_of}
        if name in kinds:
            return _Asked(kinds[name])
        if name == "data":
            return _Asked(lambda kind: _Asked(lambda named: self._make(("data", kind, named))))
        return _Asked(lambda named: self._make(("resource", name, named)))

    def _local(self, name: str) -> Any:
        if name not in self.locals:
            self.locals[name] = evaluate(pick(self._locals, name), self._names)
        return self.locals[name]

    def _child(self, name: str) -> "Module":
        if name not in self.children:
            body = self._block(("module", name))
            self._note(f"module.{name}", body)
            source = evaluate(attributes(body)["source"], self._names).removeprefix("../")
            self.children[name] = Module(self.files, source, evaluate_body(body, self._names, _META))
        self.needs.setdefault(self._current, set()).add(f"module.{name}")
        return self.children[name]

    def _outputs_of(self, name: str) -> Any:
        return _Asked(self._child(name).output)

    @property
    def _current(self) -> str:
        return self._making[-1] if self._making else ""

    def _make(self, labels: tuple[str, ...]) -> Any:
        _, kind, name = labels
        address = f"{kind}.{name}"
        self.needs.setdefault(self._current, set()).add(address)
        if (kind, name) not in self.made:
            if address in self._making:
                raise UnknownNameError(f"{address} needs itself")
            body = self._block(labels)
            self._making.append(address)
            self._note(address, body)
            self.made[kind, name] = self._instances(kind, body)
            self._making.pop()
        return self.made[kind, name]

    def _note(self, address: str, body: Tree[Token]) -> None:
        """Note what ``depends_on`` names; a name that nothing defines is an error."""
        if "depends_on" in attributes(body):
            self._making.append(address)
            evaluate(attributes(body)["depends_on"], self._names)
            self._making.pop()

    def _instances(self, kind: str, body: Tree[Token]) -> Any:
        if "for_each" not in attributes(body):
            return _complete(kind, evaluate_body(body, self._names, _META))
        each = evaluate(attributes(body)["for_each"], self._names)
        made = {}
        for key, value in each.items():
            current = {"key": key, "value": value}
            within = lambda name, current=current: current if name == "each" else self._names(name)  # noqa: E731
            made[key] = _complete(kind, evaluate_body(body, within, _META))
        return _Many(made)


class _Many(dict[str, Any]):
    """Instances of a resource by key."""


@dataclass(frozen=True)
class _Asked:
    """A name whose attributes are found when they are asked for."""

    find: Any

    def __getitem__(self, name: str) -> Any:
        return self.find(name)


def _instances(found: Any) -> Iterator[dict[str, Any]]:
    yield from found.values() if isinstance(found, _Many) else (found,)
