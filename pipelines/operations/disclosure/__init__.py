"""Disclosure: what lies in a place beside what was agreed, and where its rows turn up.

In: a place, its agreement and private state, or a file that was found elsewhere. Out: comparisons, or the releases that
the file comes from with the holders of their keys. Start reading in ``review`` and ``trace_leak``.
"""
