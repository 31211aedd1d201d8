"""The privacy budget of a release: plan, charge, report.

In: settings and the ledger. Out: a reserved and committed charge, or a refusal.
Start reading in ``release_plan``, which lists charges: those of ``transforms.noise.charges`` and
``transforms.aggregate.charges``. ``account`` reserves them and states their epsilon at ``budget.delta``, which is
the setting ``noise.delta``, added up by ``transforms.privacy.composition.compute_epsilon``; ``charge`` commits them.
"""
