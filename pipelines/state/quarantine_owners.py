"""Quarantined records of one person, certain or possible."""

from pipelines.state.quarantine import QuarantineRecord, list_records, load_private_keys, open_record
from schemas.errors import RefusedError
from transforms.ingest.parsing.read_claim import read_claim
from transforms.keys.key_set import KeySet
from transforms.keys.quarantine_sealer import owner_names
from transforms.object_store.interface import ObjectStore


def find_records(
    quarantine: ObjectStore, keys: KeySet, user: str, *, fold_case: bool
) -> tuple[list[QuarantineRecord], str]:
    """Find the records of a person (canonical id), and the reason why some could not be read.

    A record names its people by keyed digests. One that names nobody may be anybody's, and is found for everybody.
    Where the private key is at hand, records are also opened: those of an earlier version name nobody outside, and the
    record of somebody else may hold the id.
    """
    names = owner_names(keys, user)
    theirs: list[QuarantineRecord] = []
    others: list[QuarantineRecord] = []
    for record in list_records(quarantine):
        named = record.owners is not None and (not record.owners or not names.isdisjoint(record.owners))
        (theirs if named else others).append(record)
    unnamed = [record for record in others if record.owners is None]
    try:
        privates = load_private_keys(keys) if others else ()
    except RefusedError:
        if not unnamed:
            return theirs, ""
        return theirs, (
            f"{len(unnamed)} quarantined records can only be read with the private quarantine key; run "
            "keyveil erase --pending where it lies"
        )
    opening = ((record, open_record(record, privates)) for record in others)
    theirs.extend(
        record
        for record, content in opening
        if _speaks_of(content, user, unnamed=record.owners is None, fold_case=fold_case)
    )
    return theirs, ""


def _speaks_of(content: bytes, user: str, *, unnamed: bool, fold_case: bool) -> bool:
    """Check whether a record holds the id of a user, or its owner is uncertain."""
    if user.encode("utf-8", "surrogatepass") in content:
        return True
    claims = [read_claim(line, fold_case=fold_case)[1] for line in content.splitlines()]
    named = any(user in claim.users for claim in claims)
    return named or (unnamed and any(claim.doubtful or not claim.users for claim in claims))
