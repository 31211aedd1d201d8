"""Sentences that card, Croissant file and report share."""

import json
from dataclasses import replace

from tests.dataset.documents.test_render import MANIFEST
from tests.dataset.test_manifest import BUDGET
from transforms.dataset.coverage import DIRECTION, FOCUS, NAMED, NODE, PLACE, POINTER, SCROLL
from transforms.dataset.documents import wording
from transforms.dataset.documents.card import render_card
from transforms.dataset.documents.croissant import render_croissant
from transforms.dataset.documents.html_report import render_report
from transforms.dataset.manifest import BasisRecord, Erasure


def test_erasures_are_counted_and_the_last_is_dated() -> None:
    assert wording.erasures(MANIFEST).endswith(": 0.")
    proven = replace(MANIFEST, erasures=tuple(Erasure((), (), "kept", f"2026-11-0{day}") for day in (1, 2)))
    assert wording.erasures(proven).endswith(": 2, the last on 2026-11-02.")


def test_the_purpose_is_named_where_the_manifest_knows_it() -> None:
    assert "named for this purpose, without" in wording.consent(MANIFEST)
    assert "named for the purpose training, without" in wording.consent(replace(MANIFEST, purpose="training"))
    told = replace(MANIFEST, consent_mode="evaluation", purpose="training")
    assert wording.consent(told).startswith("None: every user")


def test_whoever_sees_a_value_that_looks_real_is_told_whom_to_tell() -> None:
    assert "tell whoever gave you the keys the release, session, seq and column" in wording.real_value(MANIFEST)
    basis = BasisRecord("consent", "D", "W", None, "officer", None, "privacy@example.com")
    told = replace(MANIFEST, basis=basis)
    for render in (render_card, render_report):
        assert "tell privacy@example.com the release" in render(told)
        assert "A value that looks real" in render(told)


def test_the_licence_is_said_in_every_document() -> None:
    for render in (render_card, render_report):
        assert wording.LICENCE in render(MANIFEST)
    assert json.loads(render_croissant(MANIFEST))["license"] == wording.LICENCE


def test_counts_of_entities_say_what_they_count() -> None:
    card = render_card(MANIFEST)
    assert wording.ENTITIES in card
    assert "| PERSON | 3 |" in card
    assert wording.ENTITIES not in render_card(replace(MANIFEST, counts={"outcome.kept": 7}))


def test_what_is_exact_and_where_shares_come_from_depends_on_the_profile() -> None:
    tables = replace(MANIFEST, profile="aggregates")
    chunks = replace(MANIFEST, profile="events")
    assert wording.exactness(tables).startswith("No count of what people did is exact")
    assert "of chunks, of rows" in wording.exactness(chunks)
    assert "of sessions, of users, of rows" in wording.exactness(MANIFEST)
    assert wording.coverage(tables).startswith("Not shown")
    assert wording.coverage(MANIFEST).startswith("Not counted")


def test_a_place_that_no_row_has_counts_as_none() -> None:
    counts = {POINTER: 10, PLACE["cell"]: 4, NODE: 1, SCROLL: 0, DIRECTION: 0, FOCUS: 0, NAMED: 0}
    shares = dict(wording.shares(replace(MANIFEST, counts=counts)))
    assert shares["pointer rows with noise and no place"] == "60.0 % (6 of 10)"
    assert shares["pointer rows with place element"] == "0.0 % (0 of 10)"
    assert shares["scrolls with the recorded direction, without noise"] == "no such rows"


def test_counts_of_a_run_are_told_from_rows_of_after_an_erasure() -> None:
    assert wording.erased_since(MANIFEST) == ""
    erased = replace(MANIFEST, erasures=(Erasure((), (), "kept", "2026-11-02"),))
    assert "Counts of the run, before erasures" in wording.erased_since(erased)
    for render in (render_card, render_report):
        assert "Counts of the run, before erasures" in render(erased)
        assert "before erasures" not in render(MANIFEST)


def test_what_costs_nothing_is_said_to_spend_nothing_and_what_others_spent_stands_beside_it() -> None:
    free = replace(BUDGET, epsilon=0.0, spent_epsilon=3.1384)
    assert wording.cost(free) == "nothing"
    assert wording.cost(replace(BUDGET, epsilon=0.97064)) == "epsilon 0.9706, delta 1e-07 for one user"
    card = render_card(replace(MANIFEST, budget=free))
    assert (
        "this release spends nothing; all charges of this key set so far (releases, trainings, tables of "
        "opt-outs): epsilon 3.138 of 8 for one user at delta 1e-06 (ledger entry 3)"
    ) in card
    assert wording.lifetime(replace(free, spent_epsilon=0.0)).endswith(
        "nothing of epsilon 8 for one user at delta 1e-06"
    )


def test_days_after_which_releases_are_deleted_are_said_where_they_are_stated() -> None:
    basis = BasisRecord("consent", "D", "W", None, "officer", None, "c", 30)
    without = wording.basis(replace(MANIFEST, basis=basis, window=None))[-1]
    assert without.startswith("Releases are deleted after: 30 days, counted from the day of sealing")
    assert "ask the contact" in without
    dated = wording.basis(replace(MANIFEST, basis=basis, window="2026-11-02..2026-11-08"))[-1]
    assert dated.endswith("who does not know it counts from 2026-11-08, the last day of the window.")
    assert not any(
        "deleted" in line for line in wording.basis(replace(MANIFEST, basis=replace(basis, releases_days=None)))
    )


def test_croissant_is_dated_by_the_last_day_of_the_window_or_not_at_all() -> None:
    for window, date in (("2026-11-02..2026-11-08", "2026-11-08"), (None, None)):
        document = json.loads(render_croissant(replace(MANIFEST, window=window)))
        assert document.get("datePublished") == date
