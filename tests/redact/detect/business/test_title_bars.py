"""Titles of windows that a picture shows are read as titles; other lines of a screen are not. All names are made up."""

import pytest

from schemas.entities import Text, TextKind
from transforms.redact.detect.business.detect_business import BusinessDetector
from transforms.redact.detect.business.title_bars import is_title_bar
from transforms.redact.settings import RedactSettings

DETECTOR = BusinessDetector(RedactSettings(classes=("personal", "business")))


def found(content: str, kind: TextKind = TextKind.SCREEN) -> list[str]:
    (spans,) = DETECTOR.detect([Text(content, kind)])
    return [content[start:end] for start, end in sorted({(start, end) for start, end, *_ in spans})]


@pytest.mark.parametrize(
    ("line", "values"),
    [
        ("main.py - blue-heron - Cursor", ["blue-heron"]),
        ("auth.ts \u2014 blue-heron \u2014 Visual Studio Code", ["blue-heron"]),
        ("Pull requests \u00b7 ekvista/heron-api \u00b7 GitHub", ["ekvista", "heron-api"]),
        ("heron-talk (Channel) - Ekvista Corp - Slack", ["heron-talk", "Ekvista Corp"]),
    ],
)
def test_a_title_on_a_screen_is_read_as_one(line: str, values: list[str]) -> None:
    assert found(f"File Edit View\n{line}\n1 import os") == values == found(line, TextKind.TITLE)
    assert found(line, TextKind.TYPED) == []


@pytest.mark.parametrize(
    "line",
    [
        "blue-heron - Cursor",
        "Get Started - Zed",
        "Get Started - Code - OSS",
        "blue heron - a bird - of rivers",
        "main.py - blue-heron - Cursory",
        "main.py - blue-heron -Cursor",
        "main.py - blue-heron - Cursor is fast",
        "Compare - Pricing - GitHub",
    ],
)
def test_other_lines_of_a_screen_name_nothing(line: str) -> None:
    assert found(line) == []


@pytest.mark.parametrize(("length", "is_title"), [(200, True), (201, False)])
def test_a_title_has_two_hundred_characters_at_most(length: int, *, is_title: bool) -> None:
    rest = " - blue-heron - Cursor"
    assert is_title_bar("a" * (length - len(rest)) + rest) == is_title


@pytest.mark.parametrize(
    "program",
    """Visual Studio Code|VSCodium|Code - OSS|Cursor|Windsurf|Zed|GitHub|GitLab|Bitbucket|Slack|Discord|Microsoft Teams
Chrome|Google Chrome|Chromium|Mozilla Firefox|Microsoft Edge|Microsoft\u200b Edge|Brave|Opera|Vivaldi
Safari""".replace("\n", "|").split("|"),
)
def test_the_title_of_a_program_names_it_last_behind_two_parts(program: str) -> None:
    assert is_title_bar(f"main.py - blue-heron - {program}")
    assert not is_title_bar(f"blue-heron - {program}")
    assert not is_title_bar(f"main.py - blue-heron - {program} is fast")
    assert not is_title_bar(f"main.py - {program} - blue-heron")


@pytest.mark.parametrize("sign", "-\u2013\u2014\u00b7|")
def test_a_line_or_a_dot_between_blanks_parts_a_title(sign: str) -> None:
    assert is_title_bar(f"main.py {sign} blue-heron - Cursor")
    assert is_title_bar(f"main.py - blue-heron {sign} Cursor")
    assert not is_title_bar(f"main.py{sign} blue-heron - Cursor")
    assert not is_title_bar(f"main.py {sign}blue-heron - Cursor")
    assert not is_title_bar(f"main.py - blue-heron{sign} Cursor")
    assert not is_title_bar(f"main.py - blue-heron {sign}Cursor")
