from pathlib import Path

import pytest

from schemas.entities import EntityType, Text, TextKind
from schemas.errors import RefusedError, UsageError
from transforms.redact.detect.build import add_words
from transforms.redact.detect.detector import UnionDetector
from transforms.redact.detect.directory import Directory


@pytest.fixture
def directory(tmp_path: Path) -> Directory:
    path = tmp_path / "people.csv"
    path.write_text(
        'name,email,username,phone\n"Okonkwo, Grace",g.okonkwo@corp.example,gokonkwo1,555-0101\nÅsa Lind,,,\n',
        encoding="utf-8",
    )
    return Directory.read(str(path))


@pytest.mark.parametrize(
    ("text", "value", "entity"),
    [
        ("ask grace okonkwo", "grace okonkwo", EntityType.PERSON),
        ("OKONKWO, GRACE", "OKONKWO, GRACE", EntityType.PERSON),
        ("with okonkwo.", "okonkwo", EntityType.PERSON),
        ("mail G.Okonkwo@corp.example now", "G.Okonkwo@corp.example", EntityType.EMAIL_ADDRESS),
        ("login gokonkwo1", "gokonkwo1", EntityType.USERNAME),
        ("dial 555-0101", "555-0101", EntityType.PHONE_NUMBER),
        ("İ ÅSA", "ÅSA", EntityType.PERSON),
    ],
)
def test_values_are_found_in_any_case(directory: Directory, text: str, value: str, entity: EntityType) -> None:
    assert (value, entity) in [(text[span.start : span.end], span.entity) for span in directory.find(text)]


@pytest.mark.parametrize("text", ["full of grace", "okonkwos", "agokonkwo1", ""])
def test_ordinary_words_and_parts_of_words_are_not(directory: Directory, text: str) -> None:
    assert directory.find(text) == []


@pytest.mark.parametrize("text", ["ask the Wizard", "KAY-KAY, please", "about zoe b."])
def test_aliases_are_found_whole(tmp_path: Path, text: str) -> None:
    path = tmp_path / "people.csv"
    path.write_text("name,aliases\nAnna Kowalczik,the wizard; Kay-Kay ;Zoe B;will;ak;\n", encoding="utf-8")
    directory = Directory.read(f"file:{path}")
    assert [span.entity for span in directory.find(text)] == [EntityType.PERSON]
    assert directory.find("a wizard will ask ak and kay") == []


def test_an_address_that_names_no_file_or_bucket_is_refused() -> None:
    with pytest.raises(RefusedError, match="or its file:, gs:// or s3:// address"):
        Directory.read("https://people.example.com/all.csv")


def test_no_directory_finds_nothing() -> None:
    assert Directory({}).find("anna") == []


_NOTHING = UnionDetector((), frozenset(), 1_000)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("of BLUE_Heron.", ["BLUE_Heron"]),
        ("https://x.example/blue%20heron", ["blue%20heron"]),
        ("<p>blue&nbsp;heron</p>", ["blue&nbsp;heron"]),
        ("<blue-heron>", ["blue-heron"]),
        ("in C++ and C", ["C++"]),
        ("herons", []),
    ],
)
def test_private_words_are_secrets_however_they_are_written(text: str, wanted: list[str]) -> None:
    private = add_words(_NOTHING, ["blue heron", "C++"])
    (spans,) = private.detect([Text(text, TextKind.URL if "%" in text else TextKind.SCREEN)])
    assert [(text[span.start : span.end], span.entity) for span in spans] == [(w, EntityType.SECRET) for w in wanted]
    assert "heron" not in repr(private)


def test_without_private_words_the_detector_is_the_same() -> None:
    assert add_words(_NOTHING, []) is _NOTHING


def test_it_shows_no_value(directory: Directory) -> None:
    assert "okonkwo" not in repr(directory).lower()


@pytest.mark.parametrize("content", ["", "name\n", "name,shoe_size\nAnna,4\n", "name\nAnna,4\n"])
def test_a_file_of_another_form_is_wrong_use(tmp_path: Path, content: str) -> None:
    path = tmp_path / "people.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(UsageError, match=r"redact\.directory") as caught:
        Directory.read(str(path))
    assert "Anna" not in str(caught.value)


@pytest.mark.parametrize("content", [b"name\n\xff\xfe", None])
def test_an_unreadable_file_is_refused(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "people.csv"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(RefusedError, match=r"redact\.directory"):
        Directory.read(str(path))
