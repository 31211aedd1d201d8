"""Text tools of the redaction: spans, folding, markup, word lists, prefilter.

In: texts. Out: folded texts, offsets, candidates.
Start reading in ``spans``.
"""
