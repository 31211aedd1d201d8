"""Noisy table of who takes part, by level or department, for ``keyveil opt-outs``.

Every person of the list counts once, in one cell, so one person more or less moves one count by one: that is charged.
The choice of somebody who is known to be on the list moves two counts, and is hidden by twice the epsilon
(``guess_percent``). The operator names the groups, not the list: the names of the groups then say nothing of anybody.
"""

import json
import math
import secrets
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path

from pipelines.budget.account import LedgerAccount, now
from pipelines.budget.training_request import check_label
from pipelines.config import RunConfig
from pipelines.state.private_state import PrivateState
from schemas.aggregates import OTHER
from schemas.errors import RefusedError, UsageError
from schemas.privacy import Adjacency, Charge, PrivacyUnit, Pure
from schemas.ranges import check_number
from transforms.consent.registry import read_registry
from transforms.consent.restriction_files import read_exempt
from transforms.consent.tables import TableForm, parse_user, read_lines
from transforms.noise.looser_settings import budget_of
from transforms.privacy.budget import Budget
from transforms.privacy.ledger_entries import Reservation
from transforms.privacy.mechanisms import Sampler, Sigma, discrete_laplace
from transforms.privacy.uniform_words import words

GROUPS = TableForm(("user_id", "group"), "groups", "the list of groups", "--groups")
SUBJECT = "opt-outs"
STATES = ("takes_part", "exempt", "opted_out")
_EPSILONS = (0.01, 1.0)
_PRECISION = 10**6
_SURE = 0.05


@dataclass(frozen=True, slots=True)
class OptOutTable:
    """Noisy numbers of people by group, ordered as ``STATES``; 95 in 100 are off by ``within_95`` at most."""

    label: str
    day: str
    epsilon: float
    delta: float
    within_95: int
    groups: Mapping[str, tuple[int, ...]]

    @property
    def guess_percent(self) -> int:
        """Compute the percentage of right guesses of one person's choice that the table allows; 50 without it.

        A choice moves two counts, so that it changes odds by ``exp(2 epsilon)`` at most; rounded up.

        >>> OptOutTable("2026", "2026-11-30", 0.1, 0.0, 30, {}).guess_percent
        55
        """
        return math.ceil(100 / (1 + math.exp(-2 * self.epsilon)))

    def as_json(self) -> dict[str, object]:
        """Return the values of the file."""
        return {**asdict(self), "states": list(STATES), "groups": {name: list(n) for name, n in self.groups.items()}}


@dataclass(frozen=True, slots=True)
class OptOutRequest:
    """Arguments of ``keyveil opt-outs``: addresses of registry, pauses and groups, groups to count, label and cost."""

    consent: str = field(repr=False)
    pauses: str | None = field(repr=False)
    groups: str = field(repr=False)
    group: tuple[str, ...]
    label: str
    epsilon: float


def read_groups(address: str, *, fold_case: bool) -> dict[str, str]:
    """Read the group of each person (canonical id); raise ``RefusedError`` for an empty id or a person on two lines."""
    found: dict[str, str] = {}
    for line in read_lines(address, GROUPS):
        user = parse_user(line.cells["user_id"], line.where, fold_case=fold_case)
        if user in found:
            raise RefusedError(f"{line.where}: user_id stands on an earlier line too; keep one line for each person")
        found[user] = line.cells["group"].strip()
    return found


def check_groups(groups: Sequence[str], people: Mapping[str, str]) -> None:
    """Raise ``UsageError`` for a group that nobody belongs to: a misspelt one would be charged and count nobody."""
    for number, group in enumerate(groups, 1):
        if group not in people.values():
            raise UsageError(
                f"--group number {number} stands in no line of the column group of --groups; correct its spelling, "
                "nothing was charged"
            )


def count_states(
    people: Mapping[str, str], agreed: frozenset[str], exempt: frozenset[str], groups: Sequence[str]
) -> dict[str, tuple[int, ...]]:
    """Count people by group and state; people in none of ``groups`` count as ``other``.

    >>> count_states({"a": "board", "b": "board", "c": "lab"}, frozenset("a"), frozenset("b"), ["board"])
    {'board': (1, 1, 0), 'other': (0, 0, 1)}
    """
    counts = Counter(
        (group if group in groups else OTHER, _state(user, agreed, exempt)) for user, group in people.items()
    )
    return {group: tuple(counts[group, state] for state in STATES) for group in (*groups, OTHER)}


def _state(user: str, agreed: frozenset[str], exempt: frozenset[str]) -> str:
    if user in exempt:
        return "exempt"
    return "takes_part" if user in agreed else "opted_out"


