"""``keyveil retain``: removes releases that are older than agreed; their age is that of their charge in the ledger."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pipelines.account import Account
from pipelines.config import load_record
from pipelines.erase import layouts
from schemas.errors import UsageError
from transforms.keys.provider import KeyReference, KeySet
from transforms.noise.ledger_entries import Commit
from transforms.objects.places import normal_uri, open_place
from transforms.store.layout import ReleaseLayout
from transforms.store.preflight.policy import BucketPolicy
from transforms.store.retire import Retirer


@dataclass(frozen=True, slots=True)
class RetainRequest:
    """What the command line asks for."""

    uri: str
    keys: str
    state: str | None
    days: int
    dry_run: bool


@dataclass(frozen=True, slots=True)
class Retained:
    """Addresses of the releases that were, or would be, removed, and of those whose age no ledger tells."""

    removed: tuple[str, ...]
    undated: tuple[str, ...]


def retain(request: RetainRequest, now: datetime) -> Retained:
    """Remove the releases at an address that were sealed more than ``days`` before ``now``."""
    if request.days < 1:
        raise UsageError("--days is 1 or more")
    reference = KeyReference.parse(request.keys)
    keys = KeySet.open(reference)
    found = {layout.folder: layout for layout in layouts(normal_uri(request.uri))}
    if not found:
        raise UsageError(f"{request.uri} holds no release; name an output, a dataset or a release")
    sealed = _sealed_at(Account.of(keys, request.state, reference))
    latest = now - timedelta(days=request.days)
    old = [layout for layout in found.values() if sealed.get(layout.release_id, now) < latest]
    if not request.dry_run:
        for layout in old:
            _retirer(layout, keys).retire(layout)
        for layout in {item.home: item for item in found.values()}.values():
            _retirer(layout, keys).sweep()
    undated = tuple(sorted(layout.folder for layout in found.values() if layout.release_id not in sealed))
    return Retained(tuple(sorted(layout.folder for layout in old)), undated)


def agreed_days(policy: str) -> int:
    """Return for how many days the agreement in the file ``policy`` lets a release be kept."""
    return load_record(BucketPolicy, Path(policy)).retention_days


def _retirer(layout: ReleaseLayout, keys: KeySet) -> Retirer:
    return Retirer(open_place(layout.home), keys)


def _sealed_at(account: Account) -> dict[str, datetime]:
    """Return when each release was first sealed, by its id."""
    found: dict[str, datetime] = {}
    for entry in account.ledger().entries:
        if isinstance(entry, Commit):
            at = datetime.fromisoformat(entry.at).astimezone(UTC)
            release_id = entry.release.rpartition("/")[2]
            found[release_id] = min(at, found.get(release_id, at))
    return found
