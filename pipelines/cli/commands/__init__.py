"""Commands, one module a topic: add arguments, call one operation, answer.

In: parsed arguments. Out: an ``Answer`` for machines and people, with notes and an exit code.
Start reading in ``pause``, a short one.
"""
