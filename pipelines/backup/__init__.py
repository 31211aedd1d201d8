"""Backups of private state, from any place to any place.

In: an address of a state, or of a backup. Out: a copy of one moment, or that copy in an empty place.
Start reading in ``state_copy``.
"""
