"""Shards, their sealing, and the signed manifest that makes them a release.

In: safe sessions and noisy tables. Out: sealed Parquet, a manifest, a catalog.
Start reading in ``publish``; ``layout`` names the files.
"""
