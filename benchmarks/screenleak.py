"""Zero-leak and oversmash of the detector on ScreenLeak's public text sample, beside its leaderboard.

ScreenLeak (screenpipe/screenleak, CC BY 4.0) labels 36 titles of windows, 33 with values and 3 without. By its
published rule a case leaks if a labelled value has no finding of the same label whose characters overlap by half or
more of their union (IoU >= .5), and a case without values is smashed if anything is found. Companies, repositories
and channels are found with ``--business``, which lists none by name. The leaderboard is on all 422 cases, of which 36
are public: compare with care.

Run: python -m benchmarks.screenleak [--business] FILE (text/data/sample.jsonl)
"""

import argparse
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from schemas.entities import EntityType, Span, Text, TextKind
from transforms.redact.detect.build import build_detector
from transforms.redact.settings import RedactSettings

_LEAST = 0.5
LABELS = {
    EntityType.PERSON: "private_person",
    EntityType.USERNAME: "private_handle",
    EntityType.EMAIL_ADDRESS: "private_email",
    EntityType.PHONE_NUMBER: "private_phone",
    EntityType.ADDRESS: "private_address",
    EntityType.URL: "private_url",
    EntityType.SECRET: "secret",
    EntityType.PASSWORD: "secret",
    EntityType.ONE_TIME_CODE: "secret",
    EntityType.CRYPTO: "secret",
    EntityType.US_SSN: "private_id",
    EntityType.ID_NUMBER: "private_id",
    EntityType.EMPLOYEE_ID: "private_id",
    EntityType.CREDIT_CARD: "private_id",
    EntityType.IBAN_CODE: "private_id",
    EntityType.BANK_ACCOUNT: "private_id",
    EntityType.ORGANISATION: "private_company",
    EntityType.REPOSITORY: "private_repo",
    EntityType.CHANNEL: "private_channel",
}
_LEADERBOARD = "on all 422 cases: Presidio .354, Google DLP .377, OpenAI's filter .386, Gemini .91"


def overlap(first: tuple[int, int], second: tuple[int, int]) -> float:
    """Return the shared characters of two ranges as a share of their union.

    >>> overlap((0, 10), (5, 15))
    0.3333333333333333
    """
    shared = min(first[1], second[1]) - max(first[0], second[0])
    return max(shared, 0) / (max(first[1], second[1]) - min(first[0], second[0]))


def missed_labels(title: str, values: Iterable[Mapping[str, str]], spans: Sequence[Span]) -> list[str]:
    """List the labels of the ``values`` of ``title`` that no span of their label covers."""
    found = [(span.start, span.end, LABELS.get(span.entity, "")) for span in spans]
    found += [
        (owner.start, name.end, "private_repo")  # two findings of ours, one value there: ``acme/rocket``
        for owner, name in pairwise(spans)
        if name.entity is EntityType.REPOSITORY and title[owner.end : name.start] == "/"
    ]
    missed = []
    for value in values:
        start = title.index(value["text"])
        place = start, start + len(value["text"])
        if not any(label == value["label"] and overlap(place, (low, high)) >= _LEAST for low, high, label in found):
            missed.append(value["label"])
    return missed


def main() -> None:
    """Print both shares, and for each label how many values leak."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--business", action="store_true")
    asked = parser.parse_args()
    cases: list[dict[str, Any]] = [json.loads(line) for line in asked.file.open(encoding="utf-8")]
    chosen = RedactSettings(classes=("personal", "business") if asked.business else ("personal",))
    found = build_detector(chosen).detect([Text(case["window"], TextKind.TITLE) for case in cases])
    labelled = [(case, spans) for case, spans in zip(cases, found, strict=True) if case["pii"]]
    smashed = sum(bool(spans) for case, spans in zip(cases, found, strict=True) if not case["pii"])
    missed = [missed_labels(case["window"], case["pii"], spans) for case, spans in labelled]
    print(f"zero-leak {sum(not labels for labels in missed)} of {len(labelled)}; {_LEADERBOARD}")
    print(f"oversmash {smashed} of {len(cases) - len(labelled)}")
    every = Counter(value["label"] for case, _ in labelled for value in case["pii"])
    leaks = Counter(label for labels in missed for label in labels)
    for label, count in sorted(every.items()):
        print(f"  {label:<16} {leaks[label]} of {count} leak")


if __name__ == "__main__":
    main()
