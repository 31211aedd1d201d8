"""Find secrets of the organisation: its own name, projects, repositories, channels, tickets.

In: a text, only where ``redact.classes`` holds ``business``. Out: spans.
Start reading in ``detect_business``.
"""
