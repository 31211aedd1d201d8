"""Organisations and projects that a file lists."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from schemas.entities import EntityType, Span
from transforms.redact.surrogates.surface import without_legal_form
from transforms.redact.text.phrases import Phrases
from transforms.redact.text.word_lists import WordClass, word_class

_ORDINARY = frozenset({WordClass.INTERFACE, WordClass.EVERYDAY})
_DOMAIN = re.compile(r"[\w.-]*\.[a-z]{2,}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ListedNames:
    """Names of one kind, found however they are written; an ordinary word only as the list has it or capitalised."""

    phrases: Phrases
    ordinary: frozenset[str] = field(repr=False)

    @classmethod
    def of(cls, names: Sequence[str], entity: EntityType) -> "ListedNames":
        """Prepare ``names``; organisations are also found without their legal form."""
        plain = [without_legal_form(name) for name in names] if entity is EntityType.ORGANISATION else []
        forms = list(dict.fromkeys([*names, *plain]))
        return cls(Phrases(forms, entity), frozenset(form.casefold() for form in forms if _is_ordinary(form)))

    def find(self, text: str) -> Iterator[Span]:
        """Yield all occurrences; ``box`` of ``a box`` is no organisation, ``Box`` and ``box.com`` are."""
        for span in self.phrases.find(text):
            word = text[span.start : span.end]
            if not word.islower() or word.casefold() not in self.ordinary or _is_domain(text, span):
                yield span


def _is_ordinary(name: str) -> bool:
    return name.isalpha() and word_class(name) in _ORDINARY


def _is_domain(text: str, span: Span) -> bool:
    return text[span.start - 1 : span.start] in {".", "@"} or _DOMAIN.match(text, span.end) is not None
