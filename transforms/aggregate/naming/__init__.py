"""Names of applications and sites: put ``other`` where a name was not admitted.

In: redacted sessions and the admitted values. Out: the same sessions without what they may not name.
Start reading in ``hide_rare``.
"""
