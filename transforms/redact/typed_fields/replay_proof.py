"""Proof by replay that the released key rows of a field type its redacted text.

For ``hi Anna!`` the plan releases h, i, space, the added presses of ``Quoreth``, and !. Three questions are asked:

1. ``is_straight``: do all presses type at the end of the text? Here they do, and the text before, between and behind
   the added presses is that of the final text, so the plan holds for any replacement; nothing is replayed.
2. ``holds``: otherwise, does a replay of the steps in ``editor.Buffer`` leave ``hi Quoreth!``?
3. ``idle_keys``: does no press count letters of a value? For ``Anna``, then four ArrowLeft and ``x``, one press goes
   over the value, so the plan is refused.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from schemas.entities import Span
from transforms.editor.commands import Style
from transforms.editor.replay import BACK, LINE_END, Step, is_simple, play, press_key
from transforms.editor.us_layout import SELECT_ALL, press
from transforms.redact.text.folding import BREAK
from transforms.redact.typed_fields.key_rows import KeyRows
from transforms.redact.typed_fields.length_proof import idle_presses
from transforms.redact.typed_fields.views import View

RowPlace = tuple[int, int]
"""Place of a released row: the source row at which it is inserted, and its order there."""


class TypedPresses(NamedTuple):
    """Added presses in a row."""

    place: RowPlace  # of the first key-down; each press takes two places, for key-down and key-up
    characters: str
    select_all: bool  # one press of Control+a instead of ``characters``
    sources: tuple[int, ...]  # rows that they replace
    span: int = -1  # number of the entity that they replace, -1 for none

    def __repr__(self) -> str:
        """Show the place and number of the presses without their characters."""
        return f"Typed({self.place}, {len(self.characters)} presses)"


class Plan(NamedTuple):
    """Moves, outcomes and added presses of the key rows of a field.

    With key-downs 0, 2 and 4, one run of added presses before the last and a paste at the end, ``released`` is
    [0, 2, ~0, 4, ~1].
    """

    moved: Mapping[int, RowPlace]  # new place of key rows that move, by number
    outcomes: Mapping[int, int]  # number in ``structure.CODES`` of key rows that are not released, by number
    typed: tuple[TypedPresses, ...]  # added presses
    released: list[int]  # in order: key-down n as n, ``typed[n]`` as ~n, paste n as ~(len(typed) + n)


@dataclass(frozen=True, slots=True)
class Proof:
    """Field for which plans are proved."""

    keys: KeyRows
    text: str = field(repr=False)  # final text
    spans: Sequence[Span]  # of the entities in ``text``
    pasted: Mapping[int, str] = field(repr=False)  # released text of each paste row

    def plan(self, moved: Mapping[int, RowPlace], outcomes: Mapping[int, int], typed: tuple[TypedPresses, ...]) -> Plan:
        """Build the plan that moves the key rows ``moved``, drops those in ``outcomes`` and adds ``typed``."""
        rows = self.keys.rows
        kept = [key for key in self.keys.downs if key not in outcomes]
        places = [moved[key] if key in moved else (rows[key], 0) for key in kept]
        places += [*(run.place for run in typed), *((row, 0) for row in self.pasted)]
        acting = [*kept, *(~number for number in range(len(places) - len(kept)))]
        by_place = sorted(range(len(acting)), key=places.__getitem__)
        return Plan(moved, outcomes, typed, [acting[at] for at in by_place])

    def is_straight(self, plan: Plan) -> bool:
        """Check without a replay whether ``plan`` holds for any replacements.

        It does if every press types at the end of the text or erases one released character there, and the result is
        the final text with each entity's replacement in its place.
        """
        if self.pasted:
            return False
        doings, presses = self.keys.columns.effects_at_end(self._style), self.keys.press
        left: list[str | TypedPresses] = []
        ends = 0  # Enters in a field of one line since the last character
        for at, item in enumerate(plan.released):
            doing = doings[presses[item]] if item >= 0 else plan.typed[~item]
            if doing == LINE_END:
                ends += bool(left)
            elif doing == BACK:
                if ends or not left or not self._erases(left.pop()):
                    return False
            elif doing is None or (isinstance(doing, TypedPresses) and doing.select_all):
                return False
            elif doing:
                added = doing.characters if isinstance(doing, TypedPresses) and doing.span < 0 else doing
                left += [*"\n" * ends, added]
                ends = 0
            elif self._walks_on(plan, at):
                return False
        return self._is_final(left)

    def _erases(self, last: str | TypedPresses) -> bool:
        """Check whether Backspace behind ``last`` removes it alone: one character, no submitted line."""
        return isinstance(last, str) and is_simple(last) and (self.keys.field.multiline or last != "\n")

    def _is_final(self, left: Sequence[str | TypedPresses]) -> bool:
        """Check whether ``left`` is the final text with the added presses of each entity in its place."""
        at = number = 0
        run: list[str] = []
        for item in left:
            if isinstance(item, str):
                run.append(item)
                continue
            if item.span != number or "".join(run) != self.text[at : self.spans[number].start]:
                return False
            at, run = self.spans[number].end, []
            number += 1
        return number == len(self.spans) and "".join(run) == self.text[at:]

    def holds(self, plan: Plan, text: str) -> bool:
        """Check by replay whether the released presses of ``plan`` leave ``text`` in an editor."""
        steps, presses, added = self.keys.columns.steps(self._style), self.keys.press, self._added_steps(plan)
        listed: list[Step] = []
        for item in plan.released:
            if item >= 0:
                listed.append(steps[presses[item]])
            else:
                listed += added[~item]
        return play(listed) == text

    def idle_keys(self, plan: Plan) -> list[int] | None:
        """Find the released key-downs of ``plan`` that go by characters and have no effect.

        None if one of its key-downs may count the characters of a value.
        """
        steps, presses, added = self.keys.columns.steps(self._style), self.keys.press, self._added_steps(plan)
        typed, pastes = len(plan.typed), list(self.pasted)
        listed: list[Step | None] = []
        key_at: dict[int, int] = {}
        valued = False
        for at, item in enumerate(plan.released):
            if item >= 0:
                if valued and self._walks_on(plan, at):
                    return None
                key_at[len(listed)] = item
                listed.append(steps[presses[item]])
            elif plan.typed[~item].span >= 0 if ~item < typed else self._was_redacted(pastes[~item - typed]):
                listed.append(None)
                valued = True
            else:
                listed += added[~item]
        idle = idle_presses(listed)
        return None if idle is None else [key_at[at] for at in idle if at in key_at]

    def _walks_on(self, plan: Plan, at: int) -> bool:
        """Check whether a press that moves by characters in some editors comes twice in a row."""
        item, before = plan.released[at], plan.released[at - 1] if at else -1
        presses = self.keys.press
        return (
            item >= 0 and before >= 0 and presses[item] in self.keys.columns.walks and presses[item] == presses[before]
        )

    def _was_redacted(self, row: int) -> bool:
        """Check whether the released text of a paste differs from the text that it inserted."""
        field = self.keys.field
        inserted = np.flatnonzero(field.cell_rows == row).tolist()
        return self.pasted[row] != "".join([field.cells[cell] for cell in inserted])

    @property
    def _style(self) -> Style:
        return Style(multiline=self.keys.field.multiline)

    def _added_steps(self, plan: Plan) -> list[list[Step]]:
        multiline = self.keys.field.multiline
        typed = [
            [_typing(None if run.select_all else character, multiline) for character in run.characters]
            for run in plan.typed
        ]
        return typed + [[Step(None, text)] for text in self.pasted.values()]

    def spell(self, plan: Plan) -> View:
        """Return the characters of the released key-downs in order with their cells, -1 for breaks."""
        listed = [-1] * (len(self.keys.rows) + 1)  # the last item, -1, is for cells without a key
        for cell, key in enumerate(self.keys.at):
            listed[key] = cell
        presses, ends = self.keys.press, self.keys.columns.ends
        cells: list[int] = []
        for item in plan.released:
            if item < 0:
                cells += [-1] * len(plan.typed[~item].characters) if ~item < len(plan.typed) else ()
            elif listed[item] >= 0 or presses[item] in ends:
                cells.append(listed[item])
        text = self.keys.field.cells
        return View("".join([text[cell] if cell >= 0 else BREAK for cell in cells]), np.array(cells, dtype=np.int32))


@lru_cache(maxsize=1 << 12)
def _typing(character: str | None, multiline: bool) -> Step:
    made = SELECT_ALL if character is None else press(character)
    return press_key(made.key, made.modifiers, Style(multiline=multiline))
