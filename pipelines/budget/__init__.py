"""The privacy budget of a release: plan, charge, report.

In: settings and the ledger. Out: a reserved and committed charge, or a refusal.
Start reading in ``charge``.
"""
