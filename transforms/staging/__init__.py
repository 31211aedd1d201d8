"""Sealed sessions that wait between nightly runs.

In: raw sessions that are still open, redacted sessions of a window. Out: the same, later.
Start reading in ``session_end``, which decides when a session is closed (``schedule.idle_minutes`` is in ``settings``);
then ``stage``. Sessions that are too long are cut by ``transforms.ingest.split_sessions``.
"""
