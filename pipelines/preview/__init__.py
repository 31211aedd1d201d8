"""Show one person's own session before and after, on one page that never leaves the machine.

In: a recording. Out: an HTML page.
Start reading in ``rehearse``.
"""
