"""Written agreement about a bucket of S3: who reads, writes and administers it, its key, place and retention."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from schemas.errors import UsageError
from transforms.preflight.policy import Waiver, check_days

_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_ACCOUNT = re.compile(r"\d{12}")
_PRINCIPAL = re.compile(r"arn:aws[a-z-]*:(iam|sts)::\d*:[a-z-]+/[A-Za-z0-9+=,.@_/-]+")
_ADMINISTRATOR = re.compile(rf"{_PRINCIPAL.pattern}|arn:aws[a-z-]*:iam::\d*:root")
"""To be allowed something as ``root`` is to be allowed it as whoever the account likes; denied, it is one user."""
_LEAST_DAYS = {"retention_days": 1, "backstop_days": 0, "key_rotation_days": 90}


@dataclass(frozen=True, slots=True)
class S3Policy:
    """Agreement about a bucket of S3; principals are ARNs (``arn:aws:iam::ACCOUNT:role/NAME``), without wildcards.

    ``writers`` are the pipeline's own, ``administrators`` may change settings. ``account`` owns the bucket;
    ``endpoint`` names a server of one's own, which has no accounts. The bucket itself deletes ``backstop_days`` after
    the retention. ``log_bucket`` receives the record of accesses. ``waivers`` are by the name of a check.
    """

    bucket: str
    region: str
    key: str
    readers: tuple[str, ...]
    writers: tuple[str, ...]
    administrators: tuple[str, ...]
    log_bucket: str
    account: str = ""
    endpoint: str = ""
    key_rotation_days: int = 365
    retention_days: int = 90
    backstop_days: int = 0
    waivers: dict[str, Waiver] = field(default_factory=dict)
    erasure_days: ClassVar[int] = 0
    """Days for which the bucket keeps what was deleted: none, as it may keep no versions."""

    def __post_init__(self) -> None:
        """Raise ``UsageError``, naming the setting, if a value is malformed or out of range."""
        for name in ("bucket", "log_bucket"):
            if not _BUCKET.fullmatch(getattr(self, name)):
                raise UsageError(f"{name} must be a bucket name of S3; correct it in the policy")
        if self.log_bucket == self.bucket:
            raise UsageError(
                "log_bucket must be another bucket, which no reader of this one can write to; correct the policy"
            )
        if bool(self.account) == bool(self.endpoint):
            raise UsageError(
                "the policy must have account, for a bucket of Amazon, or endpoint, for another server; set exactly one"
            )
        if self.account and not _ACCOUNT.fullmatch(self.account):
            raise UsageError(
                'account must be 12 digits in quotes, for example "123456789012"; correct it in the policy'
            )
        if not self.region or not self.key:
            raise UsageError("region and key may not be empty; name both in the policy")
        check_days(self, _LEAST_DAYS)
        self._check_principals()

    def _check_principals(self) -> None:
        for name in ("readers", "writers", "administrators"):
            pattern = _ADMINISTRATOR if name == "administrators" else _PRINCIPAL
            if any(not pattern.fullmatch(principal) for principal in getattr(self, name)):
                raise UsageError(
                    f"each of {name} must be arn:aws:iam::ACCOUNT:role/NAME or user/NAME, without wildcards"
                )
        if not self.readers or not self.writers:
            raise UsageError("readers and writers may not be empty; name at least one of each in the policy")
        if set(self.readers) & set(self.writers):
            raise UsageError("a principal is in both readers and writers; remove it from one of them in the policy")

    def agreed_members(self) -> frozenset[str]:
        """Collect the principals that may read objects."""
        return frozenset({*self.readers, *self.writers})

    def names(self) -> Mapping[str, str]:
        """Return the values for the templates of the checks."""
        return {
            "bucket": self.bucket,
            "region": self.region,
            "place": self.endpoint or f"account {self.account}",
            "key": self.key,
            "log_bucket": self.log_bucket,
            "key_rotation_days": str(self.key_rotation_days),
            "retention_days": str(self.retention_days),
            "delete_days": str(self.retention_days + self.backstop_days),
        }
