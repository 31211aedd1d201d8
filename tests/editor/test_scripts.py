"""Key presses one after the other, and what an editor shows after each script.

A bar is the caret, brackets are around what is selected: ``a[b|]`` is ``ab`` with ``b`` selected from the left.
"""

import pytest

from tests.editor.test_buffer import MAC, TERMINAL, drafts_of, played
from transforms.editor.boundaries import (
    find_deletion,
    line_end,
    line_start,
    row_above,
    row_below,
    splits_word,
    word_end,
    word_start,
)
from transforms.editor.buffer import Buffer
from transforms.editor.commands import Command, Style, TextUnit, Verb
from transforms.editor.diff import common_ends
from transforms.editor.keymap import Platform
from transforms.editor.replay import BACK, LINE_END, Step, effect_at_end, is_simple, press_key
from transforms.editor.us_layout import ERASE, PRESS_ROWS, SELECT_ALL, Press, press

PC = Style(multiline=True, platform=Platform.PC)
ONE_LINE = Style(platform=Platform.PC)
UNKNOWN = Style(multiline=True)


def shown(buffer: Buffer) -> str:
    """Return the text with its caret and selection, and a question mark where it is a guess."""
    text = buffer.text()
    marks = {buffer.caret: "|"}
    low, high = sorted((buffer.anchor, buffer.caret))
    if low != high:
        marks[low] = "[" + marks.get(low, "")
        marks[high] = marks.get(high, "") + "]"
    return "".join(marks.get(at, "") + text[at : at + 1] for at in range(len(text) + 1)) + "?" * (not buffer.exact)


