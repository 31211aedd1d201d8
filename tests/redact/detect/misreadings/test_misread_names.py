"""All names are made up."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.entities import EntityType, Span, Text, TextKind
from transforms.redact.detect.misreadings import misread_names
from transforms.redact.detect.misreadings.misread_names import MisreadNames, restore_names


def printed(line: str) -> str | None:
    found = restore_names(line)
    return None if found is None else found.text


@pytest.mark.parametrize(
    ("read", "name"),
    [
        ("8rian", "Brian"), ("Th0mas", "Thomas"), ("6iampiero", "Giampiero"), ("Wi11iam", "William"),
        ("Dav1d", "David"),        ("lan Vargas", "Ian Vargas"), ("Tercsa", "Teresa"), ("Gerarcl", "Gerard"),
        ("ask 0livia and Ra1ph.", "ask Olivia and Ralph."), ("Bemard", "Bernard"), ("Thornas", "Thomas"),
    ],
)  # fmt: skip
def test_a_word_that_looks_like_a_name_is_read_as_one(read: str, name: str) -> None:
    assert printed(read) == name


@pytest.mark.parametrize(
    "line",
    [
        "lan cable", "lan", "utf8 base64 h264", "l10n i18n", "Mar10 Jun10", "Thomas Miller", "report table", "A1 B2 C3",
        "W1ll1am5", "1st 2nd", "Sheet2", "Abe1", "MARC0", "Fedora Kubernetes", "",
    ],
)  # fmt: skip
def test_other_words_stay_as_they_are(line: str) -> None:
    assert printed(line) is None


def test_at_most_two_digits_and_no_more_than_letters_are_read_as_letters() -> None:
    assert printed("Wi11iam") == "William"
    assert printed("W111iam") is None
    assert (printed("Em11"), printed("A1i"), printed("Al1"), printed("A11")) == ("Emil", "Ali", "Ali", None)


@pytest.mark.parametrize(("line", "name"), [("lda Lund", "Ida Lund"), ("ld Lund", None), ("1da", "Ida"), ("1o", None)])
def test_a_word_of_two_letters_is_no_name(line: str, name: str | None) -> None:
    assert printed(line) == name


def test_a_word_of_over_24_letters_is_no_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(misread_names, "may_be_name", lambda _: True)
    assert printed("Th0mas".ljust(24, "x")) == "Thomas".ljust(24, "x")
    for length in (25, 30, 48):
        assert printed("Th0mas".ljust(length, "x")) is None
    assert printed(f"{'x' * 24}Th0mas") is None


class Names:
    """Finds ``words`` as people, and remembers what it was asked."""

    def __init__(self, *words: str, entity: EntityType = EntityType.PERSON) -> None:
        self.words, self.entity, self.asked = words, entity, list[Text]()

    def detect(self, texts: Sequence[Text]) -> list[tuple[Span, ...]]:
        self.asked += texts
        return [
            tuple(
                Span(text.content.index(word), text.content.index(word) + len(word), self.entity, 0.7)
                for word in self.words
                if word in text.content
            )
            for text in texts
        ]

    def digest(self) -> str:
        return ""


def found(content: str, names: Names, *, ocr: bool = True) -> list[str]:
    (spans,) = MisreadNames(names).detect([Text(content, TextKind.SCREEN, ocr=ocr)])
    return [content[span.start : span.end] for span in spans]


def test_a_line_is_judged_as_printed_and_findings_lie_where_it_was_read() -> None:
    names = Names("Thomas Lund", "Bernard")
    assert found("plan\nby Thornas Lund, Bemard\nend", names) == ["Thornas Lund", "Bemard"]
    assert [text.content for text in names.asked] == ["by Thomas Lund, Bernard"]


def test_a_finding_without_a_restored_word_or_of_another_kind_is_none() -> None:
    assert found("by Th0mas to Lund", Names("Lund")) == []
    assert found("by Th0mas", Names("Thomas", entity=EntityType.LOCATION)) == []


def test_only_texts_of_pictures_are_read_so() -> None:
    assert found("by Th0mas", Names("Thomas"), ocr=False) == []


def test_a_text_on_which_the_judge_fails_is_unscanned() -> None:
    class Broken(Names):
        def detect(self, texts: Sequence[Text]) -> list[tuple[Span, ...]]:
            raise RuntimeError(len(texts))

    (spans,) = MisreadNames(Broken()).detect([Text("by Th0mas", TextKind.SCREEN, ocr=True)])
    assert [span.entity for span in spans] == [EntityType.UNSCANNED]


def test_a_line_that_the_judge_leaves_unscanned_is_so_where_it_was_read() -> None:
    unscanned = Names("Thomas", entity=EntityType.UNSCANNED)
    (spans,) = MisreadNames(unscanned).detect([Text("plan\nby Thornas", TextKind.SCREEN, ocr=True)])
    assert spans == (Span(8, 15, EntityType.UNSCANNED, 0.7),)


def test_models_are_asked_about_so_many_lines_of_names_and_the_rest_is_a_marker(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    content = "by Th0mas\nplan\nby Th0mas\nask 0livia Lund"
    last = content.index("ask")
    for pieces, rest, asked in ((2, 0, 0), (3, last, 2), (6, last, 2), (7, None, 3)):  # by|Thom|as, ask|Oliv|ia|Lund
        names = Names()
        monkeypatch.setattr(misread_names, "MOST_NAME_PIECES", pieces)
        (spans,) = MisreadNames(names).detect([Text(content, TextKind.SCREEN, ocr=True)])
        assert spans == (() if rest is None else (Span(rest, len(content), EntityType.UNSCANNED, 1.0),))
        assert len(names.asked) == asked


@given(st.text(alphabet="Th0masrnlI Vdc1\u00e9", max_size=40))
def test_every_part_of_a_reading_maps_to_the_part_it_was_made_from(line: str) -> None:
    reading = restore_names(line)
    if reading is None:
        return
    whole = reading.source(Span(0, len(reading.text), EntityType.PERSON, 1.0))
    assert (whole.start, whole.end) == (0, len(line))
    for place, letter in enumerate(reading.text):
        one = reading.source(Span(place, place + 1, EntityType.PERSON, 1.0))
        assert 0 <= one.start < one.end <= len(line)
        assert one.end - one.start > 1 or line[one.start] == letter
