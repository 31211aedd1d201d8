"""Operations on what was released: verify, erase, retire.

In: an output and keys. Out: a rewritten or checked dataset.
Start reading in ``erase``.
"""
