"""Command line: parse words, run one command, print its answer.

In: the words of a command line. Out: text or JSON on stdout, lines on stderr, an exit code.
Start reading in ``main``; ``commands`` holds one module a topic.
"""
