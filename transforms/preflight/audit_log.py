"""Checks of the audit log: accesses are recorded, and readers cannot change the record."""

from transforms.preflight.access import BucketCheck
from transforms.preflight.facts import BucketFacts
from transforms.preflight.iam import BASIC_ROLES, grants
from transforms.preflight.policy import BucketPolicy
from transforms.preflight.verdict import Check, JudgedFact, summarize

_SERVICES = frozenset({"allServices", "storage.googleapis.com"})
_KINDS = frozenset({"ADMIN_READ", "DATA_READ", "DATA_WRITE"})
_LOG_CHANGES = frozenset(
    "logging.buckets.update logging.buckets.delete logging.buckets.write logging.logEntries.create logging.logs.delete "
    "logging.sinks.update logging.sinks.delete".split()
)


def _is_recorded(facts: BucketFacts, _: BucketPolicy) -> JudgedFact:
    kinds: set[str] = set()
    wrong = []
    for item in facts.get("ancestors"):
        for config in item["policy"].get("auditConfigs", []):
            if config["service"] not in _SERVICES:
                continue
            for entry in config["auditLogConfigs"]:
                kinds.add(entry["logType"])
                exempt = ", ".join(entry.get("exemptedMembers", []))
                wrong += [f"{exempt} is exempt from {entry['logType']} on {item['name']}"] if exempt else []
    wrong += [f"{kind} is not recorded" for kind in sorted(_KINDS - kinds)]
    return summarize("every read, write and read of settings, nobody exempt", wrong)


def _keeps_record(facts: BucketFacts, policy: BucketPolicy) -> JudgedFact:
    sink, bucket = facts.get("sink"), facts.get("log_bucket")
    wrong = []
    if sink.get("disabled") or sink.get("exclusions"):
        wrong.append("the sink is disabled or excludes entries")
    if sink.get("filter", "") not in ("", *policy.audit.filters):
        wrong.append("the sink has a filter that is not known to pass every audit entry")
    if sink["destination"] != f"logging.googleapis.com/{policy.audit.log_bucket}":
        wrong.append(f"the sink writes to {sink['destination']}")
    if bucket.get("lifecycleState") != "ACTIVE" or int(bucket.get("retentionDays", 30)) < policy.audit.retention_days:
        wrong.append(f"the log bucket is not active or keeps {bucket.get('retentionDays', 30)} days only")
    if bucket.get("locked") is not True:
        wrong.append("the log bucket is not locked: its record can be shortened")
    return summarize("all entries, locked, kept long enough", wrong + _hands_on_logs(facts, policy))


def _hands_on_logs(facts: BucketFacts, policy: BucketPolicy) -> list[str]:
    """List grants by which a reader of objects could change or forge the audit log."""
    watched = policy.agreed_members()
    wrong = []
    for grant in grants(facts.get("log_project_policy")):
        if grant.member not in watched:
            continue
        if grant.role in BASIC_ROLES or not _LOG_CHANGES.isdisjoint(facts.permits(grant.role)):
            wrong.append(f"{grant} where the logs lie")
    return wrong


EVIDENCE: tuple[BucketCheck, ...] = (
    Check(
        "recorded",
        "every access is recorded, for everybody",
        "ADMIN_READ, DATA_READ and DATA_WRITE for storage, no exempted member",
        "data access logs are off in a new project, and one exempted reader leaves no trace",
        "gcloud projects get-iam-policy {project} > P; add auditConfigs for storage.googleapis.com; "
        "gcloud projects set-iam-policy {project} P",
        _is_recorded,
    ),
    Check(
        "record-kept",
        "the record is kept for {log_days} days in a locked log bucket that no reader can write to",
        "{sink} without gaps into {log_bucket}, locked, at least {log_days} days",
        "the default log bucket forgets after 30 days, and a record that readers can edit proves nothing",
        "gcloud logging buckets update {log_bucket} --retention-days={log_days} --locked; "
        "gcloud logging sinks update {sink} --log-filter='logName:\"cloudaudit.googleapis.com\"'",
        _keeps_record,
        waivable=True,
    ),
)
