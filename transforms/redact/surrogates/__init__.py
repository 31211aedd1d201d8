"""Draw fake values under a key and use the same one at each occurrence of a value.

In: found values. Out: their surrogates in every text of the session.
Start reading in ``surrogates``; made-up values come from ``reserved_values``.
"""
