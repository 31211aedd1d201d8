"""Checks of what every night needs, wherever it runs."""

from dataclasses import replace
from datetime import timedelta

from pipelines.budget.account import LedgerAccount
from pipelines.budget.history import load_history
from pipelines.budget.old_copies import check_newer_keys, check_past, check_tombstones
from pipelines.budget.pace import count_weeks_left
from pipelines.budget.release_plan import plan_release
from pipelines.config import RunConfig
from pipelines.doctor.examination import Examination
from pipelines.doctor.settings import NightsSettings, list_recordings
from pipelines.nightly.days import check_over, check_roots, parse_day
from pipelines.observe.text_table import count, count_people
from pipelines.preflight.watch import open_preflight
from pipelines.release.doubts import describe_missing, render_lines
from pipelines.release.prepare import check_apart, read_consent
from pipelines.runner.beam_options import RunnerKind
from pipelines.state.consent_record import count_missing, list_purposes, read_record
from pipelines.state.pause import check_not_paused
from pipelines.state.stretch_record import check_stretches
from pipelines.state.tombstones import ErasureRecords
from schemas.errors import KeyveilError
from transforms.aggregate.worth import find_unweighed
from transforms.consent.registry import ConsentSnapshot
from transforms.dataset.documents.wording import PARTS, useful_from
from transforms.keys.key_set import KeyRole
from transforms.preflight.verdict import Check, CheckOutcome, JudgedFact

NightsCheck = Check[Examination, NightsSettings]
_ENOUGH_WEEKS = 8
PAUSES_FILE, PAUSES_PEOPLE, PEOPLE = "pauses-file", "pauses-people", "people"
"""Names of checks that only warn, wherever the nights run."""


def _config(look: Examination, settings: NightsSettings) -> JudgedFact:
    look.config.basis.require(look.now.date(), complete=look.request.output.is_bucket)
    return JudgedFact(True, f"{settings.config or 'the defaults'}, purpose {look.config.purpose}")


def _first_day(look: Examination, settings: NightsSettings) -> JudgedFact:
    first = parse_day(settings.first_day)
    check_over(first, look.now)
    standing = look.standing
    if standing.last is not None:
        return JudgedFact(True, f"not used: the last night that was run is {standing.last.isoformat()}")
    nights = (look.now.date() - first).days
    return JudgedFact(True, f"{first.isoformat()}, so the first run catches up on {count(nights, 'day')}")


def _input(look: Examination, settings: NightsSettings) -> JudgedFact:
    check_roots(settings.input)
    yesterday = look.now.date() - timedelta(days=1)
    found = {}
    for day in dict.fromkeys((parse_day(settings.first_day), yesterday)):
        found[day.isoformat()] = len(list_recordings(day, settings))
    read = ", ".join(f"{day}: {count(number, 'recording')}" for day, number in found.items())
    return JudgedFact(any(found.values()), read)


def _consent(look: Examination, settings: NightsSettings) -> JudgedFact:
    consent = _read_registry(look)
    if consent.everybody:
        return JudgedFact(True, "everybody, for evaluation")
    agreed = len(consent.grants)
    told = f"{agreed:,} of {count_people(consent.registered)} agreed to {look.config.purpose}"
    if consent.elsewhere:
        told += f"; rows for other purposes alone: {count_people(consent.elsewhere)}, {render_lines(consent)}"
    missing = count_missing(consent, read_record(look.private, settings.dataset), look.private)
    return JudgedFact(agreed > 0, f"{told}; {describe_missing(missing)}" if missing else told)


def _read_registry(look: Examination) -> ConsentSnapshot:
    """Read the registry without pauses and wishes, which are a check of their own."""
    alone = replace(look.config, consent=replace(look.config.consent, pauses=None, wishes=()))
    return read_consent(replace(look.request, pauses=None, wishes=()), alone, list_purposes(look.private))


