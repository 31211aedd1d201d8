"""Files of terms: what is read, and what is refused by its line."""

from pathlib import Path

import pytest

from schemas.errors import RefusedError, UsageError
from transforms.redact.text.term_lists import TermList, read_terms


def test_comments_and_empty_lines_do_not_count(tmp_path: Path) -> None:
    path = tmp_path / "terms.txt"
    path.write_text("# ours\n\n Acme   Corp \nBox\n", encoding="utf-8-sig")
    listed = read_terms(str(path), "projects")
    assert listed.terms == ("Acme Corp", "Box")
    assert read_terms(path.as_uri(), "projects") == listed
    assert "Acme" not in repr(listed)
    assert listed.digest not in repr(listed)


def test_no_file_has_no_terms() -> None:
    assert read_terms(None, "projects") == TermList((), "")


@pytest.mark.parametrize("line", ["x" * 101, "12 34", "a\x07b"])
def test_a_line_that_breaks_a_rule_is_named_without_its_content(tmp_path: Path, line: str) -> None:
    path = tmp_path / "terms.txt"
    path.write_text(f"fine\n{line}\n", encoding="utf-8")
    with pytest.raises(UsageError, match=r"redact\.projects, line 2: .*; give") as caught:
        read_terms(str(path), "projects")
    assert line not in str(caught.value)


@pytest.mark.parametrize(("lines", "fine"), [(100_000, True), (100_001, False)])
def test_a_list_has_a_most(tmp_path: Path, lines: int, *, fine: bool) -> None:
    path = tmp_path / "terms.txt"
    path.write_text("a\n" * lines, encoding="utf-8")
    if fine:
        assert len(read_terms(str(path), "projects").terms) == lines
    else:
        with pytest.raises(UsageError, match=r"redact\.projects has more than 100000 lines"):
            read_terms(str(path), "projects")


@pytest.mark.parametrize("content", [b"\xff\xfe", None])
def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "terms.txt"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(RefusedError, match=r"redact\.projects cannot be read"):
        read_terms(str(path), "projects")
