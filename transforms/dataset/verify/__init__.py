"""Verify a dataset: signatures, hashes, rows, planted values.

In: an output and keys. Out: findings.
Start reading in ``dataset``.
"""
