"""A hashed directory finds what the clear one finds, tells nothing without its key, and is refused under another."""

from dataclasses import replace
from pathlib import Path

import pytest

from pipelines.cli.main import main
from schemas.entities import EntityType, Text, TextKind
from schemas.errors import RefusedError, UsageError
from transforms.keys.key_set import KeyReference, KeyRole, KeySet, create_key_set
from transforms.keys.rotation import rotate
from transforms.redact.bystanders.hashed_directory import HashedDirectory, add_hashed_directory, hash_directory
from transforms.redact.detect.detector import UnionDetector
from transforms.redact.detect.directory import Directory, read_rows
from transforms.redact.settings import RedactSettings

_CLEAR = (
    'name,email,phone,aliases\n"Okonkwo, Grace",g.okonkwo@corp.example,+49 30 5550101,the wizard\nÅsa Lind,,,\n'
).encode()
_NOTHING = UnionDetector((), frozenset(), 1_000)


@pytest.fixture(scope="module")
def key_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("home") / "keys"
    create_key_set(folder)
    return folder


@pytest.fixture(scope="module")
def keys(key_folder: Path) -> KeySet:
    return KeySet.open(KeyReference.parse(str(key_folder)))


@pytest.fixture(scope="module")
def hashed(keys: KeySet) -> HashedDirectory:
    return HashedDirectory.of(read_rows(hash_directory(_CLEAR, keys).encode()), keys)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("ask grace okonkwo today", "grace okonkwo"),
        ("OKONKWO,  GRACE", "OKONKWO,  GRACE"),
        ("with okonkwo.", "okonkwo"),
        ("mail G.Okonkwo@corp.example now", "G.Okonkwo@corp.example"),
        ("dial +49 30 5550101!", "49 30 5550101"),
        ("ask The Wizard", "The Wizard"),
        ("İ ÅSA", "ÅSA"),
        ("full of grace", None),
        ("okonkwos and agokonkwo", None),
        ("", None),
    ],
)
def test_values_are_found_as_whole_words_in_any_case(hashed: HashedDirectory, text: str, wanted: str | None) -> None:
    found = [text[span.start : span.end] for span in hashed.find(text)]
    assert found == [] if wanted is None else wanted in found


def test_it_finds_the_people_of_the_clear_one(hashed: HashedDirectory, tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_bytes(_CLEAR)
    clear = Directory.read(str(tmp_path / "people.csv"))
    for text in ("Grace Okonkwo and Åsa Lind met okonkwo, grace", "åsa", "lind@corp.example", "g.okonkwo@corp.example"):
        assert {*clear.find(text)} == {*hashed.find(text)}


def test_the_file_reveals_no_value_and_no_order_and_differs_by_key_set(keys: KeySet, tmp_path: Path) -> None:
    first, *rows = hash_directory(_CLEAR, keys).splitlines()
    assert first == "entity,words,digest"
    assert "okonkwo" not in "".join(rows).lower()
    assert rows[0].startswith(f"KEY,{len(rows) - 1},")
    digests = [row.rpartition(",")[2] for row in rows[1:]]
    assert digests == sorted(digests)
    reordered = b"\n".join([_CLEAR.splitlines()[0], *reversed(_CLEAR.splitlines()[1:])])
    assert hash_directory(reordered, keys).splitlines() == [first, *rows]
    create_key_set(tmp_path / "other")
    other = KeySet.open(KeyReference.parse(str(tmp_path / "other")))
    assert not {*digests} & {row.rpartition(",")[2] for row in hash_directory(_CLEAR, other).splitlines()}
    with pytest.raises(RefusedError, match="another key set"):
        HashedDirectory.of(read_rows("\n".join([first, *rows]).encode()), other)
    with pytest.raises(RefusedError, match="another key set"):
        HashedDirectory.of(read_rows("\n".join([first, *rows[1:]]).encode()), keys)


def test_a_file_of_before_a_rotation_still_counts(tmp_path: Path) -> None:
    create_key_set(tmp_path / "keys")
    reference = KeyReference.parse(str(tmp_path / "keys"))
    rows = read_rows(hash_directory(_CLEAR, KeySet.open(reference)).encode())
    rotate(tmp_path / "keys", KeyRole.TRANSIT)
    assert HashedDirectory.of(rows, KeySet.open(reference)).find("okonkwo")


@pytest.mark.parametrize("row", ["SHOE,1,00", "PERSON,one,00", "PERSON,1,zz"])
def test_a_damaged_row_is_reported_without_its_content(keys: KeySet, row: str) -> None:
    content = hash_directory(_CLEAR, keys) + row + "\n"
    with pytest.raises(UsageError, match="damaged row") as caught:
        HashedDirectory.of(read_rows(content.encode()), keys)
    assert "SHOE" not in str(caught.value)


@pytest.mark.parametrize("kept", [-1, -40, -66, -200])
def test_a_file_that_was_cut_short_is_refused(keys: KeySet, kept: int) -> None:
    """In the last digest, in a row, behind a row, some rows before."""
    rows = read_rows(hash_directory(_CLEAR, keys).rstrip()[:kept].encode())
    with pytest.raises((RefusedError, UsageError), match="hash it again"):
        HashedDirectory.of(rows, keys)


@pytest.mark.parametrize(("words", "fits"), [(16, True), (17, False)])
def test_a_value_has_at_most_sixteen_words(keys: KeySet, words: int, *, fits: bool) -> None:
    content = ("address\n" + " ".join(f"word{number}" for number in range(words)) + "\n").encode()
    if fits:
        assert ",16," in hash_directory(content, keys)
    else:
        with pytest.raises(UsageError, match="more than 16 words"):
            hash_directory(content, keys)


def test_a_detector_finds_the_people_of_a_hashed_directory_alone(
    key_folder: Path, keys: KeySet, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    clear, target = tmp_path / "people.csv", tmp_path / "hashed.csv"
    clear.write_bytes(_CLEAR)
    words = ["hash-directory", str(clear), "-o", str(target), "--keys", str(key_folder)]
    assert main(words) == 0
    assert "values" in capsys.readouterr().out
    assert target.stat().st_mode & 0o777 == 0o600
    settings = RedactSettings(directory=str(target))
    detector = add_hashed_directory(_NOTHING, settings, keys)
    (spans,) = detector.detect([Text("ask%20grace%20okonkwo", TextKind.URL)])
    assert EntityType.PERSON in {span.entity for span in spans}
    assert Directory.read(str(target)).find("grace okonkwo") == []
    assert Directory.read(str(target)).digest() != Directory.read(str(clear)).digest()
    assert add_hashed_directory(_NOTHING, replace(settings, directory=str(clear)), keys) is _NOTHING
    assert add_hashed_directory(_NOTHING, replace(settings, directory=None), keys) is _NOTHING
    assert main([*words[:1], str(target), *words[2:]]) == 2
    assert "hashed already" in capsys.readouterr().err


def test_it_shows_no_digest(hashed: HashedDirectory) -> None:
    assert repr(hashed).endswith(" values)")
