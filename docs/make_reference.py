"""The reference pages that are made from the code: ``python -m docs.make_reference docs`` writes them."""

import ast
import dataclasses
import inspect
import sys
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from enum import Enum
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa

from docs.event_tables import columns_by_kind, entities
from pipelines.cli.main import COMMANDS
from pipelines.cli.parser import Parser, build_parser
from pipelines.config import RunConfig
from schemas.aggregates import NoisyAggregate
from schemas.raw import KINDS, LOG_SCHEMA
from schemas.rejects import Reason
from schemas.safe import EVENTS_SCHEMA, SCHEMA_VERSION, SESSIONS_SCHEMA, TRACE_SCHEMA
from schemas.tally import Outcome
from transforms.aggregate.queries import QUERIES
from transforms.ingest.formats.registry import ADAPTERS
from transforms.ingest.parsing.log_rules import ALLOWED, LENGTHS, RANGES, REQUIRED, WORDS

_RAW = (
    "## Raw log\nOne JSON object a line; a field that is not named here is refused. All kinds: `session_id`, `seq`, "
    "`kind`, and optionally `user_id`, `device_id`, `t_us`.\n"
)
_SETTINGS = (
    "Settings are read from a YAML file (`--config`), nested by their dots, or set one by one (`--set a.b=value`); an\n"
    "unknown name is an error. All but those of `consent` and `basis` enter the release's digest: another value makes\n"
    "another release. Defaults of `noise` and `aggregates` are those of `transforms/privacy/policy.yaml`, with reasons."
)
_COMMANDS = (
    "Each command also takes `--help` and `--json` (a machine-readable result on stdout). `keyveil --version`\n"
    "says version and code; `keyveil completion bash|zsh` lets a shell complete words. Options are written\n"
    "out in full; a mistyped command, option or setting is refused, and the nearest one is named.\n\n"
    "Exit codes: 0 done; 1 done, but some input was set aside; 2 wrong use or configuration; 3 refused (paused,\n"
    "budget, consent, keys, bucket); 4 failed. One line on standard error says why and what to do:\n"
    "[runbook](runbook.md)."
)
_FORMATS = (
    "A format is known by how a file begins, unpacked where it is gzip or Zstandard, and not by its name; the raw\n"
    "log alone is known by its name, and asked last. `--format` names one. A recording is one session of the user\n"
    "that `--user` or `--subjects` names. What is not in these tables is refused, by file, line, field and rule, and\n"
    "kept in the quarantine; what is left out is counted in the summary. Each text of the samples is told, or these\n"
    "tables name what becomes of it: a test finds them with other parsers. Nothing in a file is run, and no\n"
    "recorder's own library is loaded. A recording in a bucket other than a raw log needs `--format`.\n\n"
    "Screenshots are left out unless `ingest.ocr` is on (`pip install 'keyveil[ocr]'`). Then the last one before each\n"
    "action becomes a `screen` with a node a line, in a table as wide as its cell, where the recorder tells no text\n"
    "of the screen itself; the others are counted: `screenshot_between_actions`, `screenshot_beside_text`,\n"
    "`screenshot_unchanged`, `screenshot_without_text`, `screenshot_over_allowance`, `screenshot_too_large`,\n"
    "`screenshot_too_dense` (more than 5,000 lines), `screenshot_unreadable`.\n\n"
    "Of the videos beside recordings of `agentnet`, `openadapt` and `owamcap` (MP4 or Matroska with H.264, HEVC, VP8,\n"
    "VP9 or AV1), the frames at actions are read likewise, and the others counted by the same names. `video_frame`\n"
    "counts frames whose video is not there, may not be read or was not asked for, `video_unreadable` those of a\n"
    "damaged or another video, or at a time of which it shows none, `video_too_large` those of more than\n"
    "`ingest.ocr_pixels` or 15,000,000 pixels, or of more than 8 GiB, `video_over_allowance` those that cost too\n"
    "much, `video_stalled` those whose decoder did not answer within 20 minutes and was ended. Other\n"
    "videos, and those in buckets, are not opened."
)
_TABLES = (
    "One folder a query (`aggregates/<query>`): key columns, then `count`, a whole\n"
    "number with discrete Gaussian noise, hence also negative; its standard deviation is `keyveil.sigma` of the\n"
    "metadata of the file. Where keys are lower edges of bins, a bin ends at the next one. The app `private` is what\n"
    "the policy denies, `other` what is not admitted. A query with bins has a second table, `<query>_quantiles`, that\n"
    "follows from its noisy counts."
)
_MADE = "<!-- made by: make docs -->\n"


