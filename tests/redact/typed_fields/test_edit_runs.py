"""Key events that go with a value, seen in the rows that are released."""

import time
from collections.abc import Callable, Sequence
from itertools import accumulate, pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.entities import EntityType
from tests.support.row_replay import ReplayEvent, replay
from transforms.redact.results import RedactionResult
from transforms.redact.typed_fields import edit_runs
from transforms.redact.typed_fields.edit_runs import Edits

Run = Callable[..., RedactionResult]
Row = dict[str, Any]

FOUND = {"anna": EntityType.PERSON, "bob smith": EntityType.PERSON}
ERASE, LEFT, END, ALL = "Backspace", "ArrowLeft", "End", "Control+a"
NAMED = {ERASE, LEFT, END, "Home", "Shift+ArrowLeft", "Control+Backspace"}


def press(name: str) -> list[Row]:
    *held, key = name.split("+") if len(name) > 1 else [name]
    row = {"kind": "key", "key": key, "code": None, "modifiers": held, "field_id": "f"}
    return [row | {"action": "down"}, row | {"action": "up"}]


def rows_of(*presses: str) -> list[Row]:
    rows: list[Row] = [{"kind": "field", "field_id": "f", "role": "textbox", "label": "Note", "multiline": False}]
    for item in presses:
        for name in [item] if item in NAMED or item == ALL else item:
            rows += press(name)
    return rows


def released(result: RedactionResult) -> tuple[list[str], str, str]:
    """Return the keys of the source that stay, the released text, and what replaying all released keys gives."""
    table = result.sessions.table.to_pylist()
    downs = [row for row in table if row["kind"] == "key" and row["action"] == "down"]
    (text,) = [row["text"] for row in table if row["kind"] == "text_input"]
    events = [ReplayEvent("key", "down", row["key"], tuple(row["modifiers"] or ()), "") for row in downs]
    return [row["key"] for row in downs if not row["synthetic"]], text, replay(events, multiline=False)


@pytest.mark.parametrize(
    ("presses", "stays"),
    [
        (["ask anna now"], "ask  now"),
        (["ask anna now", ALL, "done"], "ask  nowadone"),
        (["ask anna", *[ERASE] * 4, "them"], "ask them"),
        (["ask anna for the whole list", *[ERASE] * 24, "nobody"], "ask  for the whole list" + "B" * 20 + "nobody"),
        (["ask xx", ERASE, ERASE, "anna now"], "ask  now"),
        (["ask annaxx", ERASE, ERASE, " now"], "ask  now"),
        (["teh", ERASE, ERASE, "he anna"], "teh" + "B" * 2 + "he "),
    ],
    ids=["kept", "typed over", "erased", "erased with its neighbours", "slip before", "slip behind", "slip elsewhere"],
)
def test_only_what_made_or_removed_the_value_goes(redact: Run, presses: list[str], stays: str) -> None:
    keys, text, replayed = released(redact(rows_of(*presses), FOUND))
    assert "".join("B" if key == ERASE else key for key in keys) == stays
    assert replayed == text
    assert "anna" not in text


@pytest.mark.parametrize(("count", "goes"), [(12, True), (13, False)])
def test_up_to_twelve_characters_beside_a_value_that_are_soon_removed_are_a_slip(
    redact: Run, count: int, *, goes: bool
) -> None:
    keys, text, replayed = released(redact(rows_of("ask anna", "x" * count, *[ERASE] * count, " now"), FOUND))
    assert ("x" in keys, ERASE in keys) == (not goes, not goes)
    assert replayed == text
    for value in ("anna", "bob smith"):  # what else the press removed is counted, but for the value
        keys, _, _ = released(redact(rows_of("ask ", value, "x" * count, "Control+Backspace"), FOUND))
        assert ("x" in keys) is not goes


def test_how_long_a_value_is_does_not_decide_what_counts_as_a_slip(redact: Run) -> None:
    values = {"ann": EntityType.PERSON, "maximiliane" * 3: EntityType.PERSON}
    shown = [released(redact(rows_of(value, "x", "Control+Backspace", "ok"), values)) for value in values]
    assert shown[0] == shown[1] == (["o", "k"], "ok", "ok")


def test_a_caret_that_counts_the_letters_of_a_value_goes_with_it(redact: Run) -> None:
    for crossing in ("anna", "bob smith"):
        keys, text, replayed = released(redact(rows_of(crossing, *[LEFT] * len(crossing), "hi "), FOUND))
        assert LEFT not in keys
        assert replayed == text


def test_a_caret_that_moved_while_a_removed_value_stood_goes_too(redact: Run) -> None:
    keys, text, replayed = released(redact(rows_of("anna", *[LEFT] * 4, "hi ", END, ALL, "done"), FOUND))
    assert LEFT not in keys
    assert replayed == text == "done"


PRESSES = st.lists(
    st.sampled_from(["anna", "bob smith", " ", "x", "to ", ERASE, LEFT, END, "Home", "Shift+ArrowLeft", ALL]),
    max_size=14,
)