SCRIPTS: dict[Style, list[tuple[str, str, list[str]]]] = {
    PC: [
        ("abc", "abc|", []),
        ("<Backspace>", "|?", []),
        ("a<Backspace>", "|", ["a"]),
        ("a<Backspace><Backspace>", "|", ["a"]),
        ("abc<Home><Backspace>", "|abc", []),
        ("abc<Home><Delete>", "|bc", ["abc"]),
        ("abc<Delete>", "abc|", []),
        ("a b<ArrowLeft><Control+Backspace>", "|b", ["a b"]),
        ("one two<Control+Backspace>", "one |", ["one two"]),
        ("one two  <Control+Backspace>", "one |", ["one two  "]),
        ("one,two<Control+Backspace>", "|?", ["one,two"]),
        ("one<Enter>two<Home><Control+Backspace>", "one\n|two?", []),
        ("one two<Home><Control+Delete>", "| two", ["one two"]),
        ("one two<Home><Control+Delete><Control+Delete>", "|", ["one two"]),
        ("one.two<Home><Control+Delete>", "|?", ["one.two"]),
        ("one<Enter>two<Home><ArrowLeft><Control+Delete>", "one|\ntwo?", []),
        ("one<Control+Delete>", "one|", []),
        ("one<Home><Control+Backspace>", "|one", []),
        ("one two<Control+ArrowLeft>", "one |two", []),
        ("one two<Control+ArrowLeft><Control+ArrowLeft>", "|one two", []),
        ("one two<Home><Control+ArrowRight>", "one| two", []),
        ("one-two<Control+ArrowLeft>x", "x|one-two?", ["one-two"]),
        ("one-two<Home><Control+ArrowRight>x", "one-twox|?", ["one-two"]),
        ("ab<Shift+ArrowLeft>", "a[|b]", []),
        ("ab<Shift+ArrowLeft><Shift+ArrowLeft>", "[|ab]", []),
        ("ab<Shift+ArrowLeft><ArrowLeft>", "a|b", []),
        ("ab<Shift+ArrowLeft><ArrowRight>", "ab|", []),
        ("ab<Home><Shift+ArrowRight><ArrowRight>", "a|b", []),
        ("ab<Home><Shift+ArrowRight><ArrowLeft>", "|ab", []),
        ("abc<Shift+Home>", "[|abc]", []),
        ("abc<Home><Shift+End>", "[abc|]", []),
        ("abc<Control+a><Control+ArrowLeft>", "|abc", []),
        ("one two<Control+Shift+ArrowLeft>", "one [|two]", []),
        ("one two<Control+Shift+ArrowLeft><Control+ArrowRight>", "one two|", []),
        ("ab<Enter>cd<Control+Home>", "|ab\ncd", []),
        ("ab<Enter>cd<Control+Home><Control+End>", "ab\ncd|", []),
        ("ab<Enter>cd<Home>", "ab\n|cd", []),
        ("ab<Enter>cd<Home><ArrowLeft><End>", "ab|\ncd", []),
        ("ab<Enter>cd<Control+Home><End>", "ab|\ncd", []),
        ("ab<Enter>cd<Control+Shift+Home>", "[|ab\ncd]", []),
        ("abc<Enter>de<ArrowUp>", "ab|c\nde", []),
        ("abc<Enter>de<ArrowUp>x", "abx|c\nde?", ["abc\nde"]),
        ("ab<Enter>cde<ArrowUp>", "ab|\ncde", []),
        ("ab<Enter>cde<ArrowUp><ArrowDown>", "ab\ncd|e", []),
        ("ab<Enter>cd<ArrowUp><ArrowUp>", "|ab\ncd", []),
        ("ab<ArrowDown>", "ab|", []),
        ("ab<Enter>cd<ArrowDown>x", "ab\ncdx|?", ["ab\ncd"]),
        ("ab<Enter>c<Enter>def<ArrowUp><ArrowUp>", "a|b\nc\ndef", []),
        ("abc<Enter>d<Enter>efg<Control+Home><ArrowRight><ArrowRight><ArrowDown><ArrowDown>", "abc\nd\ne|fg", []),
        ("ab<Enter>cd<Shift+ArrowUp>", "ab[|\ncd]", []),
        ("ab<Enter>cd<Control+ArrowUp>x", "ab\ncdx|?", ["ab\ncd"]),
        ("ab<Alt+ArrowUp>x", "abx|?", ["ab"]),
        ("a<PageUp>b", "ab|?", ["a"]),
        ("a<PageDown><End>b", "ab|", []),
        ("a<Enter>b<PageUp><End>c", "a\nbc|?", ["a\nb"]),
        ("a<Enter>b<PageUp><Control+End>c", "a\nbc|", []),
        ("<PageUp>a", "a|", []),
        ("ab<Control+a>", "[ab|]", []),
        ("ab<Control+a>c", "c|", ["ab"]),
        ("ab<Control+a><Backspace>", "|", ["ab"]),
        ("abc<Shift+ArrowLeft><Control+c><End><Control+v>d", "abccd|?", []),
        ("abc<Shift+ArrowLeft><Control+c><Control+v>{c}", "abc|", ["abc"]),
        ("abc<Shift+ArrowLeft><Control+x>", "ab|", ["abc"]),
        ("abc<Shift+ArrowLeft><Control+x><Control+v>{c}d", "abcd|", ["abc"]),
        ("abc<Control+c>", "abc|", []),
        ("a<Control+v>", "a|?", []),
        ("a<Control+v>b", "ab|?", []),
        ("a<Control+v>{}b", "ab|", []),
        ("a{bc}", "abc|", []),
        ("a{bc}<Backspace>", "ab|", ["abc"]),
        ("abc<Shift+ArrowLeft>{xy}", "abxy|", ["abc"]),
        ("abc<Shift+ArrowLeft>{}", "ab|", ["abc"]),
        ("abc<Shift+ArrowLeft><Shift+Delete>", "ab|", ["abc"]),
        ("abc<ArrowLeft><Shift+Delete>", "ab|c", []),
        ("abc<Shift+ArrowLeft><Shift+Backspace>", "ab|", ["abc"]),
        ("abc<ArrowLeft><Shift+Backspace>", "a|c", ["abc"]),
        ("abc<Shift+ArrowLeft><Shift+Insert>{x}", "abx|", ["abc"]),
        ("abc<Shift+ArrowLeft><Control+Insert><End><Shift+Insert>d", "abccd|?", []),
        ("a<Insert>b", "ab|", []),
        ("a<Copy><Paste>{b}", "ab|", []),
        ("ab<Shift+ArrowLeft><Cut>", "a|", ["ab"]),
        ("ab<Shift+ArrowLeft><Copy><ArrowRight><Paste>c", "abbc|?", []),
        ("ab<Control+z>", "|?", ["ab"]),
        ("{a}{b}<Control+z>", "a|", ["ab"]),
        ("{a}{b}<Control+z><Control+y>", "ab|", ["ab"]),
        ("{a}{b}<Control+z><Control+z><Control+z>", "|?", ["ab", "a"]),
        ("{a}<Control+y>", "a|", []),
        ("{a}{b}<Control+z><Control+Shift+z>", "ab|", ["ab"]),
        ("{a}<Undo>", "|", ["a"]),
        ("{a}<Undo><Redo>", "a|", ["a"]),
        ("{a}<Control+z>b<Control+y>", "b|", ["a"]),
        ("{abc}<ArrowLeft><Backspace><Control+z>", "ab|c", ["abc"]),
        ("{abc}<Backspace><Backspace><Control+z>", "abc|?", ["abc"]),
        ("{abc}<Control+a>{x}<Control+z>", "abc|", ["abc", "x"]),
        ("{abc}<Control+a>{x}<Control+z><Control+y>", "x|", ["abc", "x"]),
        ("{abc}<Home>{x}<Control+z>", "|abc", ["xabc"]),
        ("{abc}<ArrowLeft>{x}<ArrowLeft><Control+z>d", "abd|c", ["abc", "abxc"]),
        ("{ab}<Home><Delete><Delete><Control+z>", "ab|?", ["ab"]),
        ("{ab}<Control+a><Delete><Control+z>", "ab|", ["ab"]),
        ("a<Control+z><Control+y>b", "ab|", ["a"]),
        ("a<Dead>e", "ae|?", []),
        ("a<Dead>ê", "aê|", []),
        ("a<Dead>^", "a^|", []),
        ("a<Dead> ", "a |?", []),
        ("a<Dead><Backspace>b", "b|", ["a"]),
        ("a<Dead>", "a|", []),
        ("a<Dead><ArrowLeft>b", "b|a?", []),
        ("a<Dead><Shift>ê", "aê|", []),
        ("a<Process>", "a|?", ["a"]),
        ("a<Process>b", "ab|?", ["a"]),
        ("a<Unidentified><Backspace>", "|?", ["a"]),
        ("a<Compose>é", "aé|?", ["a"]),
        ("a<Clear>b", "ab|?", ["a"]),
        ("<Clear>b", "b|?", [""]),
        ("a<EraseEof>b", "ab|?", ["a"]),
        ("<Process>a", "a|?", [""]),
        ("a<Tab>b", "ab|", []),
        ("a<Escape>b", "ab|", []),
        ("a<F5>b", "ab|", []),
        ("a<Control+b>c", "ac|", []),
        ("a<Control+s>c", "ac|", []),
        ("a<Alt+x>c", "ac|", []),
        ("a<Meta+a>c", "ac|", []),
        ("a<Meta+z>c", "ac|", []),
        ("a<Meta+ArrowLeft>c", "ac|", []),
        ("a<Alt+ArrowLeft>c", "ac|", []),
        ("a<AltGraph+@>c", "a@c|", []),
        ("a<Control+Alt+€>c", "a€c|", []),
        ("a<Control+Alt+e>c", "ac|", []),
        ("a<Control+Meta+€>c", "ac|", []),
        ("a<Control+AltGraph+[>c", "a[c|", []),
        ("a<Alt+é>c", "ac|", []),
        ("a<Control+Enter>b", "ab|?", ["a"]),
        ("a<Meta+Enter>b", "ab|?", ["a"]),
        ("a<Shift+Enter>b", "a\nb|", []),
        ("a<Alt+Enter>b", "a\nb|", []),
        ("a<Meta+Backspace>", "|", ["a"]),
        ("a b<Alt+Backspace>", "a |", ["a b"]),
        ("a<Control+Shift+v>{b}", "ab|", []),
        ("a<Control+Shift+a>b", "ab|", []),
        ("A<Shift+B>", "AB|", []),
        ("ab<Control+A>c", "c|", ["ab"]),
        ("a<Meta+Shift+z>b", "ab|", []),
        ("e\u0301<Backspace>", "e|", ["e\u0301"]),
        ("e\u0301<ArrowLeft>x", "x|e\u0301", []),
        ("e\u0301<Home><ArrowRight>x", "e\u0301x|", []),
        ("e\u0301<Home><Delete>", "|", ["e\u0301"]),
        ("👍🏽<Backspace>", "|", ["👍🏽"]),
        ("👍🏽<ArrowLeft>x", "x|👍🏽", []),
        ("\U0001f469\u200d\U0001f4bb<Backspace>", "|", ["\U0001f469\u200d\U0001f4bb"]),
        ("\U0001f469\u200d\U0001f4bb<Home><ArrowRight>x", "\U0001f469\u200d\U0001f4bbx|", []),
        ("a\u200db<ArrowLeft>x", "a\u200dx|b", ["a\u200db"]),
        ("a\u200d<Backspace>", "|", ["a\u200d"]),
        ("e\u0301\u0302<Backspace>", "e\u0301|", ["e\u0301\u0302"]),
        ("\u0e01\u0e47<Backspace>", "|", ["\u0e01\u0e47"]),
        ("\u0e01\u0e47<ArrowLeft>x", "x|\u0e01\u0e47", []),
        ("a\ufe0f<Backspace>", "|", ["a\ufe0f"]),
        ("a\ufe0f<ArrowLeft>x", "x|a\ufe0f", []),
        ("\u02ff\u0300<ArrowLeft>x", "x|\u02ff\u0300", []),
        ("👍🏻<ArrowLeft>x", "x|👍🏻", []),
        ("👍🏿<ArrowLeft>x", "x|👍🏿", []),
        ("a🏺x<ArrowLeft><ArrowLeft>y", "ay|🏺x", ["a🏺x"]),
        ("a🐀<ArrowLeft>y", "ay|🐀", ["a🐀"]),
        ("ab\u20dd<ArrowLeft>x", "ax|b\u20dd", ["ab\u20dd"]),
        ("ab\u20dd<Backspace>", "a|", ["ab\u20dd"]),
    ],
    ONE_LINE: [
        ("abc<Enter>", "abc|", []),
        ("abc<Enter>d", "abc\nd|", []),
        ("abc<Enter><Enter>d<Enter>", "abc\n\nd|", []),
        ("abc<Shift+Enter>d", "abc\nd|", []),
        ("abc<ArrowLeft><Enter>d", "abc\nd|", []),
        ("abc<Enter>d<Backspace>", "abc|", ["abc\nd"]),
        ("abc<Enter>d<Backspace>e", "abc\ne|", ["abc\nd"]),
        ("abc<Enter>d<Backspace><Enter>e", "abc\n\ne|", ["abc\nd"]),
        ("abc<Enter>d<Backspace><Backspace>e", "abe|?", ["abc\nd", "abc"]),
        ("a<Enter>b<Enter>c<Backspace><Backspace><Backspace>d", "d|?", ["a\nb\nc", "a\nb", "a"]),
        ("abc<Enter>de<Home><Backspace>f", "abc\nf|de?", []),
        ("abc<Enter>de<Home><ArrowLeft>f", "abc\nf|de?", ["abc\nde"]),
        ("abc<Enter>de<Control+Home>f", "abc\nf|de?", ["abc\nde"]),
        ("abc<Enter>de<Control+a>f", "abc\nf|", ["abc\nde"]),
        ("abc<Enter>de<Control+a>{}", "abc|", ["abc\nde"]),
        ("abc<Enter>de<Control+a>{}f", "abc\nf|", ["abc\nde"]),
        ("abc<Enter>{d}<Control+z>e", "abc\ne|", ["abc\nd"]),
        ("abc<Enter>{d}<Control+z><Control+z>", "abc|?", ["abc\nd"]),
        ("<Enter>a", "a|", []),
        ("abc<ArrowUp>d", "abcd|?", ["abc"]),
        ("abc<ArrowDown>d", "abcd|?", ["abc"]),
        ("abc<ArrowUp>", "abc|?", ["abc"]),
        ("ab<Shift+Home>x", "x|", ["ab"]),
        ("a<Control+a><Enter>b", "a\nb|", []),
        ("a<Enter><Control+a>b", "b|", ["a"]),
        ("a<Enter><End>b", "ab|?", ["a"]),
        ("a<ArrowUp><Control+End>b", "ab|?", ["a"]),
        ("abc<Enter><Backspace>", "ab|?", ["abc"]),
        ("a<Enter>{b}", "a\nb|", []),
    ],
    MAC: [
        ("ab<Home>c", "abc|?", ["ab"]),
        ("ab<End>c", "abc|?", ["ab"]),
        ("ab<Control+a>c", "c|ab", []),
        ("ab<Control+a><Control+e>c", "abc|", []),
        ("ab<Control+b>c", "ac|b", ["ab"]),
        ("ab<Control+b><Control+f>c", "abc|", []),
        ("ab<Control+h>", "a|", ["ab"]),
        ("ab<Control+b><Control+d>", "a|", ["ab"]),
        ("ab<Control+a><Control+k>", "|", ["ab"]),
        ("ab<Control+k>", "ab|", []),
        ("ab<Control+t>c", "abc|?", ["ab"]),
        ("ab<Control+o>c", "abc|?", ["ab"]),
        ("ab<Control+y>c", "abc|?", ["ab"]),
        ("a<Enter>b<Control+p>c", "ac|\nb?", ["a\nb"]),
        ("a<Enter>b<Control+p><Control+n>c", "a\nbc|?", ["a\nb"]),
        ("ab<Meta+a>c", "c|", ["ab"]),
        ("ab<Meta+a><Meta+x>", "|", ["ab"]),
        ("ab<Meta+a><Meta+c><Meta+ArrowRight><Meta+v>c", "ababc|?", []),
        ("ab<Meta+Backspace>", "|", ["ab"]),
        ("ab c<Alt+Backspace>", "ab |", ["ab c"]),
        ("ab c<Control+Backspace>", "ab |", ["ab c"]),
        ("ab<Enter>cd<Meta+Backspace>", "ab\n|", ["ab\ncd"]),
        ("ab<Meta+ArrowLeft><Meta+Delete>", "|", ["ab"]),
        ("ab c<Alt+ArrowLeft>x", "ab x|c", []),
        ("ab c<Meta+ArrowLeft><Alt+ArrowRight>x", "abx| c", []),
        ("ab<Meta+Shift+ArrowLeft>x", "x|", ["ab"]),
        ("ab<Control+ArrowLeft>x", "abx|", []),
        ("ab<Enter>cd<Meta+ArrowUp>x", "x|ab\ncd", []),
        ("ab<Enter>cd<Meta+ArrowUp><Meta+ArrowDown>x", "ab\ncdx|", []),
        ("ab<Enter>cd<Meta+Shift+ArrowUp>x", "x|", ["ab\ncd"]),
        ("ab<Alt+ArrowUp>x", "abx|?", ["ab"]),
        ("{ab}<Meta+z>", "|", ["ab"]),
        ("{ab}<Meta+z><Meta+Shift+z>", "ab|", ["ab"]),
        ("{ab}<Control+z>", "ab|", []),
        ("a<Alt+l>b", "alb|", []),
        ("a<Alt+@>b", "a@b|", []),
        ("a<Control+Alt+@>b", "ab|", []),
        ("a<Control+Shift+v>{b}", "ab|", []),
        ("ab<Shift+Home>", "ab|", []),
        ("a<Control+c>b", "ab|", []),
        ("ab<Meta+Shift+v>{c}", "abc|", []),
        ("a<Enter>b<PageUp><Meta+ArrowRight>c", "a\nbc|?", ["a\nb"]),
    ],
    TERMINAL: [
        ("ab c<Control+u>", "|", ["ab c"]),
        ("ab c<Control+w>", "ab |", ["ab c"]),
        ("ab<Control+a>x", "x|?", ["ab"]),
        ("ab<Control+e>x", "abx|", []),
        ("ab<Control+b>x", "ax|b", ["ab"]),
        ("ab c<Alt+b>x", "ab x|c", []),
        ("ab c<Home><Alt+f>x", "abx| c", []),
        ("ab c<Home><Alt+d>x", "x| c", ["ab c"]),
        ("ab c<Alt+x>d", "ab cd|", []),
        ("ab c<Home><Control+k>", "|", ["ab c"]),
        ("ab<Control+c>x", "abx|?", ["ab"]),
        ("ab<Control+n>x", "abx|?", ["ab"]),
        ("ab<Control+p>x", "abx|?", ["ab"]),
        ("ab<Control+r>x", "abx|?", ["ab"]),
        ("ab<Control+v>{c}", "abc|", []),
        ("ab<Control+y>x", "abx|?", ["ab"]),
        ("ab<Tab>c", "abc|?", ["ab"]),
        ("ab<ArrowUp>c", "abc|?", ["ab"]),
        ("ab<Enter>c", "ab\nc|", []),
        ("<Enter>ab<Enter><Enter>c<Enter>", "ab\n\nc|", []),
        ("ab<Enter><Backspace><ArrowLeft><Control+u>c", "ab\nc|", []),
        ("ab<Enter>c<Backspace><Backspace>d", "ab\nd|", ["ab\nc"]),
        ("ab<Enter>c<ArrowLeft><ArrowLeft><Backspace>d", "ab\nd|c", []),
        ("ab<Enter>cd<Control+u>e", "ab\ne|", ["ab\ncd"]),
        ("ab<PageUp><Enter>c", "ab\nc|", []),
        ("ab<Enter><ArrowUp><Enter>c", "ab\n\nc|?", ["ab"]),
        ("ab<Control+h>", "a|", ["ab"]),
        ("ab<Home><Control+d>", "|b", ["ab"]),
        ("ab<Control+Alt+b>x", "abx|", []),
        ("ab<Alt+Backspace>", "|", ["ab"]),
        ("ab<Control+Shift+c>d", "abd|", []),
        ("ab<Insert>c", "abc|", []),
        ("ab<Shift+Insert>{c}", "abc|", []),
        ("ab<Alt+@>c", "abc|", []),
    ],
    UNKNOWN: [
        ("ab<Meta+a>c", "c|", ["ab"]),
        ("ab<Control+a>c", "c|", ["ab"]),
        ("ab<Meta+ArrowLeft>c", "c|ab", []),
        ("ab c<Alt+ArrowLeft>x", "ab x|c", []),
        ("ab c<Control+ArrowLeft>x", "ab x|c", []),
        ("ab<Meta+Backspace>", "|", ["ab"]),
        ("ab<Home>c", "c|ab", []),
        ("a<Alt+é>b", "aéb|", []),
        ("a<Alt+e>b", "ab|", []),
        ("a<Control+Alt+€>b", "a€b|", []),
        ("ab<Meta+ArrowUp>c", "c|ab", []),
        ("{a}<Meta+z>", "|", ["a"]),
        ("ab<Control+Shift+v>{c}", "abc|", []),
    ],
}
"""Scripts by kind of field, what is shown afterwards and the drafts that were kept."""


