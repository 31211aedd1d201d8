"""Read recordings into whole sessions of raw events.

In: files of any known recorder. Out: RawSessions, rejects, counts.
Start reading in ``stage``, then ``formats``.
"""
