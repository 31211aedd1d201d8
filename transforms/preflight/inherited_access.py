"""Checks of access from outside the bucket's own policy: inheritance, impersonation, denial."""

from transforms.preflight.access import BucketCheck
from transforms.preflight.facts import BucketFacts
from transforms.preflight.iam import (
    BASIC_ROLES,
    PUBLIC,
    Grant,
    becomes,
    grants,
    identities,
    list_unexplored,
    touches_data,
    widens,
)
from transforms.preflight.policy import BucketPolicy
from transforms.preflight.verdict import Check, JudgedFact, summarize

_READING = "secretmanager.versions.access"
_EVERYBODY = "principalSet://goog/public:all"
_DENIED = frozenset({"storage.googleapis.com/objects.get", "storage.googleapis.com/objects.list"})


def _reaching(facts: BucketFacts, policy: BucketPolicy) -> frozenset[str]:
    """Collect the members that may reach an object, by the bucket or by a role above it that touches objects."""
    roles = facts.get("roles")
    above = {
        member
        for member, listed in policy.inherited_grants.items()
        if any(touches_data(roles.get(role, ())) for role in listed)
    }
    return policy.agreed_members() | above


def _effective_readers(facts: BucketFacts, policy: BucketPolicy) -> JudgedFact:
    analysis = facts.get("effective_access")
    allowed = _reaching(facts, policy)
    wrong = list_unexplored(analysis)
    found = set(identities(analysis))
    wrong += [f"{name} can read" for name in sorted(found - allowed)]
    if not found:
        wrong.append("the analysis names nobody, not even the writer")
    return summarize(f"{len(found)} identities, all agreed", wrong)


def _above(facts: BucketFacts, fact: str = "ancestors") -> list[tuple[str, Grant]]:
    """List the grants of a project and everything above it, each with its resource."""
    return [(item["name"], grant) for item in facts.get(fact) for grant in grants(item["policy"])]


def _nothing_inherited(facts: BucketFacts, policy: BucketPolicy) -> JudgedFact:
    wrong = []
    for place, grant in _above(facts):
        if grant.role in policy.inherited_grants.get(grant.member, ()):
            continue
        if grant.role in BASIC_ROLES or grant.member in PUBLIC:
            wrong.append(f"{grant} on {place}")
            continue
        held = facts.permits(grant.role)
        if touches_data(held) or (widens(held) and grant.member not in policy.administrators):
            wrong.append(f"{grant} on {place}")
    return summarize("nothing above the bucket reaches its objects", wrong)


def _nobody_signs(facts: BucketFacts, policy: BucketPolicy) -> JudgedFact:
    accounts = facts.get("service_accounts")
    wrong = []
    for account in policy.protected_accounts():
        found = accounts[account]
        wrong += [f"{account} has a key of its own ({key['name'].rsplit('/', 1)[-1]})" for key in found["keys"]]
        allowed = policy.impersonators.get(account, ())
        wrong += [
            f"{grant} on {account}"
            for grant in grants(found["policy"])
            if becomes(facts.permits(grant.role)) and grant.member not in allowed
        ]
    for fact, agreed in (("ancestors", policy.inherited_grants), ("account_ancestors", policy.account_grants)):
        for place, grant in _above(facts, fact):
            listed = grant.role in agreed.get(grant.member, ()) or grant.member in policy.administrators
            if not listed and becomes(facts.permits(grant.role)):
                wrong.append(f"{grant} on {place}")
    return summarize(f"{len(policy.protected_accounts())} accounts, none that others can act as", wrong)


def _secrets_closed(facts: BucketFacts, policy: BucketPolicy) -> JudgedFact:
    """Judge who reads the secrets, by their own policies and by roles above them."""
    policies = facts.get("secret_policies")
    wrong = []
    for name, allowed in policy.secrets.items():
        own = [(name, grant) for grant in grants(policies[name])]
        for place, grant in (*own, *_above(facts)):
            reads = grant.role in BASIC_ROLES or _READING in facts.permits(grant.role)
            if reads and grant.member not in allowed:
                wrong.append(f"{grant} on {place}")
    return summarize(f"{len(policies)} secrets, read by agreed accounts alone", wrong)


