"""The least score of a model at which a word is a name, by its class and by the line it stands in."""

import pytest

from transforms.redact.detect.names import word_judgement
from transforms.redact.detect.names.word_judgement import _reads_misspelt, is_guessed, is_name
from transforms.redact.detect.words import Line, Word, read_line, split
from transforms.redact.text.word_lists import WordClass


def judged(text: str, value: str) -> tuple[Word, Line]:
    words = split(text)
    return next(word for word in words if word.text == value), read_line(text, words)


@pytest.mark.parametrize(("score", "believed"), [(0.19, False), (0.2, True), (0.5, True)])
def test_an_unknown_word_a_slip_away_from_another_is_a_name_from_a_score_of_two_tenths_on(
    score: float, *, believed: bool
) -> None:
    word = Word(4, 11, "meetign", WordClass.UNKNOWN)
    line = read_line("the meetign ended", split("the meetign ended"))
    assert _reads_misspelt(word, line)
    assert is_name(word, score, line) == believed


@pytest.mark.parametrize(
    ("text", "value", "least"),
    [
        ("Chrome/113.0 Zorblax.render() and more of it", "Zorblax", 0.95),  # an unknown word of a token
        ("'HAVE_TAR_KOWALSKI': 1 is what they set here", "KOWALSKI", 0.8),  # a listed name in capitals in one
        ("git checkout zorblax", "zorblax", 0.8),  # small in a command line
        ("git checkout anna", "anna", 0.6),
        ("INFO started ZORBLAX now", "ZORBLAX", 0.8),
        ("the ZORBLAX menu of Anna", "ZORBLAX", 0.5),  # capitals only where others have one
        ("it was b2zorblax again", "b2zorblax", 0.5),  # holds a digit
        ("we like ZBlax and so on", "ZBlax", 0.9),  # joined, as products are
        ("set it to zq again", "zq", 0.9),  # two small letters
    ],
)
def test_a_word_in_code_or_oddly_written_needs_a_surer_model(text: str, value: str, least: float) -> None:
    word, line = judged(text, value)
    assert is_name(word, least, line)
    assert not is_name(word, least - 0.01, line)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("if anna(err):", "anna"),  # a listed name that is called
        ("std::cout << zorblax::endl;", "endl"),
        ("Jul 04 11:20:09 kernel: link becomes ready", "kernel"),
        ("return UserList.render(context);", "UserList"),
        ("lat=54.7 lon=9.4", "lon"),  # the key of a value
        ("```bash", "bash"),
        ("root 2 0 0 00:01 ? 00:00:00 kauditd", "kauditd"),
    ],
)
def test_words_of_code_and_listings_are_no_names_at_a_score_of_seven_tenths(text: str, value: str) -> None:
    word, line = judged(text, value)
    assert not is_name(word, 0.7, line)


@pytest.mark.parametrize("text", ["All APIs of it", "two SDKs more", "the GroupWise client"])
def test_words_of_mixed_case_are_no_names_by_themselves(text: str) -> None:
    word, line = judged(text, text.split()[1])
    assert not is_name(word, 0.0, line)


def test_a_rule_is_believed_in_a_token_from_a_half_on() -> None:
    word, line = judged("call zorblax.render() now", "zorblax")
    assert is_guessed(word, 0.5, line)
    assert not is_guessed(word, 0.49, line)


@pytest.mark.parametrize(
    "text", ["INFO owner=anna left", "INFO anna: logged in", "INFO (anna) left", "INFO /home/zorblax left"]
)
def test_a_name_among_other_signs_of_a_log_is_one(text: str) -> None:
    word, line = judged(text, "zorblax" if "zorblax" in text else "anna")
    assert is_name(word, 0.6, line)


@pytest.mark.parametrize(
    ("text", "value", "least"),
    [
        ("they met desteklenmiyor again", "desteklenmiyor", 0.4),  # the letters of an ordinary word
        ("they met vlastelic again", "vlastelic", 0.05),  # the ending of a family name
        ("Zorblax", "Zorblax", 0.6),  # a line by itself
    ],
)
def test_the_letters_of_a_word_decide_how_sure_a_model_must_be(text: str, value: str, least: float) -> None:
    word, line = judged(text, value)
    assert is_name(word, least, line)
    assert not is_name(word, least - 0.01, line)


