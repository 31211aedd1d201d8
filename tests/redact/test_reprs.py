"""Values between two steps show nothing of a text where an error or a debugger prints them."""

import numpy as np
import pytest

from transforms.editor.replay import Step
from transforms.editor.us_layout import press
from transforms.ingest.formats.adapter import Source
from transforms.redact.detect.words import split
from transforms.redact.guard.released_text import _Strings
from transforms.redact.typed_fields.corrected_typos import _Word
from transforms.redact.typed_fields.replay_proof import Plan, TypedPresses
from transforms.redact.typed_fields.typing_plan import TypingPlan
from transforms.redact.typed_fields.views import View

_NONE = np.zeros(0, dtype=np.int64)
_VIEW = View("hunter2", np.zeros(7, dtype=np.int32))
_TYPED = TypedPresses((0, 0), "hunter2", False, ())


@pytest.mark.parametrize(
    "value",
    [
        _VIEW,
        _TYPED,
        Plan({}, {}, (_TYPED,), []),
        TypingPlan("hunter2", (), {}, {}, (_TYPED,), _VIEW),
        _Strings(_NONE, ["hunter2"]),
        _Word(0, 7, "hunter2"),
        split("hunter2"),
        Step(None, "hunter2"),
        Source(0, "logs/hunter2.jsonl", "canonical", "hunter2"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_no_text_is_shown(value: object) -> None:
    assert "hunter2" not in repr(value)


def test_no_key_is_shown() -> None:
    assert repr(press("q")) == repr(press("x"))
