"""Watch over the place of a run: a look before anything is read, and another before the manifest is signed."""

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from rich.console import Console

from pipelines.config import load_record, parse_record
from pipelines.preflight.collect_bucket import collect_bucket, collect_seen
from pipelines.preflight.collect_folder import collect_folder
from pipelines.preflight.google_api import Connection, NotReadError, as_accounts, connect
from schemas.errors import RefusedError, UsageError
from transforms.dataset.manifest import PreflightRecord
from transforms.keys.key_set import KeyRole, KeySet
from transforms.keys.pseudonym import keyed_digest
from transforms.object_store.addresses import NO_S3, bucket_of, is_bucket, is_s3, local_folder, open_parent
from transforms.object_store.interface import put
from transforms.preflight.judge_bucket import judge_bucket
from transforms.preflight.judge_folder import FolderPolicy, Use, judge_folder
from transforms.preflight.policy import MOST_DAYS, BucketPolicy
from transforms.preflight.s3.policy import S3Policy
from transforms.preflight.verdict import BucketState, CheckOutcome, Verdict

_MANAGED_SCHEME = "secret:"


class Preflight(Protocol):
    """Looks at one output as often as it is asked."""

    def look(self, earlier: BucketState | None = None) -> Verdict:
        """Return a fresh verdict; ``earlier`` is what the first look of the run saw."""
        ...

    def read_state(self) -> BucketState | None:
        """Read the current state of the place without judging it; ``None`` if it has none."""
        ...


@dataclass(frozen=True, slots=True)
class FolderPreflight:
    """Looks at a local folder."""

    folder: Path
    use: Use

    def look(self, earlier: BucketState | None = None) -> Verdict:  # noqa: ARG002 - a folder has no generation to compare
        """Return the verdict on the folder as it is now."""
        return judge_folder(collect_folder(self.folder, datetime.now(UTC)), FolderPolicy(self.use))

    def read_state(self) -> BucketState | None:
        """Return ``None``: a folder has no generation."""
        return None


@dataclass(frozen=True, slots=True)
class BucketPreflight:
    """Looks at a bucket under its policy."""

    policy: BucketPolicy
    connection: Connection
    use: Use

    def look(self, earlier: BucketState | None = None) -> Verdict:
        """Return the verdict on the bucket as it is now, and on what changed since ``earlier``."""
        writing = self.use is not Use.AUDIT
        facts = collect_bucket(self.connection, self.policy, datetime.now(UTC), writing=writing, earlier=earlier)
        return judge_bucket(facts, self.policy)

    def read_state(self) -> BucketState | None:
        """Return the bucket's state by two requests."""
        return collect_seen(self.connection, self.policy)


def open_preflight(output: str, policy: str | None, sealed: bool | None) -> Preflight:
    """Return the preflight of an output for sealed or clear shards, or (``None``) for a look alone.

    Raises ``RefusedError`` for a bucket without a policy or for clear shards, ``UsageError`` where the policy cannot be
    read or is about another bucket.
    """
    use = Use.AUDIT if sealed is None else Use.SEALED if sealed else Use.CLEAR
    if not is_bucket(output):
        return FolderPreflight(local_folder(output), use)
    if use is Use.CLEAR:
        raise RefusedError("clear shards are for a local folder only; leave store.encryption sealed for a bucket")
    if is_s3(output):
        about = load_record(S3Policy, Path(_require_policy(policy)))
        _check_bucket(about.bucket, output, policy)
        return _s3_preflight(about, output, use)
    agreed, connection = _read_policy(policy)
    _check_bucket(agreed.bucket, output, policy)
    return _bucket_preflight(agreed, connection, use)


def open_bucket_preflight(address: str, policy: str | None, *, keeps: bool) -> Preflight:
    """Return the preflight of a bucket that holds what a job stages or keeps, under the policy of its output."""
    agreed, connection = _read_policy(policy)
    return _bucket_preflight(derive_policy(agreed, bucket_of(address), keeps=keeps), connection, Use.SEALED)


def derive_policy(agreed: BucketPolicy, bucket: str, *, keeps: bool) -> BucketPolicy:
    """Derive the policy of another bucket of the run: that of the output, ``agreed``, without readers.

    Where it ``keeps`` private state (ledger, tombstones) it need not forget at the age at which releases end; where it
    does not, ``staging_grants`` hold as well.
    """
    days = MOST_DAYS if keeps else agreed.retention_days
    granted = agreed.bucket_grants if keeps else agreed.bucket_grants | agreed.staging_grants
    elsewhere = (*agreed.excepted, *agreed.readers, *(name for names in agreed.groups.values() for name in names))
    return replace(
        agreed,
        bucket=bucket,
        readers=(),
        groups={},
        excepted=elsewhere,
        retention_days=days,
        bucket_grants=granted,
    )