def plan_opt_outs(label: str, epsilon: float) -> tuple[Charge, Sampler, Sigma]:
    """Plan the charge and the noise: a discrete Laplace of scale 1/epsilon, rounded up, as a count moves by one."""
    scale = Sigma(math.ceil(Fraction(_PRECISION) / Fraction(str(epsilon))), _PRECISION)
    sampler = discrete_laplace(scale)
    charge = Charge(
        label=f"{SUBJECT}/{label}",
        columns=("group", *STATES),
        mechanism=f"discrete Laplace, scale {float(scale):.3g}, on counts in which a person stands once",
        unit=PrivacyUnit.USER,
        adjacency=Adjacency.ADD_REMOVE,
        steps=(Pure(epsilon),),
        delta=(1 + math.exp(epsilon)) * sampler.table.total_variation,
        expected_error=f"within {_within(scale)} in 95 of 100",
    )
    return charge, sampler, scale


def release_opt_outs(
    account: LedgerAccount, budget: Budget, label: str, counts: Mapping[str, tuple[int, ...]]
) -> OptOutTable:
    """Charge the table, once for its label, and draw its noise; raise ``RefusedError`` beyond the budget.

    A second draw of one label is refused, also of two at once: the mean of many would be the exact numbers, and the
    difference of two under the same noise one person's choice.
    """
    charge, sampler, scale = plan_opt_outs(label, budget.epsilon)
    reservation = Reservation(f"{SUBJECT}/{label}", SUBJECT, "", "", budget, (charge,), at := now())
    account.reserve(reservation, repeats=False)
    noise = sampler.draw(words(secrets.token_bytes(32), [SUBJECT.encode()], [len(counts) * len(STATES)]))
    rows = noise.reshape(len(counts), len(STATES)).tolist()
    noisy = {
        group: tuple(max(0, number + drawn) for number, drawn in zip(numbers, row, strict=True))
        for (group, numbers), row in zip(counts.items(), rows, strict=True)
    }
    return OptOutTable(label, at.partition("T")[0], budget.epsilon, charge.delta, _within(scale), noisy)


def draw_opt_outs(asked: OptOutRequest, config: RunConfig, private: PrivateState) -> OptOutTable:
    """Count, charge and draw the table that a command line asks for; raise ``UsageError`` for wrong arguments."""
    check_label(asked.label)
    if len(set(asked.group)) != len(asked.group):
        raise UsageError("--group names a group twice; name each once")
    if OTHER in asked.group:
        raise UsageError(
            f"--group may not be {OTHER}, which counts the people of all other groups; choose another name"
        )
    check_number("--epsilon", asked.epsilon, _EPSILONS)
    fold_case, policy = config.ingest.fold_user_case, budget_of(config.noise)
    agreed = frozenset(read_registry(asked.consent, config.purpose, datetime.now(UTC), fold_case=fold_case).grants)
    pauses = asked.pauses or config.consent.pauses
    exempt = frozenset() if pauses is None else read_exempt(pauses, fold_case=fold_case)
    people = read_groups(asked.groups, fold_case=fold_case)
    check_groups(asked.group, people)
    counts = count_states(people, agreed, exempt, asked.group)
    budget = replace(policy, unit=PrivacyUnit.USER, epsilon=asked.epsilon)
    return release_opt_outs(LedgerAccount.of(private), budget, asked.label, counts)


def read_opt_outs(file: str) -> OptOutTable:
    """Read a table from its file; raise ``UsageError`` if it cannot be read or is of another form."""
    try:
        form = json.loads(Path(file).read_bytes())
    except (OSError, ValueError):
        raise UsageError("--opt-outs cannot be read; name a table that keyveil opt-outs wrote") from None
    return parse_opt_outs(form if isinstance(form, dict) else {})


def parse_opt_outs(form: Mapping[str, object]) -> OptOutTable:
    """Parse the values of a file; raise ``UsageError`` if it is of another form."""
    try:
        named = {name: tuple(map(int, numbers)) for name, numbers in dict(form["groups"]).items()}  # type: ignore[call-overload]
        values = {name: form[name] for name in ("label", "day", "epsilon", "delta", "within_95")}
        table = OptOutTable(**values, groups=named)  # type: ignore[arg-type]
        sound = form["states"] == list(STATES) and {len(row) for row in named.values()} == {len(STATES)}
        sound = sound and _EPSILONS[0] <= table.epsilon <= _EPSILONS[1]
    except (KeyError, TypeError, ValueError):
        sound = False
    if not sound:
        raise UsageError("--opt-outs is no table of keyveil opt-outs; name one that it wrote")
    return table


def _within(scale: Sigma) -> int:
    """Compute the error that 95 of 100 counts keep below: a Laplace of scale b is beyond b ln(20) in 5 of 100."""
    return math.ceil(float(scale) * math.log(1 / _SURE))