@given(PRESSES)
def test_replaying_what_is_released_gives_the_redacted_text(redact: Run, presses: Sequence[str]) -> None:
    rows = rows_of(*presses)
    if len(rows) == 1:
        return
    _, text, replayed = released(redact(rows, FOUND))
    assert replayed == text
    assert not any(name in text for name in FOUND)


@st.composite
def edits(draw: st.DrawFn) -> Edits:
    cells = draw(st.integers(1, 12))
    made = list(accumulate(draw(st.lists(st.integers(1, 3), min_size=cells, max_size=cells))))
    gone = [draw(st.one_of(st.just(-1), st.integers(row + 1, made[-1] + 9))) for row in made]
    dirty = draw(st.lists(st.integers(0, cells - 1), min_size=1, max_size=cells, unique=True))
    keyed = draw(st.lists(st.booleans(), min_size=cells, max_size=cells))
    return Edits(made, gone, keyed, [dirty], [])


@given(edits())
def test_runs_are_disjoint_and_hold_every_press_that_typed_a_value(case: Edits) -> None:
    closed, narrow = case.find_closed(), case.find_narrow()
    assert narrow is not None
    for ranges in (closed, narrow):
        assert all(low <= high for low, high in ranges)
        assert all(before[1] < after[0] for before, after in pairwise(ranges))
        rows = [case.made[cell] for cell in case.dirty[0] if case.by_key[cell]]
        assert all(any(low <= row <= high for low, high in ranges) for row in rows)
    assert all(any(low <= start and end <= high for low, high in closed) for start, end in narrow)


CELLS = st.lists(st.tuples(st.integers(-1, 30), st.booleans()), min_size=1, max_size=20)


def edits_of(cells: list[tuple[int, bool]], values: list[list[int]], carets: list[int]) -> Edits:
    gone = [row if row > at else -1 for at, (row, _) in enumerate(cells)]
    dirty = [sorted({cell for cell in value if cell < len(cells)}) for value in values]
    return Edits(range(len(cells)), gone, [flag for _, flag in cells], dirty, sorted(set(carets)))


@given(CELLS, st.lists(st.lists(st.integers(0, 19), min_size=1, max_size=3), max_size=3))
def test_nothing_is_made_or_removed_on_one_side_of_a_closed_stretch_alone(
    cells: list[tuple[int, bool]], values: list[list[int]]
) -> None:
    edits = edits_of(cells, values, [])
    closed = edits.find_closed()
    typed = edits._typing_ranges(removed=True)
    assert all(any(low <= first and last <= high for low, high in closed) for first, last in typed)
    for made, (gone, flag) in enumerate(zip(edits.gone, edits.by_key, strict=True)):
        if flag and gone >= 0:
            assert all((low <= made <= high) == (low <= gone <= high) for low, high in closed)


@given(CELLS, st.lists(st.integers(0, 30), max_size=6), st.lists(st.tuples(st.integers(0, 30), st.integers(0, 9))))
def test_a_caret_that_moved_while_a_lost_value_stood_counts(
    cells: list[tuple[int, bool]], carets: list[int], ranges: list[tuple[int, int]]
) -> None:
    edits = edits_of(cells, [], carets)
    listed = edit_runs._merge_ranges([(low, low + length) for low, length in ranges])
    lost = [edit_runs._Removed(made, gone, True) for made, gone in enumerate(edits.gone) if gone >= 0]
    staying = [row for row in edits.carets if not any(low <= row <= high for low, high in listed)]
    counted = any(cell.made < row < cell.gone for cell in lost for row in staying)
    assert edits._may_count(lost, listed) == counted


def test_a_chain_of_characters_each_removed_behind_the_next_takes_linear_time() -> None:
    length = 20_000
    edits = Edits(range(length), [at + 2 for at in range(length)], [True] * length, [[0]], [])
    begin = time.thread_time()
    assert edits.find_closed() == ((0, length + 1),)
    assert time.thread_time() - begin < 20


@pytest.mark.parametrize(("together", "slip"), [(12, True), (13, False)])
def test_a_slip_is_removed_with_a_dozen_others_at_most(together: int, slip: bool) -> None:
    edits = Edits(range(together), [together] * together, [True] * together, [], [])
    assert edits._is_slip(together - 1) == slip


def test_a_cell_is_judged_once_however_many_values_stand_behind_it(monkeypatch: pytest.MonkeyPatch) -> None:
    made = range(0, 200, 2)
    edits = Edits(
        made,
        [row + 1 if row < 60 else -1 for row in made],
        [True] * 100,
        [list(range(30, 31 + more)) for more in range(10)],
        [],
    )
    judged: list[int] = []
    judge = Edits._was_soon_removed
    monkeypatch.setattr(Edits, "_was_soon_removed", lambda self, cell: judged.append(cell) or judge(self, cell))
    assert edits.find_narrow() == ((0, 78),)
    assert len(judged) == len(set(judged)) > 30
