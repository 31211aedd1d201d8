"""Checks of access by the bucket's own settings and grants."""

import re
from datetime import datetime, timedelta

from transforms.preflight.facts import OWN_PERMISSIONS, BucketFacts
from transforms.preflight.iam import (
    CONVENIENCE,
    PUBLIC,
    READER_ROLE,
    SINGLE,
    WRITER_ROLES,
    Grant,
    grants,
    touches_data,
    widens,
)
from transforms.preflight.policy import BucketPolicy
from transforms.preflight.verdict import Check, JudgedFact, summarize

_EXPIRY = re.compile(
    r'request\.time < timestamp\("(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)"\)( && resource\.name\.startsWith\("[^"]+"\))?'
)
"""The only accepted form of a reader's condition, with an optional narrowing: another might be true for ever."""

_FORBIDDEN = 403

BucketCheck = Check[BucketFacts, BucketPolicy]


def _public_access_prevention(facts: BucketFacts, _: BucketPolicy) -> JudgedFact:
    found = facts.get("bucket").get("iamConfiguration", {}).get("publicAccessPrevention", "not set")
    return JudgedFact(found == "enforced", found)


def _uniform_access(facts: BucketFacts, _: BucketPolicy) -> JudgedFact:
    found = facts.get("bucket").get("iamConfiguration", {}).get("uniformBucketLevelAccess", {})
    if found.get("enabled") is not True or "lockedTime" not in found:
        return JudgedFact(False, "off")
    locked = datetime.fromisoformat(found["lockedTime"])
    return JudgedFact(
        True, "on, for good" if locked <= facts.at else f"on, can be turned off until {found['lockedTime']}"
    )


def _no_object_lists(facts: BucketFacts, _: BucketPolicy) -> JudgedFact:
    bucket = facts.get("bucket")
    lists = {"acl": "of the bucket", "defaultObjectAcl": "for new objects"}
    wrong = [
        f"{len(bucket[name])} entries in the access list {words}" for name, words in lists.items() if bucket.get(name)
    ]
    return summarize("no access lists", wrong)


def _not_public(facts: BucketFacts, _: BucketPolicy) -> JudgedFact:
    found = grants(facts.get("bucket_policy"))
    return summarize("no public member", [str(grant) for grant in found if grant.member in PUBLIC])


def _no_convenience(facts: BucketFacts, _: BucketPolicy) -> JudgedFact:
    found = grants(facts.get("bucket_policy"))
    return summarize("no such member", [str(grant) for grant in found if grant.member.startswith(CONVENIENCE)])


def _no_wide_members(facts: BucketFacts, policy: BucketPolicy) -> JudgedFact:
    """Reject members that are not one identity; other checks cover public and convenience members."""
    other = tuple(SINGLE) + CONVENIENCE
    wrong = [
        str(grant)
        for grant in grants(facts.get("bucket_policy"))
        if not grant.member.startswith(other) and grant.member not in PUBLIC and grant.member not in policy.readers
    ]
    return summarize("single identities and approved groups only", wrong)


def _readers(facts: BucketFacts, policy: BucketPolicy) -> tuple[Grant, ...]:
    """Select grants of the reader role, except those that the policy gives to other accounts."""
    accounts = {policy.accounts.worker, policy.accounts.eraser, *policy.bucket_grants}
    found = grants(facts.get("bucket_policy"))
    return tuple(grant for grant in found if grant.role == READER_ROLE and grant.member not in accounts)


def _exactly_the_readers(facts: BucketFacts, policy: BucketPolicy) -> JudgedFact:
    found = {grant.member for grant in _readers(facts, policy)}
    agreed = set(policy.readers)
    wrong = [f"{name} reads and is not agreed" for name in sorted(found - agreed)]
    wrong += [f"{name} is agreed and does not read" for name in sorted(agreed - found)]
    return summarize(f"{len(found)} readers, all agreed", wrong)


