"""Recognizers: patterns with check digits and context, one kind of value a module.

In: a text. Out: spans.
Start reading in ``rule``; ``patterns.recognizers`` lists the modules.
"""
