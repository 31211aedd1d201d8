"""A value that is written with escapes or spaced out is read as what it stands for."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.entities import EntityType, Text, TextKind
from transforms.redact.detect.build import build_detector
from transforms.redact.settings import RedactSettings
from transforms.redact.surrogates.propagate import Lexicon
from transforms.redact.surrogates.surrogates import Surrogates
from transforms.redact.text.markup import read_text

MAIL = "ada.kern@firm.test"
SPELLINGS: dict[str, Callable[[str], str]] = {
    "JSON": lambda text: "".join(f"\\u{ord(sign):04x}" for sign in text),
    "JSON in JSON": lambda text: "".join(f"\\\\u{ord(sign):04X}" for sign in text),
    "JavaScript": lambda text: "".join(f"\\u{{{ord(sign):x}}}" for sign in text),
    "Python": lambda text: "".join(f"\\U{ord(sign):08x}" for sign in text),
    "bytes": lambda text: "".join(f"\\x{ord(sign):02x}" for sign in text),
    "octal": lambda text: "".join(f"\\{ord(sign):03o}" for sign in text),
    "style sheet": lambda text: "".join(f"\\{ord(sign):x} " for sign in text),
    "style sheet, long": lambda text: "".join(f"\\{ord(sign):06x}" for sign in text),
    "quoted-printable": lambda text: "".join(f"={ord(sign):02X}" for sign in text),
    "URL": lambda text: "".join(f"%{ord(sign):02x}" for sign in text),
    "old URL": lambda text: "".join(f"%u{ord(sign):04x}" for sign in text),
    "HTML": lambda text: "".join(f"&#{ord(sign)};" for sign in text),
    "HTML, hexadecimal": lambda text: "".join(f"&#x{ord(sign):06x};" for sign in text),
    "HTML, open": lambda text: "".join(f"&#{ord(sign)}" for sign in text),
    "HTML, by name": lambda text: text.replace("@", "&commat;").replace(".", "&period;"),
    "quoted-printable, one sign": lambda text: text.replace("@", "=40"),
    "one sign": lambda text: text.replace("@", "\\u0040"),
    **{f"parted by {sign!r}": sign.join for sign in " .-_*|/·\u00a0"},
}


def reading(content: str) -> str:
    return read_text(Text(content, TextKind.SCREEN)).text


Found = Callable[[str], list[tuple[str, EntityType]]]


@pytest.fixture(scope="module")
def found() -> Found:
    detector = build_detector(RedactSettings(profile="fast"))

    def run(content: str) -> list[tuple[str, EntityType]]:
        (spans,) = detector.detect([Text(content, TextKind.SCREEN)])
        return [(content[span.start : span.end], span.entity) for span in spans]

    return run


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_an_address_is_found_however_it_is_written(found: Found, spelling: str) -> None:
    written = SPELLINGS[spelling](MAIL)
    assert reading(f"mail {written} now").startswith(f"mail {MAIL}")
    assert found(f"mail {written} now") == [(written.rstrip(" ;"), EntityType.EMAIL_ADDRESS)]


@given(st.sampled_from(sorted(SPELLINGS)), st.text(max_size=12), st.text(max_size=12))
def test_every_character_of_a_reading_has_a_range_of_the_text(spelling: str, before: str, behind: str) -> None:
    content = before + SPELLINGS[spelling](MAIL) + behind
    result = read_text(Text(content, TextKind.SCREEN))
    if result.starts is None or result.ends is None:
        assert len(result.text) == len(content)
        return
    assert len(result.text) == len(result.starts) == len(result.ends)
    assert list(result.starts) == sorted(result.starts)
    assert all(0 <= start < end <= len(content) for start, end in zip(result.starts, result.ends, strict=True))


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("M a r i a   K e l l e r", "Maria   Keller"),
        ("M a r i a K e l l e r said", "Maria Keller said"),
        ("m-a-r-i-a", "maria"),
        ("m a r i a k e l l e r", "maria keller"),
        ("J.o.h.n", "John"),
        ("M\\u00fcller", "Müller"),
    ],
)
def test_names_are_closed_up(written: str, said: str) -> None:
    assert reading(written) == said


@pytest.mark.parametrize(
    "content",
    [
        "a b c d e f g",
        "A.S.A.P.",
        "x - y - z - w",
        "i j k l = 1 2 3 4 5 6",
        "0 1 1 0 1",
        "| a | b | c |",
        "c @ d @ e @ f",
        r"C:\abe\ada\dad",
        r"\x1b[0m \u0000 \ud83d",
        r"\U00110000",
        "&unknown; a&b;",
        "a=1B b=2C",
        "J o n",
        "a.b.c.d",
    ],
)
def test_what_stands_for_no_text_is_read_as_it_is(content: str) -> None:
    assert reading(content) == content


def test_the_last_latin_letter_of_a_row_and_the_last_of_all_are_read() -> None:
    assert reading(r"\41\24f\41") == "AɏA"
    assert reading(r"\41\250\41") == r"\41\250\41"
    assert reading("\\U0001f600") == "😀"


def test_names_are_closed_up_from_four_letters_to_forty() -> None:
    assert reading("a n n a") == "anna"
    assert reading(" ".join("Adam" * 10)) == " ".join(["Adam"] * 10)
    assert reading(" ".join("Adam" * 11)) == " ".join("Adam" * 11)


def test_a_value_that_was_found_with_escapes_is_looked_for_without() -> None:
    lexicon = Lexicon(
        [(EntityType.EMAIL_ADDRESS, SPELLINGS["JSON"](MAIL))], Surrogates(b"k" * 32, RedactSettings()), frozenset()
    )
    assert lexicon.values == {"adakernfirmtest"}


@pytest.mark.parametrize(
    "content",
    ["width=40", "x=40.5 y", "n=40px; m", "a =40b.cd", "=40b.cd", f"a=40{'b' * 64}.cd", "a=40b.c", "a=41b.cd"],
)
def test_a_number_after_an_equals_sign_is_no_escape(content: str) -> None:
    assert reading(content) == content


@pytest.mark.parametrize("domain", ["b.cd", f"{'b' * 63}.cd"])
def test_a_sign_before_a_domain_of_any_length_is_read(domain: str) -> None:
    assert reading(f"a=40{domain}") == f"a@{domain}"
