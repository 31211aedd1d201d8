"""Draw fake values under a key and use the same one at each occurrence of a value.

In: found values. Out: their surrogates in every text of the session.
Start reading in ``surrogates``; made-up values and the words of names come from
``reserved_values``, and ``propagate.Lexicon`` puts names of people and their mail addresses together.
"""
