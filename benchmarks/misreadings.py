"""Recall of made-up numbers, addresses and keys with misread characters, and what reading them so costs elsewhere.

Values are those of ``tests/support/misreadings.py``. A value is found if all of its letters and digits are in findings.
The cost is counted on the lines of this repository's pages, code, locks and settings, which hold nobody's values.

Run: python -m benchmarks.misreadings
"""

from pathlib import Path

from schemas.entities import Text, TextKind
from tests.support.misreadings import KINDS, examples
from transforms.redact.detect.patterns import PatternDetector
from transforms.redact.settings import RedactSettings

_EACH = 40
_PAGES = ("docs/**/*.md", "transforms/**/*.py", "deploy/**/*.tf", "pipelines/**/*.js", "requirements.lock")


def count_found(detector: PatternDetector, name: str, times: int, *, ocr: bool) -> int:
    """Count the values of a kind that are found with so many misread characters."""
    listed = list(examples(name, _EACH, times))
    found = detector.detect([Text(line, TextKind.SCREEN, ocr=ocr) for line, _ in listed])
    whole = 0
    for (line, value), spans in zip(listed, found, strict=True):
        start = line.index(value)
        covered = {place for span in spans for place in range(span.start, span.end)}
        whole += covered.issuperset(place for place in range(start, start + len(value)) if line[place].isalnum())
    return whole


def main() -> None:
    """Print recall by the number of misread characters, the kinds that are not whole, and the cost."""
    detector = PatternDetector(RedactSettings())
    print("misread  as told  as read")
    for times in (0, 1, 2):
        told, read = ({name: count_found(detector, name, times, ocr=ocr) for name in KINDS} for ocr in (False, True))
        most = _EACH * len(KINDS)
        print(f"{times:<8} {sum(told.values()) / most:.3f}    {sum(read.values()) / most:.3f}")
        print(f"         below .95 as read: {[name for name, found in read.items() if found < 0.95 * _EACH]}")
    paths = sorted(path for pattern in _PAGES for path in Path().glob(pattern))
    lines = list(dict.fromkeys(line for path in paths for line in path.read_text(encoding="utf-8").splitlines()))
    plain, read_so = (
        sum(span.end - span.start for spans in detector.detect(texts) for span in spans)
        for texts in ([Text(line, TextKind.SCREEN, ocr=ocr) for line in lines if line] for ocr in (False, True))
    )
    characters = sum(map(len, lines))
    print(f"{len(KINDS)} kinds; of {characters:,} other characters {plain:,} redacted as told, {read_so:,} as read")


if __name__ == "__main__":
    main()
