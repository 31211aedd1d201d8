"""A record of the lawful basis, as a run into a bucket needs one; made up."""

SETTINGS = (
    "basis.ground=legitimate_interests",
    "basis.dpia=DPIA-12",
    "basis.agreement=WA-7",
    "basis.consulted=2026-01-15",
    "basis.reviewer=data protection officer",
    "basis.expires=9999-12-31",
    "basis.contact=privacy@example.com",
)

WORDS = [word for setting in SETTINGS for word in ("--set", setting)]
"""The same for a command line."""
