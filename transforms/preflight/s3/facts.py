"""Facts about a bucket of S3, as its interface returns them."""

from collections.abc import Mapping
from dataclasses import dataclass

from transforms.preflight.facts import CollectedFacts
from transforms.preflight.verdict import BucketState

PERMISSIONS: Mapping[str, str] = {
    "location": "s3:GetBucketLocation",
    "public_access_block": "s3:GetBucketPublicAccessBlock",
    "ownership": "s3:GetBucketOwnershipControls",
    "policy": "s3:GetBucketPolicy",
    "policy_status": "s3:GetBucketPolicyStatus",
    "encryption": "s3:GetEncryptionConfiguration",
    "key": "kms:DescribeKey",
    "key_rotation": "kms:GetKeyRotationStatus",
    "versioning": "s3:GetBucketVersioning",
    "object_lock": "s3:GetBucketObjectLockConfiguration",
    "lifecycle": "s3:GetLifecycleConfiguration",
    "replication": "s3:GetReplicationConfiguration",
    "website": "s3:GetBucketWebsite",
    "cors": "s3:GetBucketCORS",
    "notifications": "s3:GetBucketNotification",
    "logging": "s3:GetBucketLogging",
    "trails": "cloudtrail:DescribeTrails, cloudtrail:GetTrailStatus and cloudtrail:GetEventSelectors",
    "stranger": "none: a request without credentials",
    "conditions": "s3:PutObject on the probe, for the account that writes",
}
"""Each fact by name, with the permission that reads it."""


@dataclass(frozen=True, slots=True)
class S3Facts(CollectedFacts):
    """Facts about a bucket of S3; an answer is empty where there is no such setting."""

    # server that requests go to, '' for Amazon's
    server: str = ""
    # settings and policy now, and at the first verdict of the same run, as digests that this process alone can compare
    state: BucketState | None = None
    earlier: BucketState | None = None
