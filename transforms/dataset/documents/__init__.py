"""Documents of a release: card, Croissant, HTML report.

In: the unsigned predicate of a manifest. Out: text whose hash is signed.
Start reading in ``render``.
"""
