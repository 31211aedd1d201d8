"""Judgement of single words as names: by their class and place, by their spelling, by scripts without capitals.

In: words of a line. Out: whether each is a name; spans of names in some scripts.
Start reading in ``word_judgement``.
"""
