"""Redactions a thousand words of source code, by source: a screen of 30 lines of each of some files.

``python -m benchmarks.code_screens --seed 2 js:node_modules go:/usr/share/gocode h:/usr/include`` draws up to 50 files
with that ending below each folder; ``--show`` lists what was redacted. Names of authors count, too.
"""

import argparse
import random
from collections.abc import Iterator
from pathlib import Path

from benchmarks.wild import build_keyveil, cut_screens, measure_loss
from schemas.entities import Text

_LEAST_BYTES, _MOST_BYTES, _WIDEST = 1_500, 200_000, 400


def draw_screens(folder: Path, ending: str, files: int, seed: int) -> Iterator[Text]:
    """Yield a screen of each of ``files`` files, not its first where it has more; minified code is left out."""
    chance = random.Random(seed)  # noqa: S311 - a sample, no secret
    paths = sorted(path for path in folder.rglob(f"*.{ending}") if _LEAST_BYTES < path.stat().st_size < _MOST_BYTES)
    chance.shuffle(paths)
    for path in paths[:files]:
        screens = list(cut_screens(path.read_text(encoding="utf-8", errors="replace")))
        if all(len(line) <= _WIDEST for screen in screens for line in screen.content.split("\n")):
            yield chance.choice(screens[1:] or screens)


def main() -> None:
    """Print a line for each source, and one for all."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sources", nargs="+", metavar="ENDING:FOLDER")
    parser.add_argument("--files", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", action="store_true")
    asked = parser.parse_args()
    detect, words, hits = build_keyveil(), 0.0, 0
    for source in asked.sources:
        ending, _, folder = source.partition(":")
        screens = list(draw_screens(Path(folder), ending, asked.files, asked.seed))
        if not screens:
            parser.error(f"{folder} holds no file of {_LEAST_BYTES} to {_MOST_BYTES} bytes that ends in .{ending}")
        here, rate, found = measure_loss(screens, detect)
        words, hits = words + here, hits + len(found)
        print(f"{source:<40} {len(screens):3} screens {here:7.0f} words {rate:6.1f} redactions a thousand words")
        if asked.show:
            print("   ", "; ".join(found))
    print(f"{'all':<40} {words:19.0f} words {1000 * hits / words:6.1f}")


if __name__ == "__main__":
    main()
