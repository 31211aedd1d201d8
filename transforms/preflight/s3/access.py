"""Checks of where a bucket of S3 lies and who gets at it."""

from collections.abc import Sequence

from transforms.preflight.s3.facts import S3Facts
from transforms.preflight.s3.policy import S3Policy
from transforms.preflight.s3.statements import denies_clear_transport, find_undenied, list_allowed
from transforms.preflight.verdict import Check, JudgedFact, summarize

S3Check = Check[S3Facts, S3Policy]
_BLOCKS = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
_READ = ("s3:GetObject", "s3:GetObjectVersion", "s3:ListBucket", "s3:ListBucketVersions")
_WRITE = ("s3:PutObject", "s3:DeleteObject", "s3:DeleteObjectVersion")
_SET = tuple(
    f"s3:{name}"
    for name in (
        "PutBucketPolicy DeleteBucketPolicy PutBucketPublicAccessBlock PutBucketOwnershipControls PutBucketAcl "
        "PutEncryptionConfiguration PutBucketVersioning PutLifecycleConfiguration PutReplicationConfiguration "
        "PutBucketLogging PutBucketNotification PutBucketWebsite PutBucketCORS PutBucketObjectLockConfiguration "
        "DeleteBucket"
    ).split()
)
_REFUSED = (401, 403)
_PUT = "aws s3api put-"
_DENY = "add the statement of docs/preflight.md with aws s3api put-bucket-policy --bucket {bucket}"


def _right_place(facts: S3Facts, policy: S3Policy) -> JudgedFact:
    # Amazon tells its first region by no name at all
    region = facts.get("location").get("LocationConstraint") or "us-east-1"
    wrong = [f"it lies in {region}"] if region != policy.region and not policy.endpoint else []
    if facts.server != policy.endpoint.rstrip("/"):
        wrong.append(f"requests go to {facts.server or 'Amazon'}")
    return summarize("as agreed", wrong)


def _blocks_public(facts: S3Facts, _: S3Policy) -> JudgedFact:
    found = facts.get("public_access_block").get("PublicAccessBlockConfiguration", {})
    return summarize("all four are on", [f"{name} is off" for name in _BLOCKS if found.get(name) is not True])


def _without_lists(facts: S3Facts, _: S3Policy) -> JudgedFact:
    rules = facts.get("ownership").get("OwnershipControls", {}).get("Rules", [])
    found = [rule["ObjectOwnership"] for rule in rules]
    return JudgedFact(found == ["BucketOwnerEnforced"], ", ".join(found) or "not set")


def _not_public(facts: S3Facts, _: S3Policy) -> JudgedFact:
    public = facts.get("policy_status").get("PolicyStatus", {}).get("IsPublic")
    status = facts.get("stranger")
    wrong = ["the policy is public"] if public is not False else []
    if status not in _REFUSED:
        wrong.append(f"a request without credentials got {status}")
    return summarize("no public policy, strangers are refused", wrong)


def _names_agreed(facts: S3Facts, policy: S3Policy) -> JudgedFact:
    agreed = {*policy.readers, *policy.writers, *policy.administrators}
    wrong = []
    for allowed in list_allowed(facts.get("policy")):
        if allowed.unclear:
            wrong.append("a statement allows something other than actions to principals by their ARN")
            continue
        wrong += [f"{principal} is granted something" for principal in allowed.principals if principal not in agreed]
        readers = [principal for principal in allowed.principals if principal in policy.readers]
        wrong += [
            f"{name} is granted {action}" for name in readers for action in allowed.actions if action not in _READ
        ]
    return summarize("agreed principals alone, readers to read", wrong)


def _leaves_only(facts: S3Facts, policy: S3Policy, actions: Sequence[str], agreed: Sequence[str]) -> JudgedFact:
    """Judge that after all denials nobody but ``agreed`` can do ``actions``."""
    wrong: dict[str, None] = {}
    for action in actions:
        left = find_undenied(facts.get("policy"), policy.bucket, action)
        if left is None:
            wrong[f"{action} is denied to nobody"] = None
            continue
        wrong |= {f"{name} is not denied {action}": None for name in sorted(left - set(agreed))}
    return summarize("denied to everybody else", list(wrong))


def _closed_reading(facts: S3Facts, policy: S3Policy) -> JudgedFact:
    return _leaves_only(facts, policy, _READ, (*policy.readers, *policy.writers))


def _closed_writing(facts: S3Facts, policy: S3Policy) -> JudgedFact:
    return _leaves_only(facts, policy, _WRITE, policy.writers)


def _closed_settings(facts: S3Facts, policy: S3Policy) -> JudgedFact:
    return _leaves_only(facts, policy, _SET, policy.administrators)


def _transport(facts: S3Facts, policy: S3Policy) -> JudgedFact:
    denied = denies_clear_transport(facts.get("policy"), policy.bucket)
    return JudgedFact(denied, "denied without TLS" if denied else "no statement denies requests without TLS")


ACCESS: tuple[S3Check, ...] = (
    Check(
        "right-place",
        "the bucket is the agreed one, in {region}, of {place}",
        "that region, and no other server",
        "a bucket of the same name elsewhere is somebody else's",
        "set AWS_REGION and KEYVEIL_S3_ENDPOINT as agreed, or correct the policy",
        _right_place,
    ),
    Check(
        "public-access-block",
        "public access is blocked in all four ways",
        "all four on",
        "one changed policy or access list makes the bucket public otherwise",
        _PUT + "public-access-block --bucket {bucket} --public-access-block-configuration BlockPublicAcls=true,"
        "IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true",
        _blocks_public,
        waivable=True,
    ),
    Check(
        "no-access-lists",
        "access lists have no effect",
        "BucketOwnerEnforced",
        "otherwise single objects have access lists that no review of the bucket shows",
        _PUT + "bucket-ownership-controls --bucket {bucket} --ownership-controls "
        "Rules=[{{ObjectOwnership=BucketOwnerEnforced}}]",
        _without_lists,
        waivable=True,
    ),
    Check(
        "not-public",
        "nobody gets in without credentials",
        "a policy that is not public, and a refusal",
        "a public bucket is found within hours",
        "aws s3api delete-bucket-policy --bucket {bucket}, and write it again from docs/preflight.md",
        _not_public,
    ),
    Check(
        "agreed-principals",
        "the bucket's policy allows something to agreed principals alone, and readers to read",
        "readers, writers and administrators of the agreement, by their ARN",
        "each further principal is a breach",
        "remove the statement with aws s3api put-bucket-policy --bucket {bucket}",
        _names_agreed,
    ),
    Check(
        "reading-denied",
        "reading and listing is denied to everybody but readers and writers",
        "a denial with these as its only exceptions",
        "a role of the account reads every bucket by its own policy, which the bucket does not show",
        _DENY,
        _closed_reading,
        waivable=True,
    ),
    Check(
        "writing-denied",
        "writing and deleting is denied to everybody but writers",
        "a denial with these as its only exceptions",
        "whoever can write can replace this dataset by another",
        _DENY,
        _closed_writing,
        waivable=True,
    ),
    Check(
        "settings-denied",
        "changing settings and policy is denied to everybody but administrators",
        "a denial with these as its only exceptions",
        "whoever can change the policy can read everything a minute later",
        _DENY,
        _closed_settings,
        waivable=True,
    ),
    Check(
        "transport-closed",
        "requests without TLS are denied",
        "a denial of aws:SecureTransport=false",
        "without TLS everybody on the network path can read the data",
        _DENY,
        _transport,
        waivable=True,
    ),
)
