"""Private state that outlives a run: ledger, tombstones, quarantine, pause switch, population model.

In: an address. Out: records that are sealed or keyed.
Start reading in ``private_state``.
"""
