"""Beam runners: options, Dataflow, worker set-up, and the check for unsealed shuffles.

In: a wired graph. Out: a finished job.
Start reading in ``beam_options``.
"""
