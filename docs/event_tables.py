"""Tables of the data dictionary about rows: the columns of each kind, and the replacement of each entity."""

from collections.abc import Mapping

from schemas.aggregates import OTHER, RARE_NAME
from schemas.entities import EntityType
from schemas.redaction_reasons import REASONS
from schemas.safe import EVENTS_SCHEMA
from transforms.redact.settings import RedactSettings, Treatment
from transforms.redact.surrogates.reserved_values import FORMS, placeholder

EVERY_ROW = ("session", "user", "seq", "t_ms", "kind", "synthetic", "redactions")
"""Columns of rows of all kinds."""

COLUMNS_BY_KIND: Mapping[str, tuple[str, ...]] = {
    "focus": ("app", "title", "url", "window"),
    "task": ("title", "name", "text"),
    "field": ("role", "field", "name"),
    "key": ("action", "modifiers", "field", "key", "code"),
    "pointer": tuple("action modifiers button role place node screen x y dx dy to_x to_y box to_box name".split()),
    "screen": ("same_as", "window", "text", "nodes"),
    "clipboard": ("action", "field", "text"),
    "text_input": ("field", "text"),
}
"""Columns that may have a value on rows of a kind, besides those of every row."""

_DRAW = 0x5EED_0123_4567_89AB_CDEF
"""Any number: surrogates are drawn with a key of the session."""

_KINDS = (
    "A column is null on rows of other kinds; on all stand " + ", ".join(f"`{name}`" for name in EVERY_ROW) + ".\n"
    "So a filter such as `app == ...` keeps `focus` rows alone: what follows one, up to the next, is done in that\n"
    "application (`keyveil.actions` and `keyveil.steps` tell it with each action). Of a `task`, `text` is the\n"
    "instruction, `title` the goal and `name` the outcome."
)
_ENTITIES = (
    "`column` of a redaction is `text`, `title`, `url`, `app` or `name`, or of a node `nodes.name` or `nodes.value`,\n"
    "where `node` is its index. `rule` and `score` (how sure such a finding usually is) follow from the entity.\n"
    "A surrogate is made up, the same for the same value in its session; the examples are synthetic. Settings may put\n"
    "markers in place of surrogates (`redact.treatments`)."
)


def columns_by_kind() -> str:
    """List the columns that stand on rows of each kind, as Markdown."""
    order = {name: place for place, name in enumerate(EVENTS_SCHEMA.names)}
    rows = [
        f"| `{kind}` | {' '.join(f'`{name}`' for name in sorted(names, key=order.__getitem__))} |"
        for kind, names in COLUMNS_BY_KIND.items()
    ]
    return "\n".join([f"### Columns by kind of row\n{_KINDS}\n", "| kind | columns |", "|---|---|", *rows]) + "\n"


def entities() -> str:
    """List each entity with its rule, its score and its replacement, as Markdown."""
    names = [*(entity.value for entity in EntityType), RARE_NAME]
    rows = [f"| `{name}` | {REASONS[name].rule} | {REASONS[name].score} | {_replacement(name)} |" for name in names]
    head = ["| entity | rule | score | becomes |", "|---|---|---|---|"]
    return "\n".join([f"## Entity types\n{_ENTITIES}\n", *head, *rows]) + "\n"


def _replacement(name: str) -> str:
    if name == RARE_NAME:
        return f"`{OTHER}`: a name of an application or a site that too few people share"
    entity = EntityType(name)
    if entity not in FORMS or RedactSettings().treatment(entity) is Treatment.PLACEHOLDER:
        return f"marker `{placeholder(entity)}`"
    return f"surrogate: `{FORMS[entity].make(_DRAW)}`"
