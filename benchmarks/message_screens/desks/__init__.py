"""Layouts of family ``desks``: screens of an office worker, written by somebody who had not read the rule.

30 layouts after mail readers, chats, calendars, meetings and tools of work that are really used, as their trees are
known (Windows UI Automation with the roles that an adapter gives, macOS, AT-SPI, Chrome, rrweb, lines of OCR); none is
recorded. The recorder's own lines are told by her name in 11 of them, by "You" or "Me" in the language of the program
in 9, by side, status or structure alone in 9, and by nothing in 1. People and sentences are made up (synthetic).

    outlook      inbox, conversation, sent mail, search, draft
    mail         other mail readers, and one as OCR lines
    chats        chats of teams, with channels and threads
    messengers   bubbles: group, one to one, text messages, OCR lines
    meetings     calendars, invitations, captions, side chats
    documents    comments, reviews, tickets, a wiki
    customers    notes on a customer, a support desk, a feed

In: conversations of ``talks``. Out: screens with their labels, drawn on a ``canvas``. Start reading in ``talks``.
"""
