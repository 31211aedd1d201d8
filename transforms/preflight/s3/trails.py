"""Check of CloudTrail: whether a trail records every read and write of objects of the bucket.

A trail records no access to objects by itself: its selectors have to name them as data events. What a selector leaves
out by any further condition (calls by name, users, a part of the bucket) counts as not recorded.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from transforms.preflight.s3.access import S3Check
from transforms.preflight.s3.facts import S3Facts
from transforms.preflight.s3.policy import S3Policy
from transforms.preflight.verdict import Check, JudgedFact, summarize

_OBJECTS = "AWS::S3::Object"
_KINDS = {"All": frozenset({"reads", "writes"}), "ReadOnly": frozenset({"reads"}), "WriteOnly": frozenset({"writes"})}
_FIELDS = {"eventCategory": ["Data"], "resources.type": [_OBJECTS]}
"""Fields that a selector of accesses to objects must have, with their values."""
_READ_ONLY = {"true": "ReadOnly", "false": "WriteOnly"}
_ALL_BUCKETS = re.compile(r"arn:aws[a-z-]*:s3(:::)?")
_Selector = Mapping[str, Any]


def _records_objects(facts: S3Facts, policy: S3Policy) -> JudgedFact:
    missing = set(_KINDS["All"])
    wrong = []
    for item in facts.get("trails"):
        trail = item["trail"]
        name = trail["Name"]
        if "refused" in item:
            wrong.append(f"{name} could not be read: {item['refused']}")
        elif trail["IsMultiRegionTrail"] is not True and trail["HomeRegion"] != policy.region:
            wrong.append(f"{name} is of another region")
        elif item["status"]["IsLogging"] is not True:
            wrong.append(f"{name} is off")
        elif fault := item["status"].get("LatestDeliveryError"):
            wrong.append(f"{name} cannot deliver ({fault if fault.isalnum() else 'an error'})")
        else:
            missing -= _list_recorded(item["selectors"], policy.bucket)
    if not missing:
        return JudgedFact(True, "reads and writes")
    return summarize("", [*(f"{kind} of objects are recorded by no trail" for kind in sorted(missing)), *wrong])


def _list_recorded(selectors: Mapping[str, Any], bucket: str) -> set[str]:
    """List what selectors record of all objects of a bucket: reads, writes, both or neither."""
    kinds = [kind for item in selectors.get("EventSelectors") or () for kind in _read_basic(item, bucket)]
    kinds += [kind for item in selectors.get("AdvancedEventSelectors") or () for kind in _read_advanced(item, bucket)]
    return set().union(*(_KINDS[kind] for kind in kinds))


def _read_basic(selector: _Selector, bucket: str) -> Iterator[str]:
    named = [value for item in selector["DataResources"] if item["Type"] == _OBJECTS for value in item["Values"]]
    if any(_ALL_BUCKETS.fullmatch(value) or _is_bucket(value, bucket) for value in named):
        yield selector["ReadWriteType"]


def _read_advanced(selector: _Selector, bucket: str) -> Iterator[str]:
    """Read a selector whose fields must all hold; whatever is none of these narrows it."""
    kind, fields = "All", [item["Field"] for item in selector["FieldSelectors"]]
    if len({*fields}) < len(fields) or not _FIELDS.keys() <= {*fields}:
        return
    for item in selector["FieldSelectors"]:
        values = {operator: listed for operator, listed in item.items() if operator != "Field" and listed}
        if item["Field"] == "readOnly":
            kind = _READ_ONLY[",".join(values["Equals"])]
        elif item["Field"] == "resources.ARN":
            starts = values.pop("StartsWith", [])
            if values or not any(_ALL_BUCKETS.fullmatch(start) or _is_bucket(start, bucket) for start in starts):
                return
        elif values != {"Equals": _FIELDS.get(item["Field"])}:
            return
    yield kind


def _is_bucket(value: str, bucket: str) -> bool:
    """Return whether a value means all objects of a bucket: its ARN with an empty prefix.

    >>> _is_bucket("arn:aws:s3:::acme/", "acme"), _is_bucket("arn:aws:s3:::acme/logs", "acme")
    (True, False)
    """
    return re.fullmatch(r"arn:aws[a-z-]*:s3:::", value.removesuffix(f"{bucket}/")) is not None and value.endswith("/")


TRAILS: tuple[S3Check, ...] = (
    Check(
        "data-events",
        "reads and writes of objects are recorded by CloudTrail",
        "a trail that is on and delivers, with data events of all objects of {bucket}, reads and writes",
        "a trail records no access to objects by itself, and the bucket's own log may come late or not at all",
        "aws cloudtrail put-event-selectors --trail-name TRAIL --event-selectors ReadWriteType=All,"
        "IncludeManagementEvents=true,DataResources=[{{Type=AWS::S3::Object,Values=[arn:aws:s3:::{bucket}/]}}]; "
        "aws cloudtrail start-logging --name TRAIL",
        _records_objects,
        waivable=True,
    ),
)
