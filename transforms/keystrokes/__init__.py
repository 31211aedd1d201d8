"""Reconstruct the text that key events typed.

In: RawSessions. Out: TypedSessions, the same events with fields and their texts.
Start reading in ``reconstruct``.
"""

from transforms.keystrokes.reconstruct import reconstruct

__all__ = ["reconstruct"]
