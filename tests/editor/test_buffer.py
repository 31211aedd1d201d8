import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.editor.buffer import Buffer
from transforms.editor.commands import Command, Style, Verb, command_of
from transforms.editor.keymap import Platform, held_of

PC = Style(platform=Platform.PC)
DOCUMENT = Style(multiline=True, platform=Platform.PC)
MAC = Style(multiline=True, platform=Platform.APPLE)
TERMINAL = Style(terminal=True, platform=Platform.PC)


def played(script: str, style: Style = DOCUMENT, buffer: Buffer | None = None) -> Buffer:
    """Play a script: characters are typed, ``<Control+Shift+z>`` is pressed, ``{text}`` is pasted."""
    buffer = buffer or Buffer()
    row = len(buffer.rows)
    for press in re.findall(r"<[^<>]+>|\{[^{}]*\}|.", script, re.DOTALL):
        if press.startswith("{"):
            buffer.paste(press[1:-1], row)
        else:
            *held, key = press[1:-1].split("+") if len(press) > 1 else [press]
            buffer.press(command_of(key, held_of(held), style), key, row)
        row += 1
    return buffer


def text_of(script: str, style: Style = DOCUMENT) -> str:
    return played(script, style).text()


def drafts_of(buffer: Buffer) -> list[str]:
    buffer.settle()
    return ["".join(buffer.chars[cell] for cell in draft) for draft in buffer.drafts]


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("abc", "abc"),
        ("abc<Backspace>d", "abd"),
        ("abc<ArrowLeft><ArrowLeft><Delete>", "ac"),
        ("<Backspace><Delete>a<Backspace><Backspace>b", "b"),
        ("ac<ArrowLeft>b<End>d<Home>_", "_abcd"),
        ("a<Enter>b", "a\nb"),
        ("ab<Enter>cd<Home>x<Control+Home>y<Control+End>z", "yab\nxcdz"),
        ("one two  <Control+Backspace>x", "one x"),
        ("one two<Control+ArrowLeft>x", "one xtwo"),
        ("one two<Home><Control+ArrowRight>x", "onex two"),
        ("one two<Home><Control+Delete>", " two"),
        ("abcd<Shift+ArrowLeft><Shift+ArrowLeft>X", "abX"),
        ("abcd<Shift+Home>X", "X"),
        ("abcd<Home><Shift+End><Delete>", ""),
        ("abc<Shift+ArrowLeft><ArrowLeft>x", "abxc"),
        ("abc<Shift+ArrowLeft><ArrowRight>x", "abcx"),
        ("one two<Control+Shift+ArrowLeft><Backspace>", "one "),
        ("abc<Control+a>x", "x"),
        ("abc<Control+a><ArrowRight>x", "abcx"),
        ("ab{cd}e", "abcde"),
        ("ab<Control+a><Control+v>{cd}", "cd"),
        ("abc<Control+a>{}", ""),
        ("ab<Tab><Escape><F5><Shift>c", "abc"),
        ("ab<Control+b><Control+s>c", "abc"),
        ("ab<Meta+a>c", "abc"),
        ("abc<Shift+ArrowLeft><Shift+Delete>d", "abd"),
        ("abc<ArrowLeft><ArrowLeft><Shift+Delete>d", "adbc"),
        ("ab<Enter>cde<ArrowUp>x<ArrowDown>y", "abx\ncdey"),
        ("a<Enter>bcd<ArrowUp><ArrowUp>x", "xa\nbcd"),
        ("a<AltGraph+@>b<Control+Alt+€>c<Control+Alt+e>", "a@b€c"),
        ("a<Control+AltGraph+{>"[:-2] + "[>b", "a[b"),
        ("é" + "\u0301" + "<Backspace>", "é"),
        ("a👍🏽<Backspace>b", "ab"),
        ("a👩\u200d💻<ArrowLeft>b", "ab👩\u200d💻"),
        ("a👩\u200d💻<ArrowLeft><Delete>b", "ab"),
    ],
)
def test_each_key_does_what_an_editor_on_a_pc_does(script: str, expected: str) -> None:
    assert text_of(script) == expected


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("one two<Alt+Backspace>x", "one x"),
        ("one<Enter>two three<Meta+Backspace>x", "one\nx"),
        ("one two<Meta+ArrowLeft>x<Meta+ArrowRight>y", "xone twoy"),
        ("one two<Alt+ArrowLeft>x", "one xtwo"),
        ("one<Enter>two<Meta+ArrowUp>x<Meta+ArrowDown>y", "xone\ntwoy"),
        ("one<Control+a>x<Control+e>y", "xoney"),
        ("one two<Control+a><Control+f><Control+k>", "o"),
        ("abc<Control+h><Control+b><Control+d>", "a"),
        ("abc<Meta+a>x", "x"),
        ("abc<Meta+a><Meta+x>z<Meta+v>", "zabc"),
        ("abc<Meta+z>", ""),
        ("abc<Meta+z><Meta+Shift+z>", "abc"),
        ("a<Alt+@>b<Alt+©>", "a@b©"),
        ("abc<Control+ArrowLeft>d", "abcd"),
    ],
)
def test_command_and_option_on_a_mac(script: str, expected: str) -> None:
    assert text_of(script, MAC) == expected


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("git status<Control+u>ls", "ls"),
        ("git status<Control+w>log", "git log"),
        ("status<Alt+b>git ", "git status"),
        ("lss<Control+h>", "ls"),
        ("one two<Home><Alt+f><Control+k>", "one"),
    ],
)
def test_readline_in_a_terminal(script: str, expected: str) -> None:
    assert text_of(script, TERMINAL) == expected


