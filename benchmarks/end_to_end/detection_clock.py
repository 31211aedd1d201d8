"""``keyveil run`` with a clock around its detector; the last line on standard output is the cost of detection.

Run: python detection_clock.py ARGUMENTS-OF-KEYVEIL

The clock is the process's, not the thread's: the detector's tokenizer works in threads of its own (0.1 of 5 CPU seconds
on 190,000 events), and no other thread does anything while it looks at texts.
"""

import json
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from pipelines.cli.main import main
from schemas.entities import Span, Text
from transforms.redact.detect import build as engine
from transforms.redact.detect.detector import Detector
from transforms.redact.settings import RedactSettings

_BUILD = engine.build_detector
_SPENT = {"detect_cpu_s": 0.0, "build_cpu_s": 0.0}


@dataclass(frozen=True)
class _TimedDetector:
    inner: Detector
    common_words: frozenset[str] = field(repr=False)

    def detect(self, texts: Sequence[Text]) -> list[tuple[Span, ...]]:
        begin = time.process_time()
        found = self.inner.detect(texts)
        _SPENT["detect_cpu_s"] += time.process_time() - begin
        return found

    def digest(self) -> str:
        return self.inner.digest()


def _build(settings: RedactSettings) -> Detector:
    begin = time.process_time()
    built = _BUILD(settings)
    _SPENT["build_cpu_s"] += time.process_time() - begin
    return _TimedDetector(built, built.common_words)


if __name__ == "__main__":
    engine.build_detector = _build
    code = main(sys.argv[1:])
    print(json.dumps(_SPENT))
    sys.exit(code)
