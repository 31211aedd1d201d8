"""The privacy budget of a release: plan, charge, report.

In: settings and the ledger. Out: a reserved and committed charge, or a refusal.
Start reading in ``release_plan``, which lists charges; ``account`` reserves them and states their epsilon, added
up by ``transforms.privacy.composition.spent_epsilon``; ``charge`` commits them.
"""
