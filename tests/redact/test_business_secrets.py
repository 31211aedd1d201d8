"""Secrets of the organisation in whole sessions: none is left, one value has one surrogate, nothing tells a value."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.entities import BUSINESS, EntityType, Span, Text, TextKind
from schemas.errors import UsageError
from transforms.redact import explain
from transforms.redact.detect import build
from transforms.redact.detect.business.detect_business import BusinessDetector, business_sources
from transforms.redact.detect.detector import UnionDetector
from transforms.redact.results import RedactionResult
from transforms.redact.settings import RedactSettings
from transforms.redact.surrogates.reserved_values import surrogates_in
from transforms.redact.text.word_lists import common_words

Row = dict[str, Any]
Run = Callable[..., RedactionResult]

WORLDS = (
    {
        "org": "Acme",
        "form": "Acme Corp",
        "low": "acme",
        "project": "Zelkova",
        "repo": "rocket-engine",
        "id": "QZRT-123",
    },
    {
        "org": "Vandermolen",
        "form": "Vandermolen Holding BV",
        "low": "vandermolen",
        "project": "Tamarisk",
        "repo": "qofjord",
        "id": "WKL-4",
    },
)
TEXTS = (
    "the contract with {form} is signed",
    "mail it to {org}",
    "https://github.com/{low}/{repo}/pull/3",
    "git clone git@github.com:{low}/{repo}.git",
    "cd {repo}",
    "project {project} is late",
    "see {id} in #{low}-launch",
    "{id}: fix",
)
BOTH = {"classes": ("personal", "business")}
MARKERS = RedactSettings(treatments={entity.value: "placeholder" for entity in EntityType})


@pytest.fixture(scope="module")
def finds(tmp_path_factory: pytest.TempPathFactory) -> UnionDetector:
    """Return a detector of the class alone, with the names of both worlds in its lists."""
    folder = tmp_path_factory.mktemp("lists")
    for name, part in (("organisations", "form"), ("projects", "project")):
        (folder / name).write_text("\n".join(world[part] for world in WORLDS), encoding="utf-8")
    chosen = RedactSettings(
        **BOTH,
        organisations=str(folder / "organisations"),
        projects=str(folder / "projects"),
    )
    return UnionDetector((BusinessDetector(chosen),), common_words(), 200_000)


def typed(text: str) -> list[Row]:
    return [
        {"kind": "field", "field_id": "f", "role": "textbox", "label": "Note", "multiline": True},
        *(
            {"kind": "key", "action": action, "key": key, "code": None, "modifiers": [], "field_id": "f"}
            for key in text
            for action in ("down", "up")
        ),
    ]


def session(texts: Sequence[str], world: dict[str, str]) -> list[Row]:
    filled = [text.format(**world) for text in texts]
    rows: list[Row] = [{"kind": "focus", "app": "code", "title": f"main.py - {world['repo']} - Visual Studio Code"}]
    rows += [{"kind": "screen", "source": "ocr", "text": text} for text in filled]
    rows += [{"kind": "focus", "app": "web", "title": "x", "url": f"https://github.com/{world['low']}/{world['repo']}"}]
    return rows + typed(filled[0])


def released(result: RedactionResult) -> list[Row]:
    assert result.withheld == ()
    rows: list[Row] = result.sessions.table.drop_columns(["t_us"]).to_pylist()
    return rows


def words(rows: Sequence[Row]) -> list[str]:
    return [row[name] for row in rows for name in ("text", "title", "url") if row[name]]


@settings(max_examples=10, deadline=None)
@given(st.lists(st.sampled_from(TEXTS), min_size=1, max_size=5))
def test_two_worlds_with_other_secrets_are_released_alike(redact: Run, finds: UnionDetector, texts: list[str]) -> None:
    one, other = (released(redact(session(texts, world), finds, MARKERS)) for world in WORLDS)
    assert one == other


@pytest.mark.parametrize("world", WORLDS)
def test_no_secret_is_left_and_each_has_one_surrogate(redact: Run, finds: UnionDetector, world: dict[str, str]) -> None:
    rows = released(redact(session(TEXTS, world), finds))
    shown = "\n".join(words(rows))
    for value in world.values():
        assert value.casefold() not in shown.casefold()
    keys = "".join(row["key"] for row in rows if row["kind"] == "key" and row["action"] == "down" and row["key"])
    assert world["low"] not in keys.lower()
    made: dict[EntityType, set[str]] = {}
    for span in surrogates_in(shown):
        made.setdefault(span.entity, set()).add(shown[span.start : span.end].casefold())
    assert set(made) == BUSINESS
    assert {entity: len(values) for entity, values in made.items()} == dict.fromkeys(BUSINESS, 1)
    assert any(text.startswith("https://github.com/") and "/pull/3" in text for text in words(rows))


def test_redacted_text_that_comes_in_again_stays(redact: Run, finds: UnionDetector) -> None:
    once = [row["text"] for row in released(redact(session(TEXTS, WORLDS[0]), finds)) if row["kind"] == "screen"]
    again = redact([{"kind": "screen", "source": "ocr", "text": text, "session_id": "other"} for text in once], finds)
    assert [row["text"] for row in released(again)] == once


def test_an_id_in_small_letters_is_known_by_another_of_its_prefix(redact: Run, finds: UnionDetector) -> None:
    texts = ["see QZRT-123", "branch qzrt-9-totals, qzrt-0 and sha-256"]
    first, second = released(redact([{"kind": "screen", "source": "ocr", "text": text} for text in texts], finds))
    assert "QZRT" not in first["text"]
    assert "qzrt-9" not in second["text"]
    assert second["text"].endswith("-totals, qzrt-0 and sha-256")
    (alone,) = released(redact([{"kind": "screen", "source": "ocr", "text": texts[1]}], finds))
    assert alone["text"] == texts[1]


def test_a_repository_that_is_an_ordinary_word_goes_where_it_is_a_repository(redact: Run, finds: UnionDetector) -> None:
    texts = ["https://github.com/qorvexa/website", "open the website", "the qorvexa plan"]
    first, second, third = released(
        redact([{"kind": "screen", "source": "ocr", "text": text} for text in texts], finds)
    )
    assert "website" not in first["text"]
    assert second["text"] == "open the website"
    assert "qorvexa" not in third["text"]


@pytest.mark.parametrize(("owner", "stays"), [("qzx", True), ("qzxw", False)])
def test_an_owner_of_four_letters_or_more_is_sought_elsewhere(
    redact: Run, finds: UnionDetector, owner: str, stays: bool
) -> None:
    texts = [f"https://github.com/{owner}/rocket", f"the {owner} plan"]
    _, second = released(redact([{"kind": "screen", "source": "ocr", "text": text} for text in texts], finds))
    assert (second["text"] == texts[1]) is stays


def test_an_organisation_that_a_mail_address_names_has_one_surrogate(redact: Run, finds: UnionDetector) -> None:
    text = "ana@blue-heron.example of Blue Heron, see https://blue-heron.example/news"
    (row,) = released(redact([{"kind": "screen", "source": "ocr", "text": text}], finds))
    assert "heron" not in row["text"].casefold()
    shown = {row["text"][span.start : span.end].casefold() for span in surrogates_in(row["text"])}
    assert len({name.replace("-", "").replace(" ", "") for name in shown}) == 1


def test_a_preview_says_why_a_secret_went(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(explain, "recognizers", tuple)
    spans = [Span(4, 12, EntityType.TICKET, 0.8), Span(16, 20, EntityType.PERSON, 0.9)]
    assert explain.Explainer(0.35).reasons("see QZRT-123 of Zora", spans) == [(explain.ORGANISATION,), (explain.NAMES,)]


def test_the_class_is_off_unless_asked_for() -> None:
    assert business_sources(RedactSettings()) == ()
    assert len(business_sources(RedactSettings(classes=("business", "personal")))) == 1


class Part:
    """A source that finds nothing."""

    def __init__(self, chosen: RedactSettings) -> None:
        self.profile = chosen.profile

    def detect(self, texts: Sequence[Text]) -> list[tuple[Span, ...]]:
        return [()] * len(texts)

    def digest(self) -> str:
        return self.profile


def test_it_is_one_of_the_sources_where_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PatternDetector", "NamedEntityDetector"):
        monkeypatch.setattr(build, name, Part)
    off, on = (build.build_detector(RedactSettings(classes=classes)) for classes in (("personal",), BOTH["classes"]))
    text = Text("see QZRT-123", TextKind.SCREEN)
    assert off.detect([text]) == [()]
    assert [span.entity for span in on.detect([text])[0]] == [EntityType.TICKET]
    assert on.digest().startswith(off.digest() + "+")


def test_its_digest_follows_the_lists_and_the_prefixes(tmp_path: Path) -> None:
    lists = tmp_path / "names"
    found = [BusinessDetector(RedactSettings(**BOTH)).digest()]
    found.append(BusinessDetector(RedactSettings(ticket_prefixes=("ZX",), **BOTH)).digest())
    for content in ("Acme\n", "Acme\nBox\n"):
        lists.write_text(content, encoding="utf-8")
        found.append(BusinessDetector(RedactSettings(organisations=str(lists), **BOTH)).digest())
        found.append(BusinessDetector(RedactSettings(projects=str(lists), **BOTH)).digest())
    assert len(set(found)) == 6
    assert BusinessDetector(RedactSettings(ticket_prefixes=("zx",), **BOTH)).digest() == found[1]


@pytest.mark.parametrize("classes", [(), ("business",), ("personal", "trade")])
def test_personal_values_always_go(classes: tuple[str, ...]) -> None:
    with pytest.raises(UsageError, match=r"redact\.classes must be \[personal\] or \[personal, business\]"):
        RedactSettings(classes=classes)


@pytest.mark.parametrize(
    ("name", "value"), [("organisations", "x.txt"), ("projects", "x.txt"), ("ticket_prefixes", ("AB",))]
)
def test_a_list_without_the_class_is_an_error(name: str, value: Any) -> None:
    with pytest.raises(UsageError, match=rf"redact\.{name} needs the class business"):
        RedactSettings(**{name: value})


@pytest.mark.parametrize(("prefix", "fine"), [("A", True), ("A123456789", True), ("A1234567890", False), ("1A", False)])
def test_a_prefix_is_letters_and_digits(prefix: str, *, fine: bool) -> None:
    if fine:
        RedactSettings(**BOTH, ticket_prefixes=(prefix,))
    else:
        with pytest.raises(UsageError, match=r"redact\.ticket_prefixes"):
            RedactSettings(**BOTH, ticket_prefixes=(prefix,))
