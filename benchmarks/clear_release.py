"""Release of recordings by the real code, in memory, under keys of the caller."""

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa

from schemas.aggregates import AdmittedValues
from schemas.entities import Span, Text
from schemas.privacy import Pointer
from schemas.raw import RAW_SCHEMA, RawSessions
from transforms.aggregate.naming.hide_rare import hide_rare
from transforms.keystrokes import reconstruct
from transforms.noise.add_noise import add_noise
from transforms.noise.plan import NoisePlan
from transforms.noise.population.model import PRIOR
from transforms.noise.settings import NoiseSettings
from transforms.redact.batch import BatchRedactor
from transforms.redact.deny_list import DenyList
from transforms.redact.detect.detector import Detector
from transforms.redact.results import Extras
from transforms.redact.settings import RedactSettings
from transforms.redact.surrogates.surrogates import Identity, Surrogates

Row = dict[str, Any]


class Nothing:
    """A detector that finds nothing."""

    common_words: frozenset[str] = frozenset()

    def detect(self, texts: Sequence[Text]) -> list[tuple[Span, ...]]:
        """Find no span in any text."""
        return [() for _ in texts]

    def digest(self) -> str:
        """Name the detector."""
        return "nothing"


def fill_rows(rows: pa.Table) -> pa.Table:
    """Complete rows of a recording to ``RAW_SCHEMA``; each session is one episode."""
    size = rows.num_rows
    made = {"episode": pa.repeat(pa.scalar(0, pa.int32()), size)}
    columns = [
        rows[field.name] if field.name in rows.column_names else made.get(field.name, pa.nulls(size, field.type))
        for field in RAW_SCHEMA
    ]
    return pa.table(columns, schema=RAW_SCHEMA)


def build_session(session: str, events: Sequence[Mapping[str, Any]]) -> list[Row]:
    """Number the events of a made session, 100 ms apart, as rows for ``fill_rows``."""
    common = {"session_id": session, "user_id": session}
    return [common | {"seq": seq, "t_us": seq * 100_000} | dict(event) for seq, event in enumerate(events)]


def release(table: pa.Table, key: bytes, detector: Detector | None = None) -> list[Row]:
    """Release rows of ``RAW_SCHEMA`` under ``key``, names as they are; without a ``detector`` nothing is found."""
    settings = RedactSettings()
    names = Identity(lambda name, _: name, lambda name: name, lambda _: Surrogates(bytes(32), settings))
    redactor = BatchRedactor(detector or Nothing(), DenyList(()), names, Extras(pointer=Pointer.TARGETS))
    redacted = redactor.redact(reconstruct(RawSessions(table))).sessions
    plan = NoisePlan(NoiseSettings(), None, None, None)
    hidden = hide_rare(redacted, AdmittedValues({}), frozenset())
    rows: list[Row] = add_noise(hidden, plan, PRIOR, key).table.to_pylist()
    return rows
