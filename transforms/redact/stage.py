"""Beam stage of the redaction."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import apache_beam as beam
import pyarrow.compute as pc

from schemas.raw import TypedSessions, log_lines
from schemas.rejects import RejectedEvents, Stage
from schemas.safe import RedactedSessions
from schemas.tally import SESSIONS, UNMEASURED, Tally, TallyGroup
from transforms.beamkit.metrics import tick
from transforms.beamkit.outputs import REJECTED, TALLY
from transforms.beamkit.safe_dofn import SafeErrorDoFn
from transforms.beamkit.sealed_shuffle import ExchangeSettings
from transforms.beamkit.zones import SafeOutput
from transforms.keys.key_set import KeyReference, KeyRole, KeySet
from transforms.keys.pseudonym import pseudonym
from transforms.keys.quarantine_sealer import QuarantineSealer
from transforms.redact.bystanders.own_text.stage import HistoryReader, Slices, TypingInput
from transforms.redact.bystanders.own_text.typing_history import NO_HISTORY, note_sources
from transforms.redact.detect.build import prefilter_store
from transforms.redact.guard.later_words import PrivateWords
from transforms.redact.results import Extras, Withheld
from transforms.redact.session_redactor import SessionRedactor, open_detector
from transforms.redact.settings import RedactSettings
from transforms.redact.surrogates.surrogates import Identity, Surrogates
from transforms.redact.text.scripts import count_unmeasured

_NOTHING = Extras()


class RedactedOutputs(NamedTuple):
    """Outputs of ``RedactSessions``."""

    sessions: beam.PCollection[RedactedSessions]
    rejected: beam.PCollection[RejectedEvents]
    tally: beam.PCollection[Tally]


def identity(keys: KeySet, naming: str, settings: RedactSettings) -> Identity:
    """Derive pseudonyms and surrogates for ``naming``: they are keyed, and new in every release."""
    names = keys.derive(KeyRole.PSEUDONYM, naming)

    def session(session_id: str, episode: int) -> str:
        return pseudonym(names, "session", session_id, episode)

    def user(user_id: str) -> str:
        return pseudonym(names, "user", user_id)

    def surrogates(session_name: str) -> Surrogates:
        return Surrogates(keys.derive(KeyRole.SURROGATE, naming, session_name), settings)

    return Identity(session, user, surrogates)


class _Redact(SafeErrorDoFn):
    def __init__(
        self,
        settings: RedactSettings,
        keys: KeyReference,
        naming: str,
        beside: Extras,
        *,
        prefilters: str | None,
        words: PrivateWords | None,
        fold_case: bool,
        exchange: ExchangeSettings | None,
    ) -> None:
        self._settings, self._keys, self._naming, self._beside = settings, keys, naming, beside
        self._prefilters, self._words, self._fold_case = prefilters, words, fold_case
        self._exchange = exchange

    def setup(self) -> None:
        keys = KeySet.open(self._keys)
        names = identity(keys, self._naming, self._settings)
        self._sealer = QuarantineSealer(keys)
        kept = None if self._prefilters is None else prefilter_store(keys, self._prefilters)
        words = () if self._words is None else self._words.open_words()
        detector = open_detector(self._settings, keys, kept, words)
        self._redactor = SessionRedactor.build(
            self._settings, keys, detector, names, self._beside, fold_case=self._fold_case
        )
        self._reader = None if self._exchange is None else HistoryReader(self._exchange)

    def process(
        self, element: TypedSessions, slices: Slices | None = None
    ) -> Iterator[RedactedSessions | beam.pvalue.TaggedOutput]:
        users = element.sessions.table["user_id"]
        history = NO_HISTORY if self._reader is None or slices is None else self._reader.read(users, slices)
        redacted = self._redactor.redact(self._redactor.withhold(element, history))
        counts = dict(redacted.tally)
        tick(
            sessions=counts[SESSIONS],
            redactions=sum(count for name, count in counts.items() if name.startswith(TallyGroup.ENTITY.prefix)),
        )
        for item in redacted.tally:
            yield beam.pvalue.TaggedOutput(TALLY, item)
        if unmeasured := count_unmeasured(element.sessions.table):
            yield beam.pvalue.TaggedOutput(TALLY, (UNMEASURED, unmeasured))
        for withheld in redacted.withheld:
            yield beam.pvalue.TaggedOutput(REJECTED, _reject_session(withheld, self._sealer))
        if counts[SESSIONS]:
            yield note_sources(redacted.sessions, history)


def _reject_session(withheld: Withheld, sealer: QuarantineSealer) -> RejectedEvents:
    """Build the reject record of a withheld session, with its raw events sealed to the quarantine key."""
    events = withheld.events
    sources = pc.unique(events["source_file"]).to_pylist()
    source = sources[0] if len(sources) == 1 and sources[0] is not None else -1
    reject = RejectedEvents(
        Stage.REDACT, withheld.reason, source, 0, withheld.column, withheld.rule, events.num_rows, locator=""
    )
    return sealer.seal_reject(reject, log_lines(events), pc.unique(events["user_id"]).to_pylist())


@dataclass(eq=False)
class RedactSessions(SafeOutput, beam.PTransform[beam.PCollection[TypedSessions], RedactedOutputs]):
    """Remove personal text from every column of every session; withhold a session that fails or that the guard rejects.

    ``naming`` derives the names: the id of the release, or of the window for which sessions are staged. Workers on this
    machine read compiled prefilters from the folder ``prefilters``; others compile them at their start. ``words`` are
    redacted wherever they stand. ``fold_case`` says that ids of people come without case. ``history`` is what people
    typed in all sessions.
    """

    settings: RedactSettings
    keys: KeyReference
    naming: str
    beside: Extras = _NOTHING
    prefilters: str | None = None
    words: PrivateWords | None = None
    fold_case: bool = True
    history: TypingInput | None = None

    def expand(self, pcoll: beam.PCollection[TypedSessions]) -> RedactedOutputs:
        """Return redacted sessions, sealed copies of the withheld ones, and the tally of outcomes and entities."""
        outputs = pcoll | "Redact" >> beam.ParDo(
            _Redact(
                self.settings,
                self.keys,
                self.naming,
                self.beside,
                prefilters=self.prefilters,
                words=self.words,
                fold_case=self.fold_case,
                exchange=None if self.history is None else self.history.exchange,
            ),
            *([] if self.history is None else [self.history.slices]),
        ).with_output_types(RedactedSessions, **{REJECTED: RejectedEvents, TALLY: Tally}).with_outputs(
            REJECTED, TALLY, main="sessions"
        )
        return RedactedOutputs(outputs.sessions, outputs[REJECTED], outputs[TALLY])
