"""Description of a release that a data-loader worker can open it by; it holds no keys."""

import os
import warnings
from dataclasses import dataclass
from typing import Any

from keyveil.api import open_release
from keyveil.release import LATEST, Release, WithheldColumnsWarning


@dataclass(frozen=True, slots=True)
class Address:
    """Arguments of ``open_release``; ``keys`` is the reader's key file, which every process opens for itself."""

    uri: str
    release: str
    keys: str
    filesystem: Any | None = None

    def open(self) -> Release:
        """Return the release; ``resolve`` has already warned of withheld columns."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", WithheldColumnsWarning)
            return open_release(self.uri, self.release, keys=self.keys, filesystem=self.filesystem)


def resolve(
    uri: str, release: str = LATEST, *, keys: str | os.PathLike[str], filesystem: Any | None = None
) -> tuple[Address, Release]:
    """Open a release and return it with the address of exactly that one, so that every worker reads the same."""
    opened = open_release(uri, release, keys=keys, filesystem=filesystem)
    named = LATEST if opened.folder.shown == uri.rstrip("/") else opened.manifest.release_id
    return Address(uri, named, os.fspath(keys), filesystem), opened
