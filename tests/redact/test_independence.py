"""The rows around a value tell nothing of the value: not how long it is, nor how it was typed.

With markers for surrogates this holds exactly, which is tested on pairs of sessions that differ in the values alone.
With surrogates, which are drawn by the value, it holds in distribution, which is tested on many sessions.
"""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from schemas.entities import EntityType
from schemas.raw import RAW_SCHEMA, RawSessions
from transforms.keystrokes import reconstruct
from transforms.noise.add_noise import add_noise
from transforms.noise.plan import NoisePlan
from transforms.noise.population.model import PRIOR
from transforms.noise.settings import NoiseSettings
from transforms.redact.results import RedactionResult
from transforms.redact.settings import RedactSettings

Row = dict[str, Any]
Run = Callable[..., RedactionResult]

MARKERS = RedactSettings(treatments={entity.value: "placeholder" for entity in EntityType})
PLAN = NoisePlan(NoiseSettings(), None, None, None)
VALUES = {
    EntityType.PERSON: ("anna kowalski", "bo li wu", "maximiliana von und zu hohenstein-berg"),
    EntityType.SECRET: ("zq81-hunter", "w" * 40 + "9", "s3cr3t!"),
    EntityType.PHONE_NUMBER: ("+49 30 5550182", "5550182", "0044 20 7946 0991 ext 12"),
}
FINDS = {value: entity for entity, values in VALUES.items() for value in values}


def press(key: str) -> Iterator[Row]:
    for action in ("down", "up"):
        yield {"kind": "key", "action": action, "key": key, "code": None, "modifiers": [], "field_id": "f"}


def typed(text: str, slips: list[int]) -> Iterator[Row]:
    """Type ``text`` with a wrong letter, taken back, before each place in ``slips``."""
    for at, character in enumerate(text):
        if at in slips:
            yield from press("j")
            yield from press("Backspace")
        yield from press(character)


def part(kind: str, value: str, slips: list[int]) -> Iterator[Row]:
    match kind:
        case "typed":
            yield from typed(value, slips)
        case "deleted":
            yield from typed(value, slips)
            for _ in value:
                yield from press("Backspace")
        case "pasted":
            yield {"kind": "clipboard", "action": "paste", "text": value, "field_id": "f"}
        case "seen":
            yield {"kind": "screen", "source": "ocr", "text": f"Dear {value}, hello"}
        case "title":
            yield {"kind": "focus", "app": "mail", "title": f"{value} - Mail", "url": None}
            yield {
                "kind": "field",
                "field_id": "f",
                "role": "textbox",
                "label": "x",
                "multiline": True,
                "resumed": True,
            }
        case _:
            yield from typed("ok " if kind == "words" else "see you ", [])


def session(parts: list[tuple[str, str, list[int]]]) -> list[Row]:
    rows: list[Row] = [{"kind": "focus", "app": "mail", "title": "Mail"}]
    rows.append({"kind": "field", "field_id": "f", "role": "textbox", "label": "Note", "multiline": True})
    for kind, value, slips in parts:
        rows += part(kind, value, slips)
        if kind in {"typed", "pasted"}:
            rows += press(" ")
    rows.append({"kind": "pointer", "action": "click", "x": 5.0, "y": 5.0, "button": "left"})
    return [row | {"t_us": 1_000_000 + 130_000 * at} for at, row in enumerate(rows)]


KINDS = st.sampled_from(["typed", "typed", "deleted", "pasted", "seen", "title", "words", "more"])
SLIPS = st.lists(st.integers(1, 6), max_size=2)
CHOICES = st.integers(0, 2)
PAIRS = st.lists(
    st.tuples(KINDS, st.sampled_from(sorted(VALUES)), CHOICES, CHOICES, SLIPS, SLIPS), min_size=1, max_size=5
)


