"""Texts with the places that redaction changed, before and after, as parts for the page."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from schemas.aggregates import PRIVATE, RARE_NAME
from schemas.entities import EntityType, Span, Text
from transforms.redact.explain import Explainer, class_of

Part = str | list[str]
"""A piece of a text: plain, or a changed one as [text, entity, reasons, class of the score]."""

_NEVER_SHOWN = frozenset({EntityType.PASSWORD, EntityType.SECRET, EntityType.ONE_TIME_CODE})
_HIDDEN = "\u2022" * 8
"""Stands for a password, a secret or a code even on the person's own page: the page is a file."""

_INCOMING = "withheld: not typed by you, in a place where other people write or may write"
_DENIED = "the application or site is never released"
_WHOLE = "the whole text is replaced: it went into a password field or could not be scanned"


@dataclass(slots=True)
class MarkedTexts:
    """Recorded texts of one session with their final spans and the reasons for them."""

    spans: Mapping[Text, Sequence[Span]] = field(repr=False)
    explainer: Explainer
    _by_content: dict[str, Sequence[Span]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._by_content = {}
        for text, spans in self.spans.items():
            self._by_content[text.content] = max(spans, self._by_content.get(text.content, ()), key=len)

    def before(self, content: str, after: str, redactions: Sequence[Mapping[str, Any]]) -> list[Part]:
        """Mark what was replaced in a recorded text.

        Where its spans do not explain the released text ``after``, all of it is marked: ``abc`` that was pasted into
        a password field has no span of its own, nor has an answer to a prompt.
        """
        spans = self._by_content.get(content, ())
        gone = [item["entity"] for item in redactions if item["entity"] != RARE_NAME]
        secrets = [entity for entity in gone if entity in _NEVER_SHOWN]
        if len(secrets) > sum(span.entity in _NEVER_SHOWN for span in spans) or _is_whole(after, redactions):
            return [[_HIDDEN, secrets[0], _WHOLE, "certain"]] if secrets else [[content, gone[0], _WHOLE, "certain"]]
        if gone and not spans:
            return [[content, gone[0], _WHOLE, "certain"]]
        return list(self._parts(content, spans))

    def list_found(self, content: str) -> list[list[str]]:
        """List what was found in a draft."""
        return [part for part in self._parts(content, self._by_content.get(content, ())) if isinstance(part, list)]

    def _parts(self, content: str, spans: Sequence[Span]) -> Iterable[Part]:
        at = 0
        for span, reasons in zip(spans, self.explainer.reasons(content, spans), strict=True):
            if at < span.start:
                yield content[at : span.start]
            value = _HIDDEN if span.entity in _NEVER_SHOWN else content[span.start : span.end]
            why = _INCOMING if span.entity is EntityType.INCOMING else ", ".join(reasons)
            yield [value, span.entity.value, why, class_of(span.score).value]
            at = span.end
        if at < len(content):
            yield content[at:]


def hide(content: str) -> list[Part]:
    """Mark a value that the screen itself protected; no character of it stands on the page."""
    return [[_HIDDEN, EntityType.PASSWORD.value, _WHOLE, "certain"]] if content else []


def hide_denied(parts: Sequence[Part]) -> list[Part]:
    """Mark a text of a window that is never released; the page is a file, and none of it stands there either."""
    return [[_HIDDEN, PRIVATE, _DENIED, "certain"]] if parts else []


def _is_whole(after: str, redactions: Sequence[Mapping[str, Any]]) -> bool:
    """Return whether one password or secret stands in place of all of a text."""
    hidden = [(item["start"], item["end"]) for item in redactions if item["entity"] in _NEVER_SHOWN]
    return hidden == [(0, len(after))]


def mark_released(text: str, redactions: Sequence[Mapping[str, Any]]) -> list[Part]:
    """Mark the made-up values of a released text by the ``redactions`` of its column."""
    parts: list[Part] = []
    at = 0
    for item in sorted(redactions, key=lambda item: item["start"]):
        if at < item["start"]:
            parts.append(text[at : item["start"]])
        parts.append([text[item["start"] : item["end"]], item["entity"]])
        at = item["end"]
    if at < len(text):
        parts.append(text[at:])
    return parts
