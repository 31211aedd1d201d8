"""No text takes longer than its length allows, and one that fails holds up no other."""

import time
from collections.abc import Callable, Sequence
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from schemas.entities import EntityType, Span, Text, TextKind
from transforms.editor.drafts import select_drafts
from transforms.redact.detect import named_entities as union
from transforms.redact.detect import patterns
from transforms.redact.detect.misreadings.misread_names import MOST_NAME_PIECES
from transforms.redact.detect.named_entities import NamedEntityDetector
from transforms.redact.detect.patterns import PatternDetector
from transforms.redact.detect.recognizers.rule import Finder
from transforms.redact.detect.recognizers.street_addresses import AddressSearch
from transforms.redact.models.rampart_labels import LabelledPiece, merge_pieces
from transforms.redact.models.word_pieces import MOST_PIECES, count_pieces
from transforms.redact.settings import RedactSettings
from transforms.redact.surrogates.propagate import Lexicon, _find_bounded, _Inside
from transforms.redact.surrogates.reserved_values import left_alone
from transforms.redact.surrogates.surrogates import Surrogates
from transforms.redact.text.deadline import CPU_SECONDS, Deadline
from transforms.redact.text.markup import LONGEST_UNIT, split_units
from transforms.redact.text.spans import trim

ENOUGH_CPU_SECONDS = 20.0
"""Ten times what the slowest of these takes on an idle core; what they replace took minutes."""
_SHARED = 160


def cpu_seconds(run: Callable[[], object]) -> float:
    begin = time.thread_time()
    run()
    return time.thread_time() - begin


def person(start: int, end: int, score: float = 0.9) -> Span:
    return Span(start, end, EntityType.PERSON, score)


@given(
    st.lists(st.sampled_from(["word ", "漢字" * 90, "a-" * 200, "\n", "call ", "x" * 1_100]), max_size=16).map("".join)
)
@example("x" * LONGEST_UNIT)
@example("x" * (LONGEST_UNIT + 1))
def test_every_stretch_of_a_line_lies_whole_in_a_unit_that_is_not_too_long(text: str) -> None:
    listed = list(split_units(text))
    assert all(end - start <= LONGEST_UNIT for start, end in listed)
    at = 0
    for line in text.split("\n"):
        inside = [pair for pair in listed if at <= pair[1] <= at + len(line) and pair[1] > at]
        if line and not line.isspace():
            assert inside[0][0] <= at
            assert inside[-1][1] == at + len(line)
        assert all(left[1] - right[0] >= _SHARED for left, right in pairwise(inside))
        at += len(line) + 1


def test_a_line_is_cut_from_its_first_character_too_many_and_behind_a_blank() -> None:
    assert list(split_units("x" * LONGEST_UNIT)) == [(0, LONGEST_UNIT)]
    assert list(split_units("x" * (LONGEST_UNIT + 1))) == [
        (0, LONGEST_UNIT),
        (LONGEST_UNIT - _SHARED, LONGEST_UNIT + 1),
    ]
    text = "seven " * 200
    assert all(text[start:end].startswith("seven ") for start, end in split_units(text))


def test_a_piece_of_a_script_without_blanks_is_widened_by_a_word_and_not_by_the_page() -> None:
    text = "語" * 300
    assert merge_pieces([LabelledPiece(150, 151, "NAME", 0.9)], text) == (person(86, 215),)


@given(st.text(alphabet="ab 語.", max_size=40), st.lists(st.tuples(st.integers(0, 39), st.integers(1, 3)), max_size=6))
def test_pieces_are_widened_to_whole_words(text: str, places: list[tuple[int, int]]) -> None:
    pieces = [
        LabelledPiece(start, start + length, "STREET_NAME", 0.9)
        for start, length in places
        if start + length <= len(text)
    ]
    for piece in pieces:
        start, end = piece.start, piece.end
        while start > 0 and text[start - 1].isalnum():
            start -= 1
        while end < len(text) and text[end].isalnum():
            end += 1
        assert any(span.start <= start and end <= span.end for span in merge_pieces(pieces, text))


