"""Object stores with compare-and-swap: local folders, Cloud Storage and S3 behind one interface.

In: an address. Out: objects by name.
Start reading in ``interface``.
"""