MOVES = {
    "left": ("ArrowLeft", "letters"),
    "right": ("ArrowRight", "letters"),
    "left by words": ("Control+ArrowLeft", "words"),
    "right by words": ("Control+ArrowRight", "words"),
    "select left": ("Shift+ArrowLeft", "letters"),
    "select words": ("Control+Shift+ArrowLeft", "words"),
    "left, as on a Mac": ("Control+b", "letters"),
    "erase": ("Backspace", "letters"),
    "erase over the border": ("Backspace", "letters and two"),
    "erase forwards": ("Delete", "letters"),
    "erase words": ("Control+Backspace", "words"),
    "home": ("Home", "once"),
    "end": ("End", "once"),
    "select home": ("Shift+Home", "once"),
    "select all": ("Control+a", "once"),
    "undo": ("Control+z", "once"),
    "up": ("ArrowUp", "once"),
    "down": ("ArrowDown", "once"),
    "a step left": ("ArrowLeft", "once"),
    "two steps right": ("ArrowRight", "twice"),
    "a line": ("Enter", "once"),
    "cut": ("Control+x", "once"),
}


def stands(value: str, rows: list[Row]) -> bool:
    """Return whether ``value`` stands in the field behind ``rows``."""
    table = pa.Table.from_pylist(rows, schema=RAW_SCHEMA)
    fields = reconstruct(RawSessions(table)).fields
    return any(value in "".join([item.cells[cell] for cell in item.final.tolist()]) for item in fields)


def moved(kind: str, value: str, rows: list[Row], *, at_value: bool) -> Iterator[Row]:
    """Press a key once or, as a person would who counts, for each letter or word of ``value``.

    ``rows`` are those before. Only where the caret is beside the value is there anything to count.
    """
    name, counted = MOVES[kind]
    *held, key = name.split("+")
    times = {"letters": len(value), "letters and two": len(value) + 2, "words": len(value.split()), "twice": 2}
    there = counted in {"once", "twice"} or (at_value and stands(value, rows))
    for _ in range(times.get(counted, 1) if there else 1):
        for row in press(key):
            yield row | {"modifiers": held}


BACK = {"right": "left", "right by words": "left by words"}
"""Moves that go over a value again after others."""


def walked(parts: list[tuple[str, str]], *, multiline: bool) -> list[Row]:
    """Return a session in one field, of values and words that are typed or pasted, moves and clicks."""
    rows: list[Row] = [{"kind": "focus", "app": "mail", "title": "Mail"}]
    rows.append({"kind": "field", "field_id": "f", "role": "textbox", "label": "Note", "multiline": multiline})
    before = ""
    for kind, value in parts:
        if kind == "click":
            rows.append({"kind": "pointer", "action": "click", "x": 5.0, "y": 5.0, "button": "left"})
        elif kind in MOVES:
            at_value = before in {"typed", "pasted", BACK.get(kind)}
            rows += list(moved(kind, value, rows, at_value=at_value))
        elif kind in {"typed", "pasted"}:
            rows += part(kind, value, [])
        else:
            rows += typed(kind, [])
        before = kind
    return [row | {"t_us": 1_000_000 + 130_000 * at} for at, row in enumerate(rows)]


WALKS = st.lists(
    st.sampled_from(["typed", "typed", "pasted", "ok ", " so", "x", "click", *MOVES]), min_size=1, max_size=8
).map(lambda walk: ["typed", *walk] if not {"typed", "pasted"} & set(walk) else walk)
SHORT_AND_LONG = ("zq81-hunt3r7c9p2m4v6bn", "wv-3u5jqr7tzpmndgflhybc9e2a84i6d1e7g")
LENGTHS = st.sampled_from(
    [
        ("zq81hunt3r7c9p2m4v6bn", "wv3u5jqr7tzpmndgflhybc9e2a84i6d1e7g"),
        SHORT_AND_LONG,
    ]
)
"""Alike in what all editors take for their last word, which is longer than single presses of a walk can take off.

They repeat nothing, also not of the walk's own letters: a value is found again in ``aaaa`` where one ``a`` was deleted.
"""


def shown(redact: Run, walk: list[str], value: str, *, multiline: bool) -> list[Row]:
    """Release ``walk`` with ``value`` in it."""
    rows = walked([(kind, value) for kind in walk], multiline=multiline)
    result = redact(rows, {value: EntityType.SECRET}, MARKERS)
    assert result.withheld == ()
    listed: list[Row] = result.sessions.table.drop_columns(["t_us"]).to_pylist()
    return listed


