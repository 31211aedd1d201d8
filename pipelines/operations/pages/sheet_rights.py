"""The part of the worker sheet about what people can do: agree, pause, withdraw, see, take out, complain, object."""

from datetime import date, timedelta

from pipelines.config import RunConfig
from pipelines.observe.text_table import count
from pipelines.operations.pages.plain_page import Passage, Section
from pipelines.operations.pages.release_pace import ReleasePace
from pipelines.operations.pages.sheet_texts import NOT_STATED
from schemas.privacy import Profile

AUTHORITIES = "https://edpb.europa.eu"
"""Page of the European Data Protection Board, which lists the authorities."""
OPEN_TO_OBJECTION = ("public_task", "legitimate_interests")
"""Grounds that a person may object to (Article 21 GDPR)."""
_WEEK = timedelta(days=7)
_WEEKS = 12
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

_LOGIN = "Say your login: recordings know you by it. You need not say why."
_NOT_FROM_HERE = "Use another computer, since this one records what you write, or a telephone."
_ANSWER = (
    "Where the GDPR applies, a law of the EU, your organisation must answer within a month of your message, or say by "
    "then why it takes up to two more."
)
_TAKE_PART = "Tell the contact. A yes counts from the day on the list: what was recorded before is not used."
_GO_ON = "This program cannot stop the recorder: ask who removes it, and when."
_NO = "A no needs no reason."
_NO_GROUND = "After it your organisation has no yes to record you by."
_STATE = (
    "Write to the contact, best before it begins: your login, the day, from when to when, and the city whose time it "
    "is."
)
_WEEKLY = "For every week, add the first and the last day, at most two years apart."
_END = "Give an end, at 24:00 at the latest. Past midnight it is a second pause."
_SESSIONS = "whole sessions are left out too: those that touch the pause or begin within a day after it."
_LATER = {
    ReleasePace.DAYS: (
        "Tell it on the same day, before the program reads that day in the night. You can tell it later, until the "
        f"release of that day is made. But then {_SESSIONS}"
    ),
    ReleasePace.ONCE: "You can tell it later too, until the next release is made: ask when that is.",
    ReleasePace.UNKNOWN: (
        "You can tell it later too, until the release is made: ask when that is. If the program reads recordings each "
        f"night, tell it on the same day. After that {_SESSIONS}"
    ),
}
_CHECK = "Ask later whether the last release obeyed it: the program can tell."
_PAUSED = (
    "The recorder goes on. Later releases leave out what it notes in that time, and after it until you change windows."
)
_EARLIER = {
    Profile.RESTRICTED: "Earlier ones stay until you are erased.",
    Profile.EVENTS: "Earlier ones stay.",
    Profile.AGGREGATES: "Earlier ones stay.",
}
_UNMARKED = {
    Profile.RESTRICTED: "Nothing in a release marks the pause. But later screens may show what you wrote in it.",
    Profile.EVENTS: "Nothing in a release marks the pause. But later screens may show what you wrote in it.",
    Profile.AGGREGATES: "Nothing in a release marks the pause.",
}
_COUNTED = "Those who run the program see how much all people together left out."
_WITHDRAW = (
    "Tell the contact that you withdraw. Later releases then hold nothing of yours.",
    "Ask who removes the recorder, and when.",
    "Ask to be erased: to withdraw deletes nothing. Whoever was erased cannot take part again.",
    "Ask for recordings, and copies that readers made, to be deleted, and by when: this program cannot do that.",
)
_GOES = {
    Profile.RESTRICTED: "An erasure takes out your rows in every release, what waits for one, and what was set aside.",
    Profile.EVENTS: "An erasure takes out what waits for a release, and what was set aside.",
    Profile.AGGREGATES: "An erasure takes out what waits for a release, and what was set aside.",
}
_STAYS = {
    Profile.RESTRICTED: "Tables and models that exist by then stay, and coded marks that keep you out.",
    Profile.EVENTS: (
        "Pieces in releases stay, as nobody can find yours. So do tables and models that exist by then, and coded "
        "marks that keep you out."
    ),
    Profile.AGGREGATES: "Tables and models that exist by then stay, and coded marks that keep you out.",
}
_SEE = (
    "Ask for a preview of a session: what was recorded beside what a release would hold. Say the day and the hour. "
    "Whoever makes it can read it."
)
_IN_TIME = "It needs the recording, which goes after {days}: ask in the first days."
_WHILE_KEPT = "It needs the recording: ask while that is kept."
_REPORT = "Ask too for a report of what is kept about you. After an erasure it should say: {said}."
_NO_ROWS = {
    Profile.RESTRICTED: "No release holds rows of yours",
    Profile.EVENTS: "No release holds rows under a name of yours",
    Profile.AGGREGATES: "No release holds rows under a name of yours",
}
_TAKE_OUT = (
    "Mark it in the preview, save the wishes file, and hand it to the contact, who can read it. Or name a word: it is "
    "left out wherever it stands. Later releases obey."
)
_COMPLAIN = (
    "Tell the contact, your works council ({council}), the data protection officer ({officer}), or the data protection "
    f"authority where you live. Those of the EU are listed at {AUTHORITIES}."
)
_ASK_FOR = "not stated here: ask"
_OBJECT = (
    "Tell the contact what in your own situation speaks against it. It must then stop, or your organisation must say "
    "why it may go on."
)