def test_a_word_spelt_like_one_of_its_line_is_no_name() -> None:
    word, line = judged("dosya desteklenmiyor ve yok", "desteklenmiyor")
    assert line.abroad
    assert not is_name(word, 1.0, line)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("see https://img.shields.io/pypi/v/x.svg", "shields"),
        ("see https://img.shields.io/pypi/v/x.svg", "io"),
        ("see https://zorblax.anna/start", "anna"),
        ("see https://my.zorblax.example/start", "zorblax"),
    ],
)
def test_a_host_holds_no_names_but_listed_ones_below_its_top(text: str, value: str) -> None:
    word, line = judged(text, value)
    assert not is_name(word, 1.0, line)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("see https://anna.example/start", "anna"),
        ("see https://x.example/zorblax", "zorblax"),
        ("see https://x.example for Zorblax", "Zorblax"),
    ],
)
def test_listed_names_in_hosts_and_names_elsewhere_are_believed(text: str, value: str) -> None:
    word, line = judged(text, value)
    assert is_name(word, 0.95, line)


@pytest.mark.parametrize("name", ["DeVito", "McZorb", "MacZorb", "O'Zorb", "Zorblax"])
def test_names_of_two_capitals_are_not_joined_words(name: str) -> None:
    word, line = judged(f"we met {name} there", name)
    assert is_name(word, 0.5, line)


@pytest.mark.parametrize(("score", "guessed"), [(0.49, False), (0.5, True)])
def test_a_weak_rule_is_not_believed_about_a_joined_word(score: float, *, guessed: bool) -> None:
    word, line = judged("their client ZBlax said", "ZBlax")
    assert is_guessed(word, score, line) == guessed


@pytest.mark.parametrize(("score", "least"), [(-1.51, 0.4), (-1.49, 0.05)])
def test_letters_are_those_of_ordinary_words_below_a_score(
    score: float, least: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(word_judgement, "spelling_score", lambda _: score)
    word, line = judged("they met zorblaxer again", "zorblaxer")
    assert is_name(word, least, line)
    assert not is_name(word, least - 0.01, line)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a plant in Topeka, KS opened", "Topeka"),
        ("Ann_uler le renommage", "Annuler"),  # the mark of an access key
        ("A&yuda", "Ayuda"),
        ("Путь к файлу Zorblax", "Zorblax"),  # an unlisted Latin word, or an acronym, in another script
        ("Заблокирована SIM", "SIM"),
        ("Ajouter la discussion", "Ajouter"),  # shared words speak for no language
        ("Disconnetti", "Disconnetti"),  # a word of another language by itself
        ("Maske", "Maske"),
        ("Ingresso RIST", "RIST"),
        ("Totaal aantal ABCD\u2019s gelezen", "ABCD\u2019s"),  # an acronym with an ending
        ("Özel Simgeyi Al", "Özel"),  # a listed name that is a word there
    ],
)
def test_words_of_interfaces_are_no_names_at_a_score_of_one_half(text: str, value: str) -> None:
    word, line = judged(text, value)
    assert not is_name(word, 0.5, line)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("ask Kasia and others about it", "Kasia"),
        ("Путь Anna", "Anna"),
        ("Topeka, MD", "Topeka"),
        ("Topeka, KSX", "Topeka"),
        ("Anna_Müller", "Anna"),
        ("met MARIA then", "MARIA"),
    ],
)
def test_names_beside_them_still_are(text: str, value: str) -> None:
    word, line = judged(text, value)
    assert is_name(word, 0.5, line)


def test_a_line_is_english_from_one_word_more_on() -> None:
    assert read_line("they asked Kasia", split("they asked Kasia")).english
    assert not read_line("asked Kasia", split("asked Kasia")).english


def test_a_word_of_a_document_needs_a_surer_model_unless_it_is_a_listed_name() -> None:
    text = "it has Zorblax for Anna"
    words = split(text)
    line = read_line(text, words, document=True)
    assert is_name(words[2], 0.8, line)
    assert not is_name(words[2], 0.79, line)
    assert is_name(words[4], 0.0, line)


@pytest.mark.parametrize(("document", "least"), [(True, 0.95), (False, 0.05)])
def test_a_short_listed_name_in_capitals_is_an_acronym_in_a_document(*, document: bool, least: float) -> None:
    text = "The others use LISA there"
    words = split(text)
    line = read_line(text, words, document=document)
    assert line.english
    assert is_name(words[3], least, line)
    assert is_name(words[3], 0.94, line) != document


