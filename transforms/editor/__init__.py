"""Model of a text field: the text that a series of edits leaves.

In: key events, values, selections. Out: text, caret, drafts.
Start reading in ``buffer``.
"""
