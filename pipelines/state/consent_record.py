"""Record of the consent registry at the last run of a dataset: how many people, and who had agreed since when.

A registry that shrank may have been cut short; a grant that was not there before may be a correction. The record lies
sealed in private state and names people by keyed digests alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field

from pipelines.state.private_state import PrivateState
from pipelines.state.sealed_record import keep_sealed, list_sealed, read_sealed
from schemas.errors import RefusedError
from transforms.consent.registry import ConsentSnapshot
from transforms.consent.settings import ConsentSettings
from transforms.keys.key_set import KeyRole, KeySet
from transforms.keys.pseudonym import keyed_digest

_FOLDER = "consent"


@dataclass(frozen=True, slots=True)
class ConsentRecord:
    """People of a registry for one purpose, and the time from which each grant holds, by keyed digest.

    ``listed`` are keyed digests of these people; records of earlier versions have none.
    """

    purpose: str
    people: int
    grants: Mapping[str, int] = field(repr=False)
    listed: Sequence[str] = field(default=(), repr=False)

    @classmethod
    def of(cls, consent: ConsentSnapshot, private: PrivateState) -> "ConsentRecord":
        """Record a snapshot."""
        key = private.keys.derive(KeyRole.TRANSIT, _FOLDER)
        grants = {
            keyed_digest(key, b"grant", user.encode(), version.encode()): since
            for user, versions in consent.grants.items()
            for version, since in versions.items()
        }
        return cls(consent.purpose, consent.registered, grants, sorted(_digest_people(key, consent)))

    def first_gain(self, before: "ConsentRecord | None") -> int | None:
        """Find the earliest time for which somebody agrees now and did not ``before``, in microseconds.

        ``{anna: May, ben: June}`` after ``{anna: July}`` gives May.
        """
        if before is None or before.purpose != self.purpose:
            return None
        gained = [since for grant, since in self.grants.items() if since < before.grants.get(grant, since + 1)]
        return min(gained, default=None)


def count_missing(consent: ConsentSnapshot, before: ConsentRecord | None, private: PrivateState) -> int:
    """Count the people whom the registry ``before`` had and this one has not; whoever withdrew is in both.

    Before and after a rotation of the transit key, a person has two digests.
    """
    if before is None or before.purpose != consent.purpose:
        return 0
    if not before.listed:
        return max(0, before.people - consent.registered)
    keys = private.keys.derivations(KeyRole.TRANSIT, _FOLDER)
    return len({*before.listed}.difference(*(_digest_people(key, consent) for key in keys)))


def _digest_people(key: bytes, consent: ConsentSnapshot) -> set[str]:
    return {keyed_digest(key, b"listed", user.encode()) for user in consent.listed}


def read_record(private: PrivateState, dataset: str) -> ConsentRecord | None:
    """Read what the last run of a dataset saw; ``None`` before the first."""
    return read_sealed(private, _FOLDER, dataset, lambda form: ConsentRecord(**form))


def list_purposes(private: PrivateState) -> frozenset[str]:
    """List the purposes for which the datasets of private state were run last."""
    # what people took out lies in a folder of its own below
    datasets = [name for name in list_sealed(private, _FOLDER) if "/" not in name]
    records = (read_record(private, dataset) for dataset in datasets)
    return frozenset(record.purpose for record in records if record is not None)


def keep_record(private: PrivateState, dataset: str, record: ConsentRecord) -> None:
    """Keep what a run saw, in place of what the run before it saw."""
    keep_sealed(private, _FOLDER, dataset, asdict(record))


def check_shrunk(now: ConsentRecord, before: ConsentRecord | None, settings: ConsentSettings, path: str) -> None:
    """Raise ``RefusedError`` where a registry names nobody for the purpose, or far fewer people than ``before``.

    With ``max_drop`` 0.2: 10 people after 12 pass, 9 do not; 3 after 4 pass, because one person may always go.
    """
    if not now.people:
        raise RefusedError(
            f"the consent registry {path} has no row for the purpose of this run, {now.purpose!r}: nobody agreed to "
            "it; correct --purpose, or the registry's column purpose, which must be spelled alike, or restore the "
            "registry; nothing was read and nothing charged"
        )
    if before is None or before.purpose != now.purpose:
        return
    gone = before.people - now.people
    if gone > 1 and gone > settings.max_drop * before.people:
        raise RefusedError(
            f"the consent registry {path} names over {settings.max_drop:.0%} fewer people than the last run of the "
            "dataset saw; nothing was read and nothing charged. Restore it if it was cut short; if these people left, "
            "run once with --set consent.max_drop=1 (who withdraws stays in it, with withdrawn_at)"
        )


def digest_rows(keys: KeySet, rows: str) -> tuple[str, ...]:
    """Digest the rows of a registry (``ConsentSnapshot.rows``) by the present key, then by retired ones."""
    derived = keys.derivations(KeyRole.TRANSIT, "registry-digest")
    return tuple(keyed_digest(key, b"registry", rows.encode()) for key in derived)
