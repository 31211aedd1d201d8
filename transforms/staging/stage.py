"""The Beam stages of staging: seal sessions on one night, resume them on a later night or for a release."""

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

import apache_beam as beam
import pyarrow as pa
from apache_beam.transforms.window import GlobalWindows
from apache_beam.utils.windowed_value import WindowedValue

from schemas.errors import FailedError
from schemas.raw import RAW_SCHEMA, RawSessions
from schemas.rejects import Reason, RejectedEvents
from schemas.safe import ORIGIN_SCHEMA, REDACTED_SCHEMA, SESSIONS_SCHEMA, RedactedSessions
from schemas.tally import Tally, tally_rejected
from transforms.beamkit.outputs import REJECTED, TALLY
from transforms.beamkit.safe_dofn import SafeErrorDoFn
from transforms.beamkit.zones import SafeOutput
from transforms.consent.erasure import is_erased
from transforms.consent.policy import list_refused_by_header
from transforms.consent.stage import SealedConsent
from transforms.keys.key_set import KeyRole, KeySet
from transforms.keys.quarantine_sealer import QuarantineSealer, seal_fault
from transforms.object_store.addresses import open_store
from transforms.staging.later_stretches import WordSearch, has_later_stretch, note_obeyed
from transforms.staging.rename_sessions import rename_agreed
from transforms.staging.sealed_files import CLOSED, HELD, STAGED, SealedFile, SealedFileSettings, SealedFileStore, Slice
from transforms.staging.session_end import SessionEnd, close_sessions, index_staged, record_refused

ASIDE = "aside"
_CLOSED_SESSIONS = "closed-sessions"
_FILE_BYTES = 64 << 20
_FOREIGN = "a staged slice has another schema than this version's; release its window with the version that staged it"


def _of(table: pa.Table | None, schema: pa.Schema) -> pa.Table:
    if table is None or not table.schema.equals(schema):
        raise FailedError(_FOREIGN)
    return table


class _ResumeHeld(SafeErrorDoFn):
    def __init__(self, settings: SealedFileSettings) -> None:
        self._settings = settings

    def setup(self) -> None:
        self._store = SealedFileStore.of(self._settings, HELD)

    def process(self, element: bytes) -> Iterator[RawSessions]:
        for (table,) in self._store.read(element.decode()):
            yield RawSessions(_of(table, RAW_SCHEMA))


@dataclass(eq=False)
class ResumeHeld(beam.PTransform[beam.pvalue.PBegin, beam.PCollection[RawSessions]]):
    """Resume the sessions that an earlier night held because they were open."""

    settings: SealedFileSettings
    names: tuple[str, ...]

    def expand(self, pcoll: beam.pvalue.PBegin) -> beam.PCollection[RawSessions]:
        """Return their rows; the sessions are not whole yet."""
        return (
            pcoll
            | "Files" >> beam.Create([name.encode() for name in self.names]).with_output_types(bytes)
            | "TakeUp" >> beam.ParDo(_ResumeHeld(self.settings)).with_output_types(RawSessions)
        )


class ClosedOutputs(NamedTuple):
    """Outputs of ``CloseSessions``."""

    sessions: beam.PCollection[RawSessions]
    held: beam.PCollection[Slice]
    closed: beam.PCollection[Slice]
    rejected: beam.PCollection[RejectedEvents]
    tally: beam.PCollection[Tally]


class _Close(SafeErrorDoFn):
    def __init__(self, settings: SealedFileSettings, rule: SessionEnd, closed: tuple[str, ...]) -> None:
        self._settings, self._rule, self._names = settings, rule, closed

    def setup(self) -> None:
        keys, store = KeySet.open(self._settings.keys), open_store(self._settings.uri)
        self._held, self._closed = SealedFileStore(keys, store, HELD), SealedFileStore(keys, store, CLOSED)
        self._sealer = QuarantineSealer(keys)
        tables = (table for name in self._names for (table,) in self._closed.read(name) if table is not None)
        self._history = index_staged(keys.derivations(KeyRole.TRANSIT, _CLOSED_SESSIONS), tables)

    def process(self, element: RawSessions) -> Iterator[RawSessions | beam.pvalue.TaggedOutput]:
        split = close_sessions(element.table, self._rule, self._history)
        for item in split.tally:
            yield beam.pvalue.TaggedOutput(TALLY, item)
        for fault in split.faults:
            yield beam.pvalue.TaggedOutput(REJECTED, seal_fault(fault, self._sealer))
            for item in tally_rejected(fault.problem.reason, fault.events):
                yield beam.pvalue.TaggedOutput(TALLY, item)
        if split.open.num_rows:
            yield beam.pvalue.TaggedOutput(HELD, self._held.seal([_without_place(split.open)]))
        if split.records.num_rows:
            yield beam.pvalue.TaggedOutput(CLOSED, self._closed.seal([split.records]))
        if split.closed.num_rows:
            yield RawSessions(split.closed)