def _pauses(look: Examination, settings: NightsSettings) -> JudgedFact:
    try:
        _read_registry(look)
    except KeyveilError:
        return JudgedFact(True, "not compared: the check of the registry says why")
    consent = read_consent(look.request, look.config)
    paused = len(consent.restrictions.people)
    told = f"{paused:,} took stretches out, {consent.unknown:,} of them not in the registry" if paused else "none"
    if not consent.everybody:
        check_stretches(look.private, settings.dataset, consent, look.config.consent)
    if look.config.consent.fewer_pauses:
        return JudgedFact(
            False, f"{told}; consent.fewer_pauses is for one run: take it out of the settings of the nights"
        )
    return JudgedFact(True, told)


def _pauses_people(look: Examination, _: NightsSettings) -> JudgedFact:
    try:
        unknown = read_consent(look.request, look.config).unknown
    except KeyveilError:
        return JudgedFact(True, "not compared: the checks above say why")
    return JudgedFact(not unknown, f"{count_people(unknown)} of nobody" if unknown else "each of somebody")


def _pauses_file(look: Examination, settings: NightsSettings) -> JudgedFact:
    named = settings.pauses is not None or look.config.consent.pauses is not None
    return JudgedFact(named, "a file is named" if named else "no pauses file is named: the worker sheet promises one")


def _past(look: Examination, settings: NightsSettings) -> JudgedFact:
    account, erasures = LedgerAccount.of(look.private), ErasureRecords.of(look.private)
    check_newer_keys(look.request.output.datasets(), look.private.keys)
    check_tombstones(account, erasures)
    check_past(look.request.output, settings.dataset, look.private, load_history(account, erasures))
    return JudgedFact(True, "none of them is older than another")


def _keys(look: Examination, _: NightsSettings) -> JudgedFact:
    look.private.keys.signing_private()
    look.private.keys.derive(KeyRole.NOISE, "doctor")
    return JudgedFact(True, "opens, and holds what a run needs")


def _state(look: Examination, _: NightsSettings) -> JudgedFact:
    check_apart(look.request, look.private.reference)
    nights = look.standing.records
    return JudgedFact(True, f"{look.private.uri}, {count(nights, 'record')} of nights")


def _output(look: Examination, settings: NightsSettings) -> JudgedFact:
    # a run into a folder refuses less than an audit of it; a bucket is looked at without writing
    sealed = None if look.request.output.is_bucket else True
    verdict = open_preflight(look.request.output.uri, settings.policy, sealed).look()
    failed = verdict.of(CheckOutcome.FAILED)
    if not failed:
        return JudgedFact(True, f"{len(verdict.findings)} checks of the preflight refuse nothing")
    first = failed[0]
    return JudgedFact(
        False, f"{first.title}: read {first.read} ({count(len(failed), 'failed check')}); fix: {first.remedy}"
    )


def _pause(look: Examination, _: NightsSettings) -> JudgedFact:
    check_not_paused(look.request.output)
    return JudgedFact(True, "not paused")


def _budget(look: Examination, _: NightsSettings) -> JudgedFact:
    weeks, parts = count_weeks_left(look.ledger, look.config), _describe_parts(look.config)
    if weeks is None:
        return JudgedFact(True, f"releases cost no user anything{parts}")
    return JudgedFact(weeks >= _ENOUGH_WEEKS, f"enough for {count(weeks, 'week')} at these settings{parts}")


def _describe_parts(config: RunConfig) -> str:
    """Say which parts the stated number of people turns off."""
    off = [PARTS[part.name] for part in plan_release(config).left_out if part.from_people is not None]
    return f"; {' and '.join(off)} are off: aggregates.people is too small for them" if off else ""


def _people(look: Examination, _: NightsSettings) -> JudgedFact:
    unweighed = find_unweighed(look.config.aggregates, plan_release(look.config).aggregates)
    if unweighed:
        return JudgedFact(False, f"aggregates.people is not set, so these are on: {useful_from(unweighed)}")
    stated = look.config.aggregates.people
    return JudgedFact(True, "every part is on or off by its own setting" if stated is None else f"{stated:,}")


def _job(look: Examination, _: NightsSettings) -> JudgedFact:
    return JudgedFact(True, {RunnerKind.HERE: "on this machine"}.get(look.engine.where, look.engine.where.value))


