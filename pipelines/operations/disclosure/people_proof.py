"""Proof of whose rows a release holds, for whoever holds the key set and a copy of the consent registry.

The names in the rows are compared with those that the key set gives to the people of the registry: a row of anybody
else has a name that none of them has. When a row was recorded cannot be seen: a release holds no day.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

import pyarrow.compute as pc

from pipelines.budget.account import LedgerAccount
from pipelines.budget.history import ReleaseHistory
from pipelines.operations.audit_keys import find_signers
from pipelines.operations.report import read_manifest
from pipelines.operations.sealed_releases import SealedRelease, require_releases
from pipelines.state.id_case import folds_case
from pipelines.state.private_state import PrivateState
from transforms.consent.registry import ConsentSnapshot, read_registry
from transforms.dataset.codec import open_parquet
from transforms.dataset.manifest import Manifest
from transforms.dataset.verify.dataset import Defect
from transforms.keys.key_set import KeyRole, KeySet
from transforms.keys.pseudonym import pseudonym
from transforms.object_store.addresses import normal_uri, open_store

_KINDS = ("sessions/", "events/")


@dataclass(frozen=True, slots=True)
class ReleasePeople:
    """Numbers of people in the rows of a release: who agrees now by a registry, who withdrew, whom it does not name.

    ``refused`` counts those who had not agreed when it was sealed, ``refused_by_day`` those of them whom the registry
    names all the same, with another day. ``sealed`` is that instant (ISO, UTC), '' where the ledger does not know it.
    Releases without names of people have none.
    """

    address: str
    release_id: str
    agree: int
    withdrew: int
    unknown: int
    refused: int
    refused_by_day: int = 0
    sealed: str = ""


def match_people(uri: str, registry: str, purpose: str, private: PrivateState, now: datetime) -> list[ReleasePeople]:
    """Compare the people in the rows of each release at an address with a registry.

    ``purpose`` is that of releases whose manifest states none.
    """
    fold, keys = folds_case(private), private.keys
    sealed = ReleaseHistory(LedgerAccount.of(private).ledger(), frozenset()).list_sealed()
    found = []
    for release in require_releases(open_store(normal_uri(uri))):
        manifest = read_manifest(release, find_signers(release.home, keys.verifying()))
        names, agreed = _read_names(release, manifest, keys), manifest.purpose or purpose
        today = read_registry(registry, agreed, now, fold_case=fold)
        at = sealed.get(manifest.release_id)
        then = read_registry(registry, agreed, at or now, fold_case=fold)
        match = _match(release.folder, names, then, today, keys)
        found.append(replace(match, sealed="" if at is None else at.isoformat()))
    return found


def _match(
    address: str, names: frozenset[str], then: ConsentSnapshot, today: ConsentSnapshot, keys: KeySet
) -> ReleasePeople:
    """Count the names of a release by what the registry says of their people."""
    release_id = address.rpartition("/")[2]
    agree = names & _name(today.grants, release_id, keys)
    listed = names & _name(today.listed, release_id, keys)
    refused = names - _name(then.grants, release_id, keys)
    counts = (len(agree), len(listed - agree), len(names - listed), len(refused), len(refused & listed))
    return ReleasePeople(address, release_id, *counts)


def _name(people: Collection[str], release_id: str, keys: KeySet) -> frozenset[str]:
    """Name people as a release names them, under the current or an earlier key."""
    derived = keys.derivations(KeyRole.PSEUDONYM, release_id)
    return frozenset(str(pseudonym(key, "user", user)) for key in derived for user in people)


def _read_names(release: SealedRelease, manifest: Manifest, keys: KeySet) -> frozenset[str]:
    """Read the names of people in all rows of a release."""
    names: set[str] = set()
    for shard in manifest.shards:
        path = release.layout.file(shard.path)
        shown = f"{release.home.uri}/{path}"
        if not shard.path.startswith(_KINDS):
            continue
        with release.home.open(path) as file, open_parquet(file, keys.reader(), shown, dictionaries=False) as parquet:
            if parquet is not None and "user" in parquet.schema_arrow.names:
                names |= {*pc.unique(parquet.read(columns=["user"])["user"]).to_pylist()}
    return frozenset(name for name in names if name is not None)


def find_last_obeyed(people: Collection[ReleasePeople], obeyed: Collection[str]) -> str:
    """Find when the last release under the registry was sealed, '' where none was.

    The registry grew out of those of all releases before, and so tells of them what it says of those days.
    """
    return max((item.sealed for item in people if item.release_id in obeyed), default="")


def count_untold(item: ReleasePeople, obeyed: Collection[str], last: str) -> int:
    """Count the people of a release of whom the registry cannot tell whether they had agreed when it was sealed.

    A release before the last one under the registry: those whom the registry does not name any more. A later one: all
    of whom an older registry does not say that they had agreed.
    """
    if item.release_id in obeyed:
        return 0
    return item.refused - (item.refused_by_day if "" < item.sealed < last else 0)


def find_people_faults(people: Collection[ReleasePeople], obeyed: Collection[str]) -> Iterator[Defect]:
    """Report releases with rows of people who had not agreed by the registry under which they, or later ones, lie."""
    last = find_last_obeyed(people, obeyed)
    for item in people:
        if item.release_id in obeyed:
            told, doubt = item.refused, ""
        else:
            told = item.refused - count_untold(item, obeyed, last)
            doubt = "; if their line was changed since, compare with the registry of that release"
        if told:
            rows = "a person" if told == 1 else f"{told:,} people"
            yield Defect(
                item.address,
                f"holds rows of {rows} who had not agreed by this registry when it was sealed: pause the runs, find "
                f"out why, and erase them{doubt}",
            )
