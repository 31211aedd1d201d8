"""Own text: words that the recorder typed in a session, and long sentences of the sessions before it.

In: typed sessions. Out: whether a line is the recorder's. Start reading in ``own_words``; ``typing_history`` collects
the sentences of other sessions, and ``stage`` moves them sealed.
"""
