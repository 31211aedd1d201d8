"""Formats of desktop recorders: databases, exports and containers of keys, pointers and windows.

In: a file of a recorder. Out: canonical events.
Start reading in ``openadapt``; each module is one format, with its table of what becomes of what.
"""
