"""The answers of ``keyveil ledger`` as text."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pipelines.observe.text_table import align, label

_INDENT = 10
_DEFAULTS = "at the default settings (--config FILE: at yours)"
_EMPTY = (
    "no entry: nothing was run with this private state, or its ledger was removed (keyveil verify OUTPUT tells); where "
    "runs use another one, pass it with --state"
)
_FREE = "a release costs no user anything"


def render_view(view: Mapping[str, Any]) -> Iterator[str]:
    """Yield the lines of one answer of ``pipelines.budget.reports``."""
    yield f"ledger {view['ledger']}"
    if "charges" in view:
        length = view["length"]
        yield f"{length} {'entry' if length == 1 else 'entries'}, every one verified" if length else _EMPTY
        yield from _render_charges(view["charges"])
    if "quantities" in view:
        yield from _render_quantities(view["quantities"])
    if "release" not in view:
        yield from _render_totals("spent", view)
        return
    release = view["release"]
    together = f"{_show_spent(release['epsilon'])} {release['allowed_epsilon']:g} at delta {release['delta']:g}"
    yield from label("together", f"{together} for one {release['unit']}", indent=_INDENT)
    for item in view["loosened"]:
        yield f"looser than the policy: {item}"
    yield from _render_totals("before", view["before"])
    yield from _render_totals("after", view["after"])
    if view["forecast"] is not None:
        yield ""
        yield from render_forecast(view["forecast"])


def _render_charges(charges: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Yield two lines a charge: its id and cost, and below them what it is of and where that was sealed."""
    if not charges:
        return
    rows = [(item["charge_id"], *_show_cost(item["epsilon"], item["delta"]), item["at"]) for item in charges]
    head, *lines = align([("charge", "user epsilon", "delta", "at"), *rows])
    yield head
    for item, line in zip(charges, lines, strict=True):
        yield line
        yield from label("", f"{item['subject']}, {_render_state(item)}", indent=2)


def _render_state(item: Mapping[str, Any]) -> str:
    """Say what became of a charge: a training is charged at once, only a release is reserved and sealed later."""
    if item["state"] == "sealed":
        return f"sealed in {item['sealed']}"
    return f"charged on {item['at'].partition('T')[0]}" if item["state"] == "charged" else "reserved"


def _render_quantities(quantities: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Yield two lines a quantity: its cost, and below it the error to expect."""
    rows = [
        (
            item["label"],
            item["unit"],
            *_show_cost(item["epsilon"], item["delta"]),
            "yes" if item["counts_for_users"] else "no",
        )
        for item in quantities
    ]
    head, *lines = align([("quantity", "for one", "epsilon", "delta", "counts for users"), *rows])
    yield head
    for item, line in zip(quantities, lines, strict=True):
        yield line
        if item["expected_error"]:
            yield from label("", f"error to expect: {item['expected_error']}", indent=2)


def _render_totals(when: str, totals: Mapping[str, Any]) -> Iterator[str]:
    user, day = (totals["spent"][unit] for unit in ("user", "user-day"))
    of_user = f"{_show_spent(user)} {totals['lifetime_epsilon']:g} at delta {totals['delta']:g} for one user"
    yield from label(when, f"{of_user}, {'nothing' if day == 0 else _show(day)} for one user-day", indent=_INDENT)
    if "events" in totals:
        events = totals["events"]
        of_event = f"{_show_spent(events['spent'])} {events['lifetime_epsilon']:g} at delta {events['delta']:g}"
        yield from label("", f"{of_event} for one event, in all releases that may share it", indent=_INDENT)
    charged = f"delta {totals['delta_spent']:.3g} of {totals['delta_for_charges']:.3g} by charges of their own"
    yield from label("", charged, indent=_INDENT)
    left = totals["releases_left"]
    at = _DEFAULTS if totals.get("default_settings") else "at these settings"
    fits = f"{left:,} more releases fit, {totals['weeks_left']:,} weeks" if left is not None else _FREE
    yield from label("", f"{at} {fits}", indent=_INDENT)
    yield from label("", "the budget does not renew", indent=_INDENT)


def _show_spent(epsilon: float | None) -> str:
    return "nothing of epsilon" if epsilon == 0 else f"epsilon {_show(epsilon)} of"


def _show_cost(epsilon: float | None, delta: float) -> tuple[str, str]:
    return ("nothing", "nothing") if epsilon == 0 else (_show(epsilon), f"{delta:g}")


def _show(epsilon: float | None) -> str:
    return "unbounded" if epsilon is None else f"{epsilon:.4g}"


def render_forecast(view: Mapping[str, Any]) -> Iterator[str]:
    """Yield the lines of a forecast: each part, what one release costs, what fits, and the settings as YAML."""
    for part in view["parts"]:
        state = "on" if part["is_on"] else "off"
        yield from label(part["name"], f"{state} ({part['columns']}): {part['gives']}", indent=_INDENT)
    cost = f"epsilon {view['epsilon']:.4g} at delta {view['delta']:g} a release, for one user"
    yield from label("cost", cost, indent=_INDENT)
    if view["releases_fit"] is None:
        yield from label("fits", "without end: a release costs no user anything", indent=_INDENT)
    else:
        last = " and ".join(view["ends_first"])
        fits = f"{view['releases_fit']:,} releases, {view['weeks_fit']:,} weeks"
        yield from label("fits", f"{fits}; then {last} has run out, and nothing renews", indent=_INDENT)
    yield ""
    yield render_yaml(view).rstrip()


def render_yaml(view: Mapping[str, Any]) -> str:
    """Render the settings of a forecast as a file for ``keyveil run --config``."""
    import yaml  # noqa: PLC0415 - --help should not wait

    head = f"# keyveil plan --people {view['people']} --weeks {view['weeks']}\n"
    settings = {name: dict(value) if isinstance(value, Mapping) else value for name, value in view["settings"].items()}
    return head + yaml.safe_dump(settings, sort_keys=False)