@pytest.mark.parametrize("style", SCRIPTS)
def test_each_script_leaves_the_text_caret_and_drafts_that_an_editor_would(style: Style) -> None:
    played_out = [(script, shown(buffer := played(script, style)), drafts_of(buffer)) for script, *_ in SCRIPTS[style]]
    assert played_out == SCRIPTS[style]


def test_a_cut_without_its_key_press_removes_what_is_selected_and_nothing_else() -> None:
    buffer = played("abcd<Shift+ArrowLeft>")
    buffer.remove_selection(9)
    assert (shown(buffer), buffer.clipboard, buffer.gone) == ("abc|", "d", {3: 9})
    buffer.remove_selection(10)
    assert (shown(buffer), buffer.clipboard, buffer.gone) == ("abc|", "d", {3: 9})
    played("x<Control+z>", PC, buffer)
    assert shown(buffer) == "abc|"


def test_a_paste_key_in_the_first_row_is_remembered_until_the_paste() -> None:
    assert shown(played("<Control+v>a", PC)) == "a|?"
    assert shown(played("<Control+v>{b}a", PC)) == "ba|"


def test_an_undo_at_an_unknown_place_is_a_guess_that_keeps_the_text_before_it() -> None:
    buffer = played("{ab}{c}", PC)
    buffer.lose_caret()
    played("<Control+z>", PC, buffer)
    assert (shown(buffer), drafts_of(buffer)) == ("ab|?", ["abc"])


