from pathlib import Path

import hyperscan
import pytest

from transforms.redact.compiled import compiled

_FLAGS = hyperscan.HS_FLAG_SINGLEMATCH


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path


def matches(database: hyperscan.Database, text: bytes) -> set[int]:
    found: set[int] = set()

    def note(number: int, _start: int, _end: int, _flags: int, _context: object) -> None:
        found.add(number)

    database.scan(text, match_event_handler=note, scratch=hyperscan.Scratch(database))
    return found


def files(cache: Path) -> list[Path]:
    return [path for path in cache.rglob("*") if path.is_file()]


def test_a_kept_database_finds_what_a_fresh_one_finds(cache: Path) -> None:
    expressions, ids = [b"abc", rb"\d{4}"], [7, 9]
    fresh = compiled(expressions, ids, _FLAGS)
    (kept,) = files(cache)
    assert kept.stat().st_mode & 0o777 == 0o600
    again = compiled(expressions, ids, _FLAGS)
    assert files(cache) == [kept]
    for text in (b"xabc", b"1234 abc", b"12 ab", b""):
        assert matches(fresh, text) == matches(again, text)


def test_other_patterns_are_another_database(cache: Path) -> None:
    assert matches(compiled([b"abc"], [1], _FLAGS), b"abc") == {1}
    assert matches(compiled([b"abd"], [1], _FLAGS), b"abc") == set()
    assert matches(compiled([b"abc"], [2], _FLAGS), b"abc") == {2}
    assert len(files(cache)) == 3


@pytest.mark.parametrize("harm", ["damaged", "writable", "link", "empty"])
def test_a_file_that_is_not_trusted_is_not_used(cache: Path, harm: str) -> None:
    compiled([b"abc"], [1], _FLAGS)
    (kept,) = files(cache)
    other = hyperscan.Database()
    other.compile(expressions=[b"zzz"], ids=[1], elements=1, flags=[_FLAGS])
    content = {"damaged": b"x" * 100, "empty": b""}.get(harm, hyperscan.dumpb(other))
    kept.unlink()
    target = cache / "elsewhere" if harm == "link" else kept
    target.write_bytes(content)
    if harm == "link":
        kept.symlink_to(target)
    else:
        kept.chmod(0o622 if harm == "writable" else 0o600)
    assert matches(compiled([b"abc"], [1], _FLAGS), b"abc") == {1}


def test_a_cache_that_cannot_be_written_is_no_error(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (cache / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache / "file"))
    assert matches(compiled([b"abc"], [1], _FLAGS), b"abc") == {1}
    assert [path.name for path in cache.iterdir()] == ["file"]
