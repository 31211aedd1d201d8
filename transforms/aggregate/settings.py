"""Budgets and bounds of partition selection and of the tables; the defaults are those of the policy file."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from schemas.errors import UsageError
from schemas.ranges import check_number, check_whole
from schemas.vocabulary import ROLES
from transforms.privacy.default_policy import POLICY

_POLICY: Mapping[str, Any] = POLICY["aggregates"]
_EPSILONS = (0.01, 32.0)
_DELTAS = (1e-16, 1e-3)
_COUNTS = (1, 1_000)
_VALUES = (0, 1_000)
_FEWEST = (1, 100_000)
_SHARES = (0.01, 100.0)
_PEOPLE = (1, 10**9)


class Space(StrEnum):
    """Kind of values that must be admitted before they are named."""

    APP = "app"
    HOST = "host"
    ROLE = "role"
    SESSION = "session"
    """Operating system, keyboard layout and recorder, together."""

    SHORTCUT = "shortcut"


@dataclass(frozen=True, slots=True)
class TableBound:
    """Contribution bound of one privacy unit for a table, and the table's share of the budget."""

    partitions: int
    """Most cells of the table that one unit counts in, 1 to 1,000. Noise grows with its root; fewer drop
    contributions."""

    per_partition: int
    """Most that one unit adds to a cell, 1 to 1,000. Noise grows in proportion; less drops contributions."""

    share: float
    """Share of the budget of all tables, 0.01 to 100, relative to the others. More means less noise here and more
    there."""


def _partitions() -> dict[str, int]:
    return dict(_POLICY["rare_partitions"])


def _tables() -> dict[str, TableBound]:
    return {name: TableBound(**bound) for name, bound in _POLICY["tables"].items()}


@dataclass(frozen=True, slots=True)
class AggregateSettings:
    """Settings of the aggregates. Raises ``UsageError``, naming the setting, if a value is out of range."""

    people: int | None = _POLICY["people"]
    """Rough number of people who are recorded, 1 to 10**9, one or two digits and zeros, as their owner states it; no
    run counts them. Parts that cannot help so few people are off; null: no part is."""

    naming: bool | None = _POLICY["naming"]
    """Admit values by the number of their people. Without it only public names are named, which costs nothing. null:
    unless too few people are stated."""

    counting: bool | None = _POLICY["counting"]
    """Release tables of counts. Without them nothing is spent on tables. null: unless too few people are stated."""

    rare_epsilon: float = _POLICY["rare_epsilon"]
    """Epsilon of naming values for one user, 0.01 to 32. Smaller names fewer values."""

    rare_delta: float = _POLICY["rare_delta"]
    """Delta of naming values for one user, 1e-16 to 1e-3. Smaller names fewer values."""

    rare_fewest_users: int = _POLICY["rare_fewest_users"]
    """Fewest users of a named value, 1 to 100,000; also the smallest population. More names fewer values."""

    rare_partitions: dict[str, int] = field(default_factory=_partitions)
    """Most values of a kind that one user counts for, 0 (no value of the kind is named) to 1,000. More raises the
    number of users that a value needs."""

    public_roles: tuple[str, ...] = tuple(_POLICY["public_roles"])
    """ARIA roles that are named without admission; a public list, chosen without looking at recordings."""

    tables_epsilon: float = _POLICY["tables_epsilon"]
    """Epsilon of all tables for one privacy unit, 0.01 to 32. Smaller adds more noise to every count."""

    tables_delta: float = _POLICY["tables_delta"]
    """Delta of all tables for one privacy unit, 1e-16 to 1e-3."""

    tables: dict[str, TableBound] = field(default_factory=_tables)
    """Contribution bounds and budget shares by table."""

    def __post_init__(self) -> None:
        if self.people is not None:
            check_whole("aggregates.people", self.people, _PEOPLE)
            if self.people != round_people(self.people):
                raise UsageError(
                    f"aggregates.people must be a rough number, one or two digits and zeros; state "
                    f"{round_people(self.people)}"
                )
        for name, bounds in (("epsilon", _EPSILONS), ("delta", _DELTAS)):
            for group in ("rare", "tables"):
                check_number(f"aggregates.{group}_{name}", getattr(self, f"{group}_{name}"), bounds)
        check_whole("aggregates.rare_fewest_users", self.rare_fewest_users, _FEWEST)
        _check_names("rare_partitions", self.rare_partitions, _POLICY["rare_partitions"])
        _check_names("tables", self.tables, _POLICY["tables"])
        for space, partitions in self.rare_partitions.items():
            check_whole(f"aggregates.rare_partitions.{space}", partitions, _VALUES)
        if not any(self.rare_partitions.values()):
            raise UsageError(
                "aggregates.rare_partitions must leave a value of some kind; or set aggregates.naming=false"
            )
        for name, bound in self.tables.items():
            check_whole(f"aggregates.tables.{name}.partitions", bound.partitions, _COUNTS)
            check_whole(f"aggregates.tables.{name}.per_partition", bound.per_partition, _COUNTS)
            check_number(f"aggregates.tables.{name}.share", bound.share, _SHARES)
        if not ROLES.issuperset(self.public_roles):
            raise UsageError("aggregates.public_roles may list ARIA roles only")


def round_people(people: int) -> int:
    """Round a number of people down to its first two digits: 1,237 to 1,200."""
    zeros = int("1" + "0" * (len(str(people)) - 2))
    return people // zeros * zeros


def _check_names(setting: str, found: Mapping[str, object], known: Mapping[str, object]) -> None:
    if found.keys() != known.keys():
        raise UsageError(f"aggregates.{setting} has an entry for each of {', '.join(known)} and no other")