def test_select_all_of_a_console_is_a_guess() -> None:
    assert played("git<Control+u>ls", TERMINAL).exact
    assert not played("git<Control+a>ls", TERMINAL).exact
    assert played("git<Control+a>ls", PC).exact


def test_shift_delete_cuts_what_is_selected_and_shift_backspace_only_deletes_it() -> None:
    assert played("abc<Shift+ArrowLeft><Shift+Delete>").clipboard == "c"
    assert not played("abc<Shift+ArrowLeft><Shift+Backspace>").clipboard
    assert text_of("abc<Shift+ArrowLeft><Shift+Backspace>d") == "abd"


def test_control_u_is_nothing_outside_a_terminal() -> None:
    assert text_of("git<Control+u>") == "git"


def test_enter_breaks_the_line_only_where_there_are_lines() -> None:
    assert text_of("a<Enter>", PC) == "a"
    assert text_of("a<Control+Enter>") == "a"


def test_control_alt_is_a_shortcut_on_a_layout_without_altgr() -> None:
    assert text_of("a<Control+Alt+€>", Style(altgr=False)) == "a"


def test_the_own_clipboard_serves_only_where_no_paste_event_follows() -> None:
    buffer = played("abc<Control+a><Control+c><End><Control+v>d")
    assert buffer.text() == "abcabcd"
    assert not buffer.exact
    buffer = played("abc<Control+a><Control+x><Control+v>{abc}d")
    assert buffer.text() == "abcd"
    assert buffer.exact


def test_a_paste_of_something_unseen_is_not_exact() -> None:
    buffer = played("ab<Control+v>c")
    assert buffer.text() == "abc"
    assert not buffer.exact


def test_undo_goes_back_by_edits_and_redo_forward() -> None:
    assert text_of("{one}{two}<Control+z>") == "one"
    assert text_of("{one}{two}<Control+z><Control+z><Control+y>") == "one"
    assert text_of("{one}{two}<Control+z><Control+Shift+z>") == "onetwo"
    assert text_of("abc<Control+a>x<Control+z>") == "abc"
    assert text_of("{abc}<Backspace><Backspace><Control+z>d") == "abcd"
    assert text_of("{one}<Control+z>x<Control+y>") == "x"


def test_a_cell_that_comes_back_keeps_its_number_and_is_not_gone() -> None:
    buffer = played("{abc}<Control+a><Delete><Control+z>")
    assert buffer.text() == "abc"
    assert buffer.order == [0, 1, 2]
    assert buffer.gone == {}


def test_undo_is_exact_for_single_events_alone() -> None:
    assert played("{one}{two}<Control+z>").exact
    assert not played("ab<Control+z>").exact
    assert not played("<Control+z>a").exact


@pytest.mark.parametrize("key", ["<Process>", "<Compose>", "<Unidentified>", "<ArrowUp>", "<Clear>"])
def test_keys_with_an_effect_that_no_row_tells(key: str) -> None:
    assert not played(f"a{key}b", PC).exact


def test_a_dead_key_is_exact_where_the_next_key_tells_the_result() -> None:
    assert played("a<Dead>ê").exact
    assert played("a<Dead>^").exact
    assert not played("a<Dead>e").exact
    assert text_of("a<Dead>ê") == "aê"


