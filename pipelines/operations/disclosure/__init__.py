"""Disclosure: where rows of releases turn up, and who can have read them.

In: private state, and a file that was found elsewhere. Out: the releases it comes from, with the holders of their keys.
Start reading in ``trace_leak``.
"""
