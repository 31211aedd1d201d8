"""Cut sessions into short chunks without session or user.

In: RedactedSessions. Out: the same rows as chunks.
Start reading in ``chunks``.
"""
