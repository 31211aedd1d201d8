"""Pages for people: what an organisation does with all of them, and what is kept about one.

In: settings, the agreement about a place, private state. Out: HTML files of plain words that load and run nothing.
Start reading in ``worker_sheet`` and ``subject_report``; ``plain_page`` renders both.
"""
