"""Written agreement about a bucket: readers, key, location, retention. The privacy owner writes it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from schemas.errors import UsageError
from transforms.preflight.iam import SINGLE

_BUCKET = re.compile(r"[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]")
_PROJECT = re.compile(r"[a-z][a-z0-9-]{4,28}[a-z0-9]")
_KEY = re.compile(r"projects/[^/]+/locations/[^/]+/keyRings/[^/]+/cryptoKeys/[^/]+")
_SINK = re.compile(r"(projects|folders|organizations)/[^/]+/sinks/[^/]+")
_LOG_BUCKET = re.compile(r"projects/[^/]+/locations/[^/]+/buckets/[^/]+")
_SECRET = re.compile(r"projects/[^/]+/secrets/[^/]+")
MOST_DAYS = 3650
"""Longest retention that may be agreed."""
_LEAST_DAYS = {"key_rotation_days": 1, "max_grant_days": 1, "retention_days": 1, "erasure_days": 0, "backstop_days": 0}


@dataclass(frozen=True, slots=True)
class Accounts:
    """The service accounts of the pipeline, each ``serviceAccount:NAME@PROJECT.iam.gserviceaccount.com``.

    ``worker`` writes, ``launcher`` starts jobs, ``preflight`` reads settings only, ``eraser`` rewrites for erasures,
    ``canary`` may do nothing and proves it.
    """

    worker: str
    launcher: str
    preflight: str
    eraser: str
    canary: str

    def __post_init__(self) -> None:
        """Raise ``UsageError`` if one is no service account or serves two roles."""
        named = (self.worker, self.launcher, self.preflight, self.eraser, self.canary)
        if any(not name.startswith("serviceAccount:") or "@" not in name for name in named):
            raise UsageError("each of accounts.* is serviceAccount:NAME@PROJECT.iam.gserviceaccount.com")
        if len(set(named)) != len(named):
            raise UsageError("accounts.* are five different accounts: one that does two jobs holds both their grants")


@dataclass(frozen=True, slots=True)
class AuditLog:
    """Audit log: a sink, its log bucket, and the least days of retention.

    ``filters`` are sink filters that are known to let every audit entry through; an empty filter always does.
    """

    sink: str
    log_bucket: str
    retention_days: int = 400
    filters: tuple[str, ...] = (
        'logName:"cloudaudit.googleapis.com"',
        'log_id("cloudaudit.googleapis.com/data_access")',
    )

    def __post_init__(self) -> None:
        """Raise ``UsageError`` if a name or a number is malformed."""
        if not _SINK.fullmatch(self.sink):
            raise UsageError("audit.sink is projects/PROJECT/sinks/NAME (or of a folder or organisation)")
        if not _LOG_BUCKET.fullmatch(self.log_bucket):
            raise UsageError("audit.log_bucket is projects/PROJECT/locations/PLACE/buckets/NAME")
        if not 1 <= self.retention_days <= MOST_DAYS:
            raise UsageError(f"audit.retention_days is 1 to {MOST_DAYS}")


@dataclass(frozen=True, slots=True)
class Waiver:
    """Acceptance of a failed check: the written reason, and its last day."""

    reason: str
    until: date

    def __post_init__(self) -> None:
        """Raise ``UsageError`` without a reason."""
        if not self.reason.strip():
            raise UsageError("each of waivers.* must have a written reason; add it in the policy")


def check_days(policy: object, least: Mapping[str, int]) -> None:
    """Raise ``UsageError``, naming the setting, if a number of days is out of range; ``least`` are their least."""
    for name, days in least.items():
        if not days <= getattr(policy, name) <= MOST_DAYS:
            raise UsageError(f"{name} must be {days} to {MOST_DAYS} days; correct it in the policy")


@dataclass(frozen=True, slots=True)
class BucketPolicy:
    """Agreement about a bucket. Members are written as in IAM (``user:``, ``serviceAccount:``, ``group:``).

    ``groups`` names approved reader groups with exactly the members they may have. ``bucket_grants`` and
    ``inherited_grants`` map further members to the roles they may hold on the bucket, or above it (Google's service
    agents, break-glass accounts); ``account_grants`` does so for the project of the pipeline's accounts, where that is
    another one, and ``staging_grants`` for the bucket of temporary files alone; ``administrators`` may change access;
    ``impersonators`` maps an account to those who may act as it; ``key_users`` may use the key besides the storage
    service's agent; ``secrets`` maps ``projects/PROJECT/secrets/NAME`` to those who may read it. The bucket itself
    deletes ``backstop_days`` after the retention. A label's value ``*`` stands for any. ``network`` says which wall is
    expected: a service perimeter, or the bucket's own ``ip-filter`` with ``ip_ranges``. ``excepted`` are readers of
    another bucket of the project, whom its denial leaves out as well. ``waivers`` are by the name of a check.
    """

    bucket: str
    project: str
    organization: str
    regions: tuple[str, ...]
    key: str
    readers: tuple[str, ...]
    accounts: Accounts
    audit: AuditLog
    groups: dict[str, tuple[str, ...]] = field(default_factory=dict)
    bucket_grants: dict[str, tuple[str, ...]] = field(default_factory=dict)
    inherited_grants: dict[str, tuple[str, ...]] = field(default_factory=dict)
    account_grants: dict[str, tuple[str, ...]] = field(default_factory=dict)
    staging_grants: dict[str, tuple[str, ...]] = field(default_factory=dict)
    administrators: tuple[str, ...] = ()
    impersonators: dict[str, tuple[str, ...]] = field(default_factory=dict)
    key_users: tuple[str, ...] = ()
    secrets: dict[str, tuple[str, ...]] = field(default_factory=dict)
    key_rotation_days: int = 90
    max_grant_days: int = 90
    retention_days: int = 90
    backstop_days: int = 0
    erasure_days: int = 30
    labels: dict[str, str] = field(default_factory=lambda: {"data_class": "restricted", "dpia": "*", "owner": "*"})
    network: Literal["perimeter", "ip-filter"] = "perimeter"
    ip_ranges: tuple[str, ...] = ()
    excepted: tuple[str, ...] = ()
    waivers: dict[str, Waiver] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Raise ``UsageError``, naming the setting, if a value is malformed or out of range."""
        for name, pattern in (("bucket", _BUCKET), ("project", _PROJECT), ("key", _KEY)):
            if not pattern.fullmatch(getattr(self, name)):
                raise UsageError(f"{name} is not a name that Google accepts; correct it in the policy")
        if not self.organization.isdigit():
            raise UsageError('organization is the number of the organisation, in quotes, for example "123456789012"')
        if not self.regions:
            raise UsageError("regions may not be empty; name at least one")
        check_days(self, _LEAST_DAYS)
        if any(not _SECRET.fullmatch(name) for name in self.secrets):
            raise UsageError("each of secrets.* is projects/PROJECT/secrets/NAME")
        self._check_readers()

    def _check_readers(self) -> None:
        groups = {name for name in self.readers if name.startswith("group:")}
        if any(not name.startswith((*SINGLE, "group:")) for name in self.readers):
            raise UsageError("readers are user:, serviceAccount: or group: members; no domain and no public member")
        if groups != set(self.groups):
            raise UsageError("groups must list the members of exactly the group: entries of readers")
        own = {getattr(self.accounts, name) for name in ("worker", "launcher", "preflight", "eraser", "canary")}
        if own & set(self.readers):
            raise UsageError("the pipeline's own accounts may not be readers; take them out of readers")

    def agreed_members(self) -> frozenset[str]:
        """Collect the members that may read objects by the bucket's own grants; roles above it can add to them."""
        people = {member for members in self.groups.values() for member in members}
        own = {self.accounts.worker, self.accounts.eraser}
        return frozenset({*self.readers, *people, *own, *self.bucket_grants})

    def protected_accounts(self) -> tuple[str, ...]:
        """List the service accounts whose holders could read or write objects."""
        readers = [name for name in self.readers if name.startswith("serviceAccount:")]
        return (*readers, self.accounts.worker, self.accounts.eraser)

    def account_projects(self) -> tuple[str, ...]:
        """List the projects of the accounts that reach objects, without that of the bucket."""
        homes = {name.partition("@")[2].partition(".")[0] for name in (self.accounts.worker, self.accounts.eraser)}
        return tuple(sorted(homes - {self.project}))

    def names(self) -> Mapping[str, str]:
        """Return the values for the templates of the checks."""
        return {
            "bucket": self.bucket,
            "project": self.project,
            "organization": self.organization,
            "regions": ", ".join(self.regions),
            "region": self.regions[0],
            "key": self.key,
            "worker": self.accounts.worker,
            "canary": self.accounts.canary,
            "sink": self.audit.sink,
            "log_bucket": self.audit.log_bucket,
            "log_days": str(self.audit.retention_days),
            "key_rotation_days": str(self.key_rotation_days),
            "max_grant_days": str(self.max_grant_days),
            "retention_days": str(self.retention_days),
            "delete_days": str(self.retention_days + self.backstop_days),
            "erasure_days": str(self.erasure_days),
            "labels": ", ".join(f"{name}={value}" for name, value in self.labels.items()),
            "network": self.network,
        }
