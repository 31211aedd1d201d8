"""Key sets, pseudonyms and sealing.

In: a reference to a key set. Out: derived keys, pseudonyms, sealed bytes.
Start reading in ``key_set``.
"""
