"""Checks of deletion: objects are deleted by age, and erased objects are gone within the agreed time."""

from typing import Any

from transforms.preflight.access import BucketCheck
from transforms.preflight.facts import BucketFacts
from transforms.preflight.policy import BucketPolicy
from transforms.preflight.verdict import Check, JudgedFact, summarize

_DAY_S = 86_400
_DEFAULT_SOFT_DELETE_S = 7 * _DAY_S
"""Default of a bucket without a setting of soft deletion (cloud.google.com/storage/docs/soft-delete)."""


def _ends(facts: BucketFacts, policy: BucketPolicy) -> JudgedFact:
    rules = facts.get("bucket").get("lifecycle", {}).get("rule", [])
    ages = [
        rule["condition"]["age"]
        for rule in rules
        if rule["action"]["type"] == "Delete" and set(rule["condition"]) == {"age"}
    ]
    if not ages:
        return JudgedFact(False, "no unconditional deletion by age")
    return JudgedFact(min(ages) <= policy.retention_days + policy.backstop_days, f"deleted after {min(ages)} days")


def _held_s(bucket: dict[str, Any]) -> int:
    return int(bucket.get("retentionPolicy", {}).get("retentionPeriod", 0))


def _erasable(facts: BucketFacts, policy: BucketPolicy) -> JudgedFact:
    bucket = facts.get("bucket")
    held = bucket.get("retentionPolicy", {})
    wrong = []
    if _held_s(bucket) > policy.erasure_days * _DAY_S:
        wrong.append(f"objects are held for {_held_s(bucket) // _DAY_S} days")
    if held.get("isLocked"):
        wrong.append("the retention policy is locked")
    if bucket.get("defaultEventBasedHold"):
        wrong.append("new objects are on hold")
    if bucket.get("objectRetention", {}).get("mode"):
        wrong.append("objects may have retention of their own")
    return summarize("nothing keeps an object from being deleted", wrong)


def _is_gone(facts: BucketFacts, policy: BucketPolicy) -> JudgedFact:
    bucket = facts.get("bucket")
    found = bucket.get("softDeletePolicy", {})
    kept = int(found.get("retentionDurationSeconds", _DEFAULT_SOFT_DELETE_S))
    wrong = []
    if kept + _held_s(bucket) > policy.erasure_days * _DAY_S:
        wrong.append(f"a deleted object can be restored for {kept / _DAY_S:g} days")
    if found.get("hardDeletePause", {}).get("enabled"):
        wrong.append("the final deletion of deleted objects is paused")
    return summarize(f"gone after {kept / _DAY_S:g} days", wrong)


def _one_version(facts: BucketFacts, _: BucketPolicy) -> JudgedFact:
    on = facts.get("bucket").get("versioning", {}).get("enabled", False)
    return JudgedFact(on is False, "off" if on is False else "on")


ERASURE: tuple[BucketCheck, ...] = (
    Check(
        "ends",
        "objects are deleted by age within {delete_days} days",
        "a lifecycle rule with the action Delete and age {delete_days} or less as its only condition",
        "a rule with a second condition spares some objects for ever",
        "gcloud storage buckets update gs://{bucket} --lifecycle-file=DELETE_BY_AGE_FILE",
        _ends,
    ),
    Check(
        "erasable",
        "no retention policy, lock or hold outlasts an erasure",
        "retention of {erasure_days} days or less, not locked, no default hold, no retention of single objects",
        "a locked bucket cannot obey a person's request",
        "gcloud storage buckets update gs://{bucket} --clear-retention-period --no-default-event-based-hold",
        _erasable,
    ),
    Check(
        "gone",
        "soft deletion ends within the time agreed for erasures",
        "{erasure_days} days or less together with retention, final deletion not paused",
        "new buckets keep what was deleted for seven days; the setting does not touch what is already soft-deleted",
        "gcloud storage buckets update gs://{bucket} --clear-soft-delete",
        _is_gone,
    ),
    Check(
        "one-version",
        "versioning is off",
        "off",
        "an old version of a rewritten shard still holds the person",
        "gcloud storage buckets update gs://{bucket} --no-versioning",
        _one_version,
    ),
)