def _without_place(table: pa.Table) -> pa.Table:
    """Clear source file and line of held rows: the next night has other files."""
    for name, value in (("source_file", -1), ("source_line", 0)):
        at = table.schema.get_field_index(name)
        field = table.schema.field(at)
        table = table.set_column(at, field, pa.repeat(pa.scalar(value, field.type), table.num_rows))
    return table


@dataclass(eq=False)
class CloseSessions(beam.PTransform[beam.PCollection[RawSessions], ClosedOutputs]):
    """Pass on closed sessions; seal those that may continue tomorrow."""

    settings: SealedFileSettings
    rule: SessionEnd
    closed: tuple[str, ...]

    def expand(self, pcoll: beam.PCollection[RawSessions]) -> ClosedOutputs:
        """Return closed sessions, sealed rows of open ones, sealed records of closed ones, rejects and counts."""
        tags = {HELD: Slice, CLOSED: Slice, REJECTED: RejectedEvents, TALLY: Tally}
        outputs = pcoll | "Settle" >> beam.ParDo(_Close(self.settings, self.rule, self.closed)).with_output_types(
            RawSessions, **tags
        ).with_outputs(*tags, main="sessions")
        return ClosedOutputs(outputs.sessions, outputs[HELD], outputs[CLOSED], outputs[REJECTED], outputs[TALLY])


class _RememberRefused(SafeErrorDoFn):
    def __init__(self, settings: SealedFileSettings, consent: SealedConsent) -> None:
        self._settings, self._sealed = settings, consent

    def setup(self) -> None:
        keys = KeySet.open(self._settings.keys)
        self._store = SealedFileStore(keys, open_store(self._settings.uri), CLOSED)
        self._key = keys.derivations(KeyRole.TRANSIT, _CLOSED_SESSIONS)[0]
        self._consent, self._tombstone_keys = self._sealed.open()

    def process(self, element: RawSessions) -> Iterator[Slice]:
        refused = list_refused_by_header(element, self._consent, self._tombstone_keys)
        if refused:
            yield self._store.seal([record_refused(self._key, refused)])


@dataclass(eq=False)
class RememberRefused(beam.PTransform[beam.PCollection[RawSessions], beam.PCollection[Slice]]):
    """Seal records of sessions that are refused for what they declare: a later part may declare nothing."""

    settings: SealedFileSettings
    consent: SealedConsent

    def expand(self, pcoll: beam.PCollection[RawSessions]) -> beam.PCollection[Slice]:
        """Return sealed records, keyed digests of the sessions' ids alone."""
        remember = _RememberRefused(self.settings, self.consent)
        return pcoll | "Record" >> beam.ParDo(remember).with_output_types(Slice)


class _Stage(SafeErrorDoFn):
    def __init__(self, settings: SealedFileSettings, consent: SealedConsent) -> None:
        self._settings, self._sealed = settings, consent

    def setup(self) -> None:
        self._store = SealedFileStore.of(self._settings, STAGED)
        consent, _ = self._sealed.open()
        self._obeyed = consent.restrictions

    def process(self, element: RedactedSessions) -> Iterator[Slice]:
        origins = note_obeyed(_of(element.origins, ORIGIN_SCHEMA), self._obeyed)
        yield self._store.seal([element.table, element.headers, origins])


@dataclass(eq=False)
class StageSessions(beam.PTransform[beam.PCollection[RedactedSessions], beam.PCollection[Slice]]):
    """Seal redacted sessions together with their users, and what these had taken out, until their release."""

    settings: SealedFileSettings
    consent: SealedConsent

    def expand(self, pcoll: beam.PCollection[RedactedSessions]) -> beam.PCollection[Slice]:
        """Return one slice per batch."""
        return pcoll | "Seal" >> beam.ParDo(_Stage(self.settings, self.consent)).with_output_types(Slice)


class StagedOutputs(NamedTuple):
    """Outputs of ``ResumeStaged``; ``aside`` counts events that may not be used any more."""

    sessions: beam.PCollection[RedactedSessions]
    tally: beam.PCollection[Tally]
    aside: beam.PCollection[Tally]


