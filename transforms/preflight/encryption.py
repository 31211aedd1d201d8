"""Checks of encryption: the bucket's key, and the users of the key."""

from transforms.preflight.access import BucketCheck
from transforms.preflight.facts import BucketFacts
from transforms.preflight.iam import grants, identities, list_unexplored
from transforms.preflight.policy import BucketPolicy
from transforms.preflight.verdict import Check, JudgedFact, summarize

_DAY_S = 86_400
_USE_ROLE = "roles/cloudkms.cryptoKeyEncrypterDecrypter"
_KEY_PLACES = {"US": "us", "EU": "europe", "ASIA": "asia"}
"""Bucket multi-regions whose key locations are named otherwise (cloud.google.com/kms/docs/locations)."""


def _own_key(facts: BucketFacts, policy: BucketPolicy) -> JudgedFact:
    found = facts.get("bucket").get("encryption", {})
    wrong = []
    if found.get("defaultKmsKeyName") != policy.key:
        wrong.append(f"the default key is {found.get('defaultKmsKeyName', 'not set')}")
    for field, words in (
        ("googleManagedEncryptionEnforcementConfig", "Google's own keys"),
        ("customerSuppliedEncryptionEnforcementConfig", "keys brought by the caller"),
    ):
        if found.get(field, {}).get("restrictionMode") != "FullyRestricted":
            wrong.append(f"{words} may be used instead")
    if found.get("customerManagedEncryptionEnforcementConfig", {}).get("restrictionMode") == "FullyRestricted":
        wrong.append("keys of the key service are forbidden")
    return summarize("the agreed key, and no other kind", wrong)


def _sound_key(facts: BucketFacts, policy: BucketPolicy) -> JudgedFact:
    key, location = facts.get("key"), facts.get("bucket")["location"]
    wrong = []
    if key.get("name") != policy.key:
        wrong.append("another key was read than the agreed one")
    if key.get("purpose") != "ENCRYPT_DECRYPT" or key.get("primary", {}).get("state") != "ENABLED":
        wrong.append("the key's primary version is not enabled for encryption")
    period = key.get("rotationPeriod")
    if period is None or float(period.removesuffix("s")) > policy.key_rotation_days * _DAY_S:
        wrong.append(f"the key rotates after {period or 'never'}")
    if policy.key.split("/")[3] != _KEY_PLACES.get(location.upper(), location.lower()):
        wrong.append("the key lies in another place than the bucket")
    return summarize("enabled, rotated in time, in the bucket's place", wrong + _other_users(facts, policy))


def _other_users(facts: BucketFacts, policy: BucketPolicy) -> list[str]:
    agent = f"serviceAccount:{facts.get('storage_agent')['email_address']}"
    allowed = {agent, *policy.key_users}
    wrong = []
    for item in facts.get("key_policies"):
        wrong += [
            f"{grant} on the {item['kind']}"
            for grant in grants(item["policy"])
            if grant.member not in allowed or (grant.member == agent and grant.role != _USE_ROLE)
        ]
    analysis = facts.get("effective_key_access")
    found = set(identities(analysis))
    wrong += [f"{name} can decrypt" for name in sorted(found - allowed)]
    if agent not in found:
        wrong.append("the storage service's agent cannot use the key")
    return wrong + list_unexplored(analysis)


ENCRYPTION: tuple[BucketCheck, ...] = (
    Check(
        "own-key",
        "new objects are encrypted with the agreed key and in no other way",
        "{key}; Google's own keys and keys brought by the caller fully restricted",
        "a default key alone binds only those who name no other",
        "gcloud storage buckets update gs://{bucket} --default-encryption-key={key} --encryption-enforcement-file="
        "RESTRICT_GOOGLE_MANAGED_AND_CUSTOMER_SUPPLIED_FILE",
        _own_key,
    ),
    Check(
        "sound-key",
        "the key is enabled, rotates within {key_rotation_days} days, lies with the bucket, and only storage uses it",
        "rotation within {key_rotation_days} days, ENABLED, same place, used by the storage agent and key_users only",
        "whoever may use the key reads copies of the objects wherever they lie",
        "gcloud kms keys update {key} --rotation-period={key_rotation_days}d --next-rotation-time=+1d; "
        "gcloud kms keys remove-iam-policy-binding {key} --member=MEMBER --role=ROLE",
        _sound_key,
    ),
)
