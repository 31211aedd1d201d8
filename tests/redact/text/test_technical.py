"""Technical tokens and lines, and texts like them that hold names of people."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.redact.text.technical import is_time_zone, read_technical

TOKENS = [
    "useCallback",
    "load_user",
    "std::endl",
    "a->b",
    "--verbose",
    "src/app/main.c",
    "node_modules/.bin/vite",
    "os.path.join",
    "libssl-dev",
    "application/vnd.seemail",
    '"image/png',
    "v2.14.0-rc.3",
    "render()",
    "$HOME",
    "main.ts:42",
    "CrashLoopBackOff",
    "`dill`",
    "``dill``,",
    "|docs|",
    "b'max-age'",
    "'a_b.c_d.e_f'",
]
PLAIN = [
    "Anna",
    "McKay",
    "DeVito",
    "anna.kowalska@example.org",
    "https://example.org/anna/kowalska",
    "Anna_Kowalska_CV.docx",
    "and/or",
    "user=Anna",
    "O'Neil",
    "`@anna",
    "|Anna",
    "'anna'",
    "1.5",
    "e.g.",
    "well-known",
]
LINES = [
    "2025-11-02T07:03:11.442Z WARN pool-3-thread-7 attempt 2",
    "Jul 04 11:20:09 kernel: link becomes ready",
    "$ sudo systemctl restart nginx",
    "conda install -c x y",
    "python3 -m venv x",
    "anna@host:~$ ls",
    "def load(self, user):",
    "import a.b",
    "}",
    "    at UserList.render (x.js)",
    'File "base.py", line 653',
    "drwxr-xr-x  5 root root 4096",
    "=VLOOKUP(A2,B)",
    "SELECT a FROM b WHERE c = 1;",
    "lrwxrwxrwx 1 root root 4 Mar 12 2022 bzegrep",
    "-rw-r--r-- 1 anna anna",
    "@Component({",
]
PROSE = [
    "Please call Anna Kowalska tomorrow.",
    "Import the file and return it to Anna.",
    "The class of 2024 met at 9",
    "",
    "   ",
    "From: Anna Kowalska",
    "Anna - Inbox (3)",
    "useCallback helps Anna here",
]


@pytest.mark.parametrize("token", TOKENS)
def test_identifiers_paths_and_flags_are_technical_tokens(token: str) -> None:
    line = f"Anna said {token} was late today"
    assert read_technical(line).holds(10, 10 + len(token))
    assert not read_technical(line).holds(0, 4)


@pytest.mark.parametrize("token", PLAIN)
def test_names_addresses_links_and_documents_are_not(token: str) -> None:
    line = f"Anna said {token} was late today"
    assert not read_technical(line).holds(10, 10 + len(token))


@pytest.mark.parametrize("line", LINES)
def test_logs_commands_and_code_are_technical_lines(line: str) -> None:
    assert read_technical(line).whole


@pytest.mark.parametrize("line", PROSE)
def test_prose_is_not_and_one_identifier_does_not_make_it_so(line: str) -> None:
    assert not read_technical(line).whole


@pytest.mark.parametrize(("words", "whole"), [(4, True), (5, False)])
def test_two_technical_tokens_among_six_make_a_line_technical(words: int, whole: bool) -> None:
    assert read_technical(" ".join(["call useCallback load_user", *["now"] * (words - 1)])).whole == whole


@given(st.text("ab_A.:/-$({ ", max_size=60))
def test_tokens_are_sorted_ranges_without_blanks(line: str) -> None:
    found = read_technical(line)
    for start, end in zip(found.starts, found.ends, strict=True):
        assert found.holds(start, end)
        assert not found.holds(start, end + 1)
        assert " " not in line[start:end]
    assert list(found.starts) == sorted(found.starts)


@pytest.mark.parametrize(
    "line", ["Amerika/Phoenix", "Ocean Spokojny/Majuro", "Stilla_Havet/Fiji", "América/Indiana/Knox", "Ásia/Urumqi"]
)
def test_a_time_zone_is_one_in_any_language(line: str) -> None:
    assert is_time_zone(line)


@pytest.mark.parametrize(
    "line", ["Anna/Ben", "Indira/Anna", "Indiana/Jones", "Amerika", "Amerika/ ", "see Asia/Omsk/a/b"]
)
def test_two_people_are_no_time_zone(line: str) -> None:
    assert not is_time_zone(line)


@pytest.mark.parametrize(("line", "whole"), [("root 2  17 0 sh", True), ("root 2  17 sh", False), ("2  17 sh", False)])
def test_a_row_of_a_listing_has_five_columns_or_more(line: str, whole: bool) -> None:
    assert read_technical(line).whole is whole
