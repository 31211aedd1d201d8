"""Sentences that card, Croissant file and report share."""

from dataclasses import replace

from tests.dataset.documents.test_render import MANIFEST
from transforms.dataset.coverage import DIRECTION, FOCUS, NAMED, NODE, PLACE, POINTER, SCROLL
from transforms.dataset.documents import wording
from transforms.dataset.manifest import Erasure


def test_erasures_are_counted_and_the_last_is_dated() -> None:
    assert wording.erasures(MANIFEST).endswith(": 0.")
    proven = replace(MANIFEST, erasures=tuple(Erasure((), (), "kept", f"2026-11-0{day}") for day in (1, 2)))
    assert wording.erasures(proven).endswith(": 2, the last on 2026-11-02.")


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