def test_a_cut_or_a_deletion_at_an_unknown_place_is_a_guess() -> None:
    for script in ("<Shift+Home><Control+x>", "<Backspace>", "<Delete>"):
        buffer = played("a<Enter>bc<ArrowLeft>", PC)
        buffer.lose_caret()
        assert not played(script, PC, buffer).exact


def test_a_press_on_another_place_ends_a_run_of_deletions() -> None:
    buffer = played("abcdef<Backspace><ArrowLeft><Backspace>", PC)
    assert (shown(buffer), drafts_of(buffer)) == ("abc|e", ["abcdef", "abcde"])
    played("<Control+z>", PC, buffer)
    assert shown(buffer) == "abcd|e"
    buffer = played("abcd<ArrowLeft><ArrowLeft><Backspace><Delete>", PC)
    assert (shown(buffer), drafts_of(buffer)) == ("a|d", ["abcd"])
    played("<Control+z>", PC, buffer)
    assert shown(buffer) == "abc|d?"


def test_a_value_that_was_logged_ends_what_was_unknown() -> None:
    buffer = played("ab", PC)
    buffer.lose_caret()
    buffer.set_value("abc", 9)
    assert (shown(buffer), drafts_of(buffer)) == ("abc|", [])
    played("<Dead>", PC, buffer)
    buffer.set_value("abcd", 10)
    assert shown(played("e", PC, buffer)) == "abcde|"


