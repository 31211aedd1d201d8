"""Preflight of a bucket of S3."""

import os
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime

from pipelines.preflight.collect_s3 import S3Connection, collect_s3
from transforms.object_store.s3 import S3Store, connect, open_s3
from transforms.object_store.s3_server import find_server
from transforms.preflight.judge_folder import Use
from transforms.preflight.s3.checks import judge_s3
from transforms.preflight.s3.facts import S3Facts
from transforms.preflight.s3.policy import S3Policy
from transforms.preflight.verdict import BucketState, Verdict

_SALT_BYTES = 32


@dataclass(frozen=True, slots=True)
class S3Preflight:
    """Looks at a bucket of S3 under its agreement; states of it are comparable within one process alone."""

    policy: S3Policy
    connection: S3Connection
    store: S3Store
    use: Use
    salt: bytes = field(default_factory=lambda: secrets.token_bytes(_SALT_BYTES), repr=False)

    def look(self, earlier: BucketState | None = None) -> Verdict:
        """Return the verdict on the bucket as it is now, and on what changed since ``earlier``."""
        return judge_s3(self._collect(earlier), self.policy)

    def read_state(self) -> BucketState | None:
        """Return the bucket's state, ``None`` where a setting could not be read."""
        return self._collect(None).state

    def _collect(self, earlier: BucketState | None) -> S3Facts:
        probe = None if self.use is Use.AUDIT else self.store
        now = datetime.now(UTC)
        return collect_s3(self.connection, self.policy, now, self.salt, probe=probe, earlier=earlier)


def s3_preflight(agreed: S3Policy, output: str, use: Use) -> S3Preflight:
    """Return the preflight of an output in S3, under the agreement about its bucket."""
    store = open_s3(output)
    server = find_server(os.environ) or ""
    stranger = connect("s3", unsigned=True)
    connection = S3Connection(store.client, connect("kms"), connect("cloudtrail"), stranger, server)
    return S3Preflight(agreed, connection, store, use)
