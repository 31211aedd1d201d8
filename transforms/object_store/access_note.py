"""Access note: words about a run that Cloud Storage writes into the audit log beside every access."""

from collections.abc import Mapping

AUDIT_HEADER = "x-goog-custom-audit-"
"""Prefix of the headers that the service writes into the entry of an access, as they came."""
ACCESS_NOTE: dict[str, str] = {}
"""Headers of every request of this process; the client holds this very dictionary."""


def note_accesses(entries: Mapping[str, str]) -> None:
    """Let each later request carry ``entries`` (purpose, dataset, release), in place of those of an earlier call."""
    ACCESS_NOTE.clear()
    ACCESS_NOTE.update({f"{AUDIT_HEADER}{name}": value for name, value in entries.items()})