def test_a_value_typed_from_the_first_place_on_keeps_the_caret_behind_it() -> None:
    buffer = played("ac", PC)
    buffer.set_value("abc", 9)
    assert shown(buffer) == "abc|"
    buffer = played("abc<Home>x", PC)
    buffer.set_value("xyabc", 9)
    assert shown(buffer) == "xy|abc"


@pytest.mark.parametrize(
    ("key", "held", "effect"),
    [
        ("a", (), "a"),
        ("Enter", (), "\n"),
        ("Backspace", (), BACK),
        ("Backspace", ("Control",), None),
        ("Delete", (), None),
        ("Shift", (), ""),
        ("Escape", (), ""),
        ("ArrowLeft", (), None),
        ("v", ("Control",), None),
        ("Home", (), None),
        ("Dead", (), None),
        ("Process", (), None),
    ],
)
def test_the_effect_of_a_press_at_the_end_of_a_text(key: str, held: tuple[str, ...], effect: str | None) -> None:
    assert effect_at_end(press_key(key, held, PC)) == effect


def test_a_paste_has_no_effect_that_a_press_has() -> None:
    assert effect_at_end(Step(None, "x")) is None
    assert effect_at_end(press_key("Enter", (), ONE_LINE)) == LINE_END


def test_a_step_shows_its_verb_and_not_its_text() -> None:
    assert repr(press_key("q", (), PC)) == "Step(Verb.TYPE)"
    assert repr(Step(None, "q")) == "Step(None)"


