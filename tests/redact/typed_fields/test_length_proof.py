"""Presses that may count the characters of a value in a field."""

import pytest

from transforms.editor.commands import Style
from transforms.editor.replay import Step, press_key
from transforms.redact.typed_fields.length_proof import idle_presses

STYLE = Style(multiline=True)
NAMED = {
    "<": "ArrowLeft",
    ">": "ArrowRight",
    "^": "ArrowUp",
    "v": "ArrowDown",
    "[": "Home",
    "]": "End",
    "B": "Backspace",
    "D": "Delete",
    "|": "Enter",
}
HELD = {"c": "Control", "s": "Shift"}


def steps(script: str) -> list[Step | None]:
    """Read ``script``: ``*`` is a value, ``NAMED`` are keys, ``{c<}`` is Control+ArrowLeft, ``(text)`` a paste."""
    listed: list[Step | None] = []
    at = 0
    while at < len(script):
        if script[at] == "{":
            held, key, at = script[at + 1], script[at + 2], at + 3
            listed.append(press_key(NAMED.get(key, key), (HELD[held],), STYLE))
        elif script[at] == "(":
            end = script.index(")", at)
            listed.append(Step(None, script[at + 1 : end]))
            at = end
        elif script[at] == "*":
            listed.append(None)
        else:
            listed.append(press_key(NAMED.get(script[at], script[at]), (), STYLE))
        at += 1
    return listed


@pytest.mark.parametrize(
    "script",
    [
        "*<",
        "*<>",
        "*[>",
        "*ab<<<",
        "ab*[>>>",
        "*{s<}",
        "*{c<}",
        "*ab{c<}",
        "ab*[{c>}",
        "*B",
        "*abBBB",
        "*{cB}",
        "*ab{cB}",
        "ab*[DDD",
        "ab*[{cD}",
        "*{cz}",
        "ab|*^",
        "*|ab^",
        "*|ab|cd^v^^",
        "*|ab[^",
        "* *<<<",
        "*(pasted)<<<<<<<",
        "a*<",
    ],
)
def test_a_press_by_characters_words_or_rows_that_meets_a_value_may_count_it(script: str) -> None:
    assert idle_presses(steps(script)) is None


@pytest.mark.parametrize(
    "script",
    [
        "",
        "*",
        "*ab<<",
        "ab*[>>",
        "ab*[{s>}{s>}B",
        "ab<<",
        "ab<<*",
        "*[]",
        "*{s[}B",
        "*{ca}x",
        "*{ca}>",
        "*{ca}<",
        "* ab{c<}",
        "ab *[{c>}",
        "ab *[{cD}",
        "*abBB",
        "ab*[DD",
        "*ab{ca}B",
        "*||ab|cd^",
        "ab|cd^*",
        "*(pasted)<<<<<<",
        "*F",
    ],
)
def test_presses_that_stay_in_the_own_text_or_go_to_its_ends_count_nothing(script: str) -> None:
    assert idle_presses(steps(script)) == []


@pytest.mark.parametrize(
    ("script", "idle"),
    [
        ("*>", [1]),
        ("*>>>", [1, 2, 3]),
        ("*[<<", [2, 3]),
        ("*[B", [2]),
        ("*D", [1]),
        ("*[{c<}{cB}", [2, 3]),
        ("ab<<<<x", [4, 5]),
        ("BB*", [0, 1]),
        ("*{ca}B<B", [3, 4]),
        ("ab[^", [3]),
        ("abvv", [2, 3]),
        ("*]]", []),
        ("{cz}ab", [0]),
    ],
)
def test_presses_that_find_nothing_are_idle(script: str, idle: list[int]) -> None:
    assert idle_presses(steps(script)) == idle


def test_an_undone_value_is_met() -> None:
    assert idle_presses(steps("ab ]*{cz}")) is None
    assert idle_presses(steps("*[]ab<{cz}")) == []
