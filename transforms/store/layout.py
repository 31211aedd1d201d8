"""Where the files of a dataset lie (contract, section 2)."""

import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from schemas.errors import FailedError, RefusedError, UsageError

_DATASET = re.compile(r"[a-z0-9][a-z0-9._-]{0,62}")
_RELEASE = re.compile(r"[a-z0-9]{8,64}")
_FILE = re.compile(r"(events|sessions|aggregates/[a-z0-9_-]{1,63})/[a-z0-9-]{1,100}\.parquet")


@dataclass(frozen=True, slots=True)
class ReleaseLayout:
    """Paths of one release; build it with ``release_layout``, which checks every part."""

    output: Path
    dataset: str
    release_id: str

    @property
    def home(self) -> Path:
        """Return the folder of the dataset."""
        return self.output / self.dataset

    @property
    def catalog(self) -> Path:
        """Return the one mutable file: the pointer to the current release."""
        return self.home / "catalog.json"

    @property
    def folder(self) -> Path:
        """Return the folder of the release."""
        return self.home / "releases" / self.release_id

    @property
    def manifest(self) -> Path:
        """Return the signed manifest, the commit of the release."""
        return self.folder / "manifest.dsse.json"

    def file(self, relative: str) -> Path:
        """Return a data file of the release; raise ``FailedError`` where the name could lead elsewhere."""
        if not _FILE.fullmatch(relative):
            raise FailedError("a release names a data file outside its folders; the manifest or the run is damaged")
        return self.folder / relative


def local_folder(uri: str) -> Path:
    """Return the folder behind a path or ``file:`` address; raise ``RefusedError`` for a bucket."""
    if uri.startswith("gs:"):
        raise RefusedError(
            "this version writes to local folders only: it cannot yet prove that a bucket is restricted; "
            "name a local folder as --output"
        )
    parts = urlsplit(uri) if uri.startswith("file:") or "://" in uri else None
    if parts is not None and (parts.scheme != "file" or parts.netloc not in ("", "localhost")):
        raise UsageError("an output is a local folder, as a path or a file: address; no other scheme is supported")
    path = uri if parts is None else unquote(parts.path)
    if not path:
        raise UsageError("the output folder is empty; name a local folder as --output")
    return Path(path).expanduser().absolute()


def release_layout(output: str, dataset: str, release_id: str) -> ReleaseLayout:
    """Return the paths of a release; raise ``UsageError`` or ``RefusedError`` where a part is not allowed."""
    if not _DATASET.fullmatch(dataset):
        raise UsageError("a dataset name is 1 to 63 of a-z 0-9 . _ - and starts with a letter or digit")
    if not _RELEASE.fullmatch(release_id):
        raise UsageError("a release id is 8 to 64 of a-z 0-9")
    return ReleaseLayout(local_folder(output), dataset, release_id)
