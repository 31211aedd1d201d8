"""The worker sheet: what an organisation tells the people whom it records, from its own settings, in plain words."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from pipelines.budget.opt_outs import OptOutTable
from pipelines.config import DEFAULT_PURPOSE, RunConfig
from pipelines.operations.agreed_readers import BucketAgreement, write_readers, write_retention
from pipelines.operations.plain_page import Section, render_plain_page
from schemas.privacy import Pointer, Profile
from transforms.dataset.documents.wording import PROHIBITED
from transforms.noise.settings import PRIOR, NoiseSettings, Timing
from transforms.object_store.addresses import is_bucket
from transforms.redact.settings import Bystanders, RedactSettings, UnknownWindows

TITLE = "What is recorded about you at work, and what is done with it"

_NOT_STATED = "Your organisation has not stated this yet. Ask before you take part."

_GROUNDS = {
    "consent": "Your organisation says that you said yes freely, and that a no does you no harm.",
    "contract": "It is needed for a contract with you.",
    "legal_obligation": "A law asks your organisation to do it.",
    "vital_interests": "It is needed to save somebody's life or health.",
    "public_task": "It is needed for a task in the public interest. You can object.",
    "legitimate_interests": "Your organisation has an interest in it that it weighed against yours. You can object.",
    "other_law": "Another law than the GDPR applies. Ask which one.",
}

_NOT_FROM_HERE = (
    "A message that you write on this computer is recorded as well. Use another one, a telephone, or a pause."
)
_ANSWER = (
    "Where the GDPR applies you must get an answer within a month, or hear within it that it takes up to two more, and "
    "why."
)
_TAKE_PART = (
    "Say yes or no: tell the contact. Recordings of you are used only if the list of people who agreed names you. A no "
    "needs no reason. After a no the recorder may go on: ask for it to be removed."
)
_PURPOSE = (
    "With the data, programs are trained and tested that use a computer as people do (artificial intelligence, AI). "
    "Such a program is called a model."
)
_PAUSE = (
    "Pause: tell the contact the day, from when to when, and the city whose time it is, best before it begins. What is "
    "recorded in that time is left out from then on. You may tell it later too, until the release. Where runs are "
    "made by days, that is mostly the end of the week. From the night after on, your whole sessions around that time "
    "are left out. A release is the same as if nothing had been recorded. What was already released stays until you "
    "are erased. Later screens may show what you wrote in the pause. Those who run the "
    "program see how many events all people left out. The recorder itself does not stop."
)
_WITHDRAW = (
    "Withdraw: tell the contact. The recorder may go on: ask for it to be removed. New releases then hold nothing of "
    "yours. That alone deletes nothing: ask to be erased as well."
)
_SEE = (
    "See: ask the contact for a preview of one of your sessions, while the recording is kept: a page that shows what "
    "was recorded beside what a release would hold. Whoever makes it for you can read it. Ask too for a report of what "
    "is kept about you. After an erasure it should say: No release holds data of yours."
)
_TAKE_OUT = (
    "Take something out: mark it in the preview, save the wishes, and hand them to the contact. That file holds the "
    "words that you marked. Later releases obey it. Earlier ones stay until you are erased."
)
_COMPLAIN = (
    "Complain: tell the contact, your works council{council}, or the data protection authority where you live. In the "
    "EU the European Data Protection Board (edpb.europa.eu) lists them all."
)
_ASK_FOR_COUNCIL = " (ask the contact how to reach it, if there is one)"
_OBJECT = (
    "Object: tell the contact what in your own situation speaks against it. It must then stop, or your organisation "
    "must say why it may go on."
)
_OPEN_TO_OBJECTION = ("public_task", "legitimate_interests")
"""Grounds that a person may object to (Article 21 GDPR)."""

_OTHERS = {
    Bystanders.SURROGATE: "what other people write to you, where it stands on your screen; their names are replaced",
    Bystanders.WITHHOLD_INCOMING: (
        "that other people wrote to you in mail, chats, calendars and meetings; their words are left out where the "
        "program recognises them"
    ),
    Bystanders.DROP_SCREEN: (
        "that a mail, chat, calendar or meeting was on your screen; what it showed is left out where the program "
        "recognises it"
    ),
}
_UNKNOWN = (
    ". In a window that it does not know, all that you did not type is left out too, but common words of programs, "
    "numbers, and short names of buttons and fields"
)

_ERASED = {
    Profile.RESTRICTED: "Then your rows leave every release. Tables of numbers, and models, that exist by then stay.",
    Profile.EVENTS: "Pieces without a name cannot be found again: they stay, and so do tables and models.",
    Profile.AGGREGATES: "Tables and models that exist by then stay.",
}


def render_worker_sheet(
    output: str, config: RunConfig, policy: BucketAgreement | None, today: date, opt_outs: OptOutTable | None = None
) -> bytes:
    """Render the sheet of an output as of ``today``; what the settings leave out is marked as not stated."""
    named = f", {config.basis.organisation}" if config.basis.organisation else ""
    place = output if is_bucket(output) else f"the folder {Path(output).absolute()}"
    opening = (
        f"A program made this sheet from the settings of your organisation{named}. Nobody wrote it by hand.",
        f"It was made on {today.isoformat()}, about the data kept in {place}.",
        "If other settings are used there, or the sheet is old, it may not be true: ask.",
        "A release is a set of files that is made from recordings and given to those who may read it.",
    )
    kept = write_retention(policy, output, _NOT_STATED, config.basis.releases_days)
    sections = (
        _write_recorded(config),
        _never(config),
        _why(config),
        _basis(config),
        write_readers(policy, output, _NOT_STATED),
        Section(kept.title, kept.sentences, tuple(_list_sealed(config)), alert=kept.alert),
    )
    return render_plain_page(
        TITLE, opening, (*sections, *_write_opt_outs(opt_outs), _write_measured(config), _rights(config))
    )


def _describe_others(settings: RedactSettings) -> str:
    """Tell what becomes of the words of others."""
    policy = Bystanders(settings.bystanders)
    closed = policy is not Bystanders.SURROGATE and settings.unknown_windows == UnknownWindows.WITHHOLD
    return _OTHERS[policy] + (_UNKNOWN if closed else "")


def _write_recorded(config: RunConfig) -> Section:
    listed = (
        "the keys that you press, and the text that they make",
        "what you copy and paste",
        "the words on your screen, and the titles and addresses of windows",
        _describe_others(config.redact),
        "where you click, drag and scroll",
        "the tasks that you were given, where a recorder notes them",
    )
    profile = {
        Profile.RESTRICTED: "Each of your sessions is kept as one row after another, under a made-up name.",
        Profile.EVENTS: "Short pieces of sessions are kept, without a name and without saying which belong together.",
        Profile.AGGREGATES: "Only tables of numbers about everybody together are kept. No row of yours is.",
    }[Profile(config.noise.profile)]
    after = "Names, addresses, phone numbers and other personal values are replaced by made-up ones before that."
    return Section("What is recorded", (profile, after), listed)


def _never(config: RunConfig) -> Section:
    listed = [
        "pictures, sound and video",
        "what you type into a password field: one fixed word stands in its place",
        "what you do in a private window, or in an application or site of a list; only a mark stays that one was open",
        "what is recorded while you had paused, if you told it before it was released (see Pause below)",
    ]
    if config.redact.denied:
        listed.append(
            f"{len(config.redact.denied)} further kinds of applications or sites that your organisation named"
        )
    limits = (
        "Personal values are found by a program. It misses some. What is kept is treated as confidential.",
        (
            "The list names password managers, and many banks, health and personnel sites. What is not on it is "
            "recorded like anything else. So may be the moments before the program sees that a site is on it."
        ),
    )
    return Section("What is never kept", limits, listed)


def _why(config: RunConfig) -> Section:
    no_course = " It is not a course for you." if config.purpose == DEFAULT_PURPOSE else ""
    sentences = (
        f"The purpose is called: {config.purpose}.{no_course}",
        _PURPOSE,
        "The data may be used for that and for nothing else. These things are forbidden:",
    )
    return Section("Why, and what for it may not be used", sentences, PROHIBITED)


def _basis(config: RunConfig) -> Section:
    basis = config.basis
    sentences = [_GROUNDS[basis.ground]] if basis.ground else []
    lines = (
        ("The risks for you were looked at. The report is", basis.dpia),
        ("The agreement with your works council is", basis.agreement),
        (
            "You, or those who speak for you, were asked on",
            "" if basis.consulted is None else basis.consulted.isoformat(),
        ),
        ("Somebody checked this. Their role is", basis.reviewer),
        ("It ends, or is looked at again, on", "" if basis.expires is None else basis.expires.isoformat()),
    )
    listed = [f"{name}: {words}" for name, words in lines if words]
    sentences += ["Ask the contact below to see these papers."] if listed else []
    alert = (_NOT_STATED,) if basis.missing else ()
    return Section("Why it is allowed", sentences, listed, alert=alert)


def _write_opt_outs(table: OptOutTable | None) -> Iterator[Section]:
    if table is None:
        return
    sentences = (
        (
            f"These are numbers of people on {table.day}. Each was changed at random on purpose, mostly by up to "
            f"{table.within_95}. Somebody who guesses your choice by a coin is right 50 times in 100, with this table "
            f"at most {table.guess_percent} times."
        ),
        "If one group is exempt and others are not, ask why.",
    )
    rows = [(group, *map(str, numbers)) for group, numbers in table.groups.items()]
    columns = ("group", "takes part", "is exempt", "does not take part")
    yield Section("Who takes part, group by group", sentences, columns=columns, rows=rows)


def _list_sealed(config: RunConfig) -> Iterator[str]:
    schedule, unnamed = config.schedule, config.ingest.keep_unnamed_days
    yield (
        f"Where runs are made by days, sealed sessions wait for the release of their {schedule.window_days} days: "
        "longer if it is refused, or a session is not over."
    )
    yield (
        f"Then marks of when your sessions had events stay for {schedule.remember_days} days, without words, so that "
        "copies are noticed."
    )
    days = config.basis.quarantine_days
    yield (
        "A line or a recording that breaks a rule is set aside as it is, sealed. It may hold all of this, and stays "
        f"{'' if days is None else f'for {days} days, or '}until you are erased."
    )
    if unnamed:
        yield f"Lines of which nobody knows whose they are stay, sealed, for {unnamed} days."
    if config.basis.recordings_days is None:
        yield "How long the recordings themselves are kept is not said here: ask."
    else:
        yield (
            f"Your organisation deletes the recordings themselves after {config.basis.recordings_days} days. This "
            "program does not check that."
        )


def _write_measured(config: RunConfig) -> Section:
    return Section("What cannot be measured about you from it, and why", listed=tuple(_list_measured(config)))


def _list_measured(config: RunConfig) -> Iterator[str]:
    noise = config.noise
    days = f"Each release of runs by days states which {config.schedule.window_days} days it is about."
    if noise.profile == Profile.AGGREGATES:
        yield f"Anything about you alone: the tables hold numbers about many people, with noise on each. {days}"
        return
    yield _describe_times(noise)
    if noise.pointer == Pointer.TARGETS:
        yield "How your hand moves: only what you clicked on is kept, not the way there."
    else:
        yield "Exactly where you pointed: each place has noise on it."
    yield f"At which hour you did something: no column holds a clock time. {days} A date on your screen may stay."
    yield (
        "Who you are, by your name. But your words and your clicks are yours: somebody who knows how you work may "
        "recognise you."
    )


def _describe_times(noise: NoiseSettings) -> str:
    if noise.timing == Timing.DROP:
        return "How fast you work, and when you had a break: no times are kept."
    if noise.timing == Timing.NOISE:
        return "Your exact speed: each time has noise on it. Roughly, it can still be seen."
    people = "people in general type" if noise.model == PRIOR else "all who are recorded type, with noise"
    return f"How fast you work, and when you had a break: the times are made up from how {people}."


def _rights(config: RunConfig) -> Section:
    contact = config.basis.contact
    where = ("Say by which name you log in: recordings know you by it.", _ANSWER, _NOT_FROM_HERE)
    if contact:
        where = (f"The contact is: {contact}. You need not say why. {where[0]}", *where[1:])
    erased = _ERASED[Profile(config.noise.profile)]
    council = f" ({config.basis.works_council})" if config.basis.works_council else _ASK_FOR_COUNCIL
    complain = _COMPLAIN.format(council=council)
    listed = [
        _TAKE_PART,
        _PAUSE,
        f"{_WITHDRAW} {erased} Whoever was erased cannot take part again.",
        _SEE,
        _TAKE_OUT,
        complain,
    ]
    listed += [_OBJECT] if config.basis.ground in _OPEN_TO_OBJECTION else []
    return Section("What you can do", where, listed, alert=() if contact else (f"The contact: {_NOT_STATED}",))
