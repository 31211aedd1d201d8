"""The population model: how people type and point, learned under user-level differential privacy.

In: redacted sessions. Out: a model to draw times from.
Start reading in ``model``, then ``learn``.
"""