def pages() -> Mapping[str, str]:
    """Return each page's content by file name."""
    return {
        "data-dictionary.md": data_dictionary(),
        "configuration.md": configuration(),
        "commands.md": commands(),
        "formats.md": formats(),
    }


def formats() -> str:
    """List the formats of recordings and what becomes of their records, as Markdown."""
    parts = [f"# Formats of recordings\n\n{_MADE}\n{_FORMATS}\n"]
    for adapter in ADAPTERS:
        parts.append(f"## `{adapter.name}`\n{adapter.summary}.\n\n| recorded | becomes |\n|---|---|")
        parts += [f"| {item.source} | {item.becomes} |" for item in adapter.mapping]
        parts.append("")
    return "\n".join(parts)


def data_dictionary() -> str:
    """List the fields of a raw log and the columns of a release, as Markdown."""
    parts = [
        f"# Data dictionary\n\n{_MADE}",
        _RAW,
        *(_kind(kind) for kind in KINDS),
        "### Limits\n" + "\n".join(_limits()) + "\n",
        f"## Released events\nSchema version {SCHEMA_VERSION}. One row a released event.\n\n" + _columns(EVENTS_SCHEMA),
        columns_by_kind(),
        "## Released sessions\n" + _columns(SESSIONS_SCHEMA),
        f"## Aggregates\n{_first_line(NoisyAggregate)} {_TABLES}\n\n" + "\n".join(_queries()) + "\n",
        "## Trace (private state, on request)\n" + _columns(TRACE_SCHEMA),
        entities(),
        "## What becomes of a source event\nExactly one of " + ", ".join(f"`{outcome}`" for outcome in Outcome) + ".\n",
        "## Why something is set aside\n" + ", ".join(f"`{reason}`" for reason in Reason) + "\n",
    ]
    return "\n".join(parts)


def _queries() -> Iterator[str]:
    yield "| query | keys | one count is |\n|---|---|---|"
    for query in QUERIES:
        keys = ", ".join(f"`{name}`" for name, _ in query.keys)
        edges = next((f" (lower edges: {', '.join(map(str, words))})" for _, words in query.keys if query.bins), "")
        yield f"| `{query.name}` | {keys}{edges} | {query.meaning} |"


def commands() -> str:
    """Return every command with its arguments, as Markdown."""
    parts = [f"# Commands\n\n{_MADE}\n{_COMMANDS}\n"]
    parts += [
        f"## {parser.prog}\n{_markdown(parser.description or '')}.\n\n{_arguments(parser)}" for parser in leaves()
    ]
    return "\n".join(parts)


def leaves(parser: Parser | None = None) -> Iterator[Parser]:
    """Yield the parser of each command, in the order of ``keyveil --help``."""
    top = parser or build_parser(COMMANDS)
    for below in top.below.values():
        yield from leaves(below)
    if not top.below:
        yield top


def _arguments(parser: Parser) -> str:
    rows = []
    for action in parser.list_actions():
        if "--help" in action.option_strings or "--json" in action.option_strings:
            continue
        value = "" if action.nargs == 0 else action.metavar or "|".join(map(str, action.choices or ()))
        name = _markdown(" ".join([", ".join(action.option_strings), str(value)]).strip())
        required = "required" if action.required and action.nargs != "*" else ""
        rows.append(f"| `{name}` | {required} | {_markdown(action.help or '')} |")
    return "\n".join(["| argument | | meaning |", "|---|---|---|", *rows]) + "\n" if rows else "It takes no argument.\n"


class Setting(NamedTuple):
    """Setting by its dotted name, with the text of its field."""

    name: str
    kind: str
    default: str
    meaning: str


def configuration() -> str:
    """Return every setting with its type, default and meaning, as Markdown."""
    meanings = describe_fields(RunConfig)
    found = list(settings())
    parts = [f"# Configuration\n\n{_MADE}\n{_SETTINGS}\n", _table_of_settings(found[:1])]
    for group, meaning in meanings.items():
        rows = [item for item in found if item.name.startswith(f"{group}.")]
        if rows:
            parts.append(f"## {group}\n{_markdown(meaning)}\n\n{_table_of_settings(rows)}")
    return "\n".join(parts)


def settings() -> Iterator[Setting]:
    """Yield every setting of a run, the purpose first."""
    return _settings(RunConfig, "")


