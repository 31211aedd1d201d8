"""The capabilities of keyveil, one package each: plain functions on frozen records, and one Beam stage.

In: raw sessions. Out: shards, tables, counts.
Start reading in ``redact.batch``; docs/architecture.md is the map.
"""