class _ResumeStaged(SafeErrorDoFn):
    def __init__(self, settings: SealedFileSettings, consent: SealedConsent, words: WordSearch, naming: str) -> None:
        self._settings, self._sealed, self._words, self._naming = settings, consent, words, naming

    def setup(self) -> None:
        keys = KeySet.open(self._settings.keys)
        self._store = SealedFileStore(keys, open_store(self._settings.uri), STAGED)
        self._consent, self._tombstone_keys = self._sealed.open()
        self._find_words = self._words.open()
        self._names = keys.derive(KeyRole.PSEUDONYM, self._naming)

    def process(self, element: bytes) -> Iterator[RedactedSessions | beam.pvalue.TaggedOutput]:
        for table, headers, origins in self._store.read(element.decode()):
            staged = RedactedSessions(
                _of(table, REDACTED_SCHEMA), None, _of(headers, SESSIONS_SCHEMA), _of(origins, ORIGIN_SCHEMA)
            )
            refuse = partial(self._refuse, worded=self._find_words(staged.table))
            renamed = rename_agreed(staged, refuse, self._names)
            for tag, items in ((TALLY, renamed.tally), (ASIDE, renamed.aside)):
                for item in items:
                    yield beam.pvalue.TaggedOutput(tag, item)
            if renamed.sessions.table.num_rows:
                yield renamed.sessions

    def _refuse(self, origin: Mapping[str, Any], worded: frozenset[str]) -> Reason | None:
        user_id = origin["user_id"]
        erased = self._consent.erased and is_erased(self._tombstone_keys, self._consent.erased, user_id)
        if erased or not self._consent.has_agreed(user_id, origin["first_us"]):
            return Reason.NO_CONSENT
        if origin["session"] in worded or has_later_stretch(origin, self._consent.restrictions):
            return Reason.PAUSED
        return None


@dataclass(eq=False)
class ResumeStaged(SafeOutput, beam.PTransform[beam.pvalue.PBegin, StagedOutputs]):
    """Resume the sessions of a window under the names of its release, of everybody who still agrees.

    A session goes whole where its person took a stretch out after it was staged, or where it holds a word that was
    made private since.
    """

    settings: SealedFileSettings
    names: tuple[str, ...]
    consent: SealedConsent
    words: WordSearch
    release_id: str

    def expand(self, pcoll: beam.pvalue.PBegin) -> StagedOutputs:
        """Return redacted sessions and the outcomes of their source events."""
        take_up = _ResumeStaged(self.settings, self.consent, self.words, self.release_id)
        outputs = (
            pcoll
            | "Files" >> beam.Create([name.encode() for name in self.names]).with_output_types(bytes)
            | "Spread" >> beam.Reshuffle()
            | "TakeUp"
            >> beam.ParDo(take_up)
            .with_output_types(RedactedSessions, **{TALLY: Tally, ASIDE: Tally})
            .with_outputs(TALLY, ASIDE, main="sessions")
        )
        return StagedOutputs(outputs.sessions, outputs[TALLY], outputs[ASIDE])


class _Write(SafeErrorDoFn):
    def __init__(self, settings: SealedFileSettings, kind: str) -> None:
        self._settings, self._kind = settings, kind

    def setup(self) -> None:
        self._store = SealedFileStore.of(self._settings, self._kind)

    def start_bundle(self) -> None:
        self._held: list[Slice] = []
        self._bytes = 0

    def process(self, element: Slice) -> Iterator[SealedFile]:
        self._held.append(element)
        self._bytes += len(element.sealed)
        if self._bytes >= _FILE_BYTES:
            yield self._flush()

    def finish_bundle(self) -> Iterator[WindowedValue]:
        if self._held:
            yield GlobalWindows.windowed_value(self._flush())

    def _flush(self) -> SealedFile:
        held, self._held, self._bytes = self._held, [], 0
        return self._store.write(f"{self._kind}/{self._settings.prefix}{uuid.uuid4().hex}.sealed", held)


@dataclass(eq=False)
class WriteSealedFiles(SafeOutput, beam.PTransform[beam.PCollection[Slice], beam.PCollection[SealedFile]]):
    """Write slices of one ``kind`` into files, at least one per bundle; a journal may name only those returned."""

    settings: SealedFileSettings
    kind: str

    def expand(self, pcoll: beam.PCollection[Slice]) -> beam.PCollection[SealedFile]:
        """Return the files."""
        return pcoll | "Write" >> beam.ParDo(_Write(self.settings, self.kind)).with_output_types(SealedFile)
