"""Partition selection and noisy tables over all sessions.

In: RedactedSessions. Out: admitted values and NoisyAggregate tables.
Start reading in ``queries``, then ``stage``.
"""