def _principal(member: str) -> str:
    """Convert a member of an allow policy to the principal of a deny policy (IAM v2 identifiers)."""
    kind, _, name = member.partition(":")
    if kind == "serviceAccount":
        return f"principal://iam.googleapis.com/projects/-/serviceAccounts/{name}"
    return f"principal{'Set' if kind == 'group' else ''}://goog/{'group' if kind == 'group' else 'subject'}/{name}"


def _others_denied(facts: BucketFacts, policy: BucketPolicy) -> JudgedFact:
    allowed = {_principal(member) for member in (*_reaching(facts, policy), *policy.excepted, *policy.staging_grants)}
    wrong = ["no rule denies objects.get and objects.list to everybody"]
    for item in facts.get("deny_policies"):
        for rule in (entry["denyRule"] for entry in item.get("rules", [])):
            denied = set(rule.get("deniedPermissions", [])) - set(rule.get("exceptionPermissions", []))
            everybody = _EVERYBODY in rule.get("deniedPrincipals", [])
            if not everybody or not denied >= _DENIED or rule.get("denialCondition"):
                continue
            extra = sorted(set(rule.get("exceptionPrincipals", [])) - allowed)
            if not extra:
                return JudgedFact(True, f"denied by {item['name'].rsplit('/', 1)[-1]}")
            wrong = [f"{name} is excepted from the denial" for name in extra]
    return JudgedFact(False, "; ".join(wrong))


INHERITED: tuple[BucketCheck, ...] = (
    Check(
        "effective-readers",
        "whoever can read in effect, groups and inheritance included, is agreed",
        "a fully explored analysis that names agreed identities only",
        "the bucket's own policy does not show what a folder, the organisation or a group adds",
        "gcloud asset analyze-iam-policy --organization={organization} "
        "--full-resource-name=//storage.googleapis.com/{bucket} --permissions=storage.objects.get --expand-groups",
        _effective_readers,
    ),
    Check(
        "nothing-inherited",
        "no role on the project, a folder or the organisation reaches the objects or the access settings",
        "no basic role; what touches objects is in inherited_grants, who changes access is in administrators",
        "an editor of the project needs no grant on the bucket",
        "gcloud projects remove-iam-policy-binding {project} --member=MEMBER --role=ROLE "
        "(or resource-manager folders / organizations)",
        _nothing_inherited,
    ),
)

IMPERSONATION: tuple[BucketCheck, ...] = (
    Check(
        "nobody-signs",
        "nobody can act or sign as an account that reaches the objects, and these have no keys",
        "no user-managed key; token, signing and actAs permissions for impersonators only",
        "who can sign as a reader makes links that work for anybody",
        "gcloud iam service-accounts remove-iam-policy-binding ACCOUNT --member=MEMBER --role=ROLE; "
        "gcloud iam service-accounts keys delete KEY --iam-account=ACCOUNT",
        _nobody_signs,
    ),
)

SECRETS: tuple[BucketCheck, ...] = (
    Check(
        "secrets-closed",
        "nobody but the agreed accounts reads the secrets that hold the key set",
        "versions.access for the members in secrets alone, on the secret and above it",
        "who reads the key set opens shards, signs releases and knows every pseudonym",
        "gcloud secrets remove-iam-policy-binding SECRET --member=MEMBER --role=ROLE "
        "(or gcloud projects remove-iam-policy-binding {project})",
        _secrets_closed,
    ),
)

DENIAL: tuple[BucketCheck, ...] = (
    Check(
        "others-denied",
        "a deny policy keeps everybody else away even from what is granted by mistake",
        "objects.get and objects.list denied to everybody, except for the agreed identities",
        "a denial holds against grants that are made tomorrow",
        "gcloud iam policies create keyveil-readers --kind=denypolicies "
        "--attachment-point=cloudresourcemanager.googleapis.com/projects/{project} --policy-file=DENY_POLICY_FILE",
        _others_denied,
        waivable=True,
    ),
)
