"""Checks of what a bucket of S3 keeps: encryption, deletion, copies, records."""

from transforms.preflight.s3.access import S3Check
from transforms.preflight.s3.facts import S3Facts
from transforms.preflight.s3.policy import S3Policy
from transforms.preflight.verdict import Check, JudgedFact, summarize

_PUT = "aws s3api put-"


def _own_key(facts: S3Facts, policy: S3Policy) -> JudgedFact:
    rules = facts.get("encryption").get("ServerSideEncryptionConfiguration", {}).get("Rules", [])
    found = [rule.get("ApplyServerSideEncryptionByDefault", {}) for rule in rules]
    kinds = {rule.get("SSEAlgorithm") for rule in found}
    wrong = []
    if not kinds or not kinds <= {"aws:kms", "aws:kms:dsse"}:
        wrong.append(f"encryption is {', '.join(sorted(map(str, kinds))) or 'not set'}")
    wrong += [f"the key is {rule.get('KMSMasterKeyID')}" for rule in found if rule.get("KMSMasterKeyID") != policy.key]
    return summarize("the agreed key", wrong)


def _sound_key(facts: S3Facts, policy: S3Policy) -> JudgedFact:
    key, rotation = facts.get("key")["KeyMetadata"], facts.get("key_rotation")
    wrong = []
    if policy.key not in (key["Arn"], key["KeyId"]):
        wrong.append("the key that was read is not the agreed one")
    if key.get("KeyState") != "Enabled" or key.get("KeyManager") != "CUSTOMER":
        wrong.append(f"it is {key.get('KeyState')}, managed by {key.get('KeyManager')}")
    if rotation.get("KeyRotationEnabled") is not True:
        wrong.append("it does not rotate")
    elif rotation.get("RotationPeriodInDays", 365) > policy.key_rotation_days:
        wrong.append(f"it rotates after {rotation['RotationPeriodInDays']} days")
    return summarize("enabled, your own, rotated in time", wrong)


def _never_versioned(facts: S3Facts, _: S3Policy) -> JudgedFact:
    found = facts.get("versioning").get("Status")
    return JudgedFact(found is None, "never turned on" if found is None else f"{found}: old versions stay")


def _not_locked(facts: S3Facts, _: S3Policy) -> JudgedFact:
    locked = bool(facts.get("object_lock").get("ObjectLockConfiguration"))
    return JudgedFact(not locked, "objects are locked" if locked else "no lock")


def _ends(facts: S3Facts, policy: S3Policy) -> JudgedFact:
    most = policy.retention_days + policy.backstop_days
    rules = [
        rule for rule in facts.get("lifecycle").get("Rules", []) if rule["Status"] == "Enabled" and _is_whole(rule)
    ]
    days = [rule["Expiration"]["Days"] for rule in rules if "Days" in rule.get("Expiration", {})]
    wrong = []
    if not days or min(days) > most:
        wrong.append(f"objects are deleted after {min(days)} days" if days else "no rule deletes every object by age")
    if not any("AbortIncompleteMultipartUpload" in rule for rule in rules):
        wrong.append("no rule aborts unfinished uploads")
    return summarize("in time", wrong)


def _is_whole(rule: dict[str, object]) -> bool:
    """Return whether a rule of a lifecycle is for every object."""
    return rule.get("Filter", {}) in ({}, {"Prefix": ""}) and not rule.get("Prefix")


def _no_copies(facts: S3Facts, _: S3Policy) -> JudgedFact:
    wrong = ["objects are replicated"] if facts.get("replication").get("ReplicationConfiguration") else []
    told = sorted(facts.get("notifications").keys())
    wrong += [f"object names are sent elsewhere ({name})" for name in told]
    return summarize("nothing leaves the bucket", wrong)


def _no_web(facts: S3Facts, _: S3Policy) -> JudgedFact:
    wrong = ["it is a website"] if facts.get("website").keys() & {"IndexDocument", "RedirectAllRequestsTo"} else []
    wrong += ["pages of other sites may read it (CORS)"] if facts.get("cors").get("CORSRules") else []
    return summarize("neither", wrong)


def _records_access(facts: S3Facts, policy: S3Policy) -> JudgedFact:
    target = facts.get("logging").get("LoggingEnabled", {}).get("TargetBucket")
    return JudgedFact(target == policy.log_bucket, f"into {target}" if target else "not recorded")


KEEPING: tuple[S3Check, ...] = (
    Check(
        "own-key",
        "new objects are encrypted with the agreed key",
        "{key}, by aws:kms",
        "whoever may not use the key cannot read a copy",
        _PUT + "bucket-encryption --bucket {bucket} --server-side-encryption-configuration RULES_WITH_THE_KEY",
        _own_key,
        waivable=True,
    ),
    Check(
        "sound-key",
        "the key is enabled, your own, and rotates within {key_rotation_days} days",
        "Enabled, CUSTOMER, rotation on",
        "a key of the service is usable by the whole account",
        "aws kms enable-key-rotation --key-id {key}",
        _sound_key,
        waivable=True,
    ),
    Check(
        "never-versioned",
        "versioning was never turned on",
        "no status; a suspended one keeps old versions too",
        "an erased object would stay as an old version",
        "make another bucket without versioning: it cannot be undone",
        _never_versioned,
    ),
    Check(
        "not-locked",
        "objects are not locked",
        "no lock",
        "what is locked cannot be erased",
        "make another bucket without object lock: it cannot be undone",
        _not_locked,
    ),
    Check(
        "ends",
        "objects are deleted by age within {delete_days} days, and unfinished uploads are aborted",
        "an enabled rule without a filter",
        "what nobody deletes stays for ever",
        _PUT + "bucket-lifecycle-configuration --bucket {bucket} --lifecycle-configuration DELETE_BY_AGE_FILE",
        _ends,
    ),
    Check(
        "no-copies",
        "nothing is copied elsewhere, and no other service is notified",
        "no replication, no notifications",
        "erasure and retention do not reach a copy",
        "aws s3api delete-bucket-replication --bucket {bucket}; " + _PUT + "bucket-notification-configuration "
        "--bucket {bucket} --notification-configuration {{}}",
        _no_copies,
        waivable=True,
    ),
    Check(
        "no-web",
        "the bucket is no website, and pages of other sites may not read it",
        "neither",
        "both are for public files",
        "aws s3api delete-bucket-website --bucket {bucket}; aws s3api delete-bucket-cors --bucket {bucket}",
        _no_web,
        waivable=True,
    ),
    Check(
        "recorded",
        "accesses are recorded",
        "into {log_bucket}",
        "nobody can say afterwards who read what",
        _PUT + "bucket-logging --bucket {bucket} --bucket-logging-status "
        "LoggingEnabled={{TargetBucket={log_bucket},TargetPrefix={bucket}/}}",
        _records_access,
        waivable=True,
    ),
)