def test_a_lost_caret_makes_the_next_edit_a_guess_and_keeps_the_text_before_it() -> None:
    buffer = played("john smith")
    buffer.lose_caret()
    assert buffer.exact
    played("x", buffer=buffer)
    assert not buffer.exact
    assert "john smith" in drafts_of(buffer)


@pytest.mark.parametrize("script", ["<Control+End>x", "<Control+a>x", "<End>x"])
def test_a_lost_caret_is_found_at_the_ends_of_the_text(script: str) -> None:
    buffer = played("john smith")
    buffer.lose_caret()
    assert played(script, buffer=buffer).exact


def test_a_line_end_tells_nothing_where_there_are_several_lines() -> None:
    buffer = played("a<Enter>b")
    buffer.lose_caret()
    assert not played("<End>x", buffer=buffer).exact


def test_an_empty_field_has_one_place_for_the_caret() -> None:
    buffer = Buffer()
    buffer.lose_caret()
    assert played("abc", buffer=buffer).exact


def test_correcting_a_submitted_text_is_a_guess() -> None:
    assert played("abc<Enter>d", PC).exact
    assert not played("abc<Enter><Backspace>d", PC).exact
    assert played("abc<Enter><Backspace>d", TERMINAL).exact


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["", "b"], "a\nb"),  # the field was emptied for the next line
        (["a", "b"], "b"),  # it kept its text, which then changed
        (["ab"], "ab"),
        ([""], "a"),
    ],
)
def test_a_value_after_enter_tells_whether_the_field_kept_its_text(values: list[str], expected: str) -> None:
    buffer = played("a<Enter>", PC)
    for row, value in enumerate(values):
        if value == "b" and values[0] == "":
            buffer.type("b", 10)
        buffer.set_value(value, 11 + row)
    assert buffer.text() == expected


def test_a_value_changes_the_line_that_is_not_submitted_yet() -> None:
    buffer = played("one<Enter>tow", PC)
    buffer.set_value("two", 10)
    assert buffer.text() == "one\ntwo"
    buffer.set_value("", 11)
    assert buffer.text() == "one"
    assert played("!", PC, buffer).text() == "one\n!"


def test_a_click_in_a_terminal_leaves_a_new_line_where_it_is() -> None:
    for style, exact in ((TERMINAL, True), (PC, False)):
        buffer = played("one<Enter>", style)
        buffer.lose_caret()
        assert played("two", style, buffer).text() == "one\ntwo"
        assert buffer.exact is exact


LINES = st.lists(
    st.sampled_from(
        [*"ab. ", "<Enter>", "<Backspace>", "<Delete>", "<ArrowLeft>", "<Home>", "<Control+Home>", "<Control+z>"]
    )
    | st.sampled_from(["<Control+a>", "<Control+Backspace>", "{c}", "{}", "<Shift+ArrowLeft>", "<Tab>", "<ArrowUp>"]),
    max_size=30,
)


@given(LINES, LINES)
def test_keys_reach_no_line_that_was_submitted_to_a_terminal(before: list[str], after: list[str]) -> None:
    first = played("".join(["x", *before]), TERMINAL)
    submitted = first.text()
    played("".join(["<Enter>", "y", *after]), TERMINAL, first)
    assert not submitted or first.text() == submitted or first.text().startswith(submitted + "\n")


@given(LINES, st.sampled_from([PC, TERMINAL]))
def test_a_text_of_one_line_never_ends_with_a_line_break(presses: list[str], style: Style) -> None:
    buffer = played("".join(presses), style)
    assert not buffer.text().endswith("\n")
    assert sorted([*buffer.order, *buffer.gone]) == list(range(len(buffer.chars)))


def test_deleting_what_was_never_seen_is_not_exact() -> None:
    assert not played("<Backspace>").exact
    assert played("a<Backspace><Backspace>").exact


def test_word_deletion_is_exact_where_editors_agree() -> None:
    assert played("one two<Control+Backspace>").exact
    assert not played("one two@three<Control+Backspace>").exact
    assert not played("one<Enter><Control+Backspace>").exact


def test_drafts_hold_the_text_before_each_run_of_deletions_and_each_overwrite() -> None:
    assert drafts_of(played("jon<Backspace><Backspace>ohn")) == ["jon"]
    assert drafts_of(played("secret<Control+a>x<Backspace>y")) == ["secret", "x"]
    assert drafts_of(played("abc<Home><Delete><Delete><End>d<Backspace>")) == ["abc", "cd"]


