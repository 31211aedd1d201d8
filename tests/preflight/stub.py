"""Serves recorded answers of the reading administrative calls on 127.0.0.1; enforces nothing, refuses to write."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests

from pipelines.preflight.google_api import Connection, Endpoints
from tests.support.http_server import Request, answering


@dataclass
class Stub:
    """``log`` holds method, path and query of every request; ``broken`` maps a path to the status it answers with."""

    world: dict[str, Any]
    log: list[tuple[str, str, dict[str, list[str]]]] = field(default_factory=list)
    broken: dict[str, int] = field(default_factory=dict)
    connection: Connection | None = None  # the canary is told by the fields it asks for

    def answer(self, method: str, path: str, query: dict[str, list[str]]) -> tuple[int, Any]:
        self.log.append((method, path, query))
        if path in self.broken:
            return self.broken[path], {"error": {"code": self.broken[path]}}
        if query.get("fields"):
            status = self.world["canary"]["objects" if path.endswith("/o") else "settings"]
            return status, {"name": "b"}
        if path.endswith((":testIamPermissions", "/iam/testPermissions")):
            asked = query.get("permissions", self.world["held"])
            return 200, {"permissions": [name for name in asked if name in self.world["held"]]}
        if method == "POST" and not path.endswith(":getIamPolicy"):
            return 501, {"error": {"code": 501}}
        found = self.world.get(f"{path}?{query['parent'][0]}" if "parent" in query else path)
        if found is None:
            return 404, {"error": {"code": 404}}
        if path.endswith(":analyzeIamPolicy"):
            found = found[query["analysisQuery.resourceSelector.fullResourceName"][0]]
        return 200, self._as_old_callers_see_it(found, path, query)

    def _as_old_callers_see_it(self, found: Any, path: str, query: dict[str, list[str]]) -> Any:
        """Hide conditions from a caller that does not ask for policy version 3, as the service does."""
        if not path.endswith("/iam") or query.get("optionsRequestedPolicyVersion") == ["3"]:
            return found
        bindings = [
            {"role": item["role"] + "_withcond_0123456789abcdef", "members": item["members"]}
            if "condition" in item
            else item
            for item in found["bindings"]
        ]
        return found | {"version": 1, "bindings": bindings}


@contextmanager
def serving(world: dict[str, Any]) -> Iterator[Stub]:
    stub = Stub(world)

    def answer(request: Request) -> tuple[int, Any]:
        parts = urlsplit(request.path)
        return stub.answer(request.method, parts.path.lstrip("/"), parse_qs(parts.query))

    with answering(answer) as base, requests.Session() as session:
        session.trust_env = False  # it would look for a proxy in the environment at each of thousands of requests
        endpoints = Endpoints(**{item.name: f"{base}/{item.name}" for item in fields(Endpoints)})
        stub.connection = Connection(session, session, session, endpoints, sleep=lambda _: None)
        yield stub
