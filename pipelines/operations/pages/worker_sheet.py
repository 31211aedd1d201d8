"""The worker sheet: what an organisation tells the people whom it records, from its own settings, in plain words."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from pipelines.budget.opt_outs import OptOutTable
from pipelines.config import DEFAULT_PURPOSE, RunConfig
from pipelines.observe.text_table import count
from pipelines.operations.pages import sheet_texts as texts
from pipelines.operations.pages.agreed_readers import BucketAgreement, write_holders, write_readers, write_retention
from pipelines.operations.pages.plain_page import Section, render_plain_page
from schemas.privacy import Pointer, Profile
from transforms.dataset.documents.wording import PROHIBITED
from transforms.noise.settings import PRIOR, NoiseSettings, Timing
from transforms.object_store.addresses import is_bucket
from transforms.redact.settings import Bystanders, RedactSettings, UnknownWindows

TITLE = "What is recorded about you at work, and what is done with it"


def render_worker_sheet(
    output: str,
    config: RunConfig,
    policy: BucketAgreement | None,
    today: date,
    *,
    opt_outs: OptOutTable | None = None,
    holders: Sequence[str] = (),
) -> bytes:
    """Render the sheet of an output as of ``today``; what the settings leave out is marked as not stated.

    ``holders`` are to whom keys of readers were given.
    """
    named = f", {config.basis.organisation}" if config.basis.organisation else ""
    place = output if is_bucket(output) else f"the folder {Path(output).absolute()}"
    opening = (
        f"A program made this sheet from the settings of your organisation{named}. Nobody wrote it by hand.",
        f"It was made on {today.isoformat()}, about the data kept in {place}.",
        "If other settings are used there, or the sheet is old, it may not be true: ask.",
    )
    kept = write_retention(policy, output, texts.NOT_STATED, config.basis.releases_days)
    sections = (
        Section("Three words", listed=texts.WORDS),
        Section("What is recorded", texts.RECORDED),
        _write_kept(config),
        _write_never(config),
        _write_why(config),
        _write_basis(config),
        write_readers(policy, output, texts.NOT_STATED),
        *([write_holders(holders)] if holders else []),
        replace(kept, listed=tuple(_list_sealed(config))),
        *_write_opt_outs(opt_outs),
        _write_measured(config),
        _write_rights(config),
        _write_bystanders(config),
    )
    return render_plain_page(TITLE, opening, sections)


def _list_others(settings: RedactSettings) -> Iterator[str]:
    """List what becomes of the words of others."""
    policy = Bystanders(settings.bystanders)
    yield texts.OTHERS[policy]
    if policy is not Bystanders.SURROGATE and settings.unknown_windows == UnknownWindows.WITHHOLD:
        yield texts.UNKNOWN


def _write_bystanders(config: RunConfig) -> Section:
    """Write what holds for people who stand on a screen and were never asked."""
    title, settings = "If you are on somebody else's screen", config.redact
    if config.noise.profile == Profile.AGGREGATES:
        return Section(title, (texts.ON_A_SCREEN,), (texts.NO_WORD_OF_OTHERS, texts.STILL_RECORDED, texts.ASK_TOO))
    listed = (
        texts.NAMES_OF_OTHERS,
        texts.NO_LISTED_NAMES if settings.directory is None else texts.LISTED_NAMES,
        texts.WORDS_OF_OTHERS[Bystanders(settings.bystanders)],
        texts.STILL_RECORDED,
        texts.NOBODY_LOOKS,
        texts.RIGHTS_OF_OTHERS,
    )
    return Section(title, (texts.ON_A_SCREEN,), listed)


def _write_kept(config: RunConfig) -> Section:
    profile = Profile(config.noise.profile)
    if profile is Profile.AGGREGATES:
        return Section("What a release holds", (texts.KEPT[profile],))
    listed = (
        "the keys that you press, and the text that they make",
        "what you copy and paste",
        "the words on your screen, and the titles and addresses of windows",
        *_list_others(config.redact),
        "where you click, drag and scroll",
        "the tasks that you were given, where a recorder notes them",
    )
    after = "Names, addresses, phone numbers and other personal values are replaced by made-up ones first."
    return Section("What a release holds of you", (texts.KEPT[profile], after), (*listed, texts.TABLES))


def _write_never(config: RunConfig) -> Section:
    listed = [*texts.NEVER]
    if config.redact.denied:
        kinds = count(len(config.redact.denied), "further kind")
        listed.append(f"{kinds} of applications or sites that your organisation named")
    return Section("What a release never holds", texts.LIMITS, listed)


def _write_why(config: RunConfig) -> Section:
    no_course = " It is not a course for you." if config.purpose == DEFAULT_PURPOSE else ""
    sentences = (
        f"The purpose is called: {config.purpose}.{no_course}",
        texts.PURPOSE,
        "The data may be used for that and for nothing else. These things are forbidden:",
    )
    return Section("Why, and what for it may not be used", sentences, PROHIBITED)


def _write_basis(config: RunConfig) -> Section:
    basis = config.basis
    sentences = [texts.GROUNDS[basis.ground]] if basis.ground else []
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
    alert = (texts.NOT_STATED,) if basis.missing else ()
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
        f"Where runs are made by days, sealed sessions wait for the release of their {schedule.window_days} days, or "
        f"of the next ones if a session is not over. If the release is refused they stay up to {schedule.wait_days} "
        "days longer."
    )
    yield (
        f"Then marks of when your sessions had events stay for {schedule.remember_days} days, without words, so that "
        "copies are noticed. The next release after that removes them."
    )
    yield "A line or a recording that breaks a rule is set aside as it is, sealed. It may hold all of this."
    yield _describe_quarantine(config.basis.quarantine_days)
    if unnamed:
        yield f"Lines of which nobody knows whose they are stay, sealed, for {unnamed} days."
    yield "All of this goes only while runs are made. When they end, somebody must delete what is left."
    if config.basis.recordings_days is None:
        yield "How long the recordings themselves are kept is not said here: ask."
    else:
        yield (
            f"Your organisation deletes the recordings themselves after {config.basis.recordings_days} days. This "
            "program does not check that."
        )


def _describe_quarantine(days: int | None) -> str:
    if days is None:
        return "What was set aside stays until you are erased."
    return (
        f"What was set aside stays for {days} days, or until you are erased; the next run after that removes it. Where "
        "an old copy states no day, the days begin with the first run under this rule."
    )


def _write_measured(config: RunConfig) -> Section:
    title = "What cannot be measured about you from a release, and why"
    return Section(title, (texts.MEASURED,), tuple(_list_measured(config)))


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
    yield f"At which hour you did something: no row holds a clock time. {days} A date on your screen may stay."
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


def _write_rights(config: RunConfig) -> Section:
    contact = config.basis.contact
    where = ("Say by which name you log in: recordings know you by it.", texts.ANSWER, texts.NOT_FROM_HERE)
    if contact:
        where = (f"The contact is: {contact}. You need not say why. {where[0]}", *where[1:])
    erased = texts.ERASED[Profile(config.noise.profile)]
    council = f" ({config.basis.works_council})" if config.basis.works_council else texts.ASK_FOR_COUNCIL
    named = [
        ("Say yes or no", texts.TAKE_PART),
        ("Pause", texts.PAUSE),
        ("Withdraw", f"{texts.WITHDRAW} {erased} {texts.NO_WAY_BACK}"),
        ("See", texts.SEE),
        ("Take something out", texts.TAKE_OUT),
        ("Complain", texts.COMPLAIN.format(council=council)),
    ]
    named += [("Object", texts.OBJECT)] if config.basis.ground in texts.OPEN_TO_OBJECTION else []
    alert = () if contact else (f"The contact: {texts.NOT_STATED}",)
    return Section("What you can do", where, alert=alert, named=named)