def test_a_draft_that_undo_brings_back_is_kept_once() -> None:
    assert drafts_of(played("{one}{two}" + "<Control+z><Control+y>" * 5)) == ["onetwo"]


def test_an_insertion_into_a_word_keeps_the_word_as_it_was() -> None:
    assert drafts_of(played("12345<ArrowLeft>x")) == ["12345"]
    assert drafts_of(played("one two<Control+ArrowLeft>x")) == []


def test_a_draft_of_a_long_text_is_what_stands_around_the_change() -> None:
    buffer = played("word " * 200 + "secre<Backspace>et" + " more" * 200)
    (draft,) = drafts_of(buffer)
    assert draft.endswith(" word secre")
    assert draft.startswith("word ")
    assert len(draft) < 400


def test_a_long_word_does_not_make_a_draft_long() -> None:
    buffer = Buffer()
    buffer.paste("x" * 5000, 0)
    played("y<Backspace>", buffer=buffer)
    assert all(len(draft) <= 321 for draft in drafts_of(buffer))


def test_rows_of_birth_and_death() -> None:
    buffer = Buffer()
    buffer.type("a", 3)
    buffer.paste("bc", 5)
    buffer.press(command_of("Backspace", 0, PC), "Backspace", 9)
    assert buffer.rows == [3, 5, 5]
    assert buffer.gone == {2: 9}


@pytest.mark.parametrize(
    ("before", "after", "kept"),
    [
        ("", "abc", ""),
        ("abc", "", ""),
        ("jon", "john", "jon"),
        ("abcd", "ad", "ad"),
        ("aab", "aaab", "aab"),
        ("ab", "xy", ""),
    ],
)
def test_a_logged_value_becomes_the_one_edit_that_explains_it(before: str, after: str, kept: str) -> None:
    buffer = Buffer()
    buffer.set_value(before, 1)
    buffer.set_value(after, 2)
    assert buffer.text() == after
    assert "".join(buffer.chars[cell] for cell in buffer.order if buffer.rows[cell] == 1) == kept
    assert drafts_of(buffer) == ([before] if before else [])


def test_a_value_that_repeats_what_keys_typed_changes_nothing() -> None:
    buffer = played("abc")
    buffer.set_value("abc", 9)
    assert len(buffer.chars) == 3


def test_typing_into_a_word_that_is_logged_as_values_keeps_the_word_once() -> None:
    buffer = Buffer()
    for row, value in enumerate(["jhn", "joxhn", "joxyhn"]):
        buffer.set_value(value, row)
    assert drafts_of(buffer) == ["jhn"]


def test_backspaces_logged_as_values_are_one_run() -> None:
    buffer = Buffer()
    for row, value in enumerate(["john", "joh", "jo", "j", "ja"]):
        buffer.set_value(value, row)
    assert drafts_of(buffer) == ["john"]


class Naive:
    """A text box as a plain string with caret and anchor."""

    def __init__(self) -> None:
        self.text, self.caret, self.anchor = "", 0, 0

    def put(self, new: str) -> None:
        low, high = sorted((self.anchor, self.caret))
        self.text = self.text[:low] + new + self.text[high:]
        self.caret = self.anchor = low + len(new)

    def place(self, back: bool, unit: str) -> int:
        if unit == "character":
            return max(self.caret - 1, 0) if back else min(self.caret + 1, len(self.text))
        if unit == "line":
            if back:
                return self.text.rfind("\n", 0, self.caret) + 1
            end = self.text.find("\n", self.caret)
            return len(self.text) if end < 0 else end
        if unit == "text":
            return 0 if back else len(self.text)
        if back:
            left = self.text[: self.caret].rstrip(" ")
            return max(left.rfind(" "), left.rfind("\n")) + 1
        right = self.text[self.caret :]
        spaces = len(right) - len(right.lstrip(" "))
        word = re.split(r"[ \n]", right[spaces:])[0]
        return self.caret + spaces + len(word)

    def press(self, key: str, held: frozenset[str]) -> None:
        if key == "Enter":
            self.put("\n")
        elif key in {"Backspace", "Delete"}:
            if self.caret == self.anchor:
                self.anchor = self.place(key == "Backspace", "word" if "Control" in held else "character")
            self.put("")
        elif len(key) > 1:
            self.move(key, held)
        elif "Control" in held:
            self.anchor, self.caret = 0, len(self.text)
        else:
            self.put(key)

    def move(self, key: str, held: frozenset[str]) -> None:
        back = key in {"ArrowLeft", "Home"}
        units = ("character", "word") if key.startswith("Arrow") else ("line", "text")
        unit = units["Control" in held]
        target = self.place(back, unit)
        if unit == "character" and "Shift" not in held and self.anchor != self.caret:
            target = min(self.anchor, self.caret) if back else max(self.anchor, self.caret)
        self.caret = target
        if "Shift" not in held:
            self.anchor = target


