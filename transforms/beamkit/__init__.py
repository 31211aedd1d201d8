"""Beam tools shared by all stages: sealed shuffle, coders, marks of safe output, safe errors.

In: Arrow tables and records. Out: sealed handles that a runner may move.
Start reading in ``sealed_shuffle``, whose ``Exchange`` writes and reads the sealed slices, and ``zones``.
"""
