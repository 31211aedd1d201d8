"""Layouts of family ``senders``, written before the rule for senders: earlier lines of the recorder have a sender.

In: conversations of ``talks``. Out: screens with their labels. Start reading in ``chats``.
"""
