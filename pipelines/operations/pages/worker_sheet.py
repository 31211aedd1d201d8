"""The worker sheet: what an organisation tells the people whom it records, from its own settings, in plain words."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from pipelines.budget.opt_outs import OptOutTable
from pipelines.budget.release_plan import plan_release
from pipelines.config import DEFAULT_PURPOSE, RunConfig
from pipelines.nightly.days import find_window
from pipelines.observe.text_table import count
from pipelines.operations.key_exports import KeyExport
from pipelines.operations.pages import sheet_texts as texts
from pipelines.operations.pages.agreed_readers import BucketAgreement, describe_holder, write_readers, write_retention
from pipelines.operations.pages.plain_page import Passage, Section, render_plain_page
from pipelines.operations.pages.release_pace import ReleasePace
from pipelines.operations.pages.sheet_rights import AUTHORITIES, write_rights
from schemas.privacy import Pointer, Profile
from transforms.dataset.documents.wording import PROHIBITED
from transforms.noise.settings import PRIOR, NoiseSettings, Timing
from transforms.object_store.addresses import is_bucket
from transforms.redact.settings import Bystanders, RedactSettings, UnknownWindows

TITLE = "What is recorded about you at work"
_KEPT = "What a release holds"


def render_worker_sheet(
    output: str,
    config: RunConfig,
    policy: BucketAgreement | None,
    today: date,
    *,
    opt_outs: OptOutTable | None = None,
    holders: Sequence[KeyExport] = (),
    pace: ReleasePace = ReleasePace.UNKNOWN,
) -> bytes:
    """Render the sheet of an output as of ``today``; what the settings leave out is marked as not stated.

    ``holders`` are the exports of keys to readers, ``pace`` is how the output's releases are made.
    """
    basis = config.basis
    named = f", {basis.organisation}" if basis.organisation else ""
    place = output if is_bucket(output) else f"the folder {Path(output).absolute()}"
    opening = (
        (
            f"A program made this page on {today.isoformat()} from the settings of your organisation{named}. "
            "Ask whether it still holds."
        ),
    )
    readers = write_readers(policy, output, texts.NOT_STATED)
    kept = write_retention(policy, output, texts.NOT_STATED, basis.releases_days)
    sections = (
        _write_recorded(config, today, pace),
        write_rights(config, today, pace),
        _write_kept(config, pace),
        _write_why(config),
        _write_basis(config),
        replace(
            readers,
            sentences=(f"Releases lie in {place}.", *readers.sentences),
            passages=[Passage("Keys", listed=[describe_holder(export) for export in holders])] if holders else [],
        ),
        replace(kept, listed=tuple(_list_sealed(config, pace))),
        *_write_opt_outs(opt_outs),
        _write_bystanders(config),
    )
    reached = (basis.contact, basis.works_council, basis.telephone, basis.data_protection_officer, AUTHORITIES)
    return render_plain_page(TITLE, opening, sections, brief=_write_brief(config), addresses=reached)


def _write_brief(config: RunConfig) -> Section:
    """Write in a few sentences what nobody should miss."""
    contact, profile = config.basis.contact, Profile(config.noise.profile)
    gravest = (texts.BRIEF_RECORDED, texts.BRIEF_RELEASED[profile], texts.BRIEF_PAUSE)
    asked = texts.BRIEF_NO_CONTACT
    if contact:
        asked = texts.BRIEF_CONTACT.format(contact=contact, stay=texts.BRIEF_STAY[profile])
    return Section("In short", listed=(texts.BRIEF_AGREED, asked), alert=gravest)


def _write_recorded(config: RunConfig, today: date, pace: ReleasePace) -> Section:
    sentences = [texts.RECORDERS]
    if pace is ReleasePace.DAYS:
        days = config.schedule.window_days
        window = find_window(today, days)
        sentences.append(
            f"Here a release is made of every {count(days, 'day')}. That of {window.first} to {window.last} is made "
            "after the last of them."
        )
    else:
        sentences.append(texts.NO_DAYS)
    return Section("What is recorded", (*sentences, texts.WORDS), alert=(texts.RECORDED,))


def _list_others(settings: RedactSettings) -> Iterator[str]:
    """List what becomes of the words of others."""
    policy = Bystanders(settings.bystanders)
    yield texts.OTHERS[policy]
    if policy is not Bystanders.SURROGATE and settings.unknown_windows == UnknownWindows.WITHHOLD:
        yield texts.UNKNOWN


def _write_bystanders(config: RunConfig) -> Section:
    """Write what holds for people who stand on a screen and were never asked."""
    title, settings = "If you are on a colleague's screen", config.redact
    if config.noise.profile == Profile.AGGREGATES:
        return Section(title, listed=(texts.NO_WORD_OF_OTHERS, texts.STILL_RECORDED, texts.ASK_TOO))
    listed = (
        texts.NAMES_OF_OTHERS,
        texts.NO_LISTED_NAMES if settings.directory is None else texts.LISTED_NAMES,
        texts.WORDS_OF_OTHERS[Bystanders(settings.bystanders)],
        texts.STILL_RECORDED,
        texts.NO_REPORT,
        texts.ASK_TOO,
        texts.NAME_A_WORD[Profile(config.noise.profile)],
    )
    return Section(title, listed=listed)


def _write_kept(config: RunConfig, pace: ReleasePace) -> Section:
    profile, listed = Profile(config.noise.profile), []
    if profile is not Profile.AGGREGATES:
        listed = [*texts.KEPT_OF_YOU, *_list_others(config.redact), *texts.WHERE]
        listed += [texts.TABLES] if plan_release(config).aggregates.tables else []
    left_out = Passage("What is left out", listed=tuple(_list_left_out(config)))
    return Section(_KEPT, (texts.KEPT[profile],), listed, passages=(left_out, *_write_told(config, pace)))


def _list_left_out(config: RunConfig) -> Iterator[str]:
    yield from texts.NEVER
    if config.redact.denied:
        kinds = count(len(config.redact.denied), "further kind")
        yield f"{kinds} of applications or sites that your organisation named"


def _write_why(config: RunConfig) -> Section:
    named = () if config.purpose == DEFAULT_PURPOSE else (f"The purpose is called: {config.purpose}.",)
    sentences = (*named, texts.PURPOSE, "All else is forbidden, such as:")
    return Section("Why it is done", sentences, PROHIBITED)


def _write_basis(config: RunConfig) -> Section:
    basis = config.basis
    decides = (
        f"{basis.organisation} decides about this." if basis.organisation else "Who decides is not stated here: ask."
    )
    sentences = [decides, *([texts.GROUNDS[basis.ground]] if basis.ground else [])]
    lines = (
        ("Report on the risks for you", basis.dpia),
        ("Agreement with your works council", basis.agreement),
        (
            "You, or who speaks for you, were asked on",
            "" if basis.consulted is None else basis.consulted.isoformat(),
        ),
        ("All of this was checked by", basis.reviewer),
        (
            "Last day of releases, unless renewed",
            "" if basis.expires is None else basis.expires.isoformat(),
        ),
    )
    listed = [f"{name}: {words}" for name, words in lines if words]
    sentences += ["Ask to see the papers:"] if listed else []
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


def _list_sealed(config: RunConfig, pace: ReleasePace) -> Iterator[str]:
    basis, schedule, unnamed = config.basis, config.schedule, config.ingest.keep_unnamed_days
    recordings = basis.recordings_days
    yield texts.NO_RECORDINGS if recordings is None else texts.RECORDINGS.format(days=count(recordings, "day"))
    if pace is not ReleasePace.ONCE:
        where = "Locked" if pace is ReleasePace.DAYS else "Where releases are made by days, locked"
        window, wait = count(schedule.window_days, "day"), count(schedule.wait_days, "day")
        yield (
            f"{where} sessions wait for the release of their {window}, or of the next ones if a session is not over. "
            f"If the release is refused they stay up to {wait} longer."
        )
        yield texts.MARKS.format(days=count(schedule.remember_days, "day"))
    yield f"{texts.SET_ASIDE} {_describe_quarantine(basis.quarantine_days)}"
    if unnamed:
        yield f"Parts of which nobody knows whose they are stay, locked, for {count(unnamed, 'day')}."
    yield texts.WHILE_MADE


def _describe_quarantine(days: int | None) -> str:
    term = "" if days is None else f"for {count(days, 'day')}, or "
    return f"{term}until you are erased."


def _write_told(config: RunConfig, pace: ReleasePace) -> Iterator[Passage]:
    """Write what somebody can tell from a release about one person."""
    title, noise = "What it tells about you", config.noise
    days = [f"of which {count(config.schedule.window_days, 'day')} it is"] if pace is ReleasePace.DAYS else []
    if noise.profile == Profile.AGGREGATES:
        yield Passage(title, (texts.NO_ALONE, texts.A_RECORDING_SHOWS))
        return
    sessions = [texts.SESSIONS] if noise.profile == Profile.RESTRICTED else []
    if sessions and plan_release(config).aggregates.rule is not None:
        sessions.append(texts.LAYOUT)
    speed = [texts.ROUGH_SPEED] if noise.timing == Timing.NOISE else []
    yield Passage(title, listed=(*sessions, *texts.STEPS, *speed, *days))
    yield Passage("What it does not tell", listed=tuple(_list_measured(config)), closing=(texts.A_RECORDING_SHOWS,))


def _list_measured(config: RunConfig) -> Iterator[str]:
    noise = config.noise
    yield f"{_describe_times(noise)} {texts.CLOCKS}"
    yield texts.NO_MOTION if noise.pointer == Pointer.TARGETS else texts.NOISY_PLACES
    yield texts.NO_NAME


def _describe_times(noise: NoiseSettings) -> str:
    if noise.timing == Timing.DROP:
        return texts.NO_TIMES
    if noise.timing == Timing.NOISE:
        return texts.NOISY_TIMES
    people = "people in general type" if noise.model == PRIOR else "all who are recorded type, with noise"
    return texts.MADE_TIMES.format(people=people)
