"""Two worlds that differ in a secret alone: what is released of them must be equal, whatever the caret did."""

import time
from collections.abc import Callable
from pathlib import Path
from random import Random

import pyarrow as pa

from schemas.entities import EntityType
from schemas.raw import RAW_SCHEMA, RawSessions
from tests.attack.campaign import Verdict
from tests.attack.recordings import ALPHABETS, Recording, Row, word_of
from tests.redact.conftest import Known, identity
from transforms.keystrokes import reconstruct
from transforms.redact.batch import BatchRedactor
from transforms.redact.deny_list import DenyList
from transforms.redact.results import Extras, RedactionResult
from transforms.redact.settings import RedactSettings

LENGTHS = (6, 7, 8, 9, 10, 11, 12, 13, 16, 21, 33, 40)
MARKERS = RedactSettings(treatments={entity.value: "placeholder" for entity in EntityType})
_WORDS = ("x ", "see y", ", w", "a. ")


def _left(session: Recording, length: int) -> None:
    session.type(["ArrowLeft"] * length, "f")


def _home(session: Recording, _: int) -> None:
    session.press("Home", "f")


def _word_left(session: Recording, _: int) -> None:
    session.press("ArrowLeft", "f", modifiers=["Control"])


def _select(session: Recording, length: int) -> None:
    session.type(["ArrowLeft"] * length, "f", modifiers=["Shift"])


def _select_home(session: Recording, _: int) -> None:
    session.press("Home", "f", modifiers=["Shift"])


def _there_and_back(session: Recording, length: int) -> None:
    session.type(["ArrowLeft"] * length, "f")
    session.type(["ArrowRight"] * length, "f")


def _delete(session: Recording, length: int) -> None:
    session.type(["ArrowLeft"] * length, "f")
    session.type(["Delete"] * length, "f")


def _backspace(session: Recording, length: int) -> None:
    session.type(["Backspace"] * length, "f")


def _beyond(session: Recording, length: int) -> None:
    session.type(["ArrowLeft"] * (length + 2), "f")


def _mouse(session: Recording, length: int) -> None:
    session.event("pointer", action="click", x=40.0, y=40.0, button="left")
    session.type(["ArrowLeft"] * length, "f")


def _held(session: Recording, length: int) -> None:
    for _ in range(length):
        session.key("down", "ArrowLeft", "f", repeat=True)
    session.key("up", "ArrowLeft", "f")


MOVES: tuple[Callable[[Recording, int], None], ...] = (
    _left,
    _home,
    _word_left,
    _select,
    _select_home,
    _there_and_back,
    _delete,
    _backspace,
    _beyond,
    _mouse,
    _held,
)


def world(secret: str, plan: Random) -> list[Row]:
    """Return a session in which ``secret`` is typed into a field, with moves of the caret by its length.

    All else is drawn from ``plan``: two worlds of equal plans differ in the secret and in what its length moves. The
    caret moves right behind the secret: elsewhere its steps would count letters that are released as they are.
    """
    made = Recording("s", "user", plan)
    made.field("f", "textbox", "Note", multiline=plan.random() < 0.7)
    for _ in range(plan.randint(1, 2)):
        if plan.random() < 0.5:
            made.type(plan.choice(_WORDS), "f")
        if plan.random() < 0.2:
            made.press("Enter", "f")
        made.type(secret, "f")
        plan.choice(MOVES)(made, len(secret))
        if plan.random() < 0.8:
            made.type(plan.choice(_WORDS), "f")
        if plan.random() < 0.5:
            made.press("End", "f")
            made.type(" !", "f")
    made.event("pointer", action="click", x=5.0, y=5.0, button="left")
    return made.rows


def pair(seed: int, number: int) -> tuple[list[Row], list[Row], dict[str, EntityType]]:
    """Return two worlds with secrets of one script and of two lengths, and what the detector of both finds."""
    draw = Random(f"{seed}/worlds/{number}")
    script = draw.choice(sorted(set(ALPHABETS) - {"symbols"}))
    short, long = (word_of(draw, script, length) for length in sorted(draw.sample(LENGTHS, 2)))
    plan, entity = draw.random(), draw.choice((EntityType.SECRET, EntityType.EMAIL_ADDRESS, EntityType.PHONE_NUMBER))
    return world(short, Random(plan)), world(long, Random(plan)), {short: entity, long: entity}


def released(rows: list[Row], finds: dict[str, EntityType]) -> RedactionResult:
    """Redact a session."""
    table = pa.Table.from_pylist([{"episode": 0, **row} for row in rows], schema=RAW_SCHEMA)
    redactor = BatchRedactor(Known(finds), DenyList(()), identity(MARKERS), Extras())
    return redactor.redact(reconstruct(RawSessions(table)))


def difference(seed: int, number: int) -> str | None:
    """Say where what is released of the two worlds differs, or nothing; None where their redacted texts do.

    Rows must be a function of the redacted text. What the moves did to the text itself may differ: a step into a value
    of another length ends elsewhere.
    """
    one, other, finds = pair(seed, number)
    first, second = (released(rows, finds) for rows in (one, other))
    if first.withheld != second.withheld:
        return "one of the sessions is withheld"
    rows, others = (redacted.sessions.table.drop_columns(["t_us"]).to_pylist() for redacted in (first, second))
    if [row["text"] for row in rows if row["text"]] != [row["text"] for row in others if row["text"]]:
        return None
    if rows == others:
        return ""
    at = next((at for at, both in enumerate(zip(rows, others, strict=False)) if both[0] != both[1]), -1)
    return f"{len(rows)} and {len(others)} rows, the first difference at {at}"


def lengths(_: Path, seed: int, variants: int) -> Verdict:
    """Compare what is released of two sessions that differ in the secret alone."""
    began, verdict = time.process_time(), Verdict("lengths", variants, sessions=variants)
    for number in range(variants):
        found = difference(seed, number)
        verdict.released += found is not None
        if found:
            verdict.leaks[number] = [found]
    verdict.cpu_s = time.process_time() - began
    return verdict
