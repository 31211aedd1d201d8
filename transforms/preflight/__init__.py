"""Judge whether the place of a release is as restricted as was agreed; a pure verdict on collected facts.

In: facts and a policy. Out: findings with a remedy.
Start reading in ``verdict``.
"""
