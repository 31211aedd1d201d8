"""Formats of recorded agents, tests and flows: steps with targets, texts and keys, most without times.

In: a file of steps. Out: canonical events.
Start reading in ``opencua``; each module is one format, with its table of what becomes of what.
"""
