"""Description of a release that a data-loader worker can open it by; it holds no keys."""

import os
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from keyveil.api import open_chosen, open_release
from keyveil.episodes import Episodes
from keyveil.read_plan import ReadPlan
from keyveil.release import LATEST, Release, WithheldColumnsWarning
from keyveil.several_releases import EpisodesOfReleases


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


@dataclass(frozen=True, slots=True)
class Choice:
    """Addresses of the releases that were asked for; ``is_list`` where ``releases=`` asked for them."""

    addresses: tuple[Address, ...]
    is_list: bool

    def episodes(self, plan: ReadPlan) -> Episodes | EpisodesOfReleases:
        """Open the releases and return their sessions."""
        found = [address.open() for address in self.addresses]
        return EpisodesOfReleases(found, plan) if self.is_list else Episodes(found[0], plan)


def resolve(
    uri: str, release: str = LATEST, *, keys: str | os.PathLike[str], filesystem: Any | None = None
) -> tuple[Address, Release]:
    """Open a release and return it with the address of exactly that one, so that every worker reads the same."""
    choice, (opened,) = choose(uri, release, None, keys=keys, filesystem=filesystem)
    return choice.addresses[0], opened


def choose(
    uri: str,
    release: str,
    releases: str | Sequence[str] | None,
    *,
    keys: str | os.PathLike[str],
    filesystem: Any | None = None,
) -> tuple[Choice, tuple[Release, ...]]:
    """Open the releases that were asked for; return the addresses of exactly these, and them."""
    found = open_chosen(uri, release, releases, keys, filesystem, stacklevel=3)
    names = [LATEST if each.folder.shown == uri.rstrip("/") else each.manifest.release_id for each in found]
    addresses = tuple(Address(uri, name, os.fspath(keys), filesystem) for name in names)
    return Choice(addresses, releases is not None), found
