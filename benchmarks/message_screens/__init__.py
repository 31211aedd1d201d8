"""Survival of incoming messages, and loss of other text, in windows that no name tells (``withhold_incoming``).

Screens are made up as trees of nodes: messages in layouts of chats, mail, comments, captions and calendars, and other
screens (forms, tables, files, menus, results, logs). The families:

    A  plain_layouts     chats, mails and comments as lists of nodes; at hand when the rule was written
    B  nested_layouts    the same inside one another, beside other things, or without roles
    C  thread_layouts    threads, panes, mails of one subject, a review
    D  part_layouts      messages that are a small part of a page or window: support chats, notes, posts
    E  unknown_windows   windows with names and sites of their own; unknown_windows_text: text alone
    F  broken_lines      words in pieces, beside other words, cut off, quoted and misread

B, C and D were each written before the rule was tried on them, and read afterwards where it failed: the figures of
their first trial are in ``docs/measurements.md``. Sentences are those of ``wild_sentences.txt`` in 12 languages, and
English. One author wrote A to F and the rule. ``office`` shows applications that are really used, under their names,
with sentences of ``office_sentences.txt`` in five languages; ``office-unnamed`` shows them in windows that nothing
names, ``office-text`` without nodes. ``senders``, with the same endings, was written before the rule for senders: the
recorder's earlier lines have a sender, as programs show one, among quotes, answers, reactions, and people of nearly her
name. ``desks``, with the same endings, was written by somebody who had not read the rule, in eight languages.

In: the number of screens, families. Out: shares of lines that stay or are lost. Start reading in ``survival``.

Run: python -m benchmarks.message_screens [--screens N] [--unknown structure] [--show]
"""
