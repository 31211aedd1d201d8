"""Disclosure: what lies in a place beside what was agreed, who can read it, and where its rows turn up.

In: a place, its agreement, private state and audit log, or a file that was found elsewhere. Out: comparisons, readers,
or the releases that the file comes from with the holders of their keys. Start reading in ``review``, ``access_report``
and ``trace_leak``.
"""
