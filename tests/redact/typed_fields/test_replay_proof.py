"""The short proof of a plan against the one that plays it."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.entities import EntityType
from transforms.redact.results import RedactionResult
from transforms.redact.typed_fields.replay_proof import Proof

Row = dict[str, Any]
Run = Callable[..., RedactionResult]

FOUND = {"anna": EntityType.PERSON, "bob smith": EntityType.PERSON, "é\u0301": EntityType.SECRET}
PRESSES = st.lists(
    st.sampled_from(
        ["anna", "an", "na", "bob smith", " ", "e\u0301", "é\u0301", "👍🏽", *["Backspace"] * 3, "Enter", "Tab", "Home"]
    ),
    max_size=14,
)


def rows_of(presses: Sequence[str]) -> Iterator[Row]:
    yield {"kind": "field", "field_id": "f", "role": "textbox", "label": "Note", "multiline": False}
    for item in presses:
        for key in [item] if item in {"Backspace", "Enter", "Tab", "Home"} else item:
            for action in ("down", "up"):
                yield {"kind": "key", "action": action, "key": key, "modifiers": [], "field_id": "f"}


@given(PRESSES)
def test_what_is_straight_holds_when_it_is_played(redact: Run, presses: Sequence[str]) -> None:
    rows = list(rows_of(presses))
    short = redact(rows, FOUND)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Proof, "is_straight", lambda *_: False)
        assert redact(rows, FOUND).sessions.table.equals(short.sessions.table)


@pytest.mark.parametrize(("script", "straight"), [("to anna, x<y", True), ("anna<<<<bob", True), ("to anna[x", False)])
def test_typing_with_corrections_at_its_end_is_straight(
    redact: Run, monkeypatch: pytest.MonkeyPatch, script: str, *, straight: bool
) -> None:
    said = []
    is_straight = Proof.is_straight
    monkeypatch.setattr(Proof, "is_straight", lambda *args: said.append(is_straight(*args)) or said[-1])
    named = {"<": "Backspace", "[": "Home"}
    redact(list(rows_of([named.get(character, character) for character in script])), FOUND)
    assert said[0] is straight
