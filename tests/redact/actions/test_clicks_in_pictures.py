"""A click in a list of a picture is on the node of its cell, and says nothing of how long the hidden text in it is."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest

from schemas.entities import EntityType
from transforms.ingest.screenshots.line_detector import Box
from transforms.ingest.screenshots.picture_nodes import describe_lines
from transforms.ingest.screenshots.screen_reader import Line
from transforms.redact.results import RedactionResult
from transforms.redact.settings import RedactSettings

Row = dict[str, Any]
Run = Callable[..., RedactionResult]

DISPLAY = {"x": 0, "y": 0, "width": 1000, "height": 500, "scale": 1}
PICTURE = np.zeros((500, 1000, 3), dtype=np.uint8)
MARKED = RedactSettings(treatments={"PERSON": "placeholder"})


def released(redact: Run, names: Sequence[str], x: float) -> list[Row]:
    """Release a click at ``x`` in the second row of a list of made-up names and hours; a letter is nine pixels wide."""
    lines = [
        line
        for row, name in enumerate(names)
        for line in (
            Line(Box(20, 40 * row, 20 + 9 * len(name), 40 * row + 20), name),
            Line(Box(600, 40 * row, 645, 40 * row + 20), f"1{row}:30"),
        )
    ]
    screen = {"kind": "screen", "source": "ocr", "text": "\n".join(line.text for line in lines)}
    click = {"kind": "pointer", "action": "click", "x": x, "y": 50.0, "button": "left"}
    result = redact(
        [
            {"kind": "session", "screens": [DISPLAY]},
            {"kind": "focus", "app": "mail", "title": "t"},
            screen | {"nodes": list(describe_lines(lines, PICTURE, None))},
            click,
        ],
        dict.fromkeys(names, EntityType.PERSON),
        MARKED,
    )
    rows: list[Row] = result.sessions.table.drop_columns(["t_us"]).to_pylist()
    return rows


@pytest.mark.parametrize("x", [30.0, 100.0, 300.0, 580.0])
def test_a_click_anywhere_in_a_cell_is_on_its_node_whatever_it_holds(redact: Run, x: float) -> None:
    worlds = [
        released(redact, names, x)
        for names in (("Ada Lind", "Bo Ek", "Ines Dahl"), ("Yusuf Demirtas", "Maximilian Oberhofer", "Per Ek"))
    ]
    assert worlds[0] == worlds[1]
    (click,) = (row for row in worlds[0] if row["kind"] == "pointer")
    assert click["node"] == 2


@pytest.mark.parametrize("x", [80.0, 300.0, 400.0, 450.0])
@pytest.mark.parametrize("count", [3, 4, 20])
def test_a_click_before_a_column_of_hidden_names_does_not_tell_how_long_another_row_is(
    redact: Run, x: float, count: int
) -> None:
    def world(first: str) -> list[Row]:
        names = [first, *(f"Ines Dahlhaus{'x' * row}" for row in range(1, count))]
        lines = [
            line
            for row, name in enumerate(names)
            for line in (
                Line(Box(20, 40 * row, 65, 40 * row + 20), f"1{row}:30"),
                Line(Box(600 - 9 * len(name), 40 * row, 600, 40 * row + 20), name),
            )
        ]
        screen = {"kind": "screen", "source": "ocr", "text": "\n".join(line.text for line in lines)}
        click = {"kind": "pointer", "action": "click", "x": x, "y": 50.0, "button": "left"}
        opened = [{"kind": "session", "screens": [DISPLAY]}, {"kind": "focus", "app": "mail", "title": "t"}]
        shown = screen | {"nodes": list(describe_lines(lines, PICTURE, None))}
        result = redact([*opened, shown, click], dict.fromkeys(names, EntityType.PERSON), MARKED)
        rows: list[Row] = result.sessions.table.drop_columns(["t_us"]).to_pylist()
        return rows

    assert world("Per Lindqvist-z") == world("Maximilian Oberhofer-Zell")


def test_a_click_behind_a_cell_is_on_none(redact: Run) -> None:
    (click,) = (row for row in released(redact, ("Ada Lind", "Bo Ek", "Ines Dahl"), 595.0) if row["kind"] == "pointer")
    assert click["node"] is None
