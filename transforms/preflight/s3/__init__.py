"""Preflight of a bucket of S3: whether it is as restricted as agreed.

In: collected facts and the agreement. Out: a verdict.
Start reading in ``checks``.
"""
