"""What rests in private state, by the folders in which it lies."""

HELD = "held"
"""Raw rows of sessions that were not over."""

STAGED = "staged"
"""Redacted sessions that wait for the release of their window."""

CLOSED = "closed"
"""Keyed records of the sessions that were staged."""

KINDS = (HELD, STAGED, CLOSED)
