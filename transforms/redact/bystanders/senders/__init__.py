"""Find what the recorder wrote before the session and is shown again, by its sender.

In: the screens of a session, what was typed in it, names of the directory. Out: lines that are the recorder's.
Start reading in ``own_messages``; ``items`` and ``sides`` read messages of lists, ``runs`` those of text, ``heads``
their senders.
"""
