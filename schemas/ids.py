"""Identifiers that must not be mixed up."""

from typing import NewType

SessionId = NewType("SessionId", str)
"""What the recorder called a session. Raw: never released."""

UserId = NewType("UserId", str)
"""What the company calls a person. Raw: never released."""

Pseudonym = NewType("Pseudonym", str)
"""Keyed name of a session or user inside one release; fresh in every release."""

ReleaseId = NewType("ReleaseId", str)
"""Keyed digest of everything that decides a release's content."""
