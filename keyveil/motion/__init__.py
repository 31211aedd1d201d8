"""Make up the way of a pointer between two places; a release stores none.

In: two places and a seed. Out: times and positions. Start reading in ``trajectory``.
"""

from keyveil.motion.trajectory import Sample, path

__all__ = ["Sample", "path"]
