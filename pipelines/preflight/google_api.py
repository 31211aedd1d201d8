"""The only place that talks to Google's administrative interfaces, and it only reads."""

import base64
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

import google.auth
import requests
from google.auth import impersonated_credentials
from google.auth.exceptions import GoogleAuthError
from google.auth.transport.requests import AuthorizedSession, Request

from schemas.errors import RefusedError
from transforms.object_store.gcs import refuse_redirects

# Google's discovery documents accept no narrower scope for reading policies, roles and keys.
_SCOPE = "https://www.googleapis.com/auth/cloud-platform"
_TIMEOUT_S = 30
_TRIES = 3
_PASSING = frozenset({429, 500, 502, 503, 504})
_POLICY_VERSION = 3

Query = Mapping[str, str | Sequence[str]]


class Session(Protocol):
    """The part of a ``requests`` session that is used."""

    def request(self, method: str, url: str, **options: Any) -> requests.Response:
        """Send one request."""
        ...


class NotReadError(Exception):
    """A fact could not be read; the message is the reason, without any content."""


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Addresses of the interfaces."""

    storage: str = "https://storage.googleapis.com"
    resource_manager: str = "https://cloudresourcemanager.googleapis.com"
    asset: str = "https://cloudasset.googleapis.com"
    kms: str = "https://cloudkms.googleapis.com"
    org_policy: str = "https://orgpolicy.googleapis.com"
    logging: str = "https://logging.googleapis.com"
    iam: str = "https://iam.googleapis.com"
    access_context: str = "https://accesscontextmanager.googleapis.com"
    secrets: str = "https://secretmanager.googleapis.com"
    compute: str = "https://compute.googleapis.com"
    artifact_registry: str = "https://artifactregistry.googleapis.com"


@dataclass(frozen=True, slots=True)
class Connection:
    """``reading`` may read settings, ``own`` is what the run works as, ``canary`` was granted nothing at all."""

    reading: Session
    own: Session
    canary: Session
    endpoints: Endpoints = Endpoints()
    sleep: Callable[[float], None] = time.sleep

    def get(self, url: str, query: Query | None = None) -> Any:
        """Send a GET request and return its JSON; raise ``NotReadError`` where it does not answer 200 with JSON."""
        return self._read(self.reading, "GET", url, params=query)

    def get_as_own(self, url: str, query: Query | None = None) -> Any:
        """Send a GET request as the run's own account and return its JSON."""
        return self._read(self.own, "GET", url, params=query)

    def refusal(self, url: str, query: Query) -> int:
        """Return the status that the canary gets, an expected refusal included."""
        return self._answer(self.canary, "GET", url, params=query).status_code

    def policy(self, url: str) -> Any:
        """Return an IAM policy from an interface that reads policies by POST; it changes nothing."""
        return self._read(self.reading, "POST", f"{url}:getIamPolicy", json=_VERSIONED)

    def account_policy(self, url: str) -> Any:
        """Return the IAM policy of a service account; its interface takes the version in the address."""
        query = {"options.requestedPolicyVersion": str(_POLICY_VERSION)}
        return self._read(self.reading, "POST", f"{url}:getIamPolicy", params=query)

    def test(self, url: str, permissions: Sequence[str]) -> Sequence[str]:
        """Return those of ``permissions`` that the run's own account holds; it changes nothing."""
        asked = {"permissions": list(permissions)}
        answer = self._read(self.own, "POST", f"{url}:testIamPermissions", json=asked)
        return tuple(answer.get("permissions", ()))

    def date(self, url: str) -> str:
        """Return the time of a service, from the header ``Date`` of an answer."""
        return self._answer(self.own, "GET", url).headers.get("Date", "")

    def secret(self, name: str) -> str:
        """Return the latest version of ``projects/PROJECT/secrets/NAME``, read as the run's own account."""
        url = f"{self.endpoints.secrets}/v1/{name}/versions/latest:access"
        return base64.b64decode(self.get_as_own(url)["payload"]["data"]).decode()

    def pages(self, url: str, name: str, query: Query | None = None) -> list[Any]:
        """Return the items under ``name`` of every page of a listing."""
        found: list[Any] = []
        page: Mapping[str, str] = {}
        while True:
            answer = self.get(url, {**(query or {}), **page})
            found += answer.get(name, [])
            if not answer.get("nextPageToken"):
                return found
            page = {"pageToken": answer["nextPageToken"]}

    def _read(self, session: Session, method: str, url: str, **options: Any) -> Any:
        answer = self._answer(session, method, url, **options)
        if answer.status_code != requests.codes.ok:
            raise NotReadError(f"HTTP {answer.status_code}")
        try:
            return answer.json()
        except requests.JSONDecodeError:
            raise NotReadError("the answer is no JSON") from None

    def _answer(self, session: Session, method: str, url: str, **options: Any) -> requests.Response:
        """Return the first answer that is not a passing failure; raise ``NotReadError`` after the last try."""
        reason = "no answer"
        for attempt in range(_TRIES):
            if attempt:
                self.sleep(2.0**attempt)
            try:
                answer = session.request(method, url, timeout=_TIMEOUT_S, allow_redirects=False, **options)
            except (requests.RequestException, GoogleAuthError) as error:
                reason = type(error).__name__
                continue
            if answer.status_code not in _PASSING:
                return answer
            reason = f"HTTP {answer.status_code}"
        raise NotReadError(reason)


_VERSIONED = {"options": {"requestedPolicyVersion": _POLICY_VERSION}}


def connect() -> Connection:
    """Return a connection as the account that the environment provides.

    Raises ``RefusedError`` where the environment names a stand-in for storage, or holds no credentials.
    """
    refuse_redirects()
    try:
        own, _ = google.auth.default(scopes=[_SCOPE])
        own.refresh(Request())  # type: ignore[no-untyped-call]  # an attached account learns its name by it
    except GoogleAuthError:
        raise RefusedError(
            "there are no Google credentials to check the bucket with; run gcloud auth application-default login, "
            "or run where a service account is attached"
        ) from None
    session = AuthorizedSession(own)  # type: ignore[no-untyped-call]
    return Connection(session, session, session)


def as_accounts(connection: Connection, preflight: str, canary: str) -> Connection:
    """Return a connection that reads as ``preflight`` and is refused as ``canary`` (``serviceAccount:...`` both)."""
    return replace(
        connection, reading=_session_as(connection.own, preflight), canary=_session_as(connection.own, canary)
    )


def _session_as(own: Session, account: str) -> Session:
    """Return a session that acts as ``account``: the own one where that is the account, else an impersonation."""
    credentials = getattr(own, "credentials", None)
    name = account.removeprefix("serviceAccount:")
    if credentials is None:
        raise RefusedError("the connection has no credentials to act as another account with; connect again")
    if getattr(credentials, "service_account_email", None) == name:
        return own
    acting = impersonated_credentials.Credentials(credentials, name, [_SCOPE])  # type: ignore[no-untyped-call]
    return AuthorizedSession(acting)  # type: ignore[no-untyped-call]