MOVES = ["ArrowLeft", "ArrowRight", "Home", "End"]
PRESSES = st.one_of(
    st.tuples(st.sampled_from("ab c.1é字😀"), st.just(frozenset[str]())),
    st.tuples(st.sampled_from(["Enter", "Backspace", "Delete", *MOVES]), st.just(frozenset[str]())),
    st.tuples(st.sampled_from(["Backspace", "Delete", *MOVES, "a"]), st.just(frozenset({"Control"}))),
    st.tuples(st.sampled_from(MOVES), st.sampled_from([frozenset({"Shift"}), frozenset({"Shift", "Control"})])),
)
PASTES = st.text("xy \n", max_size=5)


@given(st.lists(st.one_of(PRESSES, PASTES), max_size=60))
def test_random_edits_equal_those_of_a_naive_editor(script: list[tuple[str, frozenset[str]] | str]) -> None:
    naive, buffer = Naive(), Buffer()
    for row, step in enumerate(script):
        if isinstance(step, str):
            naive.put(step)
            buffer.paste(step, row)
        else:
            key, held = step
            naive.press(key, held)
            buffer.press(command_of(key, held_of(sorted(held)), DOCUMENT), key, row)
    assert buffer.text() == naive.text
    assert (buffer.caret, buffer.anchor) == (naive.caret, naive.anchor)
    assert sorted([*buffer.order, *buffer.gone]) == list(range(len(buffer.chars)))
    assert all(buffer.rows[cell] <= row for cell, row in buffer.gone.items())


@given(st.lists(st.one_of(PRESSES, PASTES), max_size=40))
def test_all_is_undone_and_redone(script: list[tuple[str, frozenset[str]] | str]) -> None:
    buffer = Buffer()
    for row, step in enumerate(script):
        if isinstance(step, str):
            buffer.paste(step, row)
        else:
            buffer.press(command_of(step[0], held_of(sorted(step[1])), DOCUMENT), step[0], row)
    order = (buffer.text(), list(buffer.order))
    played("<Control+z>" * (len(script) + 1), buffer=buffer)
    assert buffer.text() == ""
    played("<Control+y>" * (len(script) + 1), buffer=buffer)
    assert (buffer.text(), buffer.order) == order


@given(st.lists(st.text("abc", max_size=8), max_size=12))
def test_logged_values_always_end_in_the_last_one(values: list[str]) -> None:
    buffer = Buffer()
    for row, value in enumerate(values):
        buffer.set_value(value, row)
    assert buffer.text() == (values[-1] if values else "")


APPLE = {
    frozenset({"Meta"}): ("line", "text"),
    frozenset({"Alt"}): ("word", "text"),
    frozenset[str](): ("character", "row"),
}
"""Steps of the arrows on macOS, sideways and up or down."""


class NaiveApple(Naive):
    """The same text box with the keys of macOS, its clipboard, and lines above each other."""

    def __init__(self) -> None:
        super().__init__()
        self.clipboard = ""

    def row(self, back: bool) -> int:
        lines = self.text.split("\n")
        line = self.text.count("\n", 0, self.caret)
        column = self.caret - (self.text.rfind("\n", 0, self.caret) + 1)
        if back and not line:
            return 0
        if not back and line == len(lines) - 1:
            return len(self.text)
        line += -1 if back else 1
        return sum(len(text) + 1 for text in lines[:line]) + min(column, len(lines[line]))

    def press(self, key: str, held: frozenset[str]) -> None:
        apart = held - {"Shift"}
        if key.startswith("Arrow"):
            sideways = key in {"ArrowLeft", "ArrowRight"}
            back = key in {"ArrowLeft", "ArrowUp"}
            unit = APPLE[apart][0 if sideways else 1]
            low, high = sorted((self.anchor, self.caret))
            if unit == "character" and low != high and "Shift" not in held:
                self.caret = low if back else high
            else:
                self.caret = self.row(back) if unit == "row" else self.place(back, unit)
            self.anchor = self.anchor if "Shift" in held else self.caret
        elif key in {"Backspace", "Delete"}:
            if self.caret == self.anchor:
                self.anchor = self.place(key == "Backspace", APPLE[apart][0])
            self.put("")
        elif apart and key in "cx":
            low, high = sorted((self.anchor, self.caret))
            if low != high:
                self.clipboard = self.text[low:high]
                if key == "x":
                    self.put("")
        elif apart:
            self.anchor, self.caret = 0, len(self.text)
        else:
            self.put("\n" if key == "Enter" else key)


