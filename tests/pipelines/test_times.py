"""A whole release, with every bundle run three times: one draw a record, and no recorded time anywhere in it."""

import base64
import hashlib
import json
import re
import struct
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipelines.cli.main import main
from pipelines.release import attempt

_EXAMPLES = Path(__file__).parents[2] / "examples"
_LOG = _EXAMPLES / "recordings" / "synthetic-office.jsonl"
_REPEAT = "--direct_runner_bundle_repeat=2"
_WEEK_S = 7 * 86_400
_UNITS = (1, 10**3, 10**6, 10**9)
"""Seconds, milliseconds, microseconds, nanoseconds."""

_OURS = re.compile(r"GB\d\dTEST\d{14}")
"""The made-up number of an account, whose digits are drawn: one of 50,000 is a time with a zero before it."""

_DATE = re.compile(r"\b(19|20)\d\d-?(0[1-9]|1[0-2])-?(0[1-9]|[12]\d|3[01])\b")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a finished run whose private state was left as it was just before its end."""
    folder = tmp_path_factory.mktemp("home")
    assert main(["keys", "init", str(folder / "keys")]) == 0
    words = ["--input", str(_LOG), "--consent", str(_EXAMPLES / "consent.csv"), "--keys", str(folder / "keys")]
    clear = ["--set", "store.encryption=none", "--set", "noise.timing=synthesize"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(attempt.ReleaseAttempt, "_close", _leave)
        assert main(["run", *words, *clear, "--output", str(folder / "out"), "--json", "--", _REPEAT]) == 0
    return folder


def _leave(_: object) -> None:
    pass


def test_every_attempt_at_a_shard_drew_the_same_noise(home: Path) -> None:
    published = {hashlib.sha256(path.read_bytes()).hexdigest() for path in (home / "out").rglob("*.parquet")}
    left = list((home / "keyveil-state" / "runs").rglob("*.staged"))
    assert len(left) == 2 * len(published)  # a bundle runs three times, and one attempt was published
    assert {hashlib.sha256(path.read_bytes()).hexdigest() for path in left} == published


@cache
def _span_us() -> tuple[int, int]:
    times = [json.loads(line)["t_us"] for line in _LOG.read_text().splitlines()]
    return min(times), max(times)


def _recorded(number: float) -> bool:
    """Return whether a number is a time, in any unit, in the weeks of the recording."""
    first, last = _span_us()
    return any(first / 10**6 - _WEEK_S <= number / unit <= last / 10**6 + _WEEK_S for unit in _UNITS)


def _numbers(value: Any) -> Iterator[float]:
    if isinstance(value, bool) or value is None:
        return
    if isinstance(value, int | float):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _numbers(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _numbers(item)
    elif isinstance(value, str | bytes):
        text = value if isinstance(value, str) else value.decode("latin-1")
        yield from map(int, re.findall(r"\d{9,19}", _OURS.sub("", text)))


def _statistics(path: Path) -> Iterator[object]:
    metadata = pq.read_metadata(path)
    yield dict(metadata.metadata or {})
    for group in range(metadata.num_row_groups):
        for index in range(metadata.num_columns):
            found = metadata.row_group(group).column(index).statistics
            yield [found.min, found.max] if found is not None and found.has_min_max else None


def test_the_scan_knows_a_time_when_it_sees_one() -> None:
    first, last = _span_us()
    assert all(_recorded(first * unit // 10**6) for unit in _UNITS)
    assert list(_numbers({"a": [f"at {last // 1000}"]})) == [last // 1000]
    assert list(_numbers(f"GB12TEST0{last // 1000} at {last // 1000}")) == [last // 1000]
    assert not any(map(_recorded, (0, 835, 3840, 3 * 10**9, 10**18)))
    assert _DATE.search("2026-01-05") is not None


def test_no_column_statistic_or_metadata_holds_a_recorded_time(home: Path) -> None:
    shards = list((home / "out").rglob("*.parquet"))
    assert shards
    for path in shards:
        table = pq.read_table(path)
        assert not any(pa.types.is_temporal(kind) for kind in table.schema.types)
        for column in table.column_names:
            values = table[column].to_pylist()
            assert not any(map(_recorded, _numbers(values))), column
        assert not any(map(_recorded, _numbers(list(_statistics(path)))))
        t_ms = table["t_ms"].to_pylist() if "t_ms" in table.column_names else []
        assert max(t_ms, default=0) < 86_400_000  # since the session began, not since any epoch


def test_no_name_or_document_holds_a_date_or_a_recorded_time(home: Path) -> None:
    for path in (home / "out").rglob("*"):
        assert not _DATE.search(path.name), path.name
        assert not any(map(_recorded, _numbers(re.findall(r"(?<![0-9a-f])\d{9,19}(?![0-9a-f])", path.name))))
        if path.is_file() and path.suffix != ".parquet":
            text = path.read_text()
            if path.suffix == ".json" and "payload" in json.loads(text):
                text = base64.b64decode(json.loads(text)["payload"]).decode()
            assert not _DATE.search(text), path.name
            assert not any(map(_recorded, map(int, re.findall(r"(?<![0-9a-f])\d{9,19}(?![0-9a-f])", text)))), path.name


def test_no_recorded_time_stands_in_the_bytes(home: Path) -> None:
    """Uncompressed or not, in either byte order, as a number or as digits."""
    times = {json.loads(line)["t_us"] for line in _LOG.read_text().splitlines()}
    needles = {
        form
        for t_us in times
        for unit in (1, 1_000)
        for form in (struct.pack("<q", t_us // unit), struct.pack(">q", t_us // unit), b"%d" % (t_us // unit))
    }
    for path in (home / "out").rglob("*"):
        content = path.read_bytes() if path.is_file() else b""
        assert not any(needle in content for needle in needles), path.name
