"""Sentences of the worker sheet that no setting changes, and those that one setting chooses."""

from schemas.privacy import Profile
from transforms.redact.settings import Bystanders

NOT_STATED = "Your organisation has not stated this yet. Ask before you take part."

GROUNDS = {
    "consent": "Your organisation says that you said yes freely, and that a no does you no harm.",
    "contract": "It is needed for a contract with you.",
    "legal_obligation": "A law asks your organisation to do it.",
    "vital_interests": "It is needed to save somebody's life or health.",
    "public_task": "It is needed for a task in the public interest. You can object.",
    "legitimate_interests": "Your organisation has an interest in it that it weighed against yours. You can object.",
    "other_law": "Another law than the GDPR applies. Ask which one.",
}
OPEN_TO_OBJECTION = ("public_task", "legitimate_interests")
"""Grounds that a person may object to (Article 21 GDPR)."""

WORDS = (
    "A recording is what a recorder notes of your work, as it is.",
    (
        "A release is a set of files that a program makes from recordings, without the personal values that it finds. "
        "It is given to those who may read it."
    ),
    "Sealed means locked: only somebody who has the key, a long secret number, can open it.",
)
RECORDED = (
    (
        "The recorder notes your work as it is: the real names, the real times, and what others write to you. Some "
        "recorders keep pictures too. Ask what yours keeps, and who can read the recordings."
    ),
    "From recordings a program makes releases. The rest of this sheet is mostly about them.",
)
KEPT = {
    Profile.RESTRICTED: "Each of your sessions is kept as one row after another, under a made-up name.",
    Profile.EVENTS: "Short pieces of sessions are kept, without a name and without saying which belong together.",
    Profile.AGGREGATES: "Only tables of numbers about everybody together are kept. No row of yours is.",
}
TABLES = "where many people take part, tables of numbers about all of them together, each changed at random on purpose"
LIMITS = (
    "Personal values are found by a program. It misses some. What is kept is treated as confidential.",
    (
        "A list names programs and sites of which nothing is kept: password managers, and many banks, health and "
        "personnel sites. What is not on it is kept like anything else: ask for the list, or whether a site is on it. "
        "The moments before the program sees that a site is on it may be kept too."
    ),
)
NEVER = (
    "pictures, sound and video",
    "what you type into a password field: one fixed word stands in its place",
    "what you do in a private window, or in a program or site of that list; only a mark stays that one was open",
    "what is recorded while you had paused, if you told it before it was released (see Pause below)",
)
PURPOSE = (
    "With the data, programs are trained and tested that use a computer as people do (artificial intelligence, AI). "
    "Such a program is called a model."
)
MEASURED = "This is about releases. Whoever can read a recording could measure all of it."

NOT_FROM_HERE = (
    "A message that you write on this computer is recorded as well. Use another one, a telephone, or a pause."
)
ANSWER = (
    "Where the GDPR applies, the law of the EU about personal data, you must get an answer within a month. Or you must "
    "hear within it that it takes up to two more, and why."
)
TAKE_PART = (
    "Tell the contact. Recordings of you are used only if the list of people who agreed names you. A yes counts from "
    "the day that the list states: what was recorded before it is not used. A no needs no reason. After a no the "
    "recorder may go on: ask for it to be removed."
)
PAUSE = (
    "Tell the contact the day, from when to when, and the city whose time it is, best before it begins. You may ask "
    "for the same hours of every week too, up to a day that you name. What is recorded in that time is left out of "
    "each later release. You may tell it later too, until the release. Where runs are made by days, that is mostly "
    "the end of the week. If you tell it after the next night, more is left out: your whole sessions around that "
    "time. A release is the same as if nothing had been recorded. What was already released stays until you "
    "are erased. Later screens may show what you wrote in the pause. Those who run the "
    "program see how many events all people left out. The recorder itself does not stop. Ask later whether the "
    "last run obeyed your pause: the program can tell."
)
WITHDRAW = (
    "Tell the contact. The recorder may go on: ask for it to be removed. New releases then hold nothing of "
    "yours. That alone deletes nothing: ask to be erased as well."
)
ERASED = {
    Profile.RESTRICTED: "Then your rows leave every release. Tables of numbers, and models, that exist by then stay.",
    Profile.EVENTS: "Pieces without a name cannot be found again: they stay, and so do tables and models.",
    Profile.AGGREGATES: "Tables and models that exist by then stay.",
}
NO_WAY_BACK = "Whoever was erased cannot take part again."
SEE = (
    "Ask the contact for a preview of one of your sessions, while the recording is kept: a page that shows what "
    "was recorded beside what a release would hold. Say on which day and at what hour you worked. Whoever makes it for "
    "you can read it. Ask too for a report of what "
    "is kept about you. After an erasure it should say: No release holds data of yours."
)
TAKE_OUT = (
    "Mark it in the preview, save the wishes, and hand them to the contact. That file holds the "
    "words that you marked. Later releases obey it. Earlier ones stay until you are erased."
)
COMPLAIN = (
    "Tell the contact, your works council{council}, or the data protection authority where you live. In the "
    "EU the European Data Protection Board (edpb.europa.eu) lists them all."
)
ASK_FOR_COUNCIL = " (ask the contact how to reach it, if there is one)"
OBJECT = (
    "Tell the contact what in your own situation speaks against it. It must then stop, or your organisation "
    "must say why it may go on."
)

OTHERS = {
    Bystanders.SURROGATE: "what other people write to you, where it stands on your screen; their names are replaced",
    Bystanders.WITHHOLD_INCOMING: (
        "the fact that others wrote to you in mail, chats, calendars and meetings; their words are left out where the "
        "program recognises them"
    ),
    Bystanders.DROP_SCREEN: (
        "the fact that a mail, chat, calendar or meeting was on your screen; what it showed is left out where the "
        "program recognises it"
    ),
}
UNKNOWN = (
    "of a window that the program does not know: what you typed, common words of programs, numbers, and short names of "
    "buttons and fields; no more"
)
ON_A_SCREEN = "Somebody may never have agreed, and still stand on the screen of a colleague who is recorded. For them:"
WORDS_OF_OTHERS = {
    Bystanders.SURROGATE: "What you wrote to the colleague stays. The values above are replaced in it.",
    Bystanders.WITHHOLD_INCOMING: (
        "What you wrote in mail, chats, calendars and meetings is left out where the program recognises it. What the "
        "colleague typed or pasted stays, even if it repeats you."
    ),
    Bystanders.DROP_SCREEN: (
        "What a mail, chat, calendar or meeting showed of you is left out where the program recognises it. What the "
        "colleague typed or pasted stays, even if it repeats you."
    ),
}
NAMES_OF_OTHERS = (
    "Your name, addresses and numbers are replaced by made-up ones where the program finds them. It misses some."
)
LISTED_NAMES = "Your organisation gave the program a list of names, so that it finds them. Ask whether yours is on it."
NO_LISTED_NAMES = "The program was given no list of names to find. Ask for one with yours on it."
STILL_RECORDED = "The recording shows you as you are, until it is deleted."
NOBODY_LOOKS = "A release has no list of who was on a screen. It shows your name only where the program missed it."
NO_WORD_OF_OTHERS = "A release holds numbers alone, and no word that you wrote or that names you."
ASK_TOO = "You can ask, object and complain too, by the same contact."
RIGHTS_OF_OTHERS = (
    f"{ASK_TOO} Name a word that must never be kept, and when it was "
    "on whose screen, if you know it. Later releases then leave the word out wherever it stands."
)
