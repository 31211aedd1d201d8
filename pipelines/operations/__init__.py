"""Operations on what was released: verify, erase, retire.

In: an output and private state. Out: a rewritten or checked dataset.
Start reading in ``erase``, whose first lines list all that an erasure touches, by module, and what stays.
"""