@pytest.mark.parametrize("before", [[], ["ok "], ["x", "a line"]])
@pytest.mark.parametrize("behind", [[], [" so"], ["end", "x"], ["a line", "x"]])
@pytest.mark.parametrize("kind", [kind for kind, (_, counted) in MOVES.items() if counted in {"letters", "words"}])
def test_a_key_pressed_for_each_letter_or_word_of_a_value_tells_nothing(
    redact: Run, before: list[str], kind: str, behind: list[str]
) -> None:
    for how in ("typed", "pasted"):
        one, other, more = (
            shown(redact, [*before, how, kind, *behind], value, multiline=True)
            for value in ("zq81hun", "s3 cr3t 81 x2", "w" * 40 + "9")
        )
        assert one == other == more


@settings(max_examples=120, deadline=None)
@given(WALKS, LENGTHS, st.booleans())
@example(["typed", "left", "x"], SHORT_AND_LONG, False)
@example(["typed", "left", "right", "x"], SHORT_AND_LONG, False)
@example(["typed", "left, as on a Mac", "end", "x"], SHORT_AND_LONG, False)
@example(["pasted", "left", "x"], SHORT_AND_LONG, False)
@example(["x", "a line", "typed", "typed", "left", "up", "x"], SHORT_AND_LONG, True)
def test_no_movement_of_the_caret_tells_how_long_a_value_is(
    redact: Run, walk: list[str], values: tuple[str, str], multiline: bool
) -> None:
    one, other = (shown(redact, walk, value, multiline=multiline) for value in values)
    assert one == other


def noised(redacted: RedactionResult) -> pa.Table:
    return add_noise(redacted.sessions, PLAN, PRIOR, b"n" * 32).table


@settings(max_examples=80, deadline=None)
@given(PAIRS)
def test_sessions_that_differ_in_their_values_are_released_alike(redact: Run, pairs: list[Any]) -> None:
    one = redact(session([(kind, VALUES[of][a], slips) for kind, of, a, _, slips, _ in pairs]), FINDS, MARKERS)
    other = redact(session([(kind, VALUES[of][b], slips) for kind, of, _, b, _, slips in pairs]), FINDS, MARKERS)
    assert one.withheld == other.withheld == ()
    assert (
        one.sessions.table.drop_columns(["t_us"]).to_pylist() == other.sessions.table.drop_columns(["t_us"]).to_pylist()
    )
    assert noised(one).to_pylist() == noised(other).to_pylist()


def releases(redact: Run, value: str, sessions: int) -> tuple[list[int], list[int]]:
    """Return how many rows each session has, and its released milliseconds."""
    rows = [
        row | {"session_id": f"s{number:04d}"}
        for number in range(sessions)
        for row in session([("words", "", []), ("typed", value, [1]), ("more", "", [])])
    ]
    table = noised(redact(rows, FINDS))
    names = table["session"].to_numpy(zero_copy_only=False)
    starts = np.flatnonzero(np.concatenate([[True], names[1:] != names[:-1]]))
    ends = np.append(starts[1:], len(names)) - 1
    return np.diff(np.append(starts, len(names))).tolist(), table["t_ms"].to_numpy()[ends].tolist()


@pytest.mark.parametrize("entity", [EntityType.PHONE_NUMBER, EntityType.SECRET, EntityType.PERSON])
def test_rows_and_time_behind_a_span_do_not_depend_on_its_length(redact: Run, entity: EntityType) -> None:
    sessions = 200
    short, long = sorted(VALUES[entity], key=len)[::2]
    if entity is EntityType.PERSON:
        short = "anna kowalski"
    for one, other in zip(releases(redact, short, sessions), releases(redact, long, sessions), strict=True):
        # largest gap between two empirical distributions of 200 draws: above .23 in one of 2e4 runs
        # (Kolmogorov-Smirnov: 2 exp(-2 n D^2 / 2)); keys are fixed, so this is one run for all time
        gap = max(abs(sum(x <= at for x in one) - sum(x <= at for x in other)) for at in {*one, *other}) / sessions
        assert gap < 0.23
