"""Behind an erasure stands what it does not do: the open row, raw logs, copies, and the backup."""

from pathlib import Path

import pytest

from pipelines.cli.erasure_notes import (
    advise_next,
    count_coming,
    describe_reach,
    note_not_found,
    note_partial,
    render_nothing,
)
from pipelines.cli.main import main
from pipelines.operations.erase import EraseRequest, ErasureResult
from pipelines.state.private_state import PrivateState
from transforms.keys.key_set import KeyReference, create_key_set

_HEADER = "user_id,purpose,version,granted_at,withdrawn_at\n"
_OPEN, _AGAIN = "still open", "still has an open row"


@pytest.fixture
def private(tmp_path: Path) -> PrivateState:
    create_key_set(tmp_path / "keys")
    return PrivateState.of(KeyReference.parse(str(tmp_path / "keys")), str(tmp_path / "state"))


def request(folder: Path, user: str | None, *rows: str) -> EraseRequest:
    consent = folder / "consent.csv"
    consent.write_text(_HEADER + "".join(f"{row}\n" for row in rows))
    return EraseRequest(user, "out", dry_run=False, consent=str(consent))


@pytest.mark.parametrize(
    ("user", "rows", "is_open"),
    [
        ("ann", ["ann,training,1,2024-01-01T00:00:00Z,"], True),
        ("Ann", ["ann,training,1,2024-01-01T00:00:00Z,"], True),
        ("ann", ["ann,training,1,2024-01-01T00:00:00Z,2025-01-01T00:00:00Z"], False),
        ("ann", ["ann,training,1,2024-01-01T00:00:00Z,2999-01-01T00:00:00Z"], True),
        ("ann", ["ben,training,1,2024-01-01T00:00:00Z,"], False),
        (None, ["ann,training,1,2024-01-01T00:00:00Z,"], False),
    ],
)
def test_an_open_row_is_named_where_the_registry_shows_it(
    user: str | None, rows: list[str], is_open: bool, private: PrivateState, tmp_path: Path
) -> None:
    told = advise_next(request(tmp_path, user, *rows), private)
    assert (_OPEN in told) is is_open
    assert _AGAIN not in told
    for part in ("every later run leaves them out", "Raw logs", "copies that readers made", "Back up the key set"):
        assert part in told


def test_without_the_registry_an_open_row_is_a_question(private: PrivateState) -> None:
    assert _AGAIN in advise_next(EraseRequest("ann", "out", dry_run=False), private)


@pytest.mark.parametrize(
    ("ended", "said", "coming"),
    [
        ([], "no erasure is pending", 0),
        (["2999-01-01T00:00:00Z"], "no erasure is pending", 1),
        (["2025-01-01T00:00:00Z"], "1 person withdrew; nothing of theirs is kept", 0),
        (["2025-01-01T00:00:00Z", "2025-01-02T00:00:00Z"], "2 people withdrew; nothing of theirs is kept", 0),
    ],
)
def test_where_nobody_is_left_to_erase_those_who_withdrew_are_counted(
    ended: list[str], said: str, coming: int, private: PrivateState, tmp_path: Path
) -> None:
    rows = [f"user-{number},training,1,2024-01-01T00:00:00Z,{at}" for number, at in enumerate(ended)]
    asked = request(tmp_path, None, *rows)
    assert render_nothing(asked, private) == said
    assert count_coming(asked, private) == coming
    assert render_nothing(EraseRequest(None, None, dry_run=False), private) == "no erasure is pending"


def test_a_rotation_ends_with_the_advice_to_back_up(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    create_key_set(tmp_path / "keys")
    assert main(["keys", "rotate", "--role", "signing", str(tmp_path / "keys")]) == 0
    assert "Back up the key set and private state now" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        (["ann,training,1,2024-01-01T00:00:00Z,2025-01-01T00:00:00Z"], ""),
        (["ann,training,1,2024-01-01T00:00:00Z,", "ann,quality,1,2024-01-01T00:00:00Z,"], ""),
        (
            ["ann,training,1,2024-01-01T00:00:00Z,2025-01-01T00:00:00Z", "ann,quality,1,2024-01-01T00:00:00Z,"],
            "of those who withdrew in the registry, 1 still agrees to another purpose and is not erased",
        ),
        (
            ["ann,training,1,2024-01-01T00:00:00Z,2025-01-01T00:00:00Z", "ann,training,2,2025-02-01T00:00:00Z,"],
            "",  # agreed to it again
        ),
    ],
)
def test_who_withdrew_from_one_purpose_alone_is_told(
    rows: list[str], says: str, private: PrivateState, tmp_path: Path
) -> None:
    told = note_partial(request(tmp_path, None, *rows), private)
    assert (says in told, bool(told)) == (True, bool(says))
    assert note_partial(request(tmp_path, "ann", *rows), private) == ""


def test_a_dry_run_says_how_far_an_erasure_goes_and_that_it_is_final() -> None:
    found = ErasureResult(({"release": "/out/a/releases/1"}, {"release": "/out/b/releases/2"}), 0, 0, "")
    for uri, beyond in (("/out", ""), ("/out/a", "1 of these releases outside of /out/a)")):
        told = describe_reach(EraseRequest("ann", uri, dry_run=True), [found])
        assert (beyond in told, "outside" in told, "Nobody can take it back" in told) == (True, bool(beyond), True)
    assert describe_reach(EraseRequest("ann", "/out", dry_run=False), [found]) == ""
    nobody = ErasureResult((), 0, 0, "", "the quarantine was searched")
    assert describe_reach(EraseRequest("ann", "/out", dry_run=True), [nobody]) == ""
    assert "--force" in note_not_found(EraseRequest("ann", "/out", dry_run=True), nobody)
    forced = note_not_found(EraseRequest("ann", "/out", dry_run=True, force=True), nobody)
    assert ("barred all the same" in forced, "nothing was written" in forced) == (True, False)
