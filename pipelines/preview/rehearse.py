"""Rehearsal of a release for one session: the same code as a run, in this process, and nothing is stored."""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.config import RunConfig
from pipelines.release.own_names import read_own_names
from pipelines.release.redaction import uses_history
from pipelines.state.private_state import PrivateState
from schemas.aggregates import AdmittedValues
from schemas.errors import UsageError
from schemas.raw import RAW_SCHEMA, RawSessions, TypedSessions
from transforms.aggregate.naming.hide_rare import hide_rare
from transforms.consent.restriction_files import read_restrictions
from transforms.consent.restrictions import Restrictions
from transforms.ingest.formats.adapter import Source
from transforms.ingest.inputs import expand, read
from transforms.ingest.session_group import group
from transforms.ingest.settings import IngestSettings
from transforms.keys.key_set import KeyReference, KeyRole, KeySet, create_key_set
from transforms.keystrokes.reconstruct import reconstruct
from transforms.noise.add_noise import add_noise_with_order, trace_rows
from transforms.noise.plan import plan
from transforms.noise.population.model import PRIOR
from transforms.privacy.run_key import noise_key
from transforms.redact.bystanders.own_text.typing_history import NO_HISTORY, TypingHistory, list_typed_texts
from transforms.redact.denied_windows import find_denied_windows
from transforms.redact.deny_list import DenyList
from transforms.redact.detect.build import prefilter_store
from transforms.redact.detect.detector import Detector
from transforms.redact.results import Extras, RedactionResult
from transforms.redact.rows.session_ranges import session_ranges
from transforms.redact.session_redactor import SessionRedactor, open_detector
from transforms.redact.stage import identity
from transforms.redact.text.word_lists import everyday_words

_NAMING = "preview"
_MOST_LISTED = 30
_SECOND = 1_000_000


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """One session as it was recorded, and as a release would hold it.

    ``typed`` holds the recorded rows, all of one session, without the words of others where the settings withhold
    them; ``rows`` the released ones (``EVENTS_SCHEMA``) and
    ``sources`` the places, in the recorded rows, behind each of them. ``denied`` gives begin and end of
    each stretch of recorded rows in a window that is never released. ``unreadable`` counts lines that no release
    would read, ``taken_out`` events in pauses and stretches of the settings, which neither side holds.
    """

    typed: TypedSessions = field(repr=False)
    redacted: RedactionResult = field(repr=False)
    rows: pa.Table = field(repr=False)
    sources: tuple[tuple[int, ...], ...] = field(repr=False)
    denied: Mapping[int, int]
    unreadable: int
    taken_out: int


class _Lost(NamedTuple):
    """Numbers of what neither side shows."""

    unreadable: int
    taken_out: int


class _SessionInput(NamedTuple):
    """One session, what its person typed in the others of the recording, and what neither side shows."""

    typed: TypedSessions
    history: TypingHistory
    lost: _Lost


def rehearse(log: Source, session: str | None, user: str | None, config: RunConfig, keys: str | None) -> Rehearsal:
    """Rehearse the release of one session of ``log``; without ``keys`` it is done under keys that are then forgotten.

    ``session`` is its id, or ``#2`` for the second; with ``user`` only sessions of that person count.
    Raises ``UsageError`` where the log holds no such session, several and none is named, or one that was taken out.
    """
    private = None if keys is None else PrivateState.of(KeyReference.parse(keys), None)
    table, unreadable = _read(log, config.ingest, None if private is None else private.keys)
    consent, fold_case = config.consent, config.ingest.fold_user_case
    restrictions = read_restrictions(consent.pauses, consent.wishes, fold_case=fold_case, option="consent.wishes")
    chosen = choose_session(select_person(table, user), session)
    shown = leave_out(chosen, restrictions)
    lost = _Lost(unreadable, chosen.num_rows - shown.num_rows)
    person = table.filter(pc.equal(table["user_id"], chosen["user_id"][0]))
    given = _SessionInput(reconstruct(RawSessions(shown)), _read_history(person, restrictions, config), lost)
    if private is not None:
        compiled = prefilter_store(private.keys, private.prefilters) if private.prefilters.is_dir() else None
        detector = open_detector(config.redact, private.keys, compiled, restrictions.words)
        return _redact(given, config, private.keys, detector)
    with tempfile.TemporaryDirectory() as folder:
        create_key_set(Path(folder) / "keys")
        forgotten = KeySet.open(KeyReference.parse(f"{folder}/keys"))
        detector = open_detector(config.redact, forgotten, None, restrictions.words)
        return _redact(given, config, forgotten, detector)


def find_log(path: str, format_name: str | None, user: str | None) -> Source:
    """Find the one recording at ``path``; raise ``UsageError`` where it is none or several."""
    sources = expand([path], format_name, user, {})
    if len(sources) != 1 or not sources[0].format:
        raise UsageError(
            "a preview reads one recording in a format that keyveil formats lists; name one file or folder"
        )
    return sources[0]


