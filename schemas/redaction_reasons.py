"""Reasons of released redactions: a rule and a class of score that follow from the entity and from nothing else.

The true finder of a value (a list of names, check digits, another text of the session) reveals something about it, and
so does its score. The person who was recorded sees that in their preview; a release holds what its entity says anyway.
"""

from enum import StrEnum
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from schemas.aggregates import RARE_NAME
from schemas.entities import BUSINESS, EntityType
from schemas.errors import FailedError
from schemas.safe import REDACTION


class RedactionRule(StrEnum):
    """Rule by which an entity is redacted; its value is released in the column ``redactions``."""

    FORM = "form"
    """Values with a form of their own: addresses, numbers, paths, credentials."""
    NAME = "name"
    """Names of people, places and diseases, found by lists, by the line around them and by a model."""
    BUSINESS = "business"
    """Names and numbers of the organisation, where they are redacted at all."""
    PROTECTED = "protected"
    """Values of password fields and other passwords."""
    WITHHELD = "withheld"
    """Words of somebody else."""
    UNSCANNED = "unscanned"
    """A text that could not be scanned."""
    RARE = "rare"
    """A name of an application or a site that too few people share."""


class ScoreClass(StrEnum):
    """Score of a span in three classes."""

    CERTAIN = "certain"
    LIKELY = "likely"
    POSSIBLE = "possible"


class RedactionReason(NamedTuple):
    """Rule of an entity, and how sure a finding of it usually is."""

    rule: RedactionRule
    score: ScoreClass


_CERTAIN_FORMS = "CLOCK_TIME CREDIT_CARD CRYPTO EMAIL_ADDRESS IBAN_CODE IP_ADDRESS MAC_ADDRESS US_SSN".split()
_LIKELY_FORMS = (
    "BANK_ACCOUNT DATE_OF_BIRTH EMPLOYEE_ID FILE_PATH HOSTNAME ID_NUMBER ONE_TIME_CODE PHONE_NUMBER SECRET URL USERNAME"
).split()

REASONS: dict[str, RedactionReason] = {
    **dict.fromkeys(_CERTAIN_FORMS, RedactionReason(RedactionRule.FORM, ScoreClass.CERTAIN)),
    **dict.fromkeys(_LIKELY_FORMS, RedactionReason(RedactionRule.FORM, ScoreClass.LIKELY)),
    **dict.fromkeys(sorted(BUSINESS), RedactionReason(RedactionRule.BUSINESS, ScoreClass.LIKELY)),
    EntityType.PERSON.value: RedactionReason(RedactionRule.NAME, ScoreClass.LIKELY),
    EntityType.ADDRESS.value: RedactionReason(RedactionRule.NAME, ScoreClass.LIKELY),
    EntityType.LOCATION.value: RedactionReason(RedactionRule.NAME, ScoreClass.POSSIBLE),
    EntityType.MEDICAL.value: RedactionReason(RedactionRule.NAME, ScoreClass.POSSIBLE),
    EntityType.PASSWORD.value: RedactionReason(RedactionRule.PROTECTED, ScoreClass.CERTAIN),
    EntityType.INCOMING.value: RedactionReason(RedactionRule.WITHHELD, ScoreClass.LIKELY),
    EntityType.UNSCANNED.value: RedactionReason(RedactionRule.UNSCANNED, ScoreClass.CERTAIN),
    RARE_NAME: RedactionReason(RedactionRule.RARE, ScoreClass.CERTAIN),
}
"""RedactionReason by the word that stands as ``entity`` in ``redactions``: one table for all releases."""

_ENTITIES = pa.array(list(REASONS), pa.string())
_PARTS = {
    part: pa.array([getattr(reason, part).value for reason in REASONS.values()], pa.string())
    for part in RedactionReason._fields
}


def follow_reasons(spans: pa.StructArray) -> bool:
    """Return whether rule and score of all redactions are those of their entities; all entities must be known."""
    known = pc.index_in(spans.field("entity"), value_set=_ENTITIES)
    equal = (pc.equal(spans.field(part), words.take(known)) for part, words in _PARTS.items())
    return all(pc.all(pc.fill_null(each, False)).as_py() in (True, None) for each in equal)


def add_reasons(redactions: pa.ChunkedArray) -> pa.ListArray:
    """Add ``rule`` and ``score`` to each redaction of a column, by its entity; lists stay as they are.

    Raises ``FailedError`` for an entity without a reason: nothing is released that no table covers.
    """
    lists = redactions.combine_chunks() if isinstance(redactions, pa.ChunkedArray) else redactions
    spans = pc.list_flatten(lists)
    known = pc.index_in(spans.field("entity"), value_set=_ENTITIES)
    if known.null_count:
        raise FailedError(
            "a redaction has an entity without a reason; add it to REASONS in schemas/redaction_reasons.py"
        )
    parts = [pc.struct_field(spans, index) for index in range(spans.type.num_fields)]
    whole = pa.StructArray.from_arrays(
        [*parts, *(words.take(known) for words in _PARTS.values())], fields=list(REDACTION)
    )
    counts = pc.fill_null(pc.list_value_length(lists), 0).to_numpy(zero_copy_only=False)
    ends = pa.array(np.concatenate([[0], np.cumsum(counts)]).astype(np.int32))
    return pa.ListArray.from_arrays(ends, whole, type=pa.list_(REDACTION), mask=lists.is_null())
