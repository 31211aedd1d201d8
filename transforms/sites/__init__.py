"""Sites of addresses, read as a browser reads them.

In: an address. Out: the name of its site, and of every other site that it may name.
Start reading in ``addresses``.
"""
