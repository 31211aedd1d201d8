r"""Build ``interface_phrases.txt.gz``: whole labels that many programs show, from the sources in the README.

``python -m transforms.redact.text.data.build_phrases PROGRAMS`` with a folder that holds each unpacked program in a
folder of its own. Run it after the other lists.
"""

import gzip
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from transforms.redact.bystanders.interface_phrases import fold_label
from transforms.redact.text.data.labels import LANGUAGES, read_labels
from transforms.redact.text.word_lists import WordClass, is_given_name, place_names, word_class

_HERE = Path(__file__).parent
_FAMILIES = (
    ("horde", re.compile("horde")),
    ("evolution", re.compile("^evolution")),
    ("kdepim", re.compile("^(?:kmail|kontact|korganizer|kdepim|akregator)")),
    ("mailman", re.compile("postorius|hyperkitty")),
)
"""Programs that share catalogues, or words, and count as one."""
_LEAST_PROGRAMS, _LEAST_TRANSLATIONS = 3, 2
"""Fewest programs that show an English label, and that show the same text for it in another language."""
_LONGEST, _MOST_WORDS, _SHORTEST = 40, 5, 2
_MARK = re.compile(r"(?<=\w)[_&~](?=\w)|[_&~](?=\w)")
"""The mark of an access key: ``_Datei``, ``S&uchen``."""
_NO_LABEL = re.compile(r"[%{}$<>@#\\\"\u201c\u201d=/;\n\d&\u3002]|[.!?,]\s+\S|\.[^\s.]|[!?\uff01\uff1f]$|(?<!\.)\.$")
"""Signs of a sentence, of a value that is filled in, or of code."""

_BRACKET = re.compile(r"[()\[\]]")
_LETTERS = re.compile("[^\\W\\d_]{2}|[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
"""Two letters, or one sign of a script that writes a word with it."""


@dataclass
class Labels:
    """Programs that show an English label, and those that show a text for it."""

    programs: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    shown: dict[str, dict[str, set[str]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(set)))


@dataclass
class Picks:
    """Words that no phrase holds, phrases that are answers or topics, those of controls alone, and those added."""

    never: set[str] = field(default_factory=set)
    out: set[str] = field(default_factory=set)
    answers: set[str] = field(default_factory=set)
    of_controls: set[str] = field(default_factory=set)
    added: set[str] = field(default_factory=set)


def read_label(text: str) -> str | None:
    """Fold a text that may be a label of one to five words; return None for any other.

    >>> [read_label(text) for text in ("_Reply to All...", "You have %d messages", "Please wait.")]
    ['reply to all', None, None]
    """
    plain = _MARK.sub("", text).strip()
    if not _SHORTEST <= len(plain) <= _LONGEST or _NO_LABEL.search(plain):
        return None
    folded = fold_label(plain)
    if not 1 <= len(folded.split()) <= _MOST_WORDS or _BRACKET.search(folded) or not _LETTERS.search(folded):
        return None
    return folded


def collect_labels(root: Path) -> Labels:
    """Collect the labels of the programs below a folder."""
    labels = Labels()
    for folder in sorted(path for path in root.iterdir() if path.is_dir()):
        program = next((name for name, pattern in _FAMILIES if pattern.search(folder.name)), folder.name)
        for language in LANGUAGES:
            for source, text in read_labels(folder, language):
                if (english := read_label(source)) is not None:
                    labels.programs[english].add(program)
                    if (told := read_label(text)) is not None:
                        labels.shown[english][f"{language} {told}"].add(program)
    return labels


def read_picks() -> Picks:
    """Read the phrases that were marked by hand."""
    picks = Picks()
    places = {"never": picks.never, "out": picks.out, "answer": picks.answers, "control": picks.of_controls}
    for line in (_HERE / "interface_phrases_picks.txt").read_text(encoding="utf-8").splitlines():
        kind, _, words = line.partition(": ")
        if not line.startswith("#"):
            places.get(kind, picks.added).update(fold_label(word) for word in words.split(", "))
    return picks


def choose_phrases(labels: Labels, picks: Picks) -> set[str]:
    """Choose the English labels of three programs and what two show for them, but answers, topics and names.

    For a phrase that was added by hand one program is enough.
    """
    kept = {
        english
        for english, programs in labels.programs.items()
        if len(programs) >= _LEAST_PROGRAMS
        and english not in picks.out | picks.answers
        and not picks.never & set(english.split())
        and english not in place_names()
    }
    shown = {text for english in kept for text in _list_shown(labels, english, _LEAST_TRANSLATIONS)}
    shown |= {text for english in picks.added for text in _list_shown(labels, english, 1)}
    answers = {text for english in picks.answers for text in _list_shown(labels, english, _LEAST_TRANSLATIONS)}
    told = {phrase for phrase in kept | shown if not _is_name(phrase)}
    return told - answers - picks.answers - picks.out | picks.added | picks.of_controls


def choose_controls(labels: Labels, picks: Picks) -> set[str]:
    """Choose the phrases that stay as names of controls alone: those so marked, and what any program shows for them."""
    shown = {text for english in picks.of_controls for text in _list_shown(labels, english, 1)}
    return picks.of_controls | (shown - picks.added)


def _is_name(phrase: str) -> bool:
    """Return whether a phrase is one word that is a listed given name, or rather a name, or a place: ``marco``."""
    return (
        phrase in place_names() or is_given_name(phrase) or (" " not in phrase and word_class(phrase) is WordClass.NAME)
    )


def _list_shown(labels: Labels, english: str, least: int) -> Iterator[str]:
    """Yield what at least so many programs show for an English label in one language."""
    shown = labels.shown.get(english, {})
    return (text.partition(" ")[2] for text, programs in shown.items() if len(programs) >= least)


def main(root: Path) -> None:
    """Write the list and print how many phrases have how many words."""
    labels, picks = collect_labels(root), read_picks()
    phrases, of_controls = sorted(choose_phrases(labels, picks)), choose_controls(labels, picks)
    lines = (f"={phrase}" if phrase in of_controls else phrase for phrase in phrases)
    packed = gzip.compress("\n".join(lines).encode(), mtime=0)
    (_HERE / "interface_phrases.txt.gz").write_bytes(packed)
    sys.stdout.write(f"{len(phrases)} phrases: {sorted(Counter(len(phrase.split()) for phrase in phrases).items())}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
