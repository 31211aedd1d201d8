"""The last check of a redacted session: what its columns spell must hold no found value.

In: a redacted session and the values found. Out: a verdict by session.
Start reading in ``final_check``.
"""
