"""Partition selection and noisy tables over all sessions.

In: RedactedSessions. Out: admitted values and NoisyAggregate tables.
Start reading in ``queries`` for tables, in ``tables.admit`` for admission: its rules are in ``partition_selection``,
and ``naming.hide_rare`` applies them to rows. ``stage`` puts both together.
"""
