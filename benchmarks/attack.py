"""Attack the command line with thousands of made-up variants of every kind; report leaks and stalls."""

import argparse
import sys
import tempfile
from pathlib import Path

from tests.attack.campaign import by_form
from tests.attack.kinds import KINDS

_HEAD = ("kind", "variants", "leaks", "stalls or failures", "sessions released", "CPU s")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--variants", type=int, default=2000, help="of each kind")
    parser.add_argument("--kind", action="append", choices=sorted(KINDS), help="only this kind; may be repeated")
    parser.add_argument("--findings", type=Path, help="write one line a finding into this file")
    asked = parser.parse_args()
    print(" | ".join(_HEAD), flush=True)
    bad, findings = 0, []
    for kind in asked.kind or KINDS:
        with tempfile.TemporaryDirectory() as folder:
            verdict = KINDS[kind](Path(folder), asked.seed, asked.variants)
        bad += len(verdict.leaks) + len(verdict.failures)
        cells = (kind, verdict.variants, len(verdict.leaks), len(verdict.failures))
        released = f"{verdict.released:,} of {verdict.sessions:,}"
        print(*cells, released, f"{verdict.cpu_s:.0f}", *verdict.notes, by_form(verdict), sep=" | ", flush=True)
        findings.append(str(verdict))
    if asked.findings is not None:
        asked.findings.write_text("\n".join(findings))
    print(f"{bad} findings")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
