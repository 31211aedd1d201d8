"""A good bucket of S3: its agreement, its policy, and what its interface answers."""

import copy
import json
from datetime import UTC, datetime
from typing import Any

from transforms.object_store.s3 import S3Store
from transforms.preflight.s3.facts import S3Facts
from transforms.preflight.s3.policy import S3Policy

NOW = datetime(2026, 11, 29, 2, 0, tzinfo=UTC)
ACCOUNT = "123456789012"
KEY = f"arn:aws:kms:eu-central-1:{ACCOUNT}:key/51b866a2-d243-45ea-8a57-79af8871df6e"
READER, WRITER, ADMIN = (f"arn:aws:iam::{ACCOUNT}:role/{name}" for name in ("train", "keyveil", "admin"))
BUCKET = "acme-keyveil"


def agreed(**changes: Any) -> S3Policy:
    """Return the agreement, with changes."""
    settings = {
        "bucket": BUCKET,
        "region": "eu-central-1",
        "key": KEY,
        "readers": (READER,),
        "writers": (WRITER,),
        "administrators": (ADMIN,),
        "log_bucket": "acme-logs",
        "account": ACCOUNT,
    }
    return S3Policy(**{**settings, **changes})


def denial(actions: list[str], *excepted: str) -> dict[str, Any]:
    """Return a statement that denies actions to everybody but some."""
    resources = [f"arn:aws:s3:::{BUCKET}", f"arn:aws:s3:::{BUCKET}/*"]
    condition = {"ArnNotEquals": {"aws:PrincipalArn": list(excepted)}}
    return {"Effect": "Deny", "Principal": "*", "Action": actions, "Resource": resources, "Condition": condition}


def bucket_policy() -> dict[str, Any]:
    """Return the policy of the good bucket."""
    whole = [f"arn:aws:s3:::{BUCKET}", f"arn:aws:s3:::{BUCKET}/*"]
    clear = {"Bool": {"aws:SecureTransport": "false"}}
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"AWS": READER},
                "Action": ["s3:GetObject", "s3:ListBucket"],
                "Resource": whole,
            },
            {
                "Effect": "Allow",
                "Principal": {"AWS": [WRITER]},
                "Action": ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:ListBucket"],
                "Resource": whole,
            },
            denial(["s3:GetObject*", "s3:ListBucket*"], READER, WRITER),
            denial(["s3:PutObject", "s3:DeleteObject*"], WRITER),
            denial(["s3:PutBucket*", "s3:DeleteBucket*", "s3:*Configuration"], ADMIN),
            {"Effect": "Deny", "Principal": {"AWS": "*"}, "Action": "s3:*", "Resource": whole, "Condition": clear},
        ],
    }


SELECTOR = {
    "ReadWriteType": "All",
    "IncludeManagementEvents": False,
    "DataResources": [{"Type": "AWS::S3::Object", "Values": [f"arn:aws:s3:::{BUCKET}/"]}],
}


_READ: dict[str, Any] = {
    "location": {"LocationConstraint": "eu-central-1"},
    "public_access_block": {
        "PublicAccessBlockConfiguration": {
            "BlockPublicAcls": True,
            "IgnorePublicAcls": True,
            "BlockPublicPolicy": True,
            "RestrictPublicBuckets": True,
        }
    },
    "ownership": {"OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}},
    "policy": bucket_policy(),
    "policy_status": {"PolicyStatus": {"IsPublic": False}},
    "encryption": {
        "ServerSideEncryptionConfiguration": {
            "Rules": [
                {
                    "ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": KEY},
                    "BucketKeyEnabled": True,
                }
            ]
        }
    },
    "key": {
        "KeyMetadata": {"Arn": KEY, "KeyId": KEY.partition("/")[2], "KeyState": "Enabled", "KeyManager": "CUSTOMER"}
    },
    "key_rotation": {"KeyRotationEnabled": True, "RotationPeriodInDays": 365},
    "versioning": {},
    "object_lock": {},
    "lifecycle": {
        "Rules": [
            {
                "ID": "end",
                "Status": "Enabled",
                "Filter": {"Prefix": ""},
                "Expiration": {"Days": 90},
                "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7},
            }
        ]
    },
    "replication": {},
    "website": {},
    "cors": {},
    "notifications": {},
    "logging": {"LoggingEnabled": {"TargetBucket": "acme-logs", "TargetPrefix": "acme-keyveil/"}},
    "trails": [
        {
            "trail": {"Name": "management", "IsMultiRegionTrail": True, "HomeRegion": "us-east-1"},
            "refused": "HTTP 403",
        },
        {
            "trail": {"Name": "objects", "IsMultiRegionTrail": False, "HomeRegion": "eu-central-1"},
            "status": {"IsLogging": True},
            "selectors": {"EventSelectors": [SELECTOR]},
        },
    ],
    "stranger": 403,
    "conditions": "both are honoured",
}


def good_facts(**changes: Any) -> S3Facts:
    """Return the facts of the good bucket, with other fields of the record."""
    return S3Facts(**{"at": NOW, "read": copy.deepcopy(_READ), **changes})


def record_objects(trails: Any, selector: dict[str, Any]) -> None:
    """Make a trail on a server, or let the one that is there record as a selector says."""
    if not trails.describe_trails()["trailList"]:
        trails.create_trail(Name="objects", S3BucketName="acme-logs")
        trails.start_logging(Name="objects")
    trails.put_event_selectors(TrailName="objects", EventSelectors=[selector])


def build(s3: Any, kms: Any, region: str) -> S3Policy:
    """Make the good bucket on a server; return the agreement about it, with the key that was made there."""
    for name in (BUCKET, "acme-logs"):
        s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": region})
    S3Store(s3, BUCKET, "data/").check_conditions()  # moto denies by the policy whoever is left out
    key = kms.create_key()["KeyMetadata"]["Arn"]
    kms.enable_key_rotation(KeyId=key)
    rules = copy.deepcopy(_READ["encryption"]["ServerSideEncryptionConfiguration"])
    rules["Rules"][0]["ApplyServerSideEncryptionByDefault"]["KMSMasterKeyID"] = key
    s3.put_public_access_block(Bucket=BUCKET, **_READ["public_access_block"])
    s3.put_bucket_ownership_controls(Bucket=BUCKET, **_READ["ownership"])
    s3.put_bucket_policy(Bucket=BUCKET, Policy=json.dumps(bucket_policy()))
    s3.put_bucket_encryption(Bucket=BUCKET, ServerSideEncryptionConfiguration=rules)
    s3.put_bucket_lifecycle_configuration(Bucket=BUCKET, LifecycleConfiguration=_READ["lifecycle"])
    return agreed(key=key)