SIDEWAYS, VERTICAL = ["ArrowLeft", "ArrowRight"], ["ArrowUp", "ArrowDown"]
SHIFTS = st.sampled_from([frozenset[str](), frozenset({"Shift"})])
ARROWS = st.tuples(st.sampled_from(SIDEWAYS), st.sampled_from([*APPLE])) | st.tuples(
    st.sampled_from(VERTICAL), st.sampled_from([frozenset[str](), frozenset({"Meta"})])
)
APPLE_PRESSES = st.one_of(
    st.tuples(st.sampled_from(["a", "b", " ", "c.", "é", "Enter", "Enter"]), st.just(frozenset[str]())),
    st.tuples(st.sampled_from(["Backspace", "Delete"]), st.sampled_from([*APPLE])),
    st.tuples(ARROWS, SHIFTS).map(lambda item: (item[0][0], item[0][1] | item[1])),
    st.tuples(st.sampled_from("acx"), st.just(frozenset({"Meta"}))),
    st.just(("v", frozenset({"Meta"}))),
)


@given(st.lists(APPLE_PRESSES, max_size=60))
def test_random_edits_on_a_mac_equal_those_of_a_naive_editor(script: list[tuple[str, frozenset[str]]]) -> None:
    naive, buffer = NaiveApple(), Buffer()
    for row, (keys, held) in enumerate(script):
        for key in [keys] if len(keys) != len("c.") else keys:
            if (key, held) == ("v", frozenset({"Meta"})):
                naive.put(naive.clipboard)
                buffer.press(command_of(key, held_of(held), MAC), key, row)
                buffer.paste(naive.clipboard, row)
            else:
                naive.press(key, held)
                buffer.press(command_of(key, held_of(sorted(held)), MAC), key, row)
    assert buffer.text() == naive.text
    assert (buffer.caret, buffer.anchor) == (naive.caret, naive.anchor)
    assert buffer.clipboard == naive.clipboard


@given(st.lists(st.text("ab c", max_size=6), max_size=12))
def test_logged_values_always_give_the_last_one(values: list[str]) -> None:
    buffer = Buffer()
    for row, value in enumerate(values):
        buffer.set_value(value, row)
        assert buffer.text() == value
    assert sorted([*buffer.order, *buffer.gone]) == list(range(len(buffer.chars)))


@given(st.lists(st.tuples(st.text("ab é", min_size=1, max_size=4), st.integers(0, 3)), max_size=8))
def test_typing_at_once_is_typing_one_by_one(runs: list[tuple[str, int]]) -> None:
    at_once, one_by_one = Buffer(), Buffer()
    row = 0
    for text, back in runs:
        rows = list(range(row, row + len(text)))
        at_once.type_all(text, rows)
        for character, single in zip(text, rows, strict=True):
            one_by_one.type(character, single)
        row += len(text)
        for buffer in (at_once, one_by_one):
            for step in range(back):
                buffer.press(Command(Verb.MOVE, back=True, extend=step > 0), "", row)
    assert at_once.text() == one_by_one.text()
    assert (at_once.rows, at_once.order, at_once.gone) == (one_by_one.rows, one_by_one.order, one_by_one.gone)
    assert (at_once.drafts, at_once.exact) == (one_by_one.drafts, one_by_one.exact)


@pytest.mark.parametrize(
    ("script", "value", "final"),
    [
        ("teh cat", "the cat", "the cat!"),
        ("teh cat", "The hat", "The hat!"),
        ("teh cat<ArrowLeft>y", "the cayt", "the cay!t"),
        ("the cat", "the ", "the !"),
        ("the cat<ArrowLeft><ArrowLeft>x", "the big cxat", "the big cx!at"),
    ],
)
def test_who_types_goes_on_behind_a_recorded_correction(script: str, value: str, final: str) -> None:
    buffer = played(script)
    buffer.set_value(value, 90)
    buffer.type("!", 91)
    assert buffer.text() == final


def test_without_keys_the_caret_follows_the_recorded_edits() -> None:
    buffer = Buffer()
    for row, value in enumerate(["teh cat", "the cat", "then cat"]):
        buffer.set_value(value, row)
    assert buffer.caret == len("then")
