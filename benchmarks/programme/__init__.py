"""Simulation of a programme of many weeks, with a final check.

In: numbers of weeks, people and days a window. Out: conditions that do not hold, or counts and the cost.
Start reading in ``__main__``.
"""
