"""The edges of the preflight: collect facts of a bucket or folder, show the verdict, watch over a run.

In: an address and an agreement. Out: facts for ``transforms.preflight`` and its verdict as page or text.
Start reading in ``watch``.
"""
