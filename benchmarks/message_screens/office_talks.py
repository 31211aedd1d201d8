"""Conversations for screens of office applications, and how such a screen is labelled (people are synthetic).

A line is somebody else's, was typed by the recorder in this session, or was written by the recorder earlier.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from benchmarks.message_screens.screens import Made, Node, Talk

ME = "Sanne Terhorst"
NAMES = (ME, "Terhorst, Sanne", "sterhorst", "sanne.terhorst@acme.example")
"""Names of the recorder that a directory of the organisation holds."""
_CLOCK = ("10:42", "9:05 AM", "Yesterday", "3 hours ago", "4 Nov", "12.11.2026", "Tue 14:07", "now")
_CONTROLS = frozenset("Button,TabItem,MenuItem,AXButton,button,tab,menuitem,push button,menu item,page tab".split(","))
_TYPED, _EARLIER, _BRIEF = 0.3, 0.45, 0.3


@dataclass(frozen=True)
class OfficeTalk(Talk):
    """A conversation of which the recorder wrote some lines before the session began."""

    earlier: frozenset[str] = frozenset()

    @property
    def others(self) -> list[tuple[str, str]]:
        """Lines of the others with their names."""
        return [(who, line) for who, line, own in self.said if not own]

    @property
    def past(self) -> list[str]:
        return [line for _, line, _ in self.said if line in self.earlier]

    @property
    def own(self) -> list[str]:
        return [line for _, line, own in self.said if own and line not in self.earlier]

    def clock(self) -> str:
        return self.draw.choice(_CLOCK)


@dataclass(frozen=True)
class Cast:
    """People of the conversations of a family, and their words: sentences, and short lines by language."""

    people: Sequence[str]
    sentences: Path
    short: Mapping[str, str]


_OFFICE = Cast(
    (
        "Henrike Vossmann",
        "Tobi\u00e1\u0161 K\u0159enek",
        "Mireille Aubrac",
        "Oluwaseun A.",
        "\ubc15\uc11c\uc5f0",
        "dkowalska",
        "Priya (Support)",
        "Gordon Pell, Facilities",
    ),
    Path(__file__).with_name("office_sentences.txt"),
    {
        "en": "works for me|lgtm|on it|no, sorry",
        "de": "passt|mach ich|leider nein|bin dran",
        "fr": "\u00e7a marche|bien re\u00e7u|pas possible|j'arrive",
        "cs": "jasn\u011b, d\u00edky|nejde to|hned tam jsem|plat\u00ed",
        "ko": "\ub124 \uc54c\uaca0\uc2b5\ub2c8\ub2e4|\uc88b\uc544\uc694|\uc548 \ub429\ub2c8\ub2e4|\uac00\ub294 \uc911",
    },
)


def draw_talk(draw: Random) -> OfficeTalk:
    """Draw a conversation of colleagues in one language."""
    return draw_from(_OFFICE, draw)


def draw_from(cast: Cast, draw: Random) -> OfficeTalk:
    """Draw a conversation of a cast in one language."""
    pool: dict[str, list[str]] = {}
    for row in cast.sentences.read_text(encoding="utf-8").splitlines():
        language, _, text = row.partition("|")
        pool.setdefault(language, []).append(text)
    language = draw.choice(sorted(pool))
    people = draw.sample(cast.people, draw.randint(1, 3))
    lines = draw.sample(pool[language], draw.randint(3, 8))
    own = {line for line in lines[1:] if draw.random() < _TYPED}
    earlier = frozenset(line for line in lines if line in own and draw.random() < _EARLIER)
    brief = [draw.choice(cast.short[language].split("|"))] if draw.random() < _BRIEF else []
    said = [(draw.choice(people), line, line in own) for line in [*lines, *brief]]
    return OfficeTalk(language, tuple(said), draw, earlier)


def name_writer(who: str, *, own: bool, me: str = ME) -> str:
    return me if own else who


def show(
    talk: OfficeTalk,
    nodes: Sequence[Node],
    app: str,
    title: str,
    url: str = "",
    *,
    lines: Sequence[str] = (),
    incoming: Sequence[str] | None = None,
    own: Sequence[str] | None = None,
    earlier: Sequence[str] | None = None,
    typed: Sequence[str] | None = None,
) -> Made:
    """Label a screen: what is not told is shown as it was said."""
    names = [node["name"] for node in nodes if node["role"] in _CONTROLS and node["name"]]
    controls = [name for name in names if not any(line in name for _, line, _ in talk.said)]
    return Made(
        talk.language,
        tuple(nodes),
        [line for _, line in talk.others] if incoming is None else incoming,
        talk.own if own is None else own,
        lines,
        app,
        url,
        talk.own if typed is None else typed,
        title=title,
        earlier=talk.past if earlier is None else earlier,
        controls=controls,
    )
