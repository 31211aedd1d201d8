"""Withhold the words of people who are on the recorder's screen and never agreed.

In: a batch of recorded sessions with its typed text. Out: the same batch, incoming messages replaced by a marker.
Start reading in ``withhold``.
"""
