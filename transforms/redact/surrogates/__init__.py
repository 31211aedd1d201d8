"""Fake values: drawn under a key, looked up wherever a value stands again.

In: found values. Out: their surrogates in every text of the session.
Start reading in ``surrogates``; made-up values come from ``reserved_values``.
"""
