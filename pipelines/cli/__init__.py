"""Commands: parse arguments, call one operation, print its result.

In: the words of a command line. Out: text or JSON on stdout, one line on stderr, an exit code.
Start reading in ``main``.
"""
