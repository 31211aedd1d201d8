"""Operations on what was released: verify, erase, retire.

In: an output and private state. Out: a rewritten or checked dataset.
Start reading in ``erase``, which lists all that an erasure touches; staged files are erased in ``nightly``.
"""
