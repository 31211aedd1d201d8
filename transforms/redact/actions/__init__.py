"""Pointer events as actions on targets: one row an action, and nothing of how the hand moved.

In: pointer rows of a batch, its screens and windows. Out: for each action the row that it is released at, what was
done, and the box that it was done in. Start reading in ``release_actions``.
"""