def write_rights(config: RunConfig, today: date, pace: ReleasePace) -> Section:
    """Write what people can do; the days of the example lie a week after ``today``."""
    basis, profile = config.basis, Profile(config.noise.profile)
    contact = (f"The contact is: {basis.contact}.",) if basis.contact else ()
    telephone = f"Telephone: {basis.telephone}." if basis.telephone else "No number is stated here: ask."
    days = basis.recordings_days
    in_time = _WHILE_KEPT if days is None else _IN_TIME.format(days=count(days, "day"))
    complain = _COMPLAIN.format(
        council=basis.works_council or _ASK_FOR, officer=basis.data_protection_officer or _ASK_FOR
    )
    passages = [
        Passage("Say yes or no", (_TAKE_PART, _describe_no(config))),
        _write_pause(config, today, pace),
        Passage("Withdraw", steps=_WITHDRAW, listed=(_GOES[profile], _STAYS[profile])),
        Passage("See", (f"{_SEE} {in_time}", _REPORT.format(said=_NO_ROWS[profile]))),
        Passage("Take something out", (f"{_TAKE_OUT} {_EARLIER[profile]}",)),
        Passage("Complain", (complain,)),
    ]
    passages += [Passage("Object", (_OBJECT,))] if basis.ground in OPEN_TO_OBJECTION else []
    where = (*contact, f"{_NOT_FROM_HERE} {telephone}", _LOGIN, _ANSWER)
    alert = () if basis.contact else (f"The contact: {NOT_STATED}",)
    return Section("What you can do", where, alert=alert, passages=passages)


def _describe_no(config: RunConfig) -> str:
    """Describe what follows a no: where a yes is the ground, nothing is left to record by."""
    follows = f" {_NO_GROUND}" if config.basis.ground == "consent" else ""
    return f"{_NO}{follows} {_GO_ON}"


def _write_pause(config: RunConfig, today: date, pace: ReleasePace) -> Passage:
    day = today + _WEEK
    example = (
        f"Example, with a made-up login. To {config.basis.contact or 'the contact'}:",
        f"I log in as anna.example. Please leave out what is recorded of me on {day}, 14:05 to 15:00, Berlin time.",
        f"And every {_WEEKDAYS[day.weekday()]} from 15:00 to 24:00, from {day} to {day + _WEEKS * _WEEK}.",
    )
    profile = Profile(config.noise.profile)
    known = (f"{_PAUSED} {_EARLIER[profile]}", _UNMARKED[profile], _COUNTED)
    return Passage("Pause", steps=(_STATE, _WEEKLY, _END, _LATER[pace], _CHECK), example=example, listed=known)
