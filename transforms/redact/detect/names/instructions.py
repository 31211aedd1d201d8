"""Verbs of instructions, which stand before a name and are none: ``Tell Anna Kowalczik when the order is sent``."""

from collections.abc import Sequence
from itertools import pairwise

from transforms.redact.detect.words import Word
from transforms.redact.text.word_lists import is_given_name

_ACTS_ON_PEOPLE = frozenset(
    """advise alert answer ask assist assign brief call congratulate consult contact convince email forward give greet
    help hire inform interview introduce invite join let mail meet message notify onboard pay persuade phone promote
    remind reply ring send show teach tell text thank train update visit warn welcome""".split()
)


def leave_out_verbs(text: str, words: Sequence[Word], named: list[bool]) -> None:
    """Unmark the verb of an instruction before a name."""
    for at, (word, after) in enumerate(pairwise(words)):
        begins = at == 0 or not named[at - 1]
        named[at] = named[at] and not (begins and named[at + 1] and _instructs(text, word, after))


def _instructs(text: str, word: Word, name: Word) -> bool:
    """Return whether a verb tells what to do with the person named behind it, whatever a model says of the verb."""
    verb = word.text.lower()
    return verb in _ACTS_ON_PEOPLE and not is_given_name(verb) and text[word.end : name.start] == " "
