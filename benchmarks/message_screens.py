"""Survival of incoming messages, and loss of other text, in windows that no name tells (``withhold_incoming``).

Screens are made up as trees of nodes: messages in layouts of chats, mail, comments, captions and calendars, and other
screens (forms, tables, files, menus, results, logs). Family A was at hand when the rule was written. B, C and D were
each written before the rule was tried on them, and read afterwards where it failed: the figures of their first trial
are in ``docs/measurements.md``. Sentences are those of ``wild_sentences.txt`` in 12 languages, and English. One author
wrote A to F and the rule. ``office`` shows applications that are really used, under their names, with sentences of
``office_sentences.txt`` in five languages; ``office-unnamed`` shows them in windows that nothing names, ``office-text``
without nodes.

Run: python -m benchmarks.message_screens [--screens N] [--unknown structure] [--show]
"""

import argparse
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.message_layouts import FAMILY_A, Layout, Made, Talk
from benchmarks.message_layouts_b import FAMILY_B
from benchmarks.message_layouts_c import FAMILY_C
from benchmarks.message_layouts_d import FAMILY_D
from benchmarks.message_layouts_e import FAMILY_E
from benchmarks.message_layouts_f import FAMILY_F
from benchmarks.office_documents import OFFICE_DOCUMENTS
from benchmarks.office_messages import OFFICE_MESSAGES
from benchmarks.office_remarks import OFFICE_REMARKS
from benchmarks.office_talks import OfficeTalk, draw_talk
from transforms.redact.bystanders.known_windows import KnownWindows
from transforms.redact.bystanders.own_words import OwnWords, squash
from transforms.redact.bystanders.withhold import rewrite_session
from transforms.redact.settings import UnknownWindows
from transforms.sites.addresses import host_of_page
from transforms.vocabulary import shows_no_messages

_SENTENCES = Path(__file__).with_name("wild_sentences.txt")
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
_FAMILIES = {"A": FAMILY_A, "B": FAMILY_B, "C": FAMILY_C, "D": FAMILY_D, "E": FAMILY_E, "F": FAMILY_F}
_OFFICE = (*OFFICE_MESSAGES, *OFFICE_DOCUMENTS, *OFFICE_REMARKS)
_RESAMPLES, _TAIL = 2_000, 0.025
_PIECE = 12
"""Letters of a line that are a part of it."""
_OFTEN = 0.3
"""Share of lines that the recorder typed, and of talks with a word in passing."""
_LINES = (
    ("incoming lines that survive", "survived", "incoming", 0.02),
    ("the same, a piece of 12 letters", "in part", "incoming", 0.02),
    ("own lines that are lost", "own lost", "own", 0.05),
    ("own lines of earlier that are lost", "earlier lost", "earlier", 0.05),
    ("names of controls lost", "controls lost", "controls", 0.05),
    ("texts of other screens lost", "others texts lost", "others texts", 0.05),
    ("other screens that lose anything", "others hit", "others", 0.05),
    ("texts of known windows lost", "known texts lost", "known texts", 0.05),
    ("known windows that lose anything", "known hit", "known", 0.05),
)
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
    converse: Callable[[Random], OfficeTalk] | None = None,
    change: Callable[[Made], Made] | None = None,
) -> Figures:
    """Draw ``screens`` screens of each layout and count what is left of them."""
    pool, found = sentences(), Figures()
    for number, layout in enumerate(makers):
        of_layout = Figures(wrong=found.wrong)
        for turn in range(screens):
            draw = Random(f"{seed} {number} {turn}")  # noqa: S311 - a sample, no secret
            made = layout(converse(draw) if converse else talk(draw, pool))
            _count(layout.__name__, change(made) if change else made, unknown, of_layout)
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


def _count(name: str, made: Made, unknown: UnknownWindows, found: Figures) -> None:
    own = OwnWords("\n".join(map(squash, made.typed or made.own)))
    rows: list[dict[str, Any]] = [
        {"kind": "focus", "app": made.app, "title": made.title, "url": made.url},
        {"kind": "screen", "text": "\n".join(made.lines), "nodes": [dict(node) for node in made.nodes]},
    ]
    rewrite_session(rows, own, KnownWindows(unknown=unknown))
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


_CHANGES: dict[str, Callable[[Made], Made] | None] = {
    "office": None,
    "office-unnamed": hide_name,
    "office-text": show_text,
}


def spread_of(found: Figures, part: str, whole: str) -> tuple[float, float]:
    """Return a 95 % interval of a share, by drawing layouts again: lines of a layout stand or fall together."""
    draw, layouts = Random(1), list(found.layouts.values())  # noqa: S311 - a sample, no secret
    shares = []
    for _ in range(_RESAMPLES):
        drawn = draw.choices(layouts, k=len(layouts))
        shares.append(sum(counts[part] for counts in drawn) / max(sum(counts[whole] for counts in drawn), 1))
    shares.sort()
    return shares[int(_TAIL * _RESAMPLES)], shares[int((1 - _TAIL) * _RESAMPLES) - 1]


def main() -> None:
    """Print the shares of each family."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--screens", type=int, default=40)
    parser.add_argument("--family", choices=[*_FAMILIES, *_CHANGES])
    parser.add_argument("--unknown", choices=list(UnknownWindows), default=UnknownWindows.WITHHOLD)
    parser.add_argument("--show", action="store_true")
    asked = parser.parse_args()
    unknown = UnknownWindows(asked.unknown)
    for family, makers in _FAMILIES.items():
        if asked.family in {None, family}:
            _print(family, measure(makers, asked.screens, 1, unknown), show=asked.show)
    for family, change in _CHANGES.items():
        if asked.family in {None, family}:
            found = measure(_OFFICE, asked.screens, 1, unknown, converse=draw_talk, change=change)
            _print(family, found, show=asked.show)


def _print(family: str, found: Figures, *, show: bool) -> None:
    for what, part, whole, bar in _LINES:
        counts = found.counts
        if not counts[whole]:
            continue
        low, high = spread_of(found, part, whole)
        print(
            f"{family}  {what:<34} {counts[part]:4} of {counts[whole]:5}  {found.share(part, whole):.3f}"
            f" ({low:.3f} to {high:.3f})  bar {bar}"
        )
    if show:
        _print_layouts(found)
        for wrong, count in Counter(found.wrong).most_common(40):
            print(f"   {count:3} {wrong}")


def _print_layouts(found: Figures) -> None:
    for name, counts in found.layouts.items():
        shares = (f"{part} {counts[part]} of {counts[whole]}" for _, part, whole, _ in _LINES if counts[part])
        print(f"   {name}: {', '.join(shares) or 'nothing'}")


if __name__ == "__main__":
    main()
