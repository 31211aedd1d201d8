"""Proof of the settings of releases: which of them were made with a configuration that somebody shows.

A manifest holds only a keyed fingerprint of the settings, since an unkeyed one would confirm a guess about titles that
are denied or names that are the organisation's own. Whoever holds the key set computes it again.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.config import RunConfig
from pipelines.origin import code_digest
from pipelines.release.manifest import record_basis
from pipelines.release.prepare import digest_settings
from pipelines.state.private_state import PrivateState
from schemas.errors import UsageError
from transforms.dataset.manifest import Manifest


@dataclass(frozen=True, slots=True)
class SettingsProof:
    """Ids of the releases ``made`` with the settings, and of the rest.

    ``other`` were made by the code that runs here, with other settings; ``unknown`` by other code, which may have had
    other settings or defaults. ``other_basis`` are those of ``made`` whose manifest states another lawful basis, which
    is no part of the fingerprint.
    """

    made: tuple[str, ...]
    other: tuple[str, ...]
    unknown: tuple[str, ...]
    other_basis: tuple[str, ...] = ()


def prove_settings(config: RunConfig, private: PrivateState | None, manifests: Sequence[Manifest]) -> SettingsProof:
    """Compare the fingerprint of settings with those that manifests sign; raise ``UsageError`` without the key set."""
    if private is None:
        raise UsageError("--config takes the key set (--keys DIR): the fingerprint of settings is keyed")
    digests, code = digest_settings(private.keys, config), code_digest()
    made = [item for item in manifests if item.config_fingerprint in digests]
    others = [item for item in manifests if item.config_fingerprint not in digests]
    return SettingsProof(
        made=tuple(item.release_id for item in made),
        other=tuple(item.release_id for item in others if item.code_digest == code),
        unknown=tuple(item.release_id for item in others if item.code_digest != code),
        other_basis=tuple(item.release_id for item in made if item.basis != record_basis(config.basis)),
    )
