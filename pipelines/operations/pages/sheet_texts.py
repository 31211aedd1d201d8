"""Sentences of the worker sheet about recordings and releases: fixed ones, and those that one setting chooses."""

from schemas.privacy import Profile
from transforms.redact.settings import Bystanders

NOT_STATED = "Your organisation has not stated this yet. Ask before you take part."

GROUNDS = {
    "consent": "The ground is your yes. It must be free, and a no must do you no harm. Ask whether the list has it.",
    "contract": "Your organisation says that it is needed for a contract with you.",
    "legal_obligation": "Your organisation says that a law asks it to do this.",
    "vital_interests": "Your organisation says that it is needed to save somebody's life or health.",
    "public_task": "Your organisation says that a task in the public interest needs it. You can object.",
    "legitimate_interests": (
        "Your organisation says that it has an interest in this, which it weighed against yours. You can object."
    ),
    "other_law": "Another law than the GDPR applies. Ask which one.",
}

BRIEF_RECORDED = "A recorder notes your work as it is, with real names and times."
BRIEF_RELEASED = {
    Profile.RESTRICTED: (
        "Then a program replaces names, addresses, phone and account numbers and other personal values. It misses "
        "some. Amounts and other words stay."
    ),
    Profile.EVENTS: (
        "Then a program replaces names, addresses, phone and account numbers and other personal values. It misses "
        "some. Amounts and other words stay."
    ),
    Profile.AGGREGATES: "Then a program makes tables of numbers about many people. No row of yours is in them.",
}
BRIEF_AGREED = "Recordings of you are used only if you are on the list of people who said yes."
BRIEF_PAUSE = "The recorder does not stop for a pause. Later releases leave out what it notes then."
BRIEF_CONTACT = (
    "To pause, say no, see what is kept, have it deleted or complain, turn to {contact}. Do not write from this "
    "computer: that is recorded too."
)
BRIEF_NO_CONTACT = "Whom to ask is not stated here: ask before you take part."

RECORDED = (
    "A recording holds your work as it is: real names, real times, what others write to you, and with some recorders "
    "pictures."
)
RECORDERS = "Ask what yours keeps, and who can read it."
RELEASES = {
    Profile.RESTRICTED: "From recordings a program makes releases: files without the personal values that it finds.",
    Profile.EVENTS: "From recordings a program makes releases: files without the personal values that it finds.",
    Profile.AGGREGATES: "From recordings a program makes releases: files with tables of numbers.",
}
WORDS = "A session is a stretch of work that is recorded as one."
KEPT = {
    Profile.RESTRICTED: "Your sessions, row by row. A row is a step, such as a key or a click.",
    Profile.EVENTS: "Short pieces of sessions, without a name and without saying which belong together.",
    Profile.AGGREGATES: "Only tables of numbers about everybody together are kept. No row of yours is.",
}
TABLES = "tables of numbers about many people together, each changed at random"
KEPT_OF_YOU = (
    "each key that you press, and what you type, copy and paste",
    "the words on your screen, and the titles and addresses of windows",
)
WHERE = ("where you click, drag and scroll", "the tasks that you were given, if they are noted")
NEVER = (
    "pictures, sound and video",
    "what you type into a password field: one fixed word stands there",
    (
        "what you do in private windows, and in listed programs and sites: password managers, many banks, health and "
        "personnel sites. A mark stays, and perhaps the moments before the program sees where you are. Ask for the list"
    ),
)
PURPOSE = (
    "With it, programs called models are trained and tested, which use a computer as people do (artificial "
    "intelligence, AI)."
)
READ_RECORDINGS = "Whoever can read a recording could measure all of it."

SESSIONS = "how many of your sessions it holds: all have one made-up name, another one in each release"
STEPS = (
    "which programs and sites you used, in which order; rare ones are called other, but what you type may name them",
    "your steps: which keys, clicks and scrolls, and how many",
    "your drafts: what you typed and took back, your typing mistakes, how you write",
)
LAYOUT = "your system and the layout of your keyboard, where enough people share them"
ROUGH_SPEED = "roughly how fast you worked, and when you had a break"
NO_ALONE = "Nothing about you alone: the tables hold numbers about many people, with noise on each."
NO_TIMES = "Your speed and your breaks: no times are kept."
MADE_TIMES = "Your speed and your breaks: the times are made up from how {people}."
NOISY_TIMES = "Your exact speed: each time has noise on it."
NO_MOTION = "How your hand moves: only what you clicked on is kept."
NOISY_PLACES = "Exactly where you pointed: each place has noise on it."
NO_CLOCK = (
    "The hour: no row has one, and the clock of the computer is replaced where it is found. Other times and dates on a "
    "screen may stay."
)
NO_NAME = "Your login. But somebody who knows how you work may recognise you by your words and clicks."

MARKS = (
    "Marks of when you worked, without words, stay for {days} so that copies are noticed. The next release after "
    "that removes them."
)
SET_ASIDE = "What the program cannot read, or must not release, is set aside as it is, locked."
RECORDINGS = (
    "Recordings: your organisation says that it deletes them after {days}, counted from the day of recording. "
    "This program does not check that."
)
NO_RECORDINGS = "How long recordings are kept is not stated here: ask."
WHILE_MADE = "This goes only while releases are made. When they end, somebody must delete what is left."

OTHERS = {
    Bystanders.SURROGATE: "what other people write to you, where it stands on your screen; their names are replaced",
    Bystanders.WITHHOLD_INCOMING: (
        "that others wrote to you in mail, chats, calendars and meetings; their words are left out where the program "
        "recognises them"
    ),
    Bystanders.DROP_SCREEN: (
        "that a mail, chat, calendar or meeting was on your screen; what it showed is left out where the program "
        "recognises it"
    ),
}
UNKNOWN = (
    "of a window that the program does not know: what you typed, common words, numbers, short names of buttons and "
    "fields; no more"
)
ON_A_SCREEN = "This is for people who never agreed, and stand on the screen of somebody who is recorded."
WORDS_OF_OTHERS = {
    Bystanders.SURROGATE: "What you wrote to the colleague stays. The values above are replaced in it.",
    Bystanders.WITHHOLD_INCOMING: (
        "What you wrote in mail, chats, calendars and meetings is left out where the program recognises it. What the "
        "colleague typed or pasted stays, even if it repeats you. Elsewhere, as in a document, your words may stay; "
        "the values above are replaced in them."
    ),
    Bystanders.DROP_SCREEN: (
        "What a mail, chat, calendar or meeting showed of you is left out where the program recognises it. What the "
        "colleague typed or pasted stays, even if it repeats you."
    ),
}
NAMES_OF_OTHERS = "Your name, addresses and numbers are replaced where the program finds them. It misses some."
LISTED_NAMES = "The program was given a list of names to find. Ask whether yours is on it."
NO_LISTED_NAMES = "The program was given no list of names to find. Ask for one with yours on it."
STILL_RECORDED = "The recording shows you as you are, until it is deleted."
NOBODY_LOOKS = "A release does not list who was on a screen, so the program can make no report about you."
NO_WORD_OF_OTHERS = "A release holds numbers alone, and no word that you wrote or that names you."
ASK_TOO = (
    "You can ask, object and complain too, by the same contact. On which ground you are recorded is not stated here: "
    "ask."
)
NAME_A_WORD = {
    Profile.RESTRICTED: (
        "Name a word that must never be kept: later releases leave it out. In earlier ones it stays until they, or the "
        "rows of the colleague, are deleted."
    ),
    Profile.EVENTS: (
        "Name a word that must never be kept: later releases leave it out. In earlier ones it stays until they are "
        "deleted."
    ),
}
