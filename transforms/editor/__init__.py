"""Model of a text field: the text that a series of edits leaves.

In: key events, values, selections. Out: text, caret, drafts; and the columns that key events share.
Start reading in ``buffer``.
"""
