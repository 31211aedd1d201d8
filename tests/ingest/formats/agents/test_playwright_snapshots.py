import time

from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.ingest.formats.agents.playwright_snapshots import Snapshots
from transforms.ingest.formats.rrweb.screens import Allowance

FIRST = [
    "HTML",
    {},
    ["HEAD", {}, ["TITLE", {}, "Shop"]],
    ["BODY", {}, ["P", {}, "blue ", ["B", {}, "lamp"]], ["P", {}, "old"]],
]


def read(*pages: object, size: int = 10_000) -> list[str | None]:
    snapshots = Snapshots(Allowance(size))
    return [None if (page := snapshots.read("f", html)) is None else page.text for html in pages]


def test_a_reference_is_the_part_of_an_earlier_page_that_it_counts_to() -> None:
    # children first: Shop 0, TITLE 1, HEAD 2, "blue " 3, lamp 4, B 5, P 6, old 7, P 8, BODY 9, HTML 10
    second = ["HTML", {}, [[1, 2]], ["BODY", {}, [[1, 6]], ["P", {}, "new"]]]
    third = [[1, 3]]
    assert read(FIRST, second, third) == ["blue lamp\nold", "blue lamp\nnew", "blue lamp\nnew"]
    snapshots = Snapshots(Allowance(10_000))
    assert [snapshots.read("f", html).title for html in (FIRST, second)] == ["Shop", "Shop"]


def test_frames_are_counted_apart_and_values_are_shown_but_no_password() -> None:
    snapshots = Snapshots(Allowance(10_000))
    snapshots.read("other", FIRST)
    form = ["BODY", {}, ["INPUT", {"__playwright_value_": "Oslo"}], ["INPUT", {"type": "password", "value": "hunter2"}]]
    assert snapshots.read("f", form).text == "Oslo"
    assert snapshots.read("f", ["BODY", {}, [[2, 0]], [[1, 0]]]).text == "Oslo"


def test_references_to_nothing_are_nothing() -> None:
    assert read(["BODY", {}, [[1, 0]], [[0, 0]], [[-1, 0]], [["a", 0]], [[1]], [[]], "x"]) == ["x"]
    assert read(FIRST, [[1, 11]], [[1, -1]], [[9, 0]]) == ["blue lamp\nold", "", "", ""]


def test_pages_that_double_by_reference_cost_no_more_than_is_paid_for() -> None:
    pages: list[object] = [["P", {}, "x"]]
    pages += [["P", {}, [[1, 0]], [[1, 0]]] for _ in range(40)]
    began = time.process_time()
    texts = read(*pages, *[["P", {}, *[[[1, 0]]] * 50]] * 2_000, size=0)
    assert texts[0] == "x"
    assert None in texts
    assert time.process_time() - began < 20  # two seconds on an idle core


NODES = st.recursive(
    st.text(max_size=2) | st.none() | st.tuples(st.tuples(st.integers(-1, 3), st.integers(-1, 6)).map(list)).map(list),
    lambda inner: st.lists(inner, max_size=3).map(lambda children: ["P", {}, *children]) | st.lists(inner, max_size=2),
    max_leaves=8,
)


@settings(max_examples=40)
@given(st.lists(NODES, max_size=5))
def test_any_pages_are_read_to_their_end(pages: list[object]) -> None:
    assert len(read(*pages)) == len(pages)
