from pathlib import Path

import pytest

from schemas.entities import EntityType
from schemas.errors import RefusedError, UsageError
from transforms.redact.detect.directory import Directory


@pytest.fixture
def directory(tmp_path: Path) -> Directory:
    path = tmp_path / "people.csv"
    path.write_text(
        'name,email,username,phone\n"Okonkwo, Grace",g.okonkwo@corp.example,gokonkwo1,555-0101\nÅsa Lind,,,\n',
        encoding="utf-8",
    )
    return Directory.read(path)


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


def test_no_directory_finds_nothing() -> None:
    assert Directory({}).find("anna") == []


def test_it_shows_no_value(directory: Directory) -> None:
    assert "okonkwo" not in repr(directory).lower()


@pytest.mark.parametrize("content", ["", "name\n", "name,shoe_size\nAnna,4\n", "name\nAnna,4\n"])
def test_a_file_of_another_form_is_wrong_use(tmp_path: Path, content: str) -> None:
    path = tmp_path / "people.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(UsageError, match=r"redact\.directory") as caught:
        Directory.read(path)
    assert "Anna" not in str(caught.value)


@pytest.mark.parametrize("content", [b"name\n\xff\xfe", None])
def test_an_unreadable_file_is_refused(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "people.csv"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(RefusedError, match=r"redact\.directory"):
        Directory.read(path)
