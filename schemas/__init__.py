"""The data contract: raw and released types, vocabulary, errors, Arrow schemas; standard library and pyarrow alone.

In: nothing. Out: the types that stages hand to each other.
Start reading in ``raw`` and ``safe``.
"""