def _s3_preflight(agreed: S3Policy, output: str, use: Use) -> Preflight:
    try:
        from pipelines.preflight.s3_preflight import s3_preflight  # noqa: PLC0415 - the client is an extra
    except ModuleNotFoundError:
        raise UsageError(NO_S3) from None
    return s3_preflight(agreed, output, use)


def _bucket_preflight(agreed: BucketPolicy, connection: Connection, use: Use) -> BucketPreflight:
    return BucketPreflight(agreed, as_accounts(connection, agreed.accounts.preflight, agreed.accounts.canary), use)


def load_policy(policy: str) -> BucketPolicy:
    """Load the policy from a file, or from ``secret:projects/PROJECT/secrets/NAME``."""
    return (
        _fetch_policy(policy, connect())
        if policy.startswith(_MANAGED_SCHEME)
        else load_record(BucketPolicy, Path(policy))
    )


def _require_policy(policy: str | None) -> str:
    if policy is None:
        raise RefusedError(
            "a bucket is checked against what was agreed about it; write that down (docs/preflight.md) "
            "and pass it with --policy FILE"
        )
    return policy


def _check_bucket(agreed: str, output: str, policy: str | None) -> None:
    if bucket_of(output) != agreed:
        raise UsageError(f"{policy} is about another bucket than {output}; name the policy of this one")


def _read_policy(policy: str | None) -> tuple[BucketPolicy, Connection]:
    named, connection = _require_policy(policy), connect()
    agreed = _fetch_policy(named, connection)
    if not agreed.readers:
        raise UsageError("readers may not be empty; name at least one in the policy")
    return agreed, connection


def _fetch_policy(policy: str, connection: Connection) -> BucketPolicy:
    """Return the policy of a file, or of ``secret:projects/PROJECT/secrets/NAME`` where a job has no files."""
    if not policy.startswith(_MANAGED_SCHEME):
        return load_record(BucketPolicy, Path(policy))
    try:
        text = connection.secret(policy.removeprefix(_MANAGED_SCHEME))
    except (NotReadError, KeyError, TypeError, ValueError):
        raise RefusedError(
            f"{policy} cannot be read; grant the run's account roles/secretmanager.secretAccessor on it"
        ) from None
    return parse_record(BucketPolicy, text, policy)


@dataclass(frozen=True, slots=True)
class RunWatch:
    """A run whose first look allowed it to begin."""

    preflight: Preflight
    first: Verdict

    def second_look(self, keys: KeySet, target: str) -> PreflightRecord:
        """Look again, keep the whole result at ``target`` (private state), and return what the manifest says of it.

        Raises ``RefusedError`` where the place is no longer as agreed, or was changed since the first look.
        """
        verdict = self.preflight.look(self.first.seen)
        store, name = open_parent(target)
        put(store, name, json.dumps(verdict.as_json(), indent=1).encode())
        verdict.require()
        seen = verdict.seen
        digesting = keys.derive(KeyRole.TRANSIT, "fact-digest")
        return PreflightRecord(
            digest=keyed_digest(digesting, b"preflight", verdict.canonical()),
            passed=len(verdict.of(CheckOutcome.PASSED)),
            advised=tuple(finding.check for finding in verdict.of(CheckOutcome.ADVISED)),
            waived=tuple(finding.check for finding in verdict.of(CheckOutcome.WAIVED)),
            metageneration=seen.metageneration if seen else None,
            policy_etag=seen.policy_etag if seen else None,
        )

    def check_unchanged(self, record: PreflightRecord) -> None:
        """Raise ``RefusedError`` unless the place is still in the state that ``record`` is about."""
        now = self.preflight.read_state()
        state = (now.metageneration, now.policy_etag) if now else (None, None)
        if state != (record.metageneration, record.policy_etag):
            raise RefusedError(
                f"{self.first.subject} was changed after it was checked, or cannot be read any more; nothing is "
                "published: find the change in the audit log, undo it, and run again"
            )


def begin_watch(preflight: Preflight, console: Console) -> RunWatch:
    """Return the watch over a run after its first look, with one line for each check that advises or is waived.

    Raises ``RefusedError`` where nothing may be written.
    """
    first = preflight.look()
    first.require()
    for finding in (*first.of(CheckOutcome.ADVISED), *first.of(CheckOutcome.WAIVED)):
        remedy = f"waived: {finding.waiver}" if finding.waiver else f"fix it with: {finding.remedy}"
        line = f"keyveil: warning: {first.subject}: {finding.read}; expected {finding.expected}; {remedy}"
        console.print(line, markup=False, highlight=False, soft_wrap=True)
    return RunWatch(preflight, first)
