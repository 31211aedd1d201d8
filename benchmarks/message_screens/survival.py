"""Count what ``withhold_incoming`` leaves of the messages on screens, and what it takes from other texts."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.message_screens.screens import Layout, Made, Talk
from transforms.redact.bystanders.known_windows import KnownWindows
from transforms.redact.bystanders.own_text.earlier_texts import EarlierTexts, TimedTexts, is_long, split_words
from transforms.redact.bystanders.own_text.own_words import OwnWords, squash
from transforms.redact.bystanders.recorder_names import ListedNames
from transforms.redact.bystanders.senders.own_messages import NOBODY
from transforms.redact.bystanders.withhold import rewrite_session
from transforms.redact.settings import UnknownWindows
from transforms.sites.addresses import host_of_page
from transforms.vocabulary import shows_no_messages

_SENTENCES = Path(__file__).parents[1] / "wild_sentences.txt"
_ENGLISH = (
    "Could you look at the draft before noon?",
    "I told her that we cannot pay that much.",
    "the plumber comes on Thursday",
    "My son is ill, so I stay at home.",
    "nobody tells the board until Monday",
    "see you at the lake then",
    "We lost the key to the archive again, sorry.",
    "thank you so much for the help",
)
_SHORT = ("ok thanks", "haha no way", "gern", "merci beaucoup", "yes please", "not today")
_PEOPLE = (
    "Ilse Brandhofer",
    "Ravi",
    "Marta V.",
    "J\u00f3zef Nowak",
    "Anne-Marie Duval",
    "\u4f50\u85e4 \u5065",
    "@tomek",
    "Dr. Okonkwo",
)
_RESAMPLES, _TAIL = 2_000, 0.025
_PIECE = 12
"""Letters of a line that are a part of it."""
_OFTEN = 0.3
"""Share of lines that the recorder typed, and of talks with a word in passing."""
_FILL = {"{name}": "Marek", "{phone}": "555 0199", "{address}": "Elm Road 4"}


@dataclass
class Figures:
    """Counts of one family."""

    counts: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    layouts: dict[str, Counter[str]] = field(default_factory=dict)

    def share(self, part: str, whole: str) -> float:
        return self.counts[part] / max(self.counts[whole], 1)


def sentences() -> dict[str, list[str]]:
    """Return the sentences by language, with made-up values."""
    found: dict[str, list[str]] = {"en": list(_ENGLISH)}
    for line in _SENTENCES.read_text(encoding="utf-8").splitlines():
        language, _, text = line.partition("|")
        for slot, value in _FILL.items():
            text = text.replace(slot, value)
        found.setdefault(language, []).append(text)
    return found


def talk(draw: Random, pool: dict[str, list[str]]) -> Talk:
    """Draw a conversation: who says what and when, and which lines the recorder typed."""
    language = draw.choice(sorted(pool))
    people = draw.sample(_PEOPLE, draw.randint(1, 3))
    lines = draw.sample(pool[language], min(draw.randint(2, 7), len(pool[language])))
    typed = {line for line in lines[1:] if draw.random() < _OFTEN}
    short = [draw.choice(_SHORT)] if draw.random() < _OFTEN else []
    said = [(draw.choice(people), line, line in typed) for line in [*lines, *short]]
    return Talk(language, tuple(said), draw)


def measure(
    makers: Sequence[Layout],
    screens: int,
    seed: int,
    unknown: UnknownWindows,
    *,
    converse: Callable[[Random], Talk] | None = None,
    change: Callable[[Made], Made] | None = None,
    listed: ListedNames = NOBODY,
    typed_before: bool = False,
) -> Figures:
    """Draw ``screens`` screens of each layout and count what is left of them.

    With ``typed_before`` the recorder's earlier lines were typed in another session of the same run.
    """
    pool, found = sentences(), Figures()
    for number, layout in enumerate(makers):
        of_layout = Figures(wrong=found.wrong)
        for turn in range(screens):
            draw = Random(f"{seed} {number} {turn}")  # noqa: S311 - a sample, no secret
            said = converse(draw) if converse else talk(draw, pool)
            made = layout(said)
            earlier = _list_whole(said, made.earlier) if typed_before else ()
            shown = change(made) if change else made
            _count(layout.__name__, shown, KnownWindows(unknown=unknown), of_layout, listed, earlier=earlier)
        found.layouts[layout.__name__] = of_layout.counts
        found.counts += of_layout.counts
    return found


def hide_name(made: Made) -> Made:
    """Show a screen in a window that nothing names."""
    nodes = [{**made.nodes[0], "name": "Acme"}, *made.nodes[1:]] if made.nodes else ()
    app, url = ("firefox", "https://apps.acme.example/7") if made.url else ("acmeapp", "")
    return replace(made, nodes=nodes, app=app, url=url, title="")


def show_text(made: Made) -> Made:
    """Show a screen as text alone, a line for each text of its nodes."""
    texts = [text for item in made.nodes for part in (item["name"], item["value"]) if part for text in part.split("\n")]
    return replace(made, nodes=(), lines=[*made.lines, *texts])


def _stays_in_part(line: str, left: str, allowed: str) -> bool:
    """Tell whether a piece of a line stays that is in no text which may stay."""
    pieces = (line[at : at + _PIECE] for at in range(max(len(line) - _PIECE, 0) + 1))
    return any(piece in left and piece not in allowed for piece in pieces)


def _list_whole(said: Talk, pieces: Sequence[str]) -> list[str]:
    """List the lines of a talk of which pieces are shown, as they were typed: a screen cuts and breaks them."""
    lines = [line for _, line, _ in said.said]
    found = [line for line in lines if any(squash(piece) in squash(line) for piece in pieces)]
    return [*found, *(piece for piece in pieces if not any(squash(piece) in squash(line) for line in lines))]


def _count(
    name: str, made: Made, windows: KnownWindows, found: Figures, listed: ListedNames, *, earlier: Sequence[str]
) -> None:
    before = TimedTexts.of((0, " ".join(split_words(line))) for line in earlier if is_long(line))
    own = OwnWords("\n".join(map(squash, made.typed or made.own)), earlier=EarlierTexts(before, 1))
    rows: list[dict[str, Any]] = [
        {"kind": "focus", "app": made.app, "title": made.title, "url": made.url},
        {"kind": "screen", "text": "\n".join(made.lines), "nodes": [dict(node) for node in made.nodes]},
    ]
    rewrite_session(rows, own, windows, listed=listed)
    after = [text for node in rows[1]["nodes"] for text in (node["name"], node["value"]) if text]
    left = "\n".join([rows[1]["text"], *after])
    allowed = "\n".join([*made.own, *made.earlier, *made.typed, *made.controls])
    for line in made.incoming:
        found.counts["incoming"] += 1
        found.counts["survived"] += line in left
        found.counts["in part"] += _stays_in_part(line, left, allowed)
    found.counts["screens survived"] += any(line in left for line in made.incoming)
    for kind, lines in (("own", made.own), ("earlier", made.earlier), ("controls", made.controls)):
        for line in lines:
            found.counts[kind] += 1
            found.counts[f"{kind} lost"] += line not in left
    if made.incoming:
        if any(line in left for line in made.incoming):
            found.wrong.append(f"SURVIVED {name} {made.language}")
        return
    before = [text for node in made.nodes for text in (node["name"], node["value"]) if text]
    kind = "known" if shows_no_messages(made.app, host_of_page(made.url)) else "others"
    lost = sum(old != new for old, new in zip(before, after, strict=True))
    lost += len(set(made.lines) - set(rows[1]["text"].split("\n")))
    found.counts[f"{kind} texts"] += len(before) + len(set(made.lines))
    found.counts[f"{kind} texts lost"] += lost
    found.counts[kind] += 1
    found.counts[f"{kind} hit"] += lost > 0
    if lost:
        found.wrong.append(f"LOST {name} {made.language}")


def spread_of(found: Figures, part: str, whole: str) -> tuple[float, float]:
    """Return a 95 % interval of a share, by drawing layouts again: lines of a layout stand or fall together."""
    draw, layouts = Random(1), list(found.layouts.values())  # noqa: S311 - a sample, no secret
    shares = []
    for _ in range(_RESAMPLES):
        drawn = draw.choices(layouts, k=len(layouts))
        shares.append(sum(counts[part] for counts in drawn) / max(sum(counts[whole] for counts in drawn), 1))
    shares.sort()
    return shares[int(_TAIL * _RESAMPLES)], shares[int((1 - _TAIL) * _RESAMPLES) - 1]
