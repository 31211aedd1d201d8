"""README of a release: a dataset card in the form of the Hugging Face hub, generated from the manifest."""

from collections.abc import Iterable

from schemas.tally import TallyGroup
from transforms.dataset.documents import wording as claims
from transforms.dataset.manifest import BudgetStatement, Manifest

_SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))
_LARGE = "n>1M"
_EXAMPLE = """```python
import keyveil

steps = keyveil.steps(uri, keys="reader.json", observation="nodes", format="tool")
print(len(steps), "steps of", len(set(steps.users)), "people")
for step in steps:
    print(step.session, step.task, step.screen, step.history, step.next_action)
```"""


def render_card(manifest: Manifest) -> str:
    """Render the card: YAML header, then Markdown."""
    sessions, events, files = claims.size(manifest)
    category = next((name for bound, name in _SIZES if events < bound), _LARGE)
    rows = "" if claims.is_tables_alone(manifest) else f"{sessions:,} sessions, {events:,} events, "
    held = f"{rows}{files:,} files"
    about = (
        f"Release `{manifest.release_id}`, schema {manifest.schema_version}, made by keyveil "
        f"{manifest.keyveil_version}{claims.window(manifest)}: {held}. "
        f"{claims.storage(manifest)} What `manifest.dsse.json` does not name does not belong to it."
    )
    parts = [
        _header(manifest, category),
        f"# {claims.TITLE}: {manifest.dataset}",
        about,
        "## Uses\n" + claims.PURPOSE + "\n\nProhibited:\n" + _list(claims.PROHIBITED),
        "## Licence\n" + claims.LICENCE,
        "## Consent\n" + claims.consent(manifest),
        "## Lawful basis\n" + _list(claims.basis(manifest)),
        "## What was removed\n" + _list(claims.REMOVED) + _tally(manifest),
        "## Guarantees\n"
        + _list([*map(claims.guarantee, manifest.noise), *claims.left_out(manifest)])
        + _budget(manifest),
        "## Counts\n" + claims.exactness(manifest),
        "## Coverage\n" + claims.coverage(manifest) + _coverage(manifest),
        "## Known gaps\n" + _list(claims.GAPS),
        "## A value that looks real\n" + claims.real_value(manifest),
        *([] if claims.is_tables_alone(manifest) else _rows()),
        f"## Erasure\n{claims.ERASE}\n\n{claims.ERASE_READER}\n\n{claims.erasures(manifest)}",
    ]
    return "\n\n".join(parts) + "\n"


def _rows() -> list[str]:
    return ["## Columns of the events\n" + _columns(), "## Reading it\n" + _EXAMPLE]


def _header(manifest: Manifest, category: str) -> str:
    tables = ("aggregates/*",) if claims.is_tables_alone(manifest) else ("events", "sessions")
    lines = [
        "---",
        f"pretty_name: {claims.TITLE} ({manifest.dataset})",
        "license: other",
        "license_name: restricted",
        "annotations_creators:\n- machine-generated",
        "task_categories:\n- other",
        f"size_categories:\n- {category}",
        "tags:\n- computer-use\n- redacted\n- restricted",
        "configs:",
        *(
            f"- config_name: {table.partition('/')[0]}\n  data_files: {table}/*.parquet"
            + ("\n  default: true" if table == tables[0] else "")
            for table in tables
        ),
        "---",
    ]
    return "\n".join(lines)


def _list(sentences: Iterable[str]) -> str:
    return "\n".join(f"- {sentence}" for sentence in sentences)


def _tally(manifest: Manifest) -> str:
    found = claims.counts(manifest, TallyGroup.ENTITY.prefix)
    if not found:
        return ""
    rows = "\n".join(f"| {name} | {number:,} |" for name, number in found)
    since = claims.erased_since(manifest)
    return (
        "\n\n" + " ".join([claims.ENTITIES, *([since] if since else [])]) + f"\n\n| entity | found |\n|---|---|\n{rows}"
    )


def _coverage(manifest: Manifest) -> str:
    shares = claims.shares(manifest)
    if not shares:
        return ""
    return "\n\n| rows | share |\n|---|---|\n" + "\n".join(f"| {name} | {share} |" for name, share in shares)


def _budget(manifest: Manifest) -> str:
    budget = manifest.budget
    if budget is None:
        return ""
    return (
        f"\n\nBudget: this release spends {claims.cost(budget)}; "
        f"{claims.lifetime(budget)} (ledger entry {budget.entry})." + _events(budget)
    )


def _events(budget: BudgetStatement) -> str:
    if not budget.event_epsilon or budget.spent_event_epsilon is None:
        return ""
    return (
        f" One event costs epsilon {budget.event_epsilon:.4g} at delta {budget.event_delta:g} here; in all releases "
        f"that may share one, {budget.spent_event_epsilon:.4g} of {budget.lifetime_event_epsilon:g} at delta "
        f"{budget.lifetime_event_delta:g}."
    )


def _columns() -> str:
    rows = [f"| `{name}` | `{kind}` | {meaning} |" for name, kind, meaning in claims.columns()]
    return "\n".join(["| column | type | meaning |", "|---|---|---|", *rows])
