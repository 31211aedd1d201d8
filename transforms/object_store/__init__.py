"""Object stores with compare-and-swap: local folders and Cloud Storage behind one interface.

In: an address. Out: objects by name.
Start reading in ``interface``.
"""
