"""Names and addresses of the files of a dataset (contract, section 2)."""

import re
from dataclasses import dataclass

from schemas.errors import FailedError, UsageError
from transforms.object_store.addresses import join_uri, normal_uri

CATALOG = "catalog.json"
"""The one mutable file of a dataset: the pointer to the current release."""
RELEASES = "releases/"
MANIFEST = "manifest.dsse.json"
"""In the folder of a release: its commit."""

DOCUMENTS = ("README.md", "croissant.json", "report.html")
"""In the folder of a release: its documentation."""

_DATASET = re.compile(r"[a-z0-9][a-z0-9._-]{0,62}")
_OUR_FILES = (".json", ".html", ".md", ".parquet", ".part")
_RELEASE = re.compile(r"[a-z0-9]{8,64}")
_FILE = re.compile(r"(events|sessions|aggregates/[a-z0-9_-]{1,63})/[a-z0-9-]{1,100}\.parquet")


@dataclass(frozen=True, slots=True)
class ReleaseLayout:
    """File names of one release; build it with ``release_layout``, which checks every part."""

    output: str
    dataset: str
    release_id: str

    @property
    def home(self) -> str:
        """Return the address of the dataset."""
        return join_uri(self.output, self.dataset)

    @property
    def folder(self) -> str:
        """Return the address of the release."""
        return join_uri(self.home, f"{RELEASES}{self.release_id}")

    @property
    def manifest(self) -> str:
        """Return the name of the signed manifest, the commit of the release."""
        return f"{RELEASES}{self.release_id}/{MANIFEST}"

    def document(self, name: str) -> str:
        """Return the name of a document; raise ``FailedError`` for any other file."""
        if name not in DOCUMENTS:
            raise FailedError("a release names a document that does not exist; the manifest or the run is damaged")
        return f"{RELEASES}{self.release_id}/{name}"

    def file(self, relative: str) -> str:
        """Return the name of a data file; raise ``FailedError`` if the path is outside the folders of the release."""
        return f"{RELEASES}{self.release_id}/{check_path(relative)}"


def check_path(relative: str) -> str:
    """Check the path of a data file within its release; raise ``FailedError`` if it is outside its folders."""
    if not _FILE.fullmatch(relative):
        raise FailedError("a release names a data file outside its folders; the manifest or the run is damaged")
    return relative


def check_dataset(name: str) -> None:
    """Raise ``UsageError`` if ``name`` is no valid name of a dataset."""
    if not _DATASET.fullmatch(name):
        raise UsageError("a dataset name is 1 to 63 of a-z 0-9 . _ - and starts with a letter or digit")
    if name == RELEASES[:-1] or ".." in name or name.endswith((".", *_OUR_FILES)):
        raise UsageError(
            f"a dataset name is not {RELEASES[:-1]}, has no two dots in a row and does not end in a dot or like a file "
            "(catalog.json); what lies there could be taken for something else"
        )


def release_layout(output: str, dataset: str, release_id: str) -> ReleaseLayout:
    """Build the layout of a release; raise ``UsageError`` if a part is not allowed."""
    check_dataset(dataset)
    if not _RELEASE.fullmatch(release_id):
        raise UsageError("a release id is 8 to 64 of a-z 0-9")
    return ReleaseLayout(normal_uri(output), dataset, release_id)


def release_at(address: str) -> ReleaseLayout:
    """Build the layout of the release at an address from a ledger."""
    home, _, release_id = address.rpartition(f"/{RELEASES}")
    output, _, dataset = home.rpartition("/")
    return release_layout(output, dataset, release_id)
