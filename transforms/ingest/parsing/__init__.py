"""Parse and check canonical events, line by line and column by column.

In: JSON lines. Out: Arrow blocks of valid events, and rejects.
Start reading in ``parse``.
"""
