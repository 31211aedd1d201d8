from collections.abc import Callable
from pathlib import Path

import hyperscan
import pytest

from transforms.redact.text.hyperscan_cache import PrefilterStore, compile_database, use_prefilters

_FLAGS = hyperscan.HS_FLAG_SINGLEMATCH
_KEY, _OTHER = bytes(32), bytes(range(32))


@pytest.fixture
def store(tmp_path: Path) -> PrefilterStore:
    return PrefilterStore(tmp_path / "prefilters", _KEY)


def matches(database: hyperscan.Database, text: bytes) -> set[int]:
    found: set[int] = set()

    def note(number: int, _start: int, _end: int, _flags: int, _context: object) -> None:
        found.add(number)

    database.scan(text, match_event_handler=note, scratch=hyperscan.Scratch(database))
    return found


def kept(store: PrefilterStore, expression: bytes = b"abc", number: int = 1) -> hyperscan.Database:
    with use_prefilters(store):
        return compile_database([expression], [number], _FLAGS)


def files(store: PrefilterStore) -> list[Path]:
    return sorted(store.folder.iterdir())


def test_a_kept_database_finds_what_a_fresh_one_finds_and_is_not_written_again(store: PrefilterStore) -> None:
    fresh = kept(store, rb"\d{4}", 7)
    (path,) = files(store)
    assert path.stat().st_mode & 0o777 == 0o600
    assert store.folder.stat().st_mode & 0o077 == 0
    before = path.stat().st_ino
    again = kept(store, rb"\d{4}", 7)
    assert [found.stat().st_ino for found in files(store)] == [before]
    for text in (b"1234 abc", b"12 ab", b""):
        assert matches(fresh, text) == matches(again, text) == ({7} if b"1234" in text else set())


def test_other_patterns_are_another_database(store: PrefilterStore) -> None:
    assert matches(kept(store), b"abc") == {1}
    assert matches(kept(store, b"abd"), b"abc") == set()
    assert matches(kept(store, number=2), b"abc") == {2}
    assert len(files(store)) == 3


def test_without_a_key_set_nothing_is_kept_anywhere(
    tmp_path: Path, store: PrefilterStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    assert matches(compile_database([b"abc"], [1], _FLAGS), b"abc") == {1}
    kept(store)
    assert matches(compile_database([b"abd"], [1], _FLAGS), b"abc") == set()
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1


def harmless() -> bytes:
    """Give a database that never matches, with its own bytes intact."""
    database = hyperscan.Database()
    database.compile(expressions=[b"zzz"], ids=[1], elements=1, flags=[_FLAGS])
    return hyperscan.dumpb(database)


def test_what_the_key_set_wrote_is_taken_and_not_compiled_again(store: PrefilterStore) -> None:
    kept(store)
    (path,) = files(store)
    store.write(path.name, harmless())
    assert matches(kept(store), b"abc") == set()


HARMS: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda _: b"",
    "a MAC alone": lambda content: content[:32],
    "one byte less than a MAC": lambda content: content[:31],
    "without a MAC": lambda _: harmless(),
    "the old MAC": lambda content: content[:32] + harmless(),
    "a MAC of nothing": lambda _: bytes(32) + harmless(),
    "one bit": lambda content: content[:-1] + bytes([content[-1] ^ 1]),
    "a byte more": lambda content: content + b"\0",
}


@pytest.mark.parametrize("harm", HARMS)
def test_a_database_that_the_key_set_did_not_write_is_never_used(store: PrefilterStore, harm: str) -> None:
    kept(store)
    (path,) = files(store)
    sound = path.read_bytes()
    path.write_bytes(HARMS[harm](sound))
    assert matches(kept(store), b"abc") == {1}
    assert path.read_bytes() == sound  # written again for the next process


def test_a_database_of_another_key_set_of_other_patterns_or_behind_a_link_is_never_used(store: PrefilterStore) -> None:
    kept(store)
    (path,) = files(store)
    kept(PrefilterStore(store.folder, _OTHER), b"zzz")
    (other,) = set(files(store)) - {path}
    assert store.read(other.name) is None
    kept(store, b"zzz")
    path.write_bytes(other.read_bytes())  # written under the key, under another name
    assert store.read(path.name) is None
    assert matches(kept(store), b"abc") == {1}
    target = store.folder / "elsewhere"
    path.rename(target)
    path.symlink_to(target)
    assert store.read(path.name) is None
    assert matches(kept(store), b"abc") == {1}


def test_a_store_that_cannot_be_written_costs_time_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert matches(kept(PrefilterStore(tmp_path / "file", _KEY)), b"abc") == {1}
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_the_key_is_not_shown(store: PrefilterStore) -> None:
    assert repr(_KEY) not in repr(store)
