"""Show what a run does, without content: event log, metrics, progress, summary.

In: counts and steps. Out: JSON lines, OTLP metrics, a progress bar, a summary.
Start reading in ``summary``; ``event_log`` writes the lines of ``--journal`` and names the modules that tell events.
"""
