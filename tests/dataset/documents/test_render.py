from dataclasses import replace
from html.parser import HTMLParser

import yaml

from schemas.safe import EVENTS_SCHEMA
from transforms.dataset.coverage import DIRECTION, FOCUS, NAMED, NODE, PLACE, POINTER, SCROLL
from transforms.dataset.documents.render import attach_documents, render_documents
from transforms.dataset.manifest import LeftOutRecord, Manifest, NoiseStatement, ShardRecord

NOISE = NoiseStatement(("x", "y"), "discrete Gaussian <b>", "one pointer event", "replaced", 8.0, 1e-10, "RDP")
FREE = NoiseStatement(("t_ms",), "drawn from a constant model", "user", "any", None, None, "none")
MANIFEST = Manifest(
    release_id="a" * 32,
    dataset="typing",
    schema_version=1,
    keyveil_version="0.1.0",
    config_fingerprint="c0",
    code_digest="c1",
    model_digest="c2",
    inputs_digest="c3",
    consent_digest="c4",
    consent_mode="registry",
    run_key="ephemeral",
    noise=(NOISE, FREE),
    encryption="none",
    data_key=None,
    counts={"outcome.kept": 7, "entity.PERSON": 3},
    shards=(ShardRecord("events/00000-a.parquet", 12_345, 9, "0" * 64), ShardRecord("sessions/0-b.parquet", 4, 9, "1")),
)


