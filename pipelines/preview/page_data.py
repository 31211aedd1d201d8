"""Content of the preview page: moments, clock, pointer, outcomes and rows, thinned out until the page is small."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from pipelines.preview.marked_text import MarkedTexts, Part
from pipelines.preview.moments import Moments
from pipelines.preview.rehearse import Rehearsal
from schemas.safe import EVENTS_SCHEMA
from schemas.tally import Outcome
from transforms.redact.explain import Explainer
from transforms.redact.rows.structure import CODES

_MOST_POINTS = 1_500


class Thinning(NamedTuple):
    """Most rows, moments and characters of a text on the page."""

    rows: int
    moments: int
    characters: int


LEVELS = (Thinning(5_000, 20_000, 20_000), Thinning(2_000, 10_000, 4_000), Thinning(500, 4_000, 800))
"""From all of a usual session to the little of a huge one."""


def collect_content(rehearsal: Rehearsal, threshold: float) -> dict[str, Any]:
    """Collect all that the page shows, without limit."""
    judged = rehearsal.redacted.judged
    texts = MarkedTexts({} if not judged else judged[0].spans, Explainer(threshold))
    moments = Moments(rehearsal, texts)
    recorded = moments.recorded
    denied = {place for start, end in rehearsal.denied.items() for place in range(start, end)}
    points = [[event["x"], event["y"]] for place, event in enumerate(recorded) if place not in denied]
    return {
        "user": recorded[0]["user_id"],
        "session": recorded[0]["session_id"],
        "unreadable": rehearsal.unreadable,
        "taken_out": rehearsal.taken_out,
        "withheld": [item.rule for item in rehearsal.redacted.withheld],
        "moments": (listed := moments.build()),
        "clock": [[item["at"], item["to"]] for item in listed if item["at"] is not None and item["to"] is not None],
        "pointer": {
            "before": _thin([point for point in points if point[0] is not None]),
            "after": _thin([list(row["box"].values()) for row in rehearsal.rows.to_pylist() if row["box"]]),
        },
        "outcomes": _outcomes(rehearsal, recorded),
        "entities": _entities(listed),
        "columns": [name for name in EVENTS_SCHEMA.names if name not in ("session", "user")],
        "rows": [_row(row) for row in rehearsal.rows.to_pylist()],
        "total": {"rows": rehearsal.rows.num_rows, "events": len(recorded), "moments": len(listed)},
    }


def thin_out(content: Mapping[str, Any], limit: Thinning) -> dict[str, Any]:
    """Cut the content to a limit; the page says how much of the whole it shows."""
    moments = [
        item
        | {
            "texts": [
                text | {side: _cut(text[side], limit.characters) for side in ("before", "after")}
                for text in item["texts"]
            ]
        }
        for item in content["moments"][: limit.moments]
    ]
    rows = [
        {name: value[: limit.characters] if isinstance(value, str) else value for name, value in row.items()}
        for row in content["rows"][: limit.rows]
    ]
    return {**content, "moments": moments, "rows": rows}


def _cut(parts: Sequence[Part], characters: int) -> list[Part]:
    kept: list[Part] = []
    for part in parts:
        text = part if isinstance(part, str) else part[0]
        if len(text) > characters:
            return [*kept, f"{text[:characters]} \u2026 (cut)" if isinstance(part, str) else part]
        characters -= len(text)
        kept.append(part)
    return kept


def _thin(points: list[Any]) -> list[Any]:
    return points[:: max(1, -(-len(points) // _MOST_POINTS))]


def _row(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return the filled columns of a released row, nodes as their number."""
    shown = {name: value for name, value in row.items() if value is not None and name not in ("session", "user")}
    if "nodes" in shown:
        shown["nodes"] = f"{len(shown['nodes'])} nodes"
    if "redactions" in shown:
        shown["redactions"] = ", ".join(
            f"{item['column']} {item['start']}-{item['end']} {item['entity']} ({item['rule']}, {item['score']})"
            for item in shown["redactions"]
        )
    return {name: value for name, value in shown.items() if value is not False and value != []}


def _outcomes(rehearsal: Rehearsal, recorded: Sequence[Mapping[str, Any]]) -> list[list[Any]]:
    """Count what became of the events, by kind: [kind, kept, replaced, merged, suppressed, rejected]."""
    if not rehearsal.redacted.judged or rehearsal.redacted.withheld:
        return [[kind, 0, 0, 0, 0, count] for kind, count in Counter(event["kind"] for event in recorded).items()]
    became = rehearsal.redacted.judged[0].outcome.tolist()
    counts = Counter(zip((event["kind"] for event in recorded), became, strict=True))
    kinds = dict.fromkeys(kind for kind, _ in counts)
    return [[kind, *(counts[kind, CODES[outcome]] for outcome in Outcome)] for kind in kinds]


def _entities(moments: Sequence[Mapping[str, Any]]) -> list[list[Any]]:
    """Count the marked places by entity, reason and class of the score, the most frequent first."""
    counts = Counter(tuple(part[1:]) for part in _list_marked(moments))
    return [[*kind, count] for kind, count in counts.most_common()]


def _list_marked(moments: Sequence[Mapping[str, Any]]) -> Iterator[list[str]]:
    for item in moments:
        parts = [*item.get("deleted", ()), *(part for text in item["texts"] for part in text["before"])]
        yield from (part for part in parts if isinstance(part, list))
