"""Steps that an agent learns to act from: a screen, what was done before, and the next action.

In: a release. Out: steps with random access, in the format of a trainer.
Start reading in ``step_sequence``; ``places`` and ``placed_actions`` put nodes, and the
clicks on them, where they stood.
"""
