"""Record of what an earlier verification read, so that the next one reads what is new or changed, and one old release.

A release is unchanged if its manifest is the same and the listing of its place still describes each of its files as
when it was read: in a bucket by size and the digest that the service computes, in a folder by size, place on the disk
and the time of its last change, which programs cannot choose. Whoever may write the record can hide a change: keep it
where those who write to the output cannot.
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field
from operator import attrgetter

from schemas.errors import UsageError
from transforms.dataset.manifest import Manifest
from transforms.object_store.interface import ObjectMetadata

_FORM = "keyveil/verified/1"
_INDENT = 1


@dataclass(frozen=True, slots=True)
class ReadRelease:
    """A release that was read whole without a finding; ``files``: how the listing described each of its files.

    ``number`` grows with every verification that read something; ``decoded``: the rows were read too.
    """

    manifest_sha256: str
    number: int
    decoded: bool
    files: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ReadingRecord:
    """Releases of one dataset that were read before, by their id."""

    releases: Mapping[str, ReadRelease]

    def list_unchanged(self, described: Mapping[str, ObjectMetadata], *, decoded: bool) -> dict[str, ReadRelease]:
        """List the releases that need not be read: those whose files are as they were, but the one read longest ago.

        ``decoded``: rows can be read this time; a release whose rows were not read is read then.
        """
        same = {
            release_id: known
            for release_id, known in self.releases.items()
            if known.decoded >= decoded
            and all(name in described and describe(described[name]) == of for name, of in known.files.items())
        }
        oldest = min(same.values(), key=attrgetter("number"), default=None)
        return {release_id: known for release_id, known in same.items() if known is not oldest}


@dataclass(slots=True)
class Verification:
    """One verification: what it keeps of an earlier record, and the releases that it reads itself.

    ``described`` is the listing from before the first file was read: what changes later is read next time.
    """

    record: ReadingRecord
    described: Mapping[str, ObjectMetadata]
    decoded: bool
    unchanged: Mapping[str, ReadRelease] = field(init=False)
    kept: dict[str, ReadRelease] = field(default_factory=dict, init=False)
    read: int = field(default=0, init=False)
    compared: list[str] = field(default_factory=list, init=False)

    def __post_init__(self) -> None:
        self.unchanged = self.record.list_unchanged(self.described, decoded=self.decoded)

    def keep(self, release_id: str, manifest_sha256: str) -> bool:
        """Keep what is known of a release with this manifest; return false if it must be read."""
        known = self.unchanged.get(release_id)
        if known is None or known.manifest_sha256 != manifest_sha256:
            self.read += 1
            return False
        self.kept[release_id] = known
        self.compared.append(release_id)
        return True

    def add(self, manifest: Manifest, manifest_sha256: str, names: Collection[str]) -> None:
        """Add a release that was read whole without a finding; not one with a file that came after the listing."""
        if self.described.keys() >= {*names}:
            number = 1 + max((known.number for known in self.record.releases.values()), default=0)
            files = {name: describe(self.described[name]) for name in names}
            decoded = self.decoded or manifest.encryption == "none"
            self.kept[manifest.release_id] = ReadRelease(manifest_sha256, number, decoded, files)

    def result(self, only: str | None) -> ReadingRecord:
        """Return the next record; where ``only`` one release was verified, the others stay in it as they were."""
        others = {} if only is None else {known: of for known, of in self.record.releases.items() if known != only}
        return ReadingRecord({**others, **self.kept})


def describe(item: ObjectMetadata) -> str:
    """Describe a file by what its listing says of it."""
    return f"{item.bytes} {item.digest}"


def encode_record(records: Mapping[str, ReadingRecord]) -> bytes:
    """Serialise the records of datasets by their address."""
    datasets = {
        home: {release_id: asdict(known) for release_id, known in record.releases.items()}
        for home, record in records.items()
    }
    return json.dumps({_FORM: datasets}, sort_keys=True, indent=_INDENT).encode()


def decode_record(content: bytes | None, shown: str) -> dict[str, ReadingRecord]:
    """Parse the records of datasets; there are none before the first verification.

    Raises ``UsageError``, naming ``shown``, where the file is no such record.
    """
    if content is None:
        return {}
    try:
        datasets = json.loads(content)[_FORM]
        return {
            home: ReadingRecord({release_id: ReadRelease(**known) for release_id, known in releases.items()})
            for home, releases in datasets.items()
        }
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise UsageError(f"{shown} is no record of a verification; remove it, or name another file") from None
