from collections.abc import Sequence
from pathlib import Path

import pytest

from schemas.entities import EntityType, Span, Text, TextKind
from schemas.errors import UsageError
from transforms.redact.detect import named_entities as union
from transforms.redact.detect.named_entities import NamedEntityDetector
from transforms.redact.settings import RedactSettings


@pytest.fixture(scope="module")
def detector() -> NamedEntityDetector:
    return NamedEntityDetector(RedactSettings())


def _values(detector: NamedEntityDetector, content: str, kind: TextKind = TextKind.SCREEN) -> list[tuple[str, str]]:
    (spans,) = detector.detect([Text(content, kind)])
    return [(content[span.start : span.end], span.entity.value) for span in spans]


class _Asked:
    """A model that remembers what it was asked and finds nothing."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def find(self, texts: Sequence[str]) -> list[tuple[Span, ...]]:
        self.texts += texts
        return [() for _ in texts]

    def digest(self) -> str:
        return "asked"


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> _Asked:
    model = _Asked()
    monkeypatch.setattr(union, "build_models", lambda _: (model,))
    return model


@pytest.mark.parametrize(
    ("content", "kind", "value"),
    [
        ("meeting with anna kowalski tomorrow", TextKind.TYPED, "anna kowalski"),
        ("Inbox\nAnna Kowalski replied\nSave", TextKind.SCREEN, "Anna Kowalski"),
        ("Jack Woods - Message (HTML)", TextKind.TITLE, "Jack Woods"),
        ("https://x.example/search?q=anna+kowalski+linkedin", TextKind.URL, "anna+kowalski"),
        ("[12] button 'Anna Kowalski'", TextKind.SCREEN, "Anna Kowalski"),
        ("<p>Anna&nbsp;Kowalski</p>", TextKind.SCREEN, "Anna&nbsp;Kowalski"),
    ],
)
def test_people_are_found_wherever_they_stand(
    detector: NamedEntityDetector, content: str, kind: TextKind, value: str
) -> None:
    assert (value, "PERSON") in _values(detector, content, kind)


@pytest.mark.parametrize(
    "content",
    ["Save as...\nFile Edit View Help", "Row 532 of 900", "Google Chrome", "May 5, 2024", "will you mark it", ""],
)
def test_interfaces_are_left(detector: NamedEntityDetector, content: str) -> None:
    assert _values(detector, content) == []


def test_an_address_is_found_and_a_town_left(detector: NamedEntityDetector) -> None:
    assert [entity for _, entity in _values(detector, "send it to 12 elm road, springfield, il 62704")] == ["ADDRESS"]
    assert _values(detector, "the weather in the united states") == []


def test_each_line_is_asked_about_once(asked: _Asked) -> None:
    detector = NamedEntityDetector(RedactSettings())
    screens = [Text(f"  quarterly heron\nline {number}\nquarterly heron", TextKind.SCREEN) for number in range(3)]
    detector.detect(screens)
    assert asked.texts.count("quarterly heron") == 1
    detector.detect(screens)
    assert asked.texts.count("quarterly heron") == 1


def test_a_line_of_interface_words_is_not_asked(asked: _Asked) -> None:
    NamedEntityDetector(RedactSettings()).detect([Text("Save\nOpen the file", TextKind.SCREEN)])
    assert asked.texts == []


@pytest.mark.usefixtures("asked")
def test_a_text_that_is_too_long_is_not_scanned() -> None:
    detector = NamedEntityDetector(RedactSettings(max_text_chars=10))
    long, short = detector.detect([Text("x" * 11, TextKind.SCREEN), Text("x" * 10, TextKind.SCREEN)])
    assert long == (Span(0, 11, EntityType.UNSCANNED, 1.0),)
    assert short == ()


@pytest.mark.usefixtures("asked")
def test_the_directory_adds_its_people(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("name,username\nGrace Hope,ghx\n", encoding="utf-8")
    detector = NamedEntityDetector(RedactSettings(directory=str(path)))
    assert _values(detector, "tell grace hope or ghx") == [("grace hope", "PERSON"), ("ghx", "USERNAME")]
    assert detector.digest() != NamedEntityDetector(RedactSettings()).digest()


def test_an_unknown_model_stops() -> None:
    with pytest.raises(UsageError, match=r"redact\.models"):
        NamedEntityDetector(RedactSettings(models=("gliner:base",)))


def test_the_result_does_not_depend_on_earlier_calls(detector: NamedEntityDetector) -> None:
    texts = [Text("ask peter brown about the invoice", TextKind.TYPED), Text("maria lopez left", TextKind.SCREEN)]
    first = detector.detect(texts)
    detector.detect([Text("something else about anna kowalski", TextKind.SCREEN)])
    assert detector.detect(texts) == first


def test_columns_of_a_listing_are_no_address(detector: NamedEntityDetector) -> None:
    listing = "-rw-r--r-- 1 root     root       367 Mar  6  2025 bindresvport.blacklist"
    assert _values(detector, listing) == []
    assert _values(detector, f"{listing}\nship it to 5 Elm Street, Springfield, IL 62704") != []


@pytest.mark.parametrize(
    ("line", "value", "entity", "stands"),
    [
        ("git clone it", "git", EntityType.EMAIL_ADDRESS, False),
        ("a@b.example", "a@b.example", EntityType.EMAIL_ADDRESS, True),
        ("52.5702 here", "52.5702", EntityType.PHONE_NUMBER, False),
        ("v 37.6188 101.694", "6188 101.694", EntityType.PHONE_NUMBER, False),
        ("no. 6188 101694", "6188 101694", EntityType.PHONE_NUMBER, True),
        ("end.6188 101694", "6188 101694", EntityType.PHONE_NUMBER, True),
        ("7,6188 101694", "6188 101694", EntityType.PHONE_NUMBER, True),
        ("call 55512", "55512", EntityType.PHONE_NUMBER, False),
        ("call 555123", "555123", EntityType.PHONE_NUMBER, True),
        ("the Chart area", "Chart", EntityType.ADDRESS, False),
        ("through conda-forge too", "conda-forge", EntityType.ADDRESS, False),
        ("at Zorb-Blax too", "Zorb-Blax", EntityType.ADDRESS, True),
        ("root  2  0  0  00:01  555123", "555123", EntityType.PHONE_NUMBER, False),
        ("at Chart 5", "Chart 5", EntityType.ADDRESS, True),
    ],
)
def test_a_model_takes_no_words_and_decimals_for_values(
    line: str, value: str, entity: EntityType, *, stands: bool
) -> None:
    start = line.index(value)
    admitted = union._admit(Span(start, start + len(value), entity, 0.9), line)
    assert (admitted is not None and admitted.entity is entity) == stands


def test_the_vocabulary_spares_its_words_unless_the_directory_has_them(tmp_path: Path) -> None:
    words, people = tmp_path / "words.txt", tmp_path / "people.csv"
    words.write_text("wanda\nkestrel okonkwo\n", encoding="utf-8")
    people.write_text("name\nKestrel Okonkwo\n", encoding="utf-8")
    plain, own = NamedEntityDetector(RedactSettings()), NamedEntityDetector(RedactSettings(vocabulary=str(words)))
    both = NamedEntityDetector(RedactSettings(vocabulary=str(words), directory=str(people)))
    assert _values(plain, "ask Wanda about it") == [("Wanda", "PERSON")]
    assert _values(own, "ask Wanda about it") == []
    assert _values(own, "ask Kestrel Okonkwo about it") == []
    assert ("Kestrel Okonkwo", "PERSON") in _values(both, "ask Kestrel Okonkwo about it")
    assert len({plain.digest(), own.digest(), both.digest()}) == 3


@pytest.mark.parametrize(
    "text",
    [
        "We ship to Germany, France and Poland.",
        "The London office opens in March.",
        "Deutsch | English | Español",
        "Country: Spain",
        "Weather in Sydney",
        "The New York office and the Los Angeles one",
    ],
)
def test_names_of_places_and_languages_stay(detector: NamedEntityDetector, text: str) -> None:
    assert _values(detector, text) == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Austin sent the file", "Austin"),
        ("ask Jordan about it", "Jordan"),
        ("Lunch with Florence", "Florence"),
        ("Contact: Virginia", "Virginia"),
        ("I spoke to Mr English", "Mr English"),
        ("Jack English will come", "Jack English"),
        ("Message from Georgia", "Georgia"),
        ("I talked to Israel", "Israel"),
        ("Georgia", "Georgia"),
    ],
)
def test_people_who_are_called_like_places_go(detector: NamedEntityDetector, text: str, name: str) -> None:
    assert _values(detector, text) == [(name, "PERSON")]


def test_without_a_model_a_name_that_is_a_place_too_goes() -> None:
    fast = NamedEntityDetector(RedactSettings(profile="fast"))
    assert _values(fast, "We ship to France") == [("France", "PERSON")]
