"""Recorder formats: detect a file's format and map its events to the canonical log.

In: a file of a recorder. Out: canonical events.
Start reading in ``registry``; ``adapter`` is the protocol.
"""
