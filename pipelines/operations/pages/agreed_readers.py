"""Sections about readers and retention that the pages for people share, from the agreement about a bucket."""

import re
from collections.abc import Sequence
from pathlib import Path

from pipelines.config import load_record
from pipelines.observe.text_table import count
from pipelines.operations.key_exports import UNSTATED, KeyExport
from pipelines.operations.pages.plain_page import Section
from schemas.errors import UsageError
from transforms.object_store.addresses import bucket_of, is_bucket, is_s3
from transforms.preflight.policy import BucketPolicy
from transforms.preflight.s3.policy import S3Policy

BucketAgreement = BucketPolicy | S3Policy
"""Agreement about a bucket of either service."""
_RECORDED = "recorded"
"""Name of the check that every read is written into the audit log."""

_FOLDER = (
    "Whoever administers the computer, or was given the folder and a key, can read a release.",
    "No list is kept of who reads it. Ask who could.",
)
_KINDS = {"user": "a person", "serviceAccount": "a program", "group": "a group of people"}
_ARN = re.compile(r"arn:[^:]*:iam::[^:]*:(role|user)/(.+)")
_ARN_KINDS = {"role": "a role of people or programs", "user": "a person or a program"}
_STARTED = "Somebody must start that."
_ADDED = "Whoever administers the store, or the cloud that it is part of, could let others in."


def read_agreement(file: str | None, uri: str) -> BucketAgreement | None:
    """Read the agreement about the bucket of ``uri``, if one is named; raise ``UsageError`` for one about another."""
    if file is None:
        return None
    policy = load_record(S3Policy, Path(file)) if is_s3(uri) else load_record(BucketPolicy, Path(file))
    check_same_place(policy, uri)
    return policy


def check_same_place(policy: BucketAgreement | None, uri: str) -> None:
    """Raise ``UsageError`` if the agreement is about another bucket, or service, than that of ``uri``."""
    if policy is None or not is_bucket(uri):
        return
    if is_s3(uri) != isinstance(policy, S3Policy) or bucket_of(uri) != policy.bucket:
        raise UsageError("--policy is the agreement about another bucket; pass the one about the bucket of the output")


def write_readers(policy: BucketAgreement | None, uri: str, not_stated: str) -> Section:
    """Write who can read what lies at ``uri``; ``not_stated`` replaces a missing agreement."""
    title = "Who can read it"
    if not is_bucket(uri):
        return Section(title, _FOLDER)
    if policy is None:
        return Section(title, alert=(not_stated,))
    if _RECORDED in policy.waivers:
        recorded = "The store may not write down each read: your organisation waived that check."
    else:
        recorded = "The store writes down each read."
    members = [_describe(name) for name in sorted(policy.agreed_members())]
    members += [f"{_describe(name)}, who can change this" for name in policy.administrators]
    return Section(title, (recorded, _ADDED, "It was agreed that these can read:"), members)


def write_holders(holders: Sequence[KeyExport] | None) -> Section:
    """Write to whom keys of readers were given, ``None`` without a record: such keys open every release."""
    title = "Keys to read releases"
    if holders is None:
        return Section(title, ("The record of who got one lies with the original of the keys: ask for it.",))
    return Section(title, listed=[describe_holder(export) for export in holders])


def describe_holder(export: KeyExport) -> str:
    """Describe to whom a key was given, or that nobody entered it, from when on and how long it may be used."""
    is_named = export.holder != UNSTATED
    holder = export.holder if is_named else "Somebody whose name was not entered"
    term = "It has no end" if export.end is None else f"Its last day is {export.end}"
    return f"{holder} got a key on {export.at}. {term}{'' if is_named else ': ask who'}."


def _describe(member: str) -> str:
    """Describe a member for readers who have never seen a policy.

    >>> _describe("user:ana@example.com")
    'ana@example.com, a person'
    >>> _describe("arn:aws:iam::123456789012:role/train")
    'train, a role of people or programs'
    """
    if found := _ARN.fullmatch(member):
        return f"{found[2]}, {_ARN_KINDS[found[1]]}"
    kind, _, name = member.partition(":")
    return f"{name}, {_KINDS[kind]}" if kind in _KINDS else member


def write_retention(
    policy: BucketAgreement | None, uri: str, not_stated: str, folder_days: int | None = None
) -> Section:
    """Write how long a release at ``uri`` is kept; ``folder_days`` is what the organisation says of a folder."""
    title = "How long it is kept"
    if policy is None and folder_days is not None and not is_bucket(uri):
        said = f"Your organisation says that it deletes a release {count(folder_days, 'day')} after it was made."
        return Section(title, (f"{said} {_STARTED}",))
    if policy is None:
        return Section(title, alert=(not_stated,))
    sentences = [
        f"It was agreed to delete a release {count(policy.retention_days, 'day')} after it was made. {_STARTED}"
    ]
    if is_bucket(uri):
        last = policy.retention_days + policy.backstop_days
        sentences.append(f"What is still there after {count(last, 'day')} the store deletes by itself.")
        kept = f" for more than {count(policy.erasure_days, 'day')}" if policy.erasure_days else ""
        sentences.append(f"Of a file that was deleted the store keeps no copy{kept}.")
    return Section(title, sentences)
