"""Nodes of a screen: lay out again what a redacted text could have moved.

In: the nodes of a recorded screen and which of them hold a redaction. Out: their released boxes.
Start reading in ``lay_out``.
"""