def _read(log: Source, settings: IngestSettings, keys: KeySet | None) -> tuple[pa.Table, int]:
    blocks = list(read(log, settings, keys))
    tables = [block.table for block in blocks if block.table.num_rows]
    faults = [fault for block in blocks for fault in block.faults]
    if not tables:
        return RAW_SCHEMA.empty_table(), sum(fault.events for fault in faults)
    grouped = group(tables, settings.max_session_events)
    return grouped.table, sum(fault.events for fault in [*faults, *grouped.faults])


def select_person(table: pa.Table, user: str | None) -> pa.Table:
    """Select the sessions of ``user``: a preview must never show one person what another did."""
    if user is None or not table.num_rows:
        return table
    own = table.filter(pc.equal(table["user_id"], user))
    if not own.num_rows:
        raise UsageError("the recording is of another person than --user or --user-file gives; correct the id")
    return own


def leave_out(table: pa.Table, restrictions: Restrictions) -> pa.Table:
    """Leave out what lies in a pause or a removed stretch, as a run does; raise ``UsageError`` if nothing is left."""
    left = table.filter(pa.array(~restrictions.find_rows(table))).combine_chunks()
    if not left.num_rows:
        raise UsageError("the whole session lies in a pause, or was taken out: a release holds nothing of it")
    return left


def choose_session(table: pa.Table, session: str | None) -> pa.Table:
    """Choose the one session of ``table``, or the one of this id or number (``#2``); raise ``UsageError`` otherwise."""
    names = pc.unique(table["session_id"]).to_pylist()
    if not names:
        raise UsageError("the recording holds no session that a release could read; keyveil formats FILE says why")
    if session is None and len(names) > 1:
        raise UsageError(
            f"the recording holds {len(names)} sessions; pass --session with the id of one, or --session '#1' for the "
            f"first, up to '#{len(names)}'; they began: {', '.join(_list_begins(table, names))}"
        )
    by_number = {f"#{number}": name for number, name in enumerate(names, 1)}
    wanted = names[0] if session is None else session if session in names else by_number.get(session)
    if wanted is None:
        raise UsageError(
            f"the recording holds no session that --session gives; pass the id of one, or '#1' to '#{len(names)}'"
        )
    return table.filter(pc.equal(table["session_id"], wanted)).combine_chunks()


def _list_begins(table: pa.Table, names: Sequence[str]) -> Iterator[str]:
    """List when the first sessions began, so that a person can say which one was theirs."""
    for number, name in enumerate(names[:_MOST_LISTED], 1):
        first = pc.min(table.filter(pc.equal(table["session_id"], name))["t_us"]).as_py()
        begin = None if first is None else datetime.fromtimestamp(first // _SECOND, UTC)
        yield f"#{number} at no known time" if begin is None else f"#{number} {begin:%Y-%m-%d %H:%M} UTC"
    if len(names) > _MOST_LISTED:
        yield "and so on"


def _read_history(person: pa.Table, restrictions: Restrictions, config: RunConfig) -> TypingHistory:
    """Read what a person typed in all sessions of the recording, where a run would use it."""
    if not uses_history(config):
        return NO_HISTORY
    typed = reconstruct(RawSessions(leave_out(person, restrictions)))
    return TypingHistory.of([list_typed_texts(typed, DenyList(config.redact.denied))])


def _redact(given: _SessionInput, config: RunConfig, keys: KeySet, detector: Detector) -> Rehearsal:
    names = identity(keys, _NAMING, config.redact)
    extras = Extras(trace=True, judged=True, pointer=config.noise.pointer)
    fold_case = config.ingest.fold_user_case
    redactor = SessionRedactor.build(config.redact, keys, detector, names, extras, fold_case=fold_case)
    shown = redactor.withhold(given.typed, given.history)
    redacted = redactor.redact(shown)
    roles = frozenset(config.aggregates.public_roles)
    hidden = hide_rare(redacted.sessions, AdmittedValues({}), roles, everyday_words(), read_own_names(config))
    noise = plan(replace(config.noise, model="prior"))
    key = noise_key(keys.derive(KeyRole.NOISE, _NAMING), noise.digest)
    safe, order = add_noise_with_order(hidden, noise, PRIOR, key)
    trace = trace_rows(hidden, safe, order).table
    recorded = shown.sessions.table
    denied = find_denied_windows(recorded, list(session_ranges(recorded)), redactor.deny)
    places = _places(recorded, trace)
    return Rehearsal(
        shown,
        redacted,
        safe.table,
        places,
        dict(denied),
        unreadable=given.lost.unreadable,
        taken_out=given.lost.taken_out,
    )


def _places(recorded: pa.Table, trace: pa.Table) -> tuple[tuple[int, ...], ...]:
    at = {seq: place for place, seq in enumerate(recorded["seq"].to_pylist())}
    return tuple(tuple(sorted(at[seq] for seq in seqs or ())) for seqs in trace["source_seqs"].to_pylist())
