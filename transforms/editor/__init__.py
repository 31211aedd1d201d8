"""The model of a text field: which text a series of edits leaves.

In: key events, values, selections. Out: text, caret, drafts.
Start reading in ``buffer``.
"""
