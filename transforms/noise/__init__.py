"""Noise on rows: released clocks, pointer positions, and the claims made about them.

In: redacted sessions. Out: safe sessions.
Start reading in ``stage``, then ``add_noise``.
"""
