"""Signed record of a key set for whoever audits it from outside: what its ledger, releases and exports were on a day.

The owner of the key set makes it, and the public key alone checks it. Whether its entries are true is the owner's word;
that it fits the releases is not: each manifest signs how many entries the ledger had and a digest over them, and the
record holds these digests. A release that the record does not know as it lies there, or that is missing, shows.
"""

import base64
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from pipelines.budget.account import LedgerAccount, format_time
from pipelines.budget.history import ReleaseHistory
from pipelines.operations.audit import list_trail
from pipelines.operations.audit_keys import find_signers
from pipelines.operations.key_exports import KeyExport
from pipelines.operations.report import read_manifest
from pipelines.operations.sealed_releases import SealedRelease, find_releases
from pipelines.state.private_state import PrivateState
from schemas.errors import FailedError, RefusedError
from transforms.dataset.signing import Json, Verifying, sign, verify
from transforms.dataset.verify.dataset import Defect
from transforms.keys.key_history import Succession, follow, list_earlier
from transforms.object_store.addresses import normal_uri, open_store
from transforms.privacy.ledger import LedgerChain, Position

_RECORD = "application/vnd.keyveil.audit-record.v1+json"
_NOT_HELD = "is not in the record: it was made since, or was never entered; ask for a record of today"
_ERASED_SINCE = "was signed again by an erasure since the record was made; ask for a record of today"
_NOT_AS_HELD = (
    "is not as the record holds it: it is an old copy, or was signed again several times since; ask for a record of "
    "today"
)


@dataclass(frozen=True, slots=True)
class SignedRecord:
    """Record of a day: the trail and its chain, the charges, each release by its address, and the exports of keys.

    ``releases`` holds the SHA-256 of the last manifest of each release that was not retired.
    """

    made: str
    chain: LedgerChain
    trail: Sequence[Mapping[str, Any]] = field(repr=False)
    charges: Sequence[Mapping[str, Any]] = field(repr=False)
    releases: Mapping[str, str]
    exports: Sequence[KeyExport] = field(repr=False)


def sign_record(private: PrivateState, exports: Sequence[KeyExport], now: datetime) -> bytes:
    """Make and sign the record; raise ``FailedError`` if the ledger was altered."""
    from pipelines.budget.reports import list_charges  # noqa: PLC0415 - imports Opacus and SciPy

    account = LedgerAccount.of(private)
    past = ReleaseHistory(account.ledger(), frozenset())
    chain = LedgerChain.of(past.ledger, account.keys)
    standing = {address: of[-1].manifest_sha256 for address, of in past.versions().items()}
    form: dict[str, Json] = {
        "made": format_time(now),
        "ledger_id": chain.ledger_id,
        "digests": chain.digests,
        "trail": [asdict(entry) for entry in list_trail(private)],
        "charges": list_charges(past.ledger),
        "releases": {address: digest for address, digest in standing.items() if address not in past.list_retired()},
        "exports": [asdict(export) for export in exports],
        "history": [statement.to_json() for statement in private.keys.history()],
    }
    return sign(form, _RECORD, private.keys.signing_private())


def read_record(content: bytes, verifying: Verifying, name: str) -> SignedRecord:
    """Verify a record and read it; raise ``FailedError``, naming ``name``, if it was altered or is another's."""
    form: Any = verify(content, _RECORD, verifying, name)
    try:
        digests = tuple(tuple(map(str, known)) for known in form["digests"])
        chain = LedgerChain(form["ledger_id"], digests)
        exports = tuple(KeyExport(**item) for item in form["exports"])
        return SignedRecord(form["made"], chain, form["trail"], form["charges"], form["releases"], exports)
    except (KeyError, TypeError):
        raise RefusedError(f"{name} is no record of this version; read it with the version that made it") from None


def compare_record(content: bytes, uri: str, verifying: Verifying, name: str) -> tuple[SignedRecord, list[Defect]]:
    """Compare a record with the releases at an address.

    Rotations of the signing key are followed by the record and by the catalogs: an output that was put back to before
    a rotation knows nothing of it.
    """
    held = _follow_rotations(content, verifying)
    found = find_releases([open_store(normal_uri(uri))])
    signers = {item.home.uri: find_signers(item.home, held) for item in found}
    known = {key.public_bytes_raw(): key for keys in signers.values() for key in keys}
    record = read_record(content, tuple(known.values()) or held, name)
    defects = [*_find_unknown(record, found, signers), *_find_missing(record, found)]
    return record, defects


def _follow_rotations(content: bytes, verifying: Verifying) -> tuple[Ed25519PublicKey, ...]:
    """Return the passed keys and those that the rotations in a record connect with them; earlier records hold none."""
    held = verifying if isinstance(verifying, tuple) else (verifying,)
    try:
        form = json.loads(base64.b64decode(json.loads(content)["payload"], validate=True))
        history = tuple(Succession.from_json(item) for item in form["history"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return held
    known = follow(held, history)
    try:
        verify(content, _RECORD, known, "")
    except FailedError:
        return known
    return list_earlier(known, history)


def _find_unknown(
    record: SignedRecord, found: Sequence[SealedRelease], signers: Mapping[str, Verifying]
) -> Iterator[Defect]:
    """Find releases that the record does not know as they lie there, or whose charge is not in its ledger."""
    last: dict[str, set[str]] = {}
    for address, digest in record.releases.items():
        last.setdefault(address.rpartition("/")[2], set()).add(digest)
    for item in found:
        with item.home.open(item.layout.manifest) as file:
            digest = hashlib.sha256(file.read()).hexdigest()
        manifest = read_manifest(item, signers[item.home.uri])
        budget, held = manifest.budget, last.get(item.layout.release_id)
        if held is None:
            yield Defect(item.folder, _NOT_HELD)
        elif digest not in held:
            yield Defect(item.folder, _ERASED_SINCE if manifest.supersedes in held else _NOT_AS_HELD)
        elif budget is not None and not record.chain.confirms(Position(budget.ledger_id, budget.entry, budget.digest)):
            yield Defect(item.folder, "was charged to another ledger than that of the record, or to an altered one")


def _find_missing(record: SignedRecord, found: Sequence[SealedRelease]) -> Iterator[Defect]:
    """Find releases of the record that do not lie at the address; another dataset or output may hold them."""
    there = {item.layout.release_id for item in found}
    for address in sorted(record.releases):
        if address.rpartition("/")[2] not in there:
            yield Defect(address, "is in the record and was not found: it was removed, or lies elsewhere")
