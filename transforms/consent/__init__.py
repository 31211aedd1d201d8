"""Keep the sessions of people who agreed, and of nobody who was erased.

In: RawSessions and a registry. Out: RawSessions, counts.
Start reading in ``policy``. Who withdrew is kept out three times: here when a run begins, in ``staging`` when a window
is released, and by ``check_no_withdrawal_since`` of ``pipelines.release.prepare`` before anything is published.
"""
