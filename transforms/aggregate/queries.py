"""Declared tables: their cells, and the events by which a unit counts in them.

The cells of a table are known before a record is read, but for values that partition selection admits; every cell is
released, with noise, whether anybody counts in it or not.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

from schemas.aggregates import OTHER, PRIVATE, AdmittedValues, Value
from transforms.aggregate.settings import Space

ACTIONS = ("key", "shortcut", "click", "double_click", "drag", "scroll", "copy", "cut", "paste", "switch")
"""Actions of a person, as tables tell them apart.

``key`` is a press that types or moves, ``shortcut`` one with Control, Alt or Meta, ``switch`` a change of window.
"""

TYPING_SPEED = tuple(str(low) for low in range(0, 640, 40))
"""Key presses a minute of active typing: lower edges of bins; the last takes what lies above it."""

SESSION_MINUTES = tuple(str(low) for low in (0, 1, 2, 5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 240))
"""Minutes from the first to the last event: lower edges of bins; the last takes what lies above it."""

QUANTILES = (0.1, 0.25, 0.5, 0.75, 0.9)

Domain = tuple[str, ...] | Space
"""Values of a key column: a public list, or what is admitted of a kind of values."""


@dataclass(frozen=True, slots=True)
class Query:
    """One table. ``keys`` are its key columns with their domains; ``bins`` says that the key is a lower bin edge.

    ``meaning`` says what one count is.
    """

    name: str
    keys: tuple[tuple[str, Domain], ...]
    meaning: str
    bins: bool = False

    def cells(self, admitted: AdmittedValues, public_roles: Sequence[str]) -> list[Value]:
        """List the key values of every row of the table, in order."""
        return list(product(*(_values(domain, admitted, public_roles) for _, domain in self.keys)))


def _values(domain: Domain, admitted: AdmittedValues, public_roles: Sequence[str]) -> list[str]:
    if not isinstance(domain, Space):
        return list(domain)
    named = {value[0] for value in admitted.of(domain) if value[0] is not None}
    if domain is Space.ROLE:
        named |= set(public_roles)
    if domain is Space.APP:
        named.add(PRIVATE)
    return [*sorted(named), OTHER]


QUERIES = (
    Query("actions_per_app", (("app", Space.APP), ("action", ACTIONS)), "an action in a window of the application"),
    Query(
        "action_transitions",
        (("action", ACTIONS), ("next_action", ACTIONS)),
        "an action and the one after it in the same session",
    ),
    Query(
        "typing_speed",
        (("presses_per_minute", TYPING_SPEED),),
        "a session with at least 20 intervals of typing, by its speed",
        bins=True,
    ),
    Query("session_minutes", (("minutes", SESSION_MINUTES),), "a session with times, by its length", bins=True),
    Query("field_roles", (("role", Space.ROLE),), "a field that got the focus"),
    Query("shortcuts", (("shortcut", Space.SHORTCUT),), "a command given by keys"),
)
"""In the order in which their noise is drawn and their tables are listed."""

RARE_PREFIX = "rare/"
"""Queries of this prefix count the users behind values, for admission; they are never released."""


def rare_query(space: Space) -> str:
    """Name the query that counts the users of the values of ``space``."""
    return RARE_PREFIX + space.value
