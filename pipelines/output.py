"""Output of runs: named once, by the command line, and passed down open."""

from dataclasses import dataclass

from transforms.dataset.layout import CATALOG
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
