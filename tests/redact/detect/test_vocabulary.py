"""Words that are no names: public ones, and an organisation's own."""

from pathlib import Path

import pytest

from schemas.entities import EntityType, Span
from schemas.errors import RefusedError, UsageError
from transforms.redact.detect.vocabulary import Vocabulary

OWN = "# ours\n\nWanda\nProject  Okonkwo\n"


def spared(vocabulary: Vocabulary, text: str, name: str, entity: EntityType = EntityType.PERSON) -> list[str]:
    start = text.index(name)
    spans = vocabulary.spare([Span(start, start + len(name), entity, 0.5)], text)
    return [text[span.start : span.end].strip() for span in spans]


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Vocabulary:
    path = tmp_path_factory.mktemp("words") / "words.txt"
    path.write_text(OWN, encoding="utf-8")
    return Vocabulary.read(str(path))


@pytest.mark.parametrize(
    ("text", "name", "left"),
    [
        ("set in Gill Sans", "Gill Sans", []),
        ("set in GILL SANS", "GILL SANS", []),
        ("Norton Antivirus is on", "Norton", []),
        ("Gill Sansom called", "Gill Sansom", ["Gill Sansom"]),
        ("Lorem ipsum dolor sit amet", "Lorem ipsum dolor sit amet", []),
        ("Cassandra called", "Cassandra", ["Cassandra"]),
        ("the New York office", "York", []),
        ("Andrew York called", "York", ["York"]),
        ("see pytest-dev there", "pytest-dev", []),
        ("Kafka-Lindqvist called", "Kafka-Lindqvist", ["-Lindqvist"]),
        ("see pytest dev there", "pytest dev", ["dev"]),
        ("see dev-pytest there", "dev-pytest", ["dev-"]),
        ("Cassandra and Kafka", "Cassandra", ["Cassandra"]),
        ("Kafka, Cassandra, Django", "Cassandra", []),
        ("Anna Gill Sans Kowalski", "Anna Gill Sans Kowalski", ["Anna", "Kowalski"]),
    ],
)
def test_public_terms_are_cut_out_and_doubtful_ones_only_beside_two_others(
    text: str, name: str, left: list[str]
) -> None:
    assert spared(Vocabulary(), text, name) == left


@pytest.mark.parametrize(
    ("text", "names", "left"),
    [
        ("Gerste, Johnson and Johnson", ("Gerste", "Johnson", "Johnson"), ["Gerste", "Johnson", "Johnson"]),
        ("Gerste; Johnson and Johnson", ("Gerste", "Johnson", "Johnson"), ["Gerste"]),
        ("we use Johnson and Johnson", ("Johnson", "Johnson"), []),
        ("Gerste, Gill Sans", ("Gerste", "Gill", "Sans"), ["Gerste"]),  # no two names that are joined
    ],
)
def test_a_public_term_that_goes_on_a_list_of_people_is_people(
    text: str, names: tuple[str, ...], left: list[str]
) -> None:
    spans, at = [], 0
    for name in names:
        at = text.index(name, at)
        spans.append(Span(at, at + len(name), EntityType.PERSON, 0.5))
        at += len(name)
    assert [text[span.start : span.end] for span in Vocabulary().spare(spans, text)] == left


def test_other_entities_stay_as_they_are() -> None:
    assert spared(Vocabulary(), "set in Gill Sans", "Gill Sans", EntityType.PASSWORD) == ["Gill Sans"]


@pytest.mark.parametrize(
    ("text", "name", "left"),
    [
        ("ask Wanda", "Wanda", []),
        ("the project okonkwo plan", "project okonkwo", []),
        ("ask Okonkwo", "Okonkwo", ["Okonkwo"]),
        ("ask Wandas", "Wandas", ["Wandas"]),
    ],
)
def test_an_organisation_adds_its_own_words(own: Vocabulary, text: str, name: str, left: list[str]) -> None:
    assert spared(own, text, name) == left


def test_a_text_that_grows_when_it_is_folded_keeps_its_places(own: Vocabulary) -> None:
    assert own.find("İßß Wanda") == [(4, 9)]


def test_it_shows_no_word_and_its_digest_follows_the_file(own: Vocabulary, tmp_path: Path) -> None:
    other = tmp_path / "words.txt"
    other.write_text(OWN + "more\n", encoding="utf-8")
    assert "wanda" not in repr(own).lower()
    assert Vocabulary().digest() == ""
    assert len({own.digest(), Vocabulary.read(str(other)).digest(), ""}) == 3


@pytest.mark.parametrize("line", ["x" * 101, "12 34", "a\x07b"])
def test_a_line_that_breaks_a_rule_is_named_by_its_number_without_its_content(tmp_path: Path, line: str) -> None:
    path = tmp_path / "words.txt"
    path.write_text(f"fine\n{line}\n", encoding="utf-8")
    with pytest.raises(UsageError, match=r"redact\.vocabulary, line 2: .*; give") as caught:
        Vocabulary.read(str(path))
    assert line not in str(caught.value)


def test_the_longest_line_is_read(tmp_path: Path) -> None:
    path = tmp_path / "words.txt"
    path.write_text("x" * 100, encoding="utf-8")
    assert Vocabulary.read(str(path)).find("x" * 100) == [(0, 100)]


@pytest.mark.parametrize("content", [b"\xff\xfe", None])
def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "words.txt"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(RefusedError, match=r"redact\.vocabulary"):
        Vocabulary.read(str(path))
