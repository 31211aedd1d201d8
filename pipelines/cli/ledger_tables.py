"""The answers of ``keyveil ledger`` as tables on a terminal."""

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table


def print_view(view: Mapping[str, Any], console: Console) -> None:
    """Print one answer of ``pipelines.budget.reports``."""
    console.print(f"ledger {view['ledger']}", soft_wrap=True)
    if "charges" in view:
        console.print(f"{view['length']} entries, every one verified", soft_wrap=True)
        _charges(view["charges"], console)
    if "quantities" in view:
        _quantities(view["quantities"], console)
    if "release" in view:
        release = view["release"]
        console.print(
            f"together: epsilon {_show(release['epsilon'])} of {release['allowed_epsilon']:g} at delta "
            f"{release['delta']:g} for one {release['unit']}",
            soft_wrap=True,
        )
        for item in view["loosened"]:
            console.print(f"looser than the policy: {item}", soft_wrap=True)
        _totals("before", view["before"], console)
        _totals("after", view["after"], console)
    else:
        _totals("spent", view, console)


def _charges(charges: Sequence[Mapping[str, Any]], console: Console) -> None:
    table = Table(box=None, title_justify="left")
    for name in ("charge", "of", "at", "epsilon for a user", "delta", "state"):
        table.add_column(name, overflow="fold")
    for item in charges:
        state = "reserved" if item["sealed"] is None else f"sealed in {item['sealed']}"
        row = (item["charge_id"], item["subject"], item["at"], _show(item["epsilon"]), f"{item['delta']:g}", state)
        table.add_row(*row)
    console.print(table, soft_wrap=True)


def _quantities(quantities: Sequence[Mapping[str, Any]], console: Console) -> None:
    table = Table(box=None, title_justify="left")
    for name in ("quantity", "for one", "epsilon", "delta", "counts for users", "error to expect"):
        table.add_column(name, overflow="fold")
    for item in quantities:
        counts = "yes" if item["counts_for_users"] else "no"
        cost = (_show(item["epsilon"]), f"{item['delta']:g}")
        table.add_row(item["label"], item["unit"], *cost, counts, item["expected_error"])
    console.print(table, soft_wrap=True)


def _totals(when: str, totals: Mapping[str, Any], console: Console) -> None:
    user, day = (_show(totals["spent"][unit]) for unit in ("user", "user-day"))
    fits = f"a release of epsilon {totals['fits_epsilon']:.3f} at delta {totals['fits_delta']:g} fits"
    console.print(
        f"{when}: epsilon {user} of {totals['lifetime_epsilon']:g} at delta {totals['delta']:g} for one user, {day} "
        f"for one user-day; {fits}; the budget does not renew",
        soft_wrap=True,
    )
    if "events" in totals:
        events = totals["events"]
        console.print(
            f"{when}: epsilon {_show(events['spent'])} of {events['lifetime_epsilon']:g} at delta {events['delta']:g} "
            "for one event that is in all releases which may share it",
            soft_wrap=True,
        )


def _show(epsilon: float | None) -> str:
    return "unbounded" if epsilon is None else f"{epsilon:.4g}"
