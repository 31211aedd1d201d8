"""Placement of shards, adopting those of earlier attempts: same clear content, other sealed bytes.

The name of a shard is a keyed digest of its clear content, so an object under that name can be verified: it opens with
the data key and gives the name again.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from schemas.errors import FailedError
from transforms.dataset.codec import decode
from transforms.dataset.layout import MANIFEST
from transforms.dataset.manifest import ShardRecord
from transforms.dataset.shards import shard_name
from transforms.keys.key_set import KeyRole, KeySet
from transforms.object_store.interface import ObjectStore

_ATTEMPTS = 5


def naming_key(keys: KeySet, release_id: str) -> bytes:
    """Derive the key of the shard names of one release."""
    return keys.derive(KeyRole.TRANSIT, "shards", release_id)


@dataclass(frozen=True, slots=True)
class ShardPlacer:
    """Placer of the shards of one release: the objects of ``store`` whose names begin with ``folder``."""

    store: ObjectStore
    folder: str
    release_id: str
    keys: KeySet

    def place_once(self, record: ShardRecord, source: memoryview | Path) -> ShardRecord:
        """Write ``source`` under its name unless an earlier attempt wrote the same rows; return the valid record.

        ``source`` is the sealed content or a staged file that holds it, and ``record`` describes it. A torn or foreign
        object under the name is removed. Raises ``FailedError`` if a staged file is gone and its name is free, or if
        the object belongs to a sealed release.
        """
        name = self.folder + record.path
        for _ in range(_ATTEMPTS):
            if self._put(name, source):
                return record
            found = self._adopt(name, record.path)
            if found is not None:
                return found
            if self.store.exists(self.folder + MANIFEST):
                raise FailedError(f"{self.store.uri}/{name} is damaged and its release is sealed; restore it")
            if isinstance(source, Path) and not source.exists() and not self.store.exists(name):
                raise FailedError("a staged shard is gone before it was published; run again with a fresh state folder")
            self.store.delete(name)
        raise FailedError(f"{self.store.uri}/{name} is overwritten by another program; stop it and run again")

    def _put(self, name: str, source: memoryview | Path) -> bool:
        if isinstance(source, Path):
            return source.exists() and self.store.move_in(name, source)
        return self.store.put_if_absent(name, source)

    def _adopt(self, name: str, path: str) -> ShardRecord | None:
        """Return the record of an existing object, ``None`` if it is absent or its rows do not give its name."""
        seen = self.store.get(name)
        if seen is None:
            return None
        try:
            table = decode(seen.content, self.keys.reader())
        except FailedError:
            return None
        file = path.rpartition("/")[2]
        shard = file.partition("-")[0]
        naming = naming_key(self.keys, self.release_id)
        if not shard.isdecimal() or shard_name(naming, int(shard), table) != file:
            return None
        return ShardRecord(path, table.num_rows, len(seen.content), hashlib.sha256(seen.content).hexdigest())
