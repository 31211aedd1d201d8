"""Output of runs: named once, by the command line, and passed down open."""

from dataclasses import dataclass
from pathlib import Path

from schemas.errors import RefusedError
from transforms.dataset.layout import CATALOG, RELEASES, check_dataset
from transforms.object_store.addresses import is_bucket, join_uri, normal_uri, open_store
from transforms.object_store.interface import ObjectStore


@dataclass(frozen=True, slots=True)
class Output:
    """Folder or bucket that holds datasets and the pause switch; ``uri`` is its one normal address."""

    uri: str
    store: ObjectStore

    @classmethod
    def at(cls, address: str) -> "Output":
        """Open the output at an address; raise ``UsageError`` if that is neither a folder nor a bucket."""
        uri = normal_uri(address)
        return cls(uri, open_store(uri))

    @property
    def is_bucket(self) -> bool:
        """Return whether the output is in a bucket, which other machines read too."""
        return is_bucket(self.uri)

    def datasets(self) -> list[ObjectStore]:
        """Open the store of each dataset that has a catalog."""
        names = (name.split("/") for name in self.store.names())
        return [self.dataset(parts[0]) for parts in names if parts[1:] == [CATALOG]]

    def dataset(self, name: str) -> ObjectStore:
        """Open the store of a dataset."""
        return open_store(join_uri(self.uri, name))

    def check_dataset(self, name: str) -> None:
        """Raise a ``KeyveilError`` if the name of a dataset is not allowed, or its folder is a link."""
        check_dataset(name)
        if self.is_bucket:
            return
        home = Path(self.uri) / name
        for folder in (home, home / RELEASES):
            if folder.is_symlink():
                raise RefusedError(f"{folder} is a link, which is not followed; put the real folder in its place")