@pytest.mark.parametrize(
    ("text", "simple"), [("a", True), ("\u02ff", True), ("\u0300", False), ("ab", False), ("", False)]
)
def test_one_backspace_takes_one_character_that_has_no_marks(text: str, *, simple: bool) -> None:
    assert is_simple(text) is simple


def test_a_press_is_two_rows_with_the_shift_of_the_us_layout() -> None:
    assert len(("down", "up")) == PRESS_ROWS
    assert [press(character) for character in ("a", "A", "\n", "\t", ERASE, "é")] == [
        Press("a", "KeyA", ()),
        Press("A", "KeyA", ("Shift",)),
        Press("Enter", "Enter", ()),
        Press("Tab", "Tab", ()),
        Press("Backspace", "Backspace", ()),
        Press("é", None, ()),
    ]
    assert repr(press("A")) == "Press(1 modifiers)"
    assert Press("a", "KeyA", ("Control",)) == SELECT_ALL


CHARS = "ab  cd\nef gh"
CELLS = range(len(CHARS))


def test_every_boundary_of_every_place_of_a_text() -> None:
    places = range(len(CHARS) + 1)
    assert [word_start(CHARS, CELLS, at) for at in places] == [0, 0, 0, 0, 0, 4, 4, 7, 7, 7, 7, 10, 10]
    assert [word_end(CHARS, CELLS, at) for at in places] == [2, 2, 6, 6, 6, 6, 6, 9, 9, 12, 12, 12, 12]
    assert [line_start(CHARS, CELLS, at) for at in places] == [0, 0, 0, 0, 0, 0, 0, 7, 7, 7, 7, 7, 7]
    assert [line_end(CHARS, CELLS, at) for at in places] == [6, 6, 6, 6, 6, 6, 6, 12, 12, 12, 12, 12, 12]
    assert [row_above(CHARS, CELLS, at) for at in places] == [0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5]
    assert [row_below(CHARS, CELLS, at) for at in places] == [7, 8, 9, 10, 11, 12, 12, 12, 12, 12, 12, 12, 12]
    assert [at for at in places if splits_word(CHARS, CELLS, at)] == [1, 5, 8, 11]


