"""The looks of a value and its surrogate: the sign before a handle, the case, the legal form of a company."""

from schemas.entities import BUSINESS, EntityType
from transforms.redact.surrogates.reserved_values import placeholder
from transforms.redact.surrogates.surrogates import cased_like
from transforms.redact.text.folding import squash_value
from transforms.redact.text.word_lists import WordClass, word_class

_SIGNS = {EntityType.USERNAME: ("@", "@\uff20"), EntityType.CHANNEL: ("#", "#\uff03")}
"""The sign that a surrogate gets, and those before a value; they are part of the value and of its surrogate."""
_CASED = frozenset({EntityType.ORGANISATION, EntityType.PROJECT, EntityType.TICKET})
_LEGAL_FORMS = frozenset(
    """ab ag aps as asa bv co corp corporation company eg ev gbr gmbh group holding inc incorporated kg kgaa kk
    limited llc llp lp ltd ltda mbh nv ohg oy oyj plc pty sa sarl sas se sl spa spzoo srl srls sro ug""".split()
)


def without_legal_form(name: str) -> str:
    """Cut the legal forms at the end of the name of an organisation.

    >>> [without_legal_form(name) for name in ("Acme Ltd.", "Acme GmbH & Co. KG", "Acme S.p.A.", "Ltd.")]
    ['Acme', 'Acme', 'Acme', 'Ltd.']
    """
    words = name.split()
    kept = len(words)
    while kept > 1 and (words[kept - 1] == "&" or squash_value(words[kept - 1]) in _LEGAL_FORMS):
        kept -= 1
    return " ".join(words[:kept]).rstrip(",") if kept < len(words) else name


def plain_value(entity: EntityType, surface: str) -> str:
    """Return the form of a value that decides its surrogate: without case, blanks, signs and legal form."""
    return squash_value(without_legal_form(surface) if entity is EntityType.ORGANISATION else surface)


def write_like(entity: EntityType, surrogate: str, surface: str) -> str:
    """Write ``surrogate`` with the sign of ``surface`` and, for names of the organisation, in its case."""
    sign, signs = _SIGNS.get(entity, ("", ""))
    cased = cased_like(surrogate, surface) if entity in _CASED and surrogate != placeholder(entity) else surrogate
    return sign + cased if surface[:1] and surface[:1] in signs else cased


def is_telling(entity: EntityType, value: str) -> bool:
    """Return whether a value may be sought elsewhere: ``kubectl``, a repository, is a technical word in other texts."""
    return entity not in BUSINESS or word_class(value) is not WordClass.TECHNICAL
