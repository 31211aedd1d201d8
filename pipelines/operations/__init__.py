"""Operations on what was released: verify, erase, retire.

In: an output and private state. Out: a rewritten or checked dataset.
Start reading in ``erase``: releases, runs that were not sealed, staged rows, quarantine, tombstone and ledger.
"""
