import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.entities import EntityType, Span
from transforms.redact.detect.people import people
from transforms.redact.detect.words import split


def found(text: str, *guesses: tuple[str, float]) -> list[str]:
    spans = [
        Span(text.index(value), text.index(value) + len(value), EntityType.PERSON, score) for value, score in guesses
    ]
    return [text[span.start : span.end] for span in people(text, split(text), spans)]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("meeting with anna kowalski tomorrow", ["anna kowalski"]),
        ("ask Mr. Kowalska about it", ["Mr. Kowalska"]),
        ("and coach anna kowalski said", ["coach anna kowalski"]),
        ("Professor Kowalska reads", ["Professor Kowalska"]),
        ("the judge said no", []),
        ("the report of bettina q kowalski is late", ["bettina q kowalski"]),
        ("Gabriel van der Berg signed", ["Gabriel van der Berg"]),
        ("ANNA KOWALSKI", ["ANNA KOWALSKI"]),
        ("Bettina Jenkins called", ["Bettina Jenkins"]),
        ("I met Sara. Love it", ["Sara"]),
        ("Call Anna Kowalski", ["Anna Kowalski"]),
        ("Will Kowalski", ["Will Kowalski"]),
        ("Anna, Kasia and others", ["Anna", "Kasia"]),
        ("so they asked Baker about it", ["Baker"]),
        ("the vote on Downs is today", ["Downs"]),
        ("grace is late, ask Grace Kowalska", ["Grace Kowalska"]),
        ("ask lil kowalski about it", ["lil kowalski"]),
        ("we saw King Kowalski", ["King Kowalski"]),
        ("Dr. Anna Kowalska DDS signed", ["Dr. Anna Kowalska DDS"]),
        ('point guard Anna "KK" Kowalski', ["Anna", "KK", "Kowalski"]),
        ('press Anna "kk" Kowalski', ["Anna", "Kowalski"]),
        ("Caroline Landmark", ["Caroline Landmark"]),
        ("we met Caroline Landmark there", ["Caroline Landmark"]),
        ("We Met Caroline Landmark There", ["Caroline"]),
        ("with Kowalski, March, Baker and others", ["Kowalski"]),
        ("with Kowalski, March, Anna and others", ["Kowalski", "March", "Anna"]),
        ("if only Blacksmith Kowalski was", ["Blacksmith Kowalski"]),
        ("Im Internet nach Torrents gesucht", []),
    ],
)
def test_names_are_found_without_a_model_and_take_in_their_neighbours(text: str, names: list[str]) -> None:
    assert found(text) == names


@pytest.mark.parametrize(
    "text",
    [
        "will you mark the page, may I hope",
        "Save as draft",
        "Google Chrome",
        "Japanese keyboard layout",
        "see GroupWise and #Kowalski",
        "I'll go and you don't",
        "Pelase return it, and probaly soon",
        "Ask The Baker",
        "the baker is open",
        "Hello I moved",
        "",
    ],
)
def test_ordinary_words_are_left(text: str) -> None:
    assert found(text) == []


def test_a_model_is_believed_by_what_the_word_is_elsewhere() -> None:
    assert found("ask zzyzxvar", ("zzyzxvar", 0.06)) == ["zzyzxvar"]
    assert found("so hope it works", ("hope", 0.2)) == []
    assert found("so hope called", ("hope", 0.9)) == ["hope"]
    assert found("open settings", ("settings", 0.99)) == []


@given(st.text(alphabet="aA nNéß.-'@#/_09\n", max_size=60))
def test_spans_are_ordered_words_of_the_text(text: str) -> None:
    words = split(text)
    spans = people(text, words, [Span(0, len(text), EntityType.PERSON, 0.4)] if text else [])
    ends = 0
    for span in spans:
        assert ends <= span.start < span.end <= len(text)
        assert text[span.start].isalnum()
        ends = span.end


def test_a_handle_or_a_tag_takes_in_no_neighbours() -> None:
    assert found("@annakow zzybin", ("annakow", 0.6), ("zzybin", 0.06)) == ["annakow", "zzybin"]
    assert found("#kowalski anna", ("kowalski", 0.6)) == ["kowalski", "anna"]


def test_a_misspelt_word_needs_a_surer_model() -> None:
    assert found("it is on the raido", ("raido", 0.1)) == []
    assert found("it is on the raido", ("raido", 0.4)) == ["raido"]


def answered(text: str, value: str, score: float) -> list[str]:
    """Return the names of ``text`` where a model answered that ``value`` is one."""
    start = text.index(value)
    answer = Span(start, start + len(value), EntityType.PERSON, score)
    return [text[span.start : span.end] for span in people(text, split(text), (), [answer])]