def test_as_many_pieces_as_characters_take_linear_time() -> None:
    text = "語" * 40_000
    pieces = [LabelledPiece(at, at + 1, "NAME" if at % 2 else "CITY", 0.9) for at in range(len(text))]
    assert cpu_seconds(lambda: merge_pieces(pieces, text)) < ENOUGH_CPU_SECONDS


class _Silent:
    """A model that remembers what it was asked and finds nothing."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def find(self, texts: Sequence[str]) -> list[tuple[Span, ...]]:
        self.texts += texts
        return [() for _ in texts]

    def digest(self) -> str:
        return "silent"


@pytest.fixture
def silent(monkeypatch: pytest.MonkeyPatch) -> _Silent:
    model = _Silent()
    monkeypatch.setattr(union, "build_models", lambda _: (model,))
    return model


def numbered(count: int) -> str:
    """Return lines of ten pieces each, all different."""
    return "\n".join("".join(chr(0xE0 + int(digit)) for digit in f"{number:010d}") for number in range(count))


@pytest.mark.parametrize(
    ("line", "pieces"),
    [
        ("", 0), ("abcd", 1), ("abcde", 2), ("Abcd", 1), ("ABC", 3), ("12", 1), ("123", 2), ("a_b", 3), (", .", 2),
        ("\u4e00\u4e8c", 2), ("a" * 100, 25), ("a" * 101, 1), ("\u0416\u0430", 2),
    ],
)  # fmt: skip
def test_pieces_are_four_small_letters_two_digits_or_one_other_sign(line: str, pieces: int) -> None:
    assert count_pieces(line) == pieces


def test_models_are_asked_about_as_many_pieces_and_units_are_as_long_as_was_measured() -> None:
    assert (MOST_PIECES, MOST_NAME_PIECES, LONGEST_UNIT, CPU_SECONDS) == (6_000, 3_000, 1_000, 20.0)


def test_without_a_number_a_deadline_is_that_of_a_source() -> None:
    now = [0.0]
    deadline = Deadline(clock=lambda: now[0])
    now[0] = 20.0
    deadline.check()
    now[0] = 20.01
    with pytest.raises(TimeoutError):
        deadline.check()


@pytest.mark.usefixtures("silent")
def test_what_goes_beyond_the_work_of_models_is_one_marker_and_the_rest_is_read() -> None:
    detector = NamedEntityDetector(RedactSettings())
    lines = MOST_PIECES // 10
    full, over = numbered(lines), numbered(lines + 2)
    repeated = full + ("\n" + "à" * 10) * 1_000
    found = detector.detect([Text(text, TextKind.SCREEN) for text in (full, over, repeated)])
    assert found == [(), (Span(len(full) + 1, len(over), EntityType.UNSCANNED, 1.0),), ()]
    assert detector.detect([Text(over, TextKind.SCREEN)]) == [found[1]]


def test_no_model_is_asked_about_more_than_its_work(silent: _Silent) -> None:
    NamedEntityDetector(RedactSettings()).detect([Text(numbered(MOST_PIECES // 5), TextKind.SCREEN)])
    assert sum(map(len, silent.texts)) == MOST_PIECES


@pytest.mark.parametrize(
    ("letter", "lines"), [("一", 0), ("Ж", 0), ("א", 0), ("א4", 1), ("אÀ", 1), ("אɏ", 1), ("אz", 1)]
)
def test_models_are_asked_about_letters_that_they_learned(silent: _Silent, letter: str, lines: int) -> None:
    NamedEntityDetector(RedactSettings()).detect([Text(letter * 9, TextKind.SCREEN)])
    assert len(silent.texts) == lines


@pytest.mark.usefixtures("silent")
def test_a_long_text_that_no_model_reads_is_scanned_to_its_end() -> None:
    text = "一二三四五六七八九十" * MOST_PIECES + "\nmeeting with anna kowalski"
    (found,) = NamedEntityDetector(RedactSettings()).detect([Text(text, TextKind.SCREEN)])
    assert [text[span.start : span.end] for span in found if span.start > len(text) - 20] == ["anna kowalski"]
    assert not any(span.entity is EntityType.UNSCANNED for span in found)


def test_without_a_model_a_text_is_read_to_its_end() -> None:
    detector = NamedEntityDetector(RedactSettings(profile="fast"))
    text = numbered(2 * MOST_PIECES // 10) + "\nmeeting with anna kowalski"
    (found,) = detector.detect([Text(text, TextKind.SCREEN)])
    assert [text[span.start : span.end] for span in found] == ["anna kowalski"]


def test_a_line_on_which_lists_fail_costs_its_text_alone(monkeypatch: pytest.MonkeyPatch, silent: _Silent) -> None:
    def guesses(line: str, _: object) -> list[Span]:
        if "poison" in line:
            raise RecursionError
        return []

    monkeypatch.setattr(union, "guesses", guesses)
    detector = NamedEntityDetector(RedactSettings())
    texts = [Text(text, TextKind.SCREEN) for text in ("anna kowalski", "Zorvald\npoison", "anna kowalski again")]
    for _ in range(2):
        found = detector.detect(texts)
        assert found[1] == (Span(0, len(texts[1].content), EntityType.UNSCANNED, 1.0),)
        assert [span[:2] for span in (*found[0], *found[2])] == [(0, 13), (0, 13)]
    assert not any("poison" in text for text in silent.texts)


def test_a_deadline_passes_behind_its_last_second() -> None:
    now = [5.0]
    deadline = Deadline(2.0, clock=lambda: now[0])
    now[0] = 7.0
    deadline.check()
    now[0] = 7.01
    with pytest.raises(TimeoutError):
        deadline.check()


@pytest.mark.usefixtures("silent")
def test_a_text_on_which_the_time_of_a_source_is_spent_is_one_marker(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]

    def slow(text: str) -> list[Span]:
        now[0] += 15.0 if "slow" in text else 0.0
        return []

    def clock(seconds: float | None = None) -> Deadline:
        return Deadline(seconds, clock=lambda: now[0])

    texts = [Text(text, TextKind.SCREEN) for text in ("fine", "slow 1\nslow 2\nthree", "slow 3", "fine too")]
    whole = [(), (Span(0, len(texts[1].content), EntityType.UNSCANNED, 1.0),), (), ()]
    monkeypatch.setattr(patterns, "recognizers", lambda: (Finder("slow", (r"\w",), lambda text: iter(slow(text))),))
    monkeypatch.setattr(patterns, "Deadline", clock)
    assert PatternDetector(RedactSettings()).detect(texts) == whole
    monkeypatch.setattr(union, "guesses", lambda line, _: slow(line))
    monkeypatch.setattr(union, "Deadline", clock)
    assert NamedEntityDetector(RedactSettings()).detect(texts) == whole


def inside(items: Sequence[tuple[int, int, bool, bool]]) -> list[_Inside]:
    return [_Inside(begins, ends, person(start, start + length)) for start, length, begins, ends in items]


@given(
    st.lists(st.tuples(st.integers(0, 12), st.integers(1, 4), st.booleans(), st.booleans()), max_size=9),
    st.lists(st.tuples(st.integers(0, 12), st.integers(1, 3)), max_size=2),
)
def test_values_inside_of_words_stay_as_far_as_others_bound_them(
    items: list[tuple[int, int, bool, bool]], others: list[tuple[int, int]]
) -> None:
    merged = [person(start, start + length) for start, length in others]
    left = inside(items)
    while True:
        starts = {span.start for span in (*merged, *(item.span for item in left))}
        ends = {span.end for span in (*merged, *(item.span for item in left))}
        kept = [i for i in left if (i.begins or i.span.start in ends) and (i.ends or i.span.end in starts)]
        if kept == left:
            break
        left = kept
    assert _find_bounded(merged, inside(items)) == left


def test_a_row_of_values_that_falls_from_its_end_takes_linear_time() -> None:
    row = [(8 * at, 8, at == 0, False) for at in range(20_000)]
    assert cpu_seconds(lambda: _find_bounded([], inside(row))) < ENOUGH_CPU_SECONDS
    assert _find_bounded([], inside(row)) == []


def test_values_that_hold_one_another_end_a_session_and_do_not_hold_it_up() -> None:
    nested = [(EntityType.SECRET, "a" * length) for length in range(6, 300)]
    lexicon = Lexicon(nested, Surrogates(b"k" * 32, RedactSettings()), frozenset())
    with pytest.raises(TimeoutError):
        lexicon.complete([Text("a" * 5_000, TextKind.SCREEN)], [()])
    few = Lexicon(nested[:1], Surrogates(b"k" * 32, RedactSettings()), frozenset())
    assert few.complete([Text("a" * 6 + " ", TextKind.SCREEN)], [()]) == [(Span(0, 6, EntityType.SECRET, 0.9),)]


def test_thousands_of_markers_beside_thousands_of_values_take_linear_time() -> None:
    content = "<PASSWORD> Zorvald " * 20_000
    spans = tuple(person(19 * at + 11, 19 * at + 18) for at in range(20_000))
    assert cpu_seconds(lambda: left_alone(spans, content, frozenset())) < ENOUGH_CPU_SECONDS
    assert left_alone(spans[:2], content, frozenset()) == spans[:2]


def test_a_row_of_brackets_is_trimmed_in_linear_time() -> None:
    content = "(" * 400_000 + "x)" + "]" * 400_000
    assert cpu_seconds(lambda: trim(person(0, len(content)), content)) < ENOUGH_CPU_SECONDS
    assert trim(person(0, len(content)), content) == person(0, 400_002)
    assert trim(person(0, 7), "[(070)]") == person(0, 7)
    assert trim(person(0, 6), "((070]") == person(2, 5)


def test_addresses_are_found_in_linear_time() -> None:
    search, signs = AddressSearch(), "".join(map(chr, range(0x4E00, 0x4E00 + 20_000)))
    many_pieces, many_hyphens, no_blanks = (
        "DE12 3456 " * 10_000,
        "A-" * 10_000 + " 12 High Street ",
        f"{signs} 12345 Town ",
    )
    for text in (many_pieces, many_hyphens, many_hyphens + "12345 Town", no_blanks):
        assert cpu_seconds(lambda text=text: list(search(text))) < ENOUGH_CPU_SECONDS


def test_thousands_of_drafts_are_compared_with_the_final_text_in_linear_time() -> None:
    chars = "ab " * 40_000
    drafts = [(at, at + 1) for at in range(0, len(chars), 3)]
    final = list(range(len(chars)))
    assert cpu_seconds(lambda: select_drafts(chars, drafts, final)) < ENOUGH_CPU_SECONDS
    assert select_drafts(chars, [(0, 1), (3,)], final) == [(3,)]


def test_a_long_value_is_looked_for_in_parts_that_hold_all_of_it() -> None:
    def values(value: str) -> set[str]:
        found = [(EntityType.SECRET, value)]
        return set(Lexicon(found, Surrogates(b"k" * 32, RedactSettings()), frozenset()).values)

    value = "".join(f"{at:04d}" for at in range(60))
    assert values(value[:100]) == {value[:100]}
    assert values(value[:101]) == {value[:100], value[1:101]}
    assert values(value) == {value[:100], value[100:200], value[140:]}


@pytest.mark.parametrize("entity", [EntityType.SECRET, EntityType.PERSON, EntityType.EMAIL_ADDRESS])
@pytest.mark.parametrize("period", ["a", "zorvald"])
def test_a_value_that_repeats_itself_as_long_as_a_text_takes_linear_time(entity: EntityType, period: str) -> None:
    content = (period * 100_000)[:100_000]
    lexicon = Lexicon([(entity, content)], Surrogates(b"k" * 32, RedactSettings()), frozenset())
    assert max(map(len, lexicon.values)) == 100
    assert cpu_seconds(lambda: lexicon.complete([Text(content, TextKind.SCREEN)], [()])) < ENOUGH_CPU_SECONDS
    assert lexicon.complete([Text(content, TextKind.SCREEN)], [()]) == [(Span(0, 100_000, entity, 0.9),)]
