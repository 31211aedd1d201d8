"""Read a text of a picture as it may have been printed, before optical recognition misread some of its characters.

In: a text. Out: other readings of it, with offsets; keys and addresses that are found in spite of misread characters.
Start reading in ``readings``.
"""
