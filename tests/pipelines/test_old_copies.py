"""A manifest older than private state is refused: each rule at its limit and one beside."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.budget.history import ReleaseHistory, StoredRelease, Version
from transforms.dataset.catalog import Catalog, CatalogEntry
from transforms.dataset.manifest import ErasedFile, Erasure, Manifest, ShardRecord
from transforms.privacy.ledger import Ledger
from transforms.privacy.ledger_changes import Replacement, Retirement
from transforms.privacy.ledger_entries import Commit, Entry

ADDRESS = "/data/typing/releases/r1"
ELSEWHERE = "/copy/typing/releases/r1"


def manifest(erased: Sequence[str] = (), shard: str = "s-now", run_key: str = "ephemeral") -> Manifest:
    proofs = tuple(Erasure((ErasedFile("events/a.parquet", sha256),), (), "stay") for sha256 in erased)
    shards = (ShardRecord("events/b.parquet", 1, 1, shard),)
    words = ("r1", "typing", 1, "0.1.0", "c", "c", "c", "c", "c", "registry", run_key, (), "sealed", "k", {}, shards)
    return Manifest(*words, erasures=proofs)  # type: ignore[arg-type]


def lying(sha256: str, erased: Sequence[str] = (), address: str = ADDRESS, **more: str) -> StoredRelease:
    return StoredRelease(address, Version(sha256, len(erased)), manifest(erased, **more))


def past(*entries: Entry, erased: Sequence[str] = (), resumed: bool = False) -> ReleaseHistory:
    return ReleaseHistory(Ledger("1f", entries), frozenset(erased), resumed)


def committed(sha256: str, address: str = ADDRESS) -> Commit:
    return Commit("r1", address, sha256, "then")


def replaced(sha256: str, erasures: int, address: str = ADDRESS) -> Replacement:
    return Replacement(address, sha256, erasures, "then")


def problem(of: ReleaseHistory, release: StoredRelease) -> str:
    found = of.find_fault(release)
    return "" if found is None else found.problem


TWICE = past(committed("m0"), replaced("m1", 1), replaced("m2", 2), erased=("f1", "f2", "f3"))


@pytest.mark.parametrize(
    ("release", "says"),
    [
        (lying("m0"), "is older"),
        (lying("m1", ["f1"]), "is older"),
        (lying("m2", ["f1", "f2"]), ""),
        (lying("m3", ["f1", "f2", "f3"]), ""),  # stopped before it was entered
        (lying("mx", ["f1"]), "is older"),
        (lying("mx", ["f1", "f2"]), "is not the manifest"),
        (lying("mx", ["f1", "f2"], run_key="derived"), ""),  # drawn again, equal but signed again
        (lying("m1", ["f1"], run_key="derived"), "is older"),
        (lying("mx", ["f1", "f2", "f9"]), "state is older"),
        (lying("m2", ["f1", "f2"], shard="f1"), "is older"),
        (lying("m2", ["f1", "f2"], shard="f0"), ""),
    ],
)
def test_a_manifest_is_compared_with_the_last_one_and_its_proofs(release: StoredRelease, says: str) -> None:
    found = problem(TWICE, release)
    assert says in found
    assert bool(says) == bool(found)


def test_of_two_draws_at_one_address_the_later_one_counts() -> None:
    drawn = past(committed("m0"), committed("d2"))
    assert problem(drawn, lying("d2")) == ""
    assert "is older" in problem(drawn, lying("m0"))


def test_a_copy_elsewhere_is_as_old_as_what_it_is_a_copy_of() -> None:
    assert problem(TWICE, lying("m2", ["f1", "f2"], ELSEWHERE)) == ""
    assert "is older" in problem(TWICE, lying("m1", ["f1"], ELSEWHERE))
    both = past(committed("m0"), replaced("m1", 1), committed("e0", ELSEWHERE), erased=("f1",))
    assert problem(both, lying("e0", address=ELSEWHERE)) == ""
    assert "is not the manifest" not in problem(both, lying("m1", ["f1"], ELSEWHERE))
    assert "is older" in problem(both, lying("m0", address="/third/typing/releases/r1"))


def test_a_release_that_the_ledger_does_not_hold_is_not_older_than_it() -> None:
    assert problem(past(), lying("m0")) == ""
    assert problem(past(committed("x0", "/data/typing/releases/r2")), lying("m0")) == ""


def test_a_stopped_erasure_may_have_proven_gone_what_lies_there_but_only_to_the_one_that_finishes_it() -> None:
    entries = (committed("m0"),)
    assert "is older" in problem(past(*entries, erased=("s-now",)), lying("m0"))
    assert problem(past(*entries, erased=("s-now",), resumed=True), lying("m0")) == ""


def test_a_retired_release_may_not_lie_there_and_is_not_missed() -> None:
    retired = past(committed("m0"), Retirement(ADDRESS, "then"))
    assert "was retired" in problem(retired, lying("m0"))
    assert retired.list_lost("/data", ()) == []
    assert past(committed("m0")).list_lost("/data", ()) == [ADDRESS]
    assert past(committed("m0")).list_lost("/data", (ADDRESS,)) == []


@pytest.mark.parametrize(
    ("uri", "lost"), [("/data", True), ("/data/typing", True), (ADDRESS, True), ("/dat", False), (f"{ADDRESS}x", False)]
)
def test_only_what_lies_below_an_address_is_missed_there(uri: str, lost: bool) -> None:
    assert bool(past(committed("m0")).list_lost(uri, ())) == lost


@pytest.mark.parametrize(("listed", "stale"), [("m2", False), ("m1", True), ("m0", True), (None, True)])
def test_a_catalog_that_names_an_earlier_manifest_than_the_ledger_is_older(listed: str | None, stale: bool) -> None:
    releases = () if listed is None else (CatalogEntry("r1", listed),)
    catalog = Catalog(1, "typing", releases, "r1" if releases else "")
    assert TWICE.is_unlisted(catalog, lying("m2", ["f1", "f2"])) == stale
    assert not TWICE.is_unlisted(catalog, lying("m3", ["f1", "f2", "f3"]))  # a stopped command has not listed it yet


@given(st.integers(0, 5), st.integers(0, 5))
def test_of_any_history_no_copy_but_the_last_is_taken(erasures: int, copy: int) -> None:
    files = [f"f{number}" for number in range(erasures)]
    entries = [committed("m0"), *(replaced(f"m{number + 1}", number + 1) for number in range(erasures))]
    taken = problem(past(*entries, erased=files), lying(f"m{min(copy, erasures)}", files[:copy])) == ""
    assert taken == (copy >= erasures)
