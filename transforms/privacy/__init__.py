"""Differential privacy shared by noise and aggregates: mechanisms, accountant, ledger, run key.

In: settings and a keyed stream of uniform words. Out: noise, a charge, a statement of the guarantee.
Start reading in ``mechanisms`` and ``composition``; ``policy.yaml`` holds the defaults of epsilon and delta.
"""
