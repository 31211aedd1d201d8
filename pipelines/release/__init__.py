"""Make one release: prepare, charge, run the graph, publish.

In: a run request. Out: a committed release.
Start reading in ``run``; ``graph`` wires the stages.
"""
