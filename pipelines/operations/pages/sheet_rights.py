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

_LOGIN = "Say your login, and be ready to show that it is you."
_NO_REASON = "You need not say why."
_NO_REASON_UNLESS = "You need not say why, unless you object."
_NOT_FROM_HERE = "A private address is fine: this computer records the answer too."
_ANSWER = (
    "Where the GDPR, an EU law, applies, you must get an answer within a month, "
    "or a reason why it takes up to two more."
)
_TAKE_PART = "Tell the contact. If anything was recorded before the day of your yes on the list, it is not used."
_GO_ON = "The recorder may go on until somebody removes it: ask who, and when."
_NO_GROUND = "A no must do you no harm. After it, you must not be recorded on the ground of a yes."
_STATE = "Write as in the example, best before it begins. Name the city whose time it is."
_WEEKLY = "For every week, say the weekday, its first date, and the last, at most two years later."
_END = "End it by 24:00: past midnight it is a second pause."
_SESSIONS = "whole sessions can be left out: those that touch the pause, and later ones."
_LATER = {
    ReleasePace.DAYS: (
        "Tell it on the same day, before the program reads that day in the night. You can tell it later, until the "
        f"release of that day is made. But then {_SESSIONS}"
    ),
    ReleasePace.ONCE: "You can tell it later, until the next release: ask when that is.",
    ReleasePace.UNKNOWN: (
        "You can tell it later, until the release: ask when that is. If the program reads recordings each "
        f"night, tell it on the same day. After that {_SESSIONS}"
    ),
}
_CHECK = "Ask after a release whether it obeyed: the program can tell."
_PAUSED = "Left out: everything from start to end, and what follows within a day until you switch to another window."
_EARLIER = {
    Profile.RESTRICTED: "Earlier releases keep it until you are erased.",
    Profile.EVENTS: "Earlier releases keep it.",
    Profile.AGGREGATES: "Earlier releases keep it.",
}
_UNMARKED = {
    Profile.RESTRICTED: "No release marks the pause, but later screens may show what you wrote in it.",
    Profile.EVENTS: "No release marks the pause, but later screens may show what you wrote in it.",
    Profile.AGGREGATES: "No release marks the pause.",
}
_SET_ASIDE = "Work that was set aside before (see below) stays."
_WITHDRAW = (
    "Tell the contact. Later releases then hold no session of yours. This alone deletes nothing.",
    "Ask to be erased (one message can ask for both). You cannot take part again then.",
    "Ask by when recordings, and copies that readers made, are deleted: this program cannot do that.",
)
_GOES = {
    Profile.RESTRICTED: "An erasure takes out your rows in every release, and what waits for one or was set aside.",
    Profile.EVENTS: "An erasure takes out what waits for a release or was set aside.",
    Profile.AGGREGATES: "An erasure takes out what waits for a release or was set aside.",
}
_STAY = "tables and AI programs that exist by then, and codes of you, so that you are not taken in again."
_STAYS = {
    Profile.RESTRICTED: f"What stays: {_STAY}",
    Profile.EVENTS: f"What stays: pieces in releases, as nobody can find yours, {_STAY}",
    Profile.AGGREGATES: f"What stays: {_STAY}",
}
_SEE = (
    "Ask for a preview of a day and hour: a page that shows a session as recorded and as released. Whoever makes it "
    "can read it. Open it in a browser on a computer that does not record you."
)
_IN_TIME = "It needs the recording, which your organisation says it deletes after {days}."
_WHILE_KEPT = "It needs the recording: ask while that is kept."
_REPORT = "Ask too for a report of what is kept. After an erasure it should say: {said}."
_NO_ROWS = {
    Profile.RESTRICTED: "No release holds rows of yours",
    Profile.EVENTS: "No release holds rows under a name of yours",
    Profile.AGGREGATES: "No release holds rows under a name of yours",
}
_TAKE_OUT = (
    "A time that is over: tell it as a pause, without a preview.",
    "A word: name it, and it is left out wherever it stands.",
    "Single steps: mark them in the preview, and hand the saved wishes file to the contact, who can read it.",
)
_OBEYED = "Later releases obey, earlier ones do not."
_COMPLAIN = (
    "Tell the contact, your works council ({council}), the data protection officer ({officer}), or the data protection "
    f"authority where you live (in the EU: {AUTHORITIES}). Ask too whether the contact or your boss can read releases "
    "or recordings."
)
_ASK_FOR = "not stated here: ask"
_OBJECT = (
    "Tell the contact what in your own situation speaks against it. It must then stop, or your organisation must say "
    "why it may go on."
)


def write_rights(config: RunConfig, today: date, pace: ReleasePace) -> Section:
    """Write what people can do; the days of the example lie a week after ``today``."""
    basis, profile = config.basis, Profile(config.noise.profile)
    reached = f"The contact is: {basis.contact}. " if basis.contact else ""
    reached += f"Telephone: {basis.telephone}." if basis.telephone else "No telephone number is stated here: ask."
    why = _NO_REASON_UNLESS if basis.ground in OPEN_TO_OBJECTION else _NO_REASON
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
        Passage("Take something out", listed=_TAKE_OUT, closing=(_OBEYED,)),
        Passage("Complain", (complain,)),
    ]
    passages += [Passage("Object", (_OBJECT,))] if basis.ground in OPEN_TO_OBJECTION else []
    where = (f"{reached} {_NOT_FROM_HERE}", f"{_LOGIN} {why}", _ANSWER)
    alert = () if basis.contact else (f"The contact: {NOT_STATED}",)
    return Section("What you can do", where, alert=alert, passages=passages)


def _describe_no(config: RunConfig) -> str:
    """Describe what follows a no: where a yes is the ground, nothing is left to record by."""
    begins = _NO_GROUND if config.basis.ground == "consent" else "A no needs no reason."
    return f"{begins} {_GO_ON}"


def _write_pause(config: RunConfig, today: date, pace: ReleasePace) -> Passage:
    day = today + _WEEK
    example = (
        f"Example with a made-up login, to {config.basis.contact or 'the contact'}:",
        f"My login is anna.example. Please leave out {day}, 14:05 to 15:00, Berlin time.",
        f"And every {_WEEKDAYS[day.weekday()]}, 15:00 to 24:00, from {day} to {day + _WEEKS * _WEEK}.",
        "Please answer to this address.",
    )
    profile = Profile(config.noise.profile)
    known = (f"{_PAUSED} {_EARLIER[profile]}", _UNMARKED[profile], _SET_ASIDE)
    return Passage("Pause", steps=(_STATE, _WEEKLY, _END, _LATER[pace], _CHECK), example=example, listed=known)