def _no_other_roles(facts: BucketFacts, policy: BucketPolicy) -> JudgedFact:
    accounts = policy.accounts
    allowed = {name: {READER_ROLE} for name in policy.readers}
    allowed |= {accounts.worker: set(WRITER_ROLES), accounts.eraser: set(WRITER_ROLES)}
    for name, more in policy.bucket_grants.items():
        allowed[name] = allowed.get(name, set()) | set(more)
    wrong = []
    for grant in grants(facts.get("bucket_policy")):
        if grant.member == accounts.preflight:
            held = facts.permits(grant.role)
            if touches_data(held) or widens(held):
                wrong.append(f"{grant}, which does more than read settings")
        elif grant.role not in allowed.get(grant.member, ()):
            wrong.append(str(grant))
    return summarize("no other grant", wrong)


def _grants_expire(facts: BucketFacts, policy: BucketPolicy) -> JudgedFact:
    latest = facts.at + timedelta(days=policy.max_grant_days)
    wrong = []
    for grant in grants(facts.get("bucket_policy")):
        if grant.member not in policy.readers:
            continue
        form = _EXPIRY.fullmatch(grant.condition or "")
        if form is None:
            wrong.append(f"{grant} has no plain end")
        elif not facts.at < datetime.fromisoformat(form[1]) <= latest:
            wrong.append(f"{grant} ends on {form[1]}")
    return summarize("each reader's grant ends in time", wrong)


def _no_folder_grants(facts: BucketFacts, _: BucketPolicy) -> JudgedFact:
    folders = facts.get("managed_folders")
    wrong = [f"managed folder {item['name']} has grants of its own" for item in folders if grants(item["policy"])]
    return summarize(f"{len(folders)} managed folders, none with grants", wrong)


def _cannot_widen(facts: BucketFacts, _: BucketPolicy) -> JudgedFact:
    held = set(facts.get("own_permissions"))
    wrong = [f"holds {name}" for name in OWN_PERMISSIONS[1:] if name in held]
    if facts.writing and OWN_PERMISSIONS[0] not in held:
        wrong.append(f"lacks {OWN_PERMISSIONS[0]}")
    return summarize("can write objects and no settings" if facts.writing else "can change no settings", wrong)


def _is_unchanged(facts: BucketFacts, _: BucketPolicy) -> JudgedFact:
    facts.get("bucket"), facts.get("bucket_policy")
    now = facts.state()
    if now is None:
        return JudgedFact(False, "no metageneration or no policy etag")
    if facts.earlier is not None and facts.earlier != now:
        return JudgedFact(False, "the bucket's settings or grants were changed while the run went on")
    compared = "as at the start of the run" if facts.earlier else "recorded for the second look"
    return JudgedFact(True, f"metageneration {now.metageneration}, policy etag {now.policy_etag}, {compared}")


def _canary_refused(facts: BucketFacts, _: BucketPolicy) -> JudgedFact:
    answers = facts.get("canary")
    wrong = [f"{what} answered {status}" for what, status in sorted(answers.items()) if status != _FORBIDDEN]
    if set(answers) != {"settings", "objects"}:
        wrong.append("the canary did not ask for both settings and objects")
    return summarize("settings and objects refused (403)", wrong)


_SHOW_GRANTS = "gcloud storage buckets get-iam-policy gs://{bucket}"
_REMOVE = "gcloud storage buckets remove-iam-policy-binding gs://{bucket} --member=MEMBER --role=ROLE --all"

