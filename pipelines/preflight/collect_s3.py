"""Collection of facts about a bucket of S3; every request only reads, and an unreadable fact is recorded as such."""

import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from schemas.errors import FailedError, RefusedError
from transforms.object_store.s3 import S3Store
from transforms.object_store.s3_errors import status_of
from transforms.preflight.s3.facts import S3Facts
from transforms.preflight.s3.policy import S3Policy
from transforms.preflight.verdict import BucketState

_SETTINGS = {
    "location": "get_bucket_location",
    "public_access_block": "get_public_access_block",
    "ownership": "get_bucket_ownership_controls",
    "policy": "get_bucket_policy",
    "policy_status": "get_bucket_policy_status",
    "encryption": "get_bucket_encryption",
    "versioning": "get_bucket_versioning",
    "object_lock": "get_object_lock_configuration",
    "lifecycle": "get_bucket_lifecycle_configuration",
    "replication": "get_bucket_replication",
    "website": "get_bucket_website",
    "cors": "get_bucket_cors",
    "notifications": "get_bucket_notification_configuration",
    "logging": "get_bucket_logging",
}
"""Request that reads each setting."""
_ABSENT = frozenset(
    {
        "NoSuchPublicAccessBlockConfiguration",
        "OwnershipControlsNotFoundError",
        "NoSuchBucketPolicy",
        "ServerSideEncryptionConfigurationNotFoundError",
        "ObjectLockConfigurationNotFoundError",
        "NoSuchLifecycleConfiguration",
        "ReplicationConfigurationNotFoundError",
        "NoSuchWebsiteConfiguration",
        "NoSuchCORSConfiguration",
    }
)
"""Codes of answers that a setting is absent; any other refusal leaves the fact unreadable."""
_ACCOUNT_ONLY = "ExpectedBucketOwner"


@dataclass(frozen=True, slots=True)
class S3Connection:
    """Clients of the run's own account, and one without credentials; ``server`` is '' for Amazon's."""

    s3: Any = field(repr=False)
    kms: Any = field(repr=False)
    trails: Any = field(repr=False)
    stranger: Any = field(repr=False)
    server: str


def collect_s3(
    to: S3Connection,
    policy: S3Policy,
    at: datetime,
    salt: bytes,
    *,
    probe: S3Store | None,
    earlier: BucketState | None = None,
) -> S3Facts:
    """Collect the facts, and try conditional writes at ``probe``; never raises for what cannot be read.

    ``salt`` belongs to the run: digests under it show it a change, and show nothing to anybody else.
    """
    read: dict[str, Any] = {}
    unreadable: dict[str, str] = {}

    def collect(name: str, ask: Callable[[], Any]) -> None:
        try:
            read[name] = ask()
        except ClientError as error:
            unreadable[name] = f"HTTP {status_of(error)}"
        except (BotoCoreError, KeyError, TypeError, ValueError) as error:
            unreadable[name] = type(error).__name__
        except (FailedError, RefusedError) as error:
            unreadable[name] = str(error)

    for name, request in _SETTINGS.items():
        collect(name, partial(_ask, to, policy, request))
    collect("key", lambda: _plain(to.kms.describe_key(KeyId=policy.key)))
    collect("key_rotation", lambda: _plain(to.kms.get_key_rotation_status(KeyId=policy.key)))
    collect("trails", lambda: _describe_trails(to.trails))
    collect("stranger", lambda: _ask_as_stranger(to, policy))
    collect("conditions", lambda: _try_conditions(probe))
    state = _digest(read, salt) if set(_SETTINGS) <= set(read) else None
    return S3Facts(at, read, unreadable, to.server, state, earlier)


def _ask(to: S3Connection, policy: S3Policy, request: str) -> Mapping[str, Any]:
    """Send the request for one setting; an absent setting is an empty answer."""
    owner = {_ACCOUNT_ONLY: policy.account} if policy.account else {}
    try:
        answer = getattr(to.s3, request)(Bucket=policy.bucket, **owner)
    except ClientError as error:
        if error.response["Error"].get("Code") in _ABSENT:
            return {}
        raise
    return json.loads(answer["Policy"]) if request == "get_bucket_policy" else _plain(answer)


def _describe_trails(trails: Any) -> list[Mapping[str, Any]]:
    """Describe each trail, that of the organisation too: whether it is on and what it selects; one may be refused."""
    found: list[Mapping[str, Any]] = []
    for trail in trails.describe_trails(includeShadowTrails=True)["trailList"]:
        try:
            status = _plain(trails.get_trail_status(Name=trail["TrailARN"]))
            selectors = _plain(trails.get_event_selectors(TrailName=trail["TrailARN"]))
        except ClientError as error:
            found.append({"trail": trail, "refused": f"HTTP {status_of(error)}"})
        else:
            found.append({"trail": trail, "status": status, "selectors": selectors})
    return found


def _plain(answer: Mapping[str, Any]) -> Mapping[str, Any]:
    return {name: value for name, value in answer.items() if name != "ResponseMetadata"}


def _ask_as_stranger(to: S3Connection, policy: S3Policy) -> int:
    """Return the status that a listing without credentials gets, an expected refusal included."""
    try:
        to.stranger.list_objects_v2(Bucket=policy.bucket, MaxKeys=1)
    except ClientError as error:
        return status_of(error)
    return 200


def _try_conditions(probe: S3Store | None) -> str:
    if probe is None:
        return "not tried: this look writes nothing"
    probe.check_conditions()
    return "both are honoured"


def _digest(read: Mapping[str, Any], salt: bytes) -> BucketState:
    settings = {name: read[name] for name in _SETTINGS if name != "policy"}
    return BucketState(*(_digest_value(value, salt) for value in (settings, read["policy"])))


def _digest_value(value: Any, salt: bytes) -> str:
    return hmac.new(salt, json.dumps(value, sort_keys=True, default=str).encode(), "sha256").hexdigest()[:32]
