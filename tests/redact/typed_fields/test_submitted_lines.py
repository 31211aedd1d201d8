"""Fields of one line in which Enter was pressed: released keys give the released text, and no length shows."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.entities import EntityType
from tests.support.row_replay import ReplayEvent, replay
from transforms.redact.results import RedactionResult

Row = dict[str, Any]
Run = Callable[..., RedactionResult]

NAMES = ("anna", "annabella")
FOUND = dict.fromkeys(NAMES, EntityType.PERSON)
NAMED = {"<": "Backspace", "|": "Enter", "~": "Tab"}
PRESSES = st.lists(st.sampled_from(["@", "ls", " ", "x", *"|||", "<<", "<", "x<", "@" + "<" * 40]), max_size=10)
ROLES = st.sampled_from(["textbox", "searchbox", "terminal"])


def rows_of(role: str, text: str) -> Iterator[Row]:
    yield {"kind": "field", "field_id": "f", "role": role, "label": "Note", "multiline": False}
    for character in text:
        for action in ("down", "up"):
            key = NAMED.get(character, character)
            yield {"kind": "key", "action": action, "key": key, "modifiers": [], "field_id": "f"}


def released(redact: Run, role: str, presses: Sequence[str], name: str) -> list[Row]:
    result = redact(list(rows_of(role, "".join(presses).replace("@", name))), FOUND)
    assert result.withheld == ()
    return result.sessions.table.to_pylist()


@settings(max_examples=40, deadline=None)
@given(ROLES, PRESSES)
def test_released_keys_give_the_text_with_its_lines(redact: Run, role: str, presses: Sequence[str]) -> None:
    rows = released(redact, role, presses, "anna")
    keys = [
        ReplayEvent(row["kind"], row["action"], row["key"], tuple(row["modifiers"] or ()), "")
        for row in rows
        if row["kind"] == "key"
    ]
    for row in rows:
        if row["kind"] == "text_input":
            assert replay(keys, multiline=False, terminal=role == "terminal") == row["text"]
            assert not row["text"].endswith("\n")
            assert not any(name in row["text"] for name in NAMES)


@settings(max_examples=40, deadline=None)
@given(ROLES, st.lists(st.sampled_from([" @", " ls", " ", ".", *"|||", ".<"]), max_size=10))
def test_enters_around_a_value_do_not_tell_its_length(redact: Run, role: str, presses: Sequence[str]) -> None:
    # no letter stands beside a value: what is written on to it belongs to its word, and annals is one that stays
    shown = [
        [
            (
                row["kind"],
                row["action"],
                row["key"] if not row["synthetic"] else "",
                row["code"] if not row["synthetic"] else "",
            )
            for row in released(redact, role, presses, name)
            if not row["synthetic"]
        ]
        for name in NAMES
    ]
    assert shown[0] == shown[1]