def test_what_a_deletion_removes_and_whether_all_editors_agree() -> None:
    def deleted(text: str, at: int, unit: TextUnit, *, back: bool) -> tuple[int, int, bool]:
        return find_deletion(Command(Verb.ERASE, unit, back=back), text, range(len(text)), at)

    assert [deleted("ab cd", at, TextUnit.WORD, back=True) for at in (0, 2, 5)] == [
        (0, 0, True),
        (0, 2, True),
        (3, 5, True),
    ]
    assert [deleted("ab cd", at, TextUnit.WORD, back=False) for at in (0, 2, 5)] == [
        (0, 2, True),
        (2, 5, True),
        (5, 5, True),
    ]
    assert [deleted("a\nb", at, TextUnit.LINE, back=True) for at in (0, 1, 2, 3)] == [
        (0, 0, True),
        (0, 1, True),
        (2, 2, False),
        (2, 3, True),
    ]
    assert [deleted("a\nb", at, TextUnit.LINE, back=False) for at in (0, 1, 2, 3)] == [
        (0, 1, True),
        (1, 1, False),
        (2, 3, True),
        (3, 3, True),
    ]
    assert deleted("a.b", 3, TextUnit.WORD, back=True) == (0, 3, False)
    assert deleted("a.b", 3, TextUnit.LINE, back=True) == (0, 3, True)
    assert deleted("e\u0301", 2, TextUnit.CHARACTER, back=True) == (1, 2, True)
    assert deleted("e\u0301", 0, TextUnit.CHARACTER, back=False) == (0, 2, True)


