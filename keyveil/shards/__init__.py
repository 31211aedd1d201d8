"""Open the shards of a release, and find a session in them.

In: the shards that a manifest signed. Out: fragments of verified bytes, and the rows of a session.
Start reading in ``verified_shards``.
"""