class Outline(HTMLParser):
    """Collects what a page links to, its headings, and tags that are opened and closed in the wrong order."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.outside: list[str] = []
        self.headings: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag != "meta":
            self.open.append(tag)
        self.outside += [value or "" for name, value in attrs if name in ("src", "href", "action")]
        self.headings += [tag] if tag in ("h1", "h2", "h3") else []

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def texts(manifest: Manifest = MANIFEST) -> dict[str, str]:
    return {name: content.decode() for name, content in render_documents(manifest).items()}


def test_a_document_says_what_a_guarantee_does_not_cover() -> None:
    told = replace(MANIFEST, noise=(replace(NOISE, not_covered=("Not the order.", "Nor the text.")), FREE))
    for name in ("README.md", "croissant.json", "report.html"):
        assert "Not the order. Nor the text." in texts(told)[name]
        assert "Not covered:" not in texts()[name]


def test_every_document_says_how_consent_was_established() -> None:
    evaluation = texts(replace(MANIFEST, consent_mode="evaluation"))
    for name in ("README.md", "report.html"):
        assert "Only people whom the consent registry named" in texts()[name]
        assert "every user was treated as consenting" in evaluation[name]
        assert "consent registry named" not in evaluation[name]


def test_the_same_manifest_gives_the_same_documents_signed_or_not() -> None:
    signed = attach_documents(MANIFEST)
    assert render_documents(signed) == render_documents(MANIFEST)
    assert {record.path for record in signed.documents} == {"README.md", "croissant.json", "report.html"}
    assert attach_documents(signed) == signed


def test_the_card_has_the_form_of_the_hub_and_says_what_must_be_said() -> None:
    _, header, body = texts()["README.md"].split("---\n", 2)
    form = yaml.safe_load(header)
    assert form["configs"][0] == {"config_name": "events", "data_files": "events/*.parquet", "default": True}
    assert form["size_categories"] == ["10K<n<100K"]
    for heading in ("Uses", "Consent", "What was removed", "Guarantees", "Known gaps", "Columns", "Erasure"):
        assert f"\n## {heading}" in body
    assert "epsilon 8, delta 1e-10" in body
    assert "Nothing is spent" in body
    assert "| PERSON | 3 |" in body
    assert all(f"| `{column.name}` |" in body for column in EVENTS_SCHEMA)


def test_every_document_says_which_counts_are_exact_and_tables_alone_show_none() -> None:
    for profile, rows in (("restricted", "of sessions, of users"), ("events", "of chunks"), (None, "of users")):
        for text in texts(replace(MANIFEST, profile=profile)).values():  # type: ignore[arg-type]
            assert "Exact, without noise: the numbers of files" in text
            assert rows in text
    shards = (ShardRecord("aggregates/shortcuts/00000-a.parquet", 26, 9, "0" * 64),)
    alone = texts(replace(MANIFEST, profile="aggregates", counts={}, shards=shards))
    for text in alone.values():
        assert "No count of what people did is exact" in text
        assert "sessions/" not in text
    form = yaml.safe_load(alone["README.md"].split("---\n", 2)[1])
    assert form["configs"] == [{"config_name": "aggregates", "data_files": "aggregates/*/*.parquet", "default": True}]
    assert "0 sessions" not in alone["README.md"]


COVERED = {
    POINTER: 8, NODE: 2, SCROLL: 3, DIRECTION: 3, FOCUS: 4, NAMED: 1,
    **dict.fromkeys(PLACE.values(), 0), PLACE["node"]: 2, PLACE["cell"]: 5,
}  # fmt: skip


def test_card_and_report_show_the_share_of_rows_that_each_kind_of_coverage_has() -> None:
    found = texts(replace(MANIFEST, counts=COVERED))
    for line in (
        "| pointer rows with place cell | 62.5 % (5 of 8) |",
        "| pointer rows with place element | 0.0 % (0 of 8) |",
        "| pointer rows with place node | 25.0 % (2 of 8) |",
        "| pointer rows with place none | 0.0 % (0 of 8) |",
        "| pointer rows with noise and no place | 12.5 % (1 of 8) |",
        "| pointer rows with a node | 25.0 % (2 of 8) |",
        "| scrolls with the recorded direction, without noise | 100.0 % (3 of 3) |",
        "| windows whose application is named | 25.0 % (1 of 4) |",
    ):
        assert f"{line}\n" in found["README.md"]
        assert all(f"<td>{cell}</td>" in found["report.html"] for cell in line.strip("| ").split(" | "))


def test_a_release_without_such_rows_says_so_and_divides_by_nothing() -> None:
    text = texts(replace(MANIFEST, counts=dict.fromkeys(COVERED, 0)))["README.md"]
    assert "| pointer rows with a node | no such rows |\n" in text
    assert text.count("no such rows") == 8


def test_no_coverage_is_shown_of_tables_alone_nor_of_releases_that_did_not_count_it() -> None:
    alone = texts(replace(MANIFEST, profile="aggregates", counts=COVERED))
    for name in ("README.md", "report.html"):
        assert "Not shown: no rows are released" in alone[name]
        assert "Not counted by the version" in texts()[name]
        assert not any("pointer rows" in text for text in (alone[name], texts()[name]))


def test_an_evaluation_release_says_so_everywhere() -> None:
    for text in texts(replace(MANIFEST, consent_mode="evaluation")).values():
        assert "treated as consenting, for an evaluation" in text


def test_the_report_stands_alone_and_is_well_formed() -> None:
    page = texts()["report.html"]
    outline = Outline(page)
    assert outline.open == []
    assert outline.outside == []
    assert outline.headings[0] == "h1"
    assert set(outline.headings[1:]) == {"h2"}
    assert '<html lang="en">' in page
    assert "discrete Gaussian &lt;b&gt;" in page
    assert "//" not in page


def test_the_documents_say_which_parts_are_off_and_from_how_many_people_they_help() -> None:
    off = (LeftOutRecord("names", None, None), LeftOutRecord("tables", 1_931, 300))
    told = texts(replace(MANIFEST, left_out=off))
    for name in ("README.md", "report.html"):
        assert "Names beyond the public lists: off, at no cost." in told[name]
        assert "Tables of counts: off, at no cost; they help from 1,931 people on." in told[name]
        assert "off, at no cost" not in texts()[name]
