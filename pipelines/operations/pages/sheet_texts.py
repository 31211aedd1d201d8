"""Sentences of the worker sheet about recordings and releases: fixed ones, and those that one setting chooses."""

from schemas.privacy import Profile
from transforms.redact.settings import Bystanders

NOT_STATED = "Your organisation has not stated this yet. Ask before you take part."

GROUNDS = {
    "consent": "The ground for your own recordings is your yes.",
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
_REPLACES = (
    "From it a program makes releases. It replaces names, addresses, phone and account numbers and other personal "
    "values. It misses some. Amounts and other words stay."
)
BRIEF_RELEASED = {
    Profile.RESTRICTED: _REPLACES,
    Profile.EVENTS: _REPLACES,
    Profile.AGGREGATES: (
        "From it a program makes releases: tables of numbers about many people. No row of yours is in them."
    ),
}
BRIEF_AGREED = "Your own recordings are used only if you are on the list of people who said yes."
BRIEF_PAUSE = "The recorder does not stop for a pause. Later releases leave out what it notes then."
BRIEF_CONTACT = (
    "To pause, say no, see what is kept, have it deleted or complain, turn to {contact}. But {stay} stay. Do not write "
    "from this computer, which records it."
)
BRIEF_STAY = {
    Profile.RESTRICTED: "tables and AI programs made from it",
    Profile.EVENTS: "pieces in releases, tables and AI programs made from it",
    Profile.AGGREGATES: "tables and AI programs made from it",
}
BRIEF_NO_CONTACT = "Whom to ask is not stated here: ask before you take part."

RECORDED = "A recording also holds what others write to you, and perhaps pictures."
RECORDERS = "Ask what yours keeps, and who can read it."
NO_DAYS = "This page cannot say which days releases cover. Ask whether you are in one."
WORDS = "A session is a stretch of work recorded as one."
KEPT = {
    Profile.RESTRICTED: "Your sessions, row by row. A row is a step: a key, a click.",
    Profile.EVENTS: "Short pieces of sessions, without a name and without saying which belong together.",
    Profile.AGGREGATES: "Only tables of numbers about everybody together are kept. No row of yours is.",
}
TABLES = "tables of numbers about many people, each changed at random"
KEPT_OF_YOU = (
    "the keys that you press, and what you type, copy and paste, but for what is left out",
    "the words on your screen, and the titles and addresses of windows",
)
WHERE = ("where you click, drag and scroll", "tasks that you were given, if noted")
NEVER = (
    "pictures, sound and video",
    "what you type into a password field",
    (
        "what you do in private windows, and in listed programs and sites: password managers, many banks, health and "
        "personnel sites. Ask for the list: what it lacks is not left out. A mark stays, perhaps the first moments too"
    ),
)
PURPOSE = "To train and test AI programs that use a computer as people do."
A_RECORDING_SHOWS = "But a recording shows your speed, breaks and hours."

SESSIONS = "how many of your sessions it holds, under one made-up name, another in each release"
STEPS = (
    "which programs and sites you used, in order; rare ones are called other, but what you type may name them",
    "your drafts: what you typed and took back, your typing mistakes, how you write",
)
LAYOUT = "your system and keyboard layout, where enough people share them"
ROUGH_SPEED = "roughly how fast you worked, and when you had a break"
NO_ALONE = "Nothing about you alone: the tables hold numbers about many people, with noise on each."
NO_TIMES = "Your speed, breaks and hours: no times are kept."
MADE_TIMES = "Your speed, breaks and hours: times are made up from how {people}."
NOISY_TIMES = "Your exact speed, and your hours: each time has noise on it, and none is one of the clock."
NO_MOTION = "How your hand moves: only what you clicked on is kept."
NOISY_PLACES = "Exactly where you pointed: each place has noise on it."
CLOCKS = "But times and dates on a screen may stay."
NO_NAME = "Your login. But somebody who knows you may recognise you by your words and clicks."

MARKS = (
    "Marks of when you worked, without words, stay for {days} so that copies are noticed. The next release after "
    "that removes them."
)
SET_ASIDE = "Some work cannot be released. It is set aside, locked and unchanged,"
RECORDINGS = "Recordings, your organisation says, are deleted {days} after they were made."
NO_RECORDINGS = "How long recordings are kept is not stated here: ask."
WHILE_MADE = "After the last release, somebody must delete what is left."

OTHERS = {
    Bystanders.SURROGATE: "what other people write to you, where it stands on your screen; their names are replaced",
    Bystanders.WITHHOLD_INCOMING: (
        "that others wrote in mail, chats, calendars and meetings; not their words, where the program recognises them"
    ),
    Bystanders.DROP_SCREEN: (
        "that a mail, chat, calendar or meeting was on your screen; what it showed is left out where the program "
        "recognises it"
    ),
}
UNKNOWN = (
    "from unknown programs and sites (as a bank on no list) only what you typed, common words, numbers, and short "
    "names of buttons and fields"
)
WORDS_OF_OTHERS = {
    Bystanders.SURROGATE: "What you wrote to the colleague stays, but for these values.",
    Bystanders.WITHHOLD_INCOMING: (
        "What you wrote in mail, chats, calendars and meetings is left out where the program recognises it. What the "
        "colleague typed or pasted stays, even your words. Words elsewhere, as in a document, may stay too."
    ),
    Bystanders.DROP_SCREEN: (
        "What a mail, chat, calendar or meeting showed of you is left out where the program recognises it. What the "
        "colleague typed or pasted stays, even your words."
    ),
}
NAMES_OF_OTHERS = "Your name, addresses and numbers are replaced where the program finds them. It misses some."
LISTED_NAMES = "The program has a list of names, which later releases replace. Ask whether yours is on it."
NO_LISTED_NAMES = "The program has no list of names. Ask for one with yours: later releases then replace them."
STILL_RECORDED = "The recording shows you as you are, until it is deleted."
NO_REPORT = "The program can make no report about you."
NO_WORD_OF_OTHERS = "A release holds numbers alone, and no word that you wrote or that names you."
ASK_TOO = (
    "You too can ask, object and complain, by the same contact. Give your name and addresses, not a login. Ask on "
    "which ground you are recorded."
)
NAME_A_WORD = {
    Profile.RESTRICTED: (
        "Stronger: name a word. Later releases leave it out wherever it stands. In earlier ones it stays until they, "
        "or the colleague's rows, are deleted."
    ),
    Profile.EVENTS: (
        "Stronger: name a word. Later releases leave it out wherever it stands. In earlier ones it stays until they "
        "are deleted."
    ),
}