@pytest.mark.parametrize("text", ["Yeni", "_Yeni", "Yeni:", "bu Yeni dosya", "Yeni Dosya"])
def test_a_word_that_programs_show_often_is_no_name_by_itself(text: str) -> None:
    word, line = judged(text, "Yeni")
    assert not is_name(word, 1.0, line)


def test_an_acronym_in_a_small_line_of_another_language_needs_a_sure_model() -> None:
    word, line = judged("ZXQV anahtar bulunamadi henüz", "ZXQV")
    assert line.abroad
    assert not line.cased
    assert is_name(word, 0.95, line)
    assert not is_name(word, 0.94, line)


def test_a_name_that_is_a_word_is_none_where_every_word_has_a_capital() -> None:
    word, line = judged("Kanal Özel Menü", "Özel")
    assert line.titled
    assert not is_name(word, 1.0, line)
    word, line = judged("kanal Özel Menü", "Özel")
    assert is_name(word, 0.6, line)


@pytest.mark.parametrize(
    ("text", "value", "least"),
    [
        ("ask Jordan about it", "Jordan", 0.2),  # a given name
        ("ASK JORDAN ABOUT IT", "JORDAN", 0.2),
        ("We ship to Poland and more", "Poland", 0.8),  # a family name
        ("Poland", "Poland", 0.8),
        ("we met Norway again", "Norway", 0.8),  # no name by itself
        ("we met Siemens again", "Siemens", 0.8),  # a product
        ("Jordan, Norway", "Jordan", 0.2),
        ("Jordan, Norway, Norway", "Jordan", 0.2),
        ("Jordan, Norway, Sweden", "Jordan", 0.9),  # beside two places that are no given names
        ("Poland, Norway", "Poland", 0.8),
        ("Poland, Norway, Sweden", "Poland", 0.9),
        ("Jordan, Austin, Sydney", "Jordan", 0.2),
        ("Keyboard of Jordan", "Jordan", 0.9),  # beside a word about languages
        ("to Poland 10:42", "Poland", 0.8),
        ("Poland 10:42 to Rome", "Poland", 0.8),
        ("Poland 2h", "Poland", 0.8),
        ("in Poland, Luce", "Poland", 0.8),
        ("Poland, Luce and more", "Poland", 0.8),
        ("Poland, tea", "Poland", 0.8),
        ("Poland is large", "Poland", 0.8),
        ("Poland was hiredless", "Poland", 0.8),
    ],
)
def test_a_name_that_is_a_place_too_needs_the_word_of_a_model_that_reads_it(
    text: str, value: str, least: float
) -> None:
    words = split(text)
    word = next(word for word in words if word.text == value)
    line = read_line(text, words, read=True)
    assert is_name(word, least, line)
    assert not is_name(word, least - 0.01, line)
    assert is_name(word, 0.3, read_line(text, words))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("fly to france soon", "france"),
        ("We met Kowalski", "Kowalski"),
        ("We met Luce Siemens", "Siemens"),  # beside a name
        ("We met Siemens Luce", "Siemens"),
        ("Poland 10:42", "Poland"),  # the head of a message
        ("Poland 10:42 pm", "Poland"),
        ("Poland 2h ago", "Poland"),
        ("Poland, Luce", "Poland"),  # an entry of a directory
        ("Poland, M.", "Poland"),
        ("Poland called in sick", "Poland"),  # said of people alone
        ("Poland has been fired", "Poland"),
        ("so Poland is pregnant", "Poland"),
        ("Poland est malade", "Poland"),
    ],
)
def test_small_words_and_other_names_count_alone(text: str, value: str) -> None:
    words = split(text)
    word = next(word for word in words if word.text == value)
    assert is_name(word, 0, read_line(text, words))
    assert is_name(word, 0, read_line(text, words, read=True))


@pytest.mark.parametrize(
    ("text", "counts"), [("Jordan", True), ("Jordan ", True), ("Poland", False), ("to Jordan", False)]
)
def test_a_given_name_that_is_a_line_by_itself_counts_though_it_is_a_place(text: str, *, counts: bool) -> None:
    words = split(text)
    assert is_name(words[-1], 0, read_line(text, words, read=True)) == counts
