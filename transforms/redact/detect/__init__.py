"""Detect personal values in a text: patterns, labels, models, name lists.

In: texts. Out: spans with an entity.
Start reading in ``build``; add a pattern in ``recognizers``.
"""
