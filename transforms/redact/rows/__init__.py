"""Rows of a redacted session: assemble, add, measure.

In: plans of fields and texts. Out: the rows of a release.
Start reading in ``assemble``.
"""
