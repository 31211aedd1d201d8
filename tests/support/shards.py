"""The data files of a release, to compare two of them byte for byte."""

from pathlib import Path


def shards(release: Path) -> dict[str, bytes]:
    return {str(path.relative_to(release)): path.read_bytes() for path in sorted(release.rglob("*.parquet"))}
