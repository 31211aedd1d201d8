"""Keep the sessions of people who agreed, and of nobody who was erased.

In: RawSessions and a registry. Out: RawSessions, counts.
Start reading in ``policy``.
"""
