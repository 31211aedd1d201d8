"""Scheduled runs: stage each day, release once a window.

In: the logs of new days. Out: sealed staged sessions, and one release a window.
Start reading in ``run``; ``journal_state`` says what earlier nights did, ``night_summary`` decides whether a day lacks
its logs or nothing of them is kept, and warns.
"""