COMMON: tuple[NightsCheck, ...] = (
    Check(
        "config",
        "the configuration can be read, and no lawful basis in it has expired",
        "settings without mistakes; for a bucket the whole record of the basis",
        "a run refuses it before it reads anything",
        "correct the setting that is named (docs/configuration.md)",
        _config,
    ),
    Check(
        "keys",
        "the key set opens and can sign",
        "keys of your own, which nobody else reads",
        "without it nothing is sealed, and no release is signed",
        "keyveil keys init DIR, or name the key set that the releases were made with",
        _keys,
    ),
    Check(
        "state",
        "private state belongs to the key set and lies apart from the output",
        "its own folder or bucket",
        "the ledger of another key set would count, and readers of releases would see private state",
        "set state (STATE) to a folder or bucket of its own",
        _state,
    ),
    Check(
        "past",
        "keys, private state and the releases are of one time",
        "every charge, erasure and signature that the output proves is known here",
        "a backup from before an erasure or a release knows nothing of it: the nights would stage the erased person "
        "again, or spend twice what is spent",
        "restore the later backup; where none is left, do what docs/runbook.md, An old copy was put back, says of it",
        _past,
    ),
    Check(
        "consent",
        "the consent registry can be read, and somebody agreed",
        "at least one person for the purpose",
        "recordings of everybody else are left out, so nothing would be released",
        "enter who agreed in the registry (docs/operating.md), or correct purpose",
        _consent,
    ),
    Check(
        "pauses",
        "pauses and wishes can be read, and none is missing that an earlier night obeyed",
        "every pause, stretch and word that an earlier night obeyed, of whoever still agrees",
        "without them what people took out would be released, so that every night is refused",
        "name the files again (consent.pauses, consent.wishes, or --pauses and --wishes in OPTIONS), or restore them",
        _pauses,
    ),
    Check(
        PAUSES_PEOPLE,
        "pauses and wishes are of people whom the registry names",
        "user_id spelled as in the registry",
        "of an id that the registry does not name nothing is left out, and its person is released whole",
        "correct the id in the file of pauses or wishes, unless the person never agreed",
        _pauses_people,
    ),
    Check(
        PAUSES_FILE,
        "a file of pauses is named",
        "one file, of its line of columns alone at first",
        "the worker sheet promises that pauses are obeyed, and nothing obeys what no run reads",
        "name it in consent.pauses, or by --pauses in OPTIONS (docs/operating.md, People)",
        _pauses_file,
    ),
    Check(
        "first-day",
        "the nights know where to begin",
        "a day that is over, in UTC",
        "no night before the first one says where to begin",
        "set first_day (FIRST_DAY) to the first day that has recordings",
        _first_day,
    ),
    Check(
        "input",
        "recordings lie where the nights look",
        "at least one of the first day or of yesterday",
        "a pattern that matches nothing looks like a day without work",
        "correct input (INPUT), with {day} in it, or mount the folder",
        _input,
    ),
    Check(
        "output",
        "the output passes the preflight",
        "no failed check that would refuse a run",
        "a run refuses it before it reads anything",
        "keyveil preflight OUTPUT, which shows every check",
        _output,
    ),
    Check(
        "pause",
        "runs into the output are not paused",
        "not paused",
        "a paused run reads and publishes nothing",
        "keyveil resume OUTPUT, once the reason is gone",
        _pause,
    ),
    Check(
        "budget",
        "the lifetime budget has room",
        f"{_ENOUGH_WEEKS} weeks or more",
        "beyond the budget no release is made, and staged sessions pile up",
        "keyveil ledger plan --people N --weeks N, which writes the settings",
        _budget,
    ),
    Check(
        PEOPLE,
        "it is stated how many people are recorded, roughly",
        "aggregates.people, or each part on or off",
        "names and tables are charged whether or not they help so many",
        "keyveil plan --people N --weeks N --output settings.yaml, and that file as config (OPTIONS: --config)",
        _people,
    ),
    Check(
        "job",
        "runner and flags are accepted",
        "no flag missing, unknown or known to lose events",
        "a run refuses it before it starts",
        "correct the named flag in flags",
        _job,
    ),
)
"""Checks in the order of the report: what others need comes first."""