def test_the_platform_of_a_style_is_unknown_and_altgr_may_type_unless_it_says_otherwise() -> None:
    assert Style() == Style(multiline=False, terminal=False, platform=Platform.UNKNOWN, altgr=True)
    assert Command(Verb.MOVE) == Command(Verb.MOVE, TextUnit.CHARACTER, back=False, extend=False, sure=True)


def test_two_texts_share_their_start_and_then_their_end() -> None:
    pairs = [
        ("Jon Smith", "John Smith"),
        ("", ""),
        ("aa", "aaa"),
        ("abc", "abc"),
        ("abc", "xbc"),
        ("abc", "abx"),
        ("a", "b"),
    ]
    assert [common_ends(*pair) for pair in pairs] == [(2, 7), (0, 0), (2, 0), (3, 0), (0, 2), (2, 0), (0, 0)]


def test_boundaries_hold_at_the_start_of_a_text_that_ends_in_a_blank_and_at_empty_lines() -> None:
    assert [word_start("a ", range(2), at) for at in range(3)] == [0, 0, 0]
    assert [word_end(" a", range(2), at) for at in range(3)] == [2, 2, 2]
    assert [row_below("ab\n\ncd", range(6), at) for at in range(7)] == [3, 3, 3, 4, 6, 6, 6]
    assert [row_above("ab\n\ncd", range(6), at) for at in range(7)] == [0, 0, 0, 0, 3, 3, 3]


def test_several_presses_at_once_begin_like_their_first() -> None:
    buffer = played("ab<Control+a>", PC)
    buffer.type_all("xy", [5, 6])
    assert (shown(buffer), buffer.gone, buffer.rows) == ("xy|", {0: 5, 1: 5}, [0, 1, 5, 6])
    buffer = played("<Dead>", PC)
    buffer.type_all("êe", [1, 2])
    assert shown(buffer) == "êe|"


def test_a_paste_key_before_an_unrecorded_cut_pastes_first() -> None:
    buffer = played("ab<Control+a><Control+c><Control+v>", PC)
    buffer.remove_selection(9)
    assert (shown(buffer), buffer.gone) == ("ab|?", {0: 4, 1: 4})


def test_an_unrecorded_cut_of_nothing_ends_no_run_of_typing() -> None:
    buffer = played("ab", PC)
    buffer.remove_selection(5)
    assert shown(played("c<Control+z>", PC, buffer)) == "|?"


def test_deletions_logged_as_values_in_the_midst_of_a_text_are_one_run() -> None:
    buffer = Buffer()
    for row, value in enumerate(["abcde", "abde", "ade"]):
        buffer.set_value(value, row)
    assert (shown(buffer), drafts_of(buffer)) == ("a|de", ["abcde"])


def test_a_logged_value_ends_a_dead_key() -> None:
    buffer = played("a<Dead>", PC)
    buffer.set_value("a", 9)
    assert shown(played("e", PC, buffer)) == "ae|"
