"""Check everything that nights need before the first one: settings, keys, consent, places, job, machine.

In: the settings of the nights. Out: a verdict; nothing is changed, and no recording is read.
Start reading in ``examine``.
"""
