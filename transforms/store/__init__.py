"""Shards, their sealing, and the signed manifest that makes them a release."""