@pytest.mark.parametrize(
    ("text", "value", "least"),
    [
        ("they met zorblax again", "zorblax", 0.05),  # nobody has a capital here
        ("They met zorblax again", "zorblax", 0.5),  # a name would have one too
        ("return met.zorblax;", "zorblax", 0.8),
        ("They met anna again", "anna", 0.3),
        ("Heute wurde Zorblax nicht gefunden", "Zorblax", 0.6),
        ("heute wurde zorblax nicht gefunden", "zorblax", 0.6),
    ],
)
def test_the_place_of_a_word_decides_how_sure_a_model_must_be(text: str, value: str, least: float) -> None:
    assert answered(text, value, least) == [value]
    assert answered(text, value, least - 0.01) == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Datei wurde nicht gefunden", "Datei"),
        ("die datei wurde nicht gefunden", "datei"),
        ("el archivo no se puede abrir", "archivo"),
        ("call useCallback here", "useCallback"),
        ("pass kwargs to it", "kwargs"),
    ],
)
def test_words_of_other_languages_and_of_code_are_no_names_whatever_a_model_says(text: str, value: str) -> None:
    assert answered(text, value, 0.79) == []


@pytest.mark.parametrize("text", ["Hi ravi,", "Dear zorblax,"])
def test_a_rule_knows_the_place_of_a_name_whatever_its_casing(text: str) -> None:
    value = text.rstrip(",").rpartition(" ")[2]
    assert found(text, (value, 0.25)) == [value]


@pytest.mark.parametrize(
    ("text", "names"), [("Вчера звонил Зорблаксов", ["Зорблаксов"]), ("Открыть файл настроек", []), ("Зорблаксов", [])]
)
def test_a_capital_within_a_sentence_marks_a_name_in_other_scripts(text: str, names: list[str]) -> None:
    assert found(text) == names


@pytest.mark.parametrize(
    ("text", "word", "score", "whole"),
    [
        ("we know anna west", "west", 0.2, "anna west"),
        ("we know anna west", "west", 0.19, "anna"),
        ("we know anna jenkins", "jenkins", 0.5, "anna jenkins"),
        ("we know anna jenkins", "jenkins", 0.49, "anna"),
        ("we know anna, west", "west", 0.2, "anna"),
        ("we know todo kowalski", "todo", 0.5, "todo kowalski"),
        ("09:12:44 INFO Anna West", "West", 0.2, "Anna West"),
        ("09:12:44 INFO Anna Switch", "Switch", 0.9, "Anna"),
    ],
)
def test_a_model_is_believed_about_the_words_beside_a_name(text: str, word: str, score: float, whole: str) -> None:
    answer = Span(text.index(word), text.index(word) + len(word), EntityType.PERSON, score)
    assert whole in [text[span.start : span.end] for span in people(text, split(text), [], [answer])]


@pytest.mark.parametrize(("word", "whole"), [("ile", "anna"), ("zorblaxa", "anna zorblaxa")])
def test_in_another_language_a_model_is_believed_beside_a_name_about_unknown_words_alone(word: str, whole: str) -> None:
    text = f"bugün bizim için anna {word} geldi ve gitti"
    answer = Span(text.index(word), text.index(word) + len(word), EntityType.PERSON, 0.5)
    assert whole in [text[span.start : span.end] for span in people(text, split(text), [], [answer])]


def test_a_document_about_software_names_people_by_listed_names() -> None:
    text = "we asked Baker about Zorblax and Sara"
    assert found(text) == ["Baker", "Zorblax", "Sara"]
    assert [text[span.start : span.end] for span in people(text, split(text), [], document=True)] == ["Sara"]


@pytest.mark.parametrize("verb", ["Tell", "tell", "Remind", "Call", "Email", "Invite", "Thank", "Please notify"])
@pytest.mark.parametrize("name", ["Anna", "Anna Kowalczik", "Zoltanka Bercse"])
def test_the_verb_of_an_instruction_is_no_part_of_the_name_behind_it(verb: str, name: str) -> None:
    text = f"{verb} {name} when the order is sent"
    words = split(text)
    answers = [Span(word.start, word.end, EntityType.PERSON, 0.9) for word in words if word.end == len(verb)]
    answers += [Span(len(verb) + 1, len(verb) + 1 + len(name), EntityType.PERSON, 0.9)]
    found = [text[span.start : span.end] for span in people(text, words, [], answers)]
    assert found[-1] == name


@pytest.mark.parametrize("text", ["Grace Hopper", "Will Smith", "Anna Call Smith", "Tell"])
def test_a_name_that_is_also_a_verb_stays(text: str) -> None:
    words = split(text)
    answers = [Span(0, len(text), EntityType.PERSON, 0.9)]
    assert [text[span.start : span.end] for span in people(text, words, [], answers)] == [text]