def describe_fields(kind: type) -> dict[str, str]:
    """Read the string below each field of a dataclass; a field without one has an empty text."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(kind))).body[0]
    assert isinstance(tree, ast.ClassDef)  # noqa: S101 - for the type checker
    texts: dict[str, str] = {}
    for node, below in zip(tree.body, [*tree.body[1:], None], strict=True):
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            is_text = isinstance(below, ast.Expr) and isinstance(below.value, ast.Constant)
            texts[node.target.id] = " ".join(str(below.value.value).split()) if is_text else ""
    return texts


def _table_of_settings(found: Sequence[Setting]) -> str:
    rows = [f"| `{item.name}` | {item.kind} | {item.default} | {_markdown(item.meaning)} |" for item in found]
    return "\n".join(["| setting | type | default | meaning |", "|---|---|---|---|", *rows]) + "\n"


def _markdown(text: str) -> str:
    return text.replace("``", "`").replace("|", "\\|")


def _kind(kind: str) -> str:
    common = REQUIRED["session"] | ALLOWED["session"] & ALLOWED["focus"]
    needed = [_field(kind, name) for name in LOG_SCHEMA.names if name in REQUIRED[kind] - common]
    optional = [_field(kind, name) for name in LOG_SCHEMA.names if name in ALLOWED[kind] - REQUIRED[kind] - common]
    return (
        f"### `{kind}`\nRequired: {', '.join(needed) or 'nothing more'}. Optional: {', '.join(optional) or 'none'}.\n"
    )


def _field(kind: str, name: str) -> str:
    words = WORDS.get((kind, name))
    shown = " or ".join(words) if words else _type(LOG_SCHEMA.field(name).type)
    return f"`{name}` ({shown})"


def _limits() -> Iterator[str]:
    for name, (low, high) in RANGES.items():
        yield f"- `{name}`: {low:,} to {high:,}"
    for name, (low, high) in LENGTHS.items():
        yield f"- `{name}`: {low:,} to {high:,} bytes of UTF-8"


def _columns(schema: pa.Schema) -> str:
    lines = ["| column | type | meaning | sensitivity |", "|---|---|---|---|"]
    for column in schema:
        notes = {key.decode(): value.decode() for key, value in (column.metadata or {}).items()}
        meaning, sensitivity = notes.get("description", ""), notes.get("sensitivity", "")
        lines.append(f"| `{column.name}` | {_type(column.type)} | {meaning} | {sensitivity} |")
    return "\n".join(lines) + "\n"


def _type(kind: pa.DataType) -> str:
    if pa.types.is_dictionary(kind):
        return f"dictionary of {kind.value_type}"
    if pa.types.is_list(kind):
        return f"list of {_type(kind.value_type)}"
    if pa.types.is_struct(kind):
        return "{" + ", ".join(f"{item.name}: {_type(item.type)}" for item in kind) + "}"
    return str(kind)


def _settings(kind: type, prefix: str) -> Iterator[Setting]:
    meanings = describe_fields(kind)
    for item in dataclasses.fields(kind):
        name, meaning = f"{prefix}{item.name}", meanings[item.name]
        if dataclasses.is_dataclass(item.type) and isinstance(item.type, type):
            yield from _settings(item.type, f"{name}.")
            continue
        default = item.default_factory() if item.default_factory is not dataclasses.MISSING else item.default
        if isinstance(default, dict) and default:
            yield from _entries(default, f"{name}.", meaning)
        else:
            yield Setting(name, _kind_of_setting(item.type), _default(default), meaning)


def _entries(default: Mapping[str, object], prefix: str, meaning: str) -> Iterator[Setting]:
    """Yield the settings of a group whose names are fixed by its default."""
    for name, value in default.items():
        if dataclasses.is_dataclass(value) and not isinstance(value, type):
            for part, text in describe_fields(type(value)).items():
                entry = getattr(value, part)
                yield Setting(f"{prefix}{name}.{part}", type(entry).__name__, _default(entry), text)
        else:
            yield Setting(f"{prefix}{name}", type(value).__name__, _default(value), meaning)


def _kind_of_setting(kind: object) -> str:
    if isinstance(kind, type) and issubclass(kind, Enum):
        return " or ".join(f"`{choice.value}`" for choice in kind)
    if isinstance(kind, type):
        return kind.__name__ if not hasattr(kind, "__args__") else str(kind)
    return str(kind).replace("typing.", "").replace("|", "\\|")


def _default(value: object) -> str:
    if isinstance(value, Enum):
        return f"`{value.value}`"
    if value is None or value in ((), {}):
        return "none"
    return f"`{value}`"


def _first_line(kind: type) -> str:
    return (kind.__doc__ or "").partition("\n")[0]


if __name__ == "__main__":
    for name, content in pages().items():
        (Path(sys.argv[1]) / name).write_text(content, encoding="utf-8")