ACCESS: tuple[BucketCheck, ...] = (
    Check(
        "public-access-prevention",
        "public access prevention is enforced on the bucket",
        "enforced",
        "with 'inherited', one change of an organisation policy makes the bucket publishable",
        "gcloud storage buckets update gs://{bucket} --public-access-prevention",
        _public_access_prevention,
    ),
    Check(
        "uniform-access",
        "uniform bucket-level access is on",
        "on",
        "otherwise single objects carry access lists that no review of the bucket shows",
        "gcloud storage buckets update gs://{bucket} --uniform-bucket-level-access",
        _uniform_access,
    ),
    Check(
        "no-access-lists",
        "no access lists on the bucket or for new objects",
        "no access lists",
        "lists left behind take effect again the moment uniform access is turned off",
        "gcloud storage buckets update gs://{bucket} --uniform-bucket-level-access",
        _no_object_lists,
    ),
    Check(
        "not-public",
        "neither allUsers nor allAuthenticatedUsers is granted anything",
        "no public member",
        "allAuthenticatedUsers is everybody with any Google account",
        _REMOVE,
        _not_public,
    ),
    Check(
        "no-convenience-members",
        "no projectOwner:, projectEditor: or projectViewer: member",
        "no such member",
        "every new bucket has them: each viewer of the project would read the data",
        _REMOVE,
        _no_convenience,
    ),
    Check(
        "no-wide-members",
        "no domain, principal set, deleted member or unapproved group",
        "single identities and approved groups only",
        "nobody can tell who is behind such a member tomorrow",
        _REMOVE,
        _no_wide_members,
    ),
    Check(
        "exact-readers",
        "the readers are exactly those agreed",
        "the readers list of the policy, no more and no fewer",
        "a reader too many is a breach, one too few shows that the agreement and the bucket have parted",
        f"{_SHOW_GRANTS}; then add or remove {READER_ROLE}, or correct readers in the policy",
        _exactly_the_readers,
    ),
    Check(
        "no-other-roles",
        "nobody holds any other role on the bucket",
        "the writer's, eraser's and preflight's roles and bucket_grants only",
        "admin, legacy and custom roles read or give access without being called readers",
        _REMOVE,
        _no_other_roles,
    ),
    Check(
        "grants-expire",
        "each reader's grant ends by itself within {max_grant_days} days",
        'the condition request.time < timestamp("...") with an end within {max_grant_days} days',
        "access outlives the task unless it ends by itself",
        "gcloud storage buckets add-iam-policy-binding gs://{bucket} --member=MEMBER --role=roles/storage.objectViewer "
        "--condition='title=until,expression=request.time < timestamp(\"YYYY-MM-DDT00:00:00Z\")'",
        _grants_expire,
    ),
    Check(
        "no-folder-grants",
        "managed folders have no grants of their own",
        "no managed folder with grants",
        "a grant on a managed folder opens every object below it and appears in no policy of the bucket",
        "gcloud storage managed-folders set-iam-policy gs://{bucket}/FOLDER EMPTY_POLICY_FILE",
        _no_folder_grants,
    ),
)

SELF: tuple[BucketCheck, ...] = (
    Check(
        "cannot-widen",
        "the job itself cannot widen access",
        "none of " + ", ".join(OWN_PERMISSIONS[1:]) + "; a run that writes holds storage.objects.create",
        "a job that may edit what the preflight reads could undo the preflight",
        "run as {worker}, which holds roles/storage.objectUser on gs://{bucket} and nothing wider",
        _cannot_widen,
    ),
    Check(
        "unchanged",
        "settings and grants are unchanged between the check and the commit",
        "the same metageneration and policy etag in both looks",
        "a bucket opened while the run goes on would otherwise get a clean record",
        "find the change in the audit log (protoPayload.resourceName:{bucket}), undo it, and run again",
        _is_unchanged,
    ),
    Check(
        "canary-refused",
        "an account that was granted nothing is refused in fact",
        "HTTP 403 for the bucket's settings and for its objects, asked as {canary}",
        "the checks above read what is configured; this one tries to read",
        "find the grant that lets it in (gcloud policy-intelligence troubleshoot-policy iam "
        "//storage.googleapis.com/projects/_/buckets/{bucket} --principal-email=CANARY "
        "--permission=storage.objects.list) and remove it",
        _canary_refused,
    ),
)
