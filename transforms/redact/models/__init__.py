"""Token classifiers that find names and addresses.

In: texts. Out: spans with a score.
Start reading in ``entity_model``, then ``rampart``.
"""
