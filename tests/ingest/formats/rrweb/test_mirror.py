import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.support.rrweb_pages import block as element
from tests.support.rrweb_pages import words
from transforms.ingest.formats.rrweb.mirror import Mirror
from transforms.ingest.formats.rrweb.page_text import name_of, text_of, title_of, visible_text


def page(*body: object) -> Mirror:
    mirror = Mirror()
    mirror.add({"type": 0, "id": 1, "childNodes": [element(2, *body, tag="body")]}, None)
    return mirror


def seen(mirror: Mirror) -> str:
    return visible_text(mirror, None, 10_000)[0]


def test_a_node_is_put_before_the_sibling_that_it_names() -> None:
    mirror = page(element(10, words(11, "b")))
    mirror.add_all([{"parentId": 2, "nextId": 10, "node": element(20, words(21, "a"))}])
    mirror.add_all([{"parentId": 2, "nextId": None, "node": element(30, words(31, "c"))}])
    assert seen(mirror) == "a\nb\nc"


def test_nodes_may_come_before_the_parent_or_sibling_that_they_name() -> None:
    mirror = page()
    mirror.add_all(
        [
            {"parentId": 20, "nextId": 41, "node": words(40, "a ")},
            {"parentId": 20, "nextId": None, "node": words(41, "b")},
            {"parentId": 2, "nextId": None, "node": element(20)},
            {"parentId": 2, "nextId": 99, "node": element(30, words(31, "last"))},
            {"parentId": 98, "nextId": None, "node": words(50, "nowhere")},
        ]
    )
    assert seen(mirror) == "a b\nlast"


def test_a_removed_node_takes_all_below_it_along() -> None:
    mirror = page(element(10, element(11, words(12, "gone"))), words(13, "here"))
    mirror.remove(10)
    mirror.remove(10)
    assert seen(mirror) == "here"
    assert not {10, 11, 12} & mirror.nodes.keys()


def test_a_node_that_comes_again_is_moved() -> None:
    mirror = page(element(10, words(11, "a")), element(20, words(21, "b")))
    mirror.add_all([{"parentId": 2, "nextId": None, "node": element(10, words(11, "a"))}])
    assert seen(mirror) == "b\na"


def test_frames_and_shadow_trees_are_read_as_part_of_the_page() -> None:
    mirror = page(element(10, tag="iframe"), element(20, isShadowHost=True))
    frame = {"type": 0, "id": 50, "childNodes": [element(51, words(52, "in a frame"), tag="html")]}
    shadow = {"type": 2, "id": 60, "tagName": "p", "isShadow": True, "childNodes": [words(61, "in a shadow")]}
    mirror.add_all([{"parentId": 10, "nextId": None, "node": frame}, {"parentId": 20, "nextId": None, "node": shadow}])
    assert seen(mirror) == "in a frame\nin a shadow"


def test_a_hidden_element_is_not_seen_until_it_is_shown() -> None:
    mirror = page(
        element(10, words(11, "menu"), style="color: red; display: none"), element(20, words(21, "x"), hidden="")
    )
    assert seen(mirror) == ""
    mirror.set_attributes(10, {"style": {"display": "block"}})
    mirror.set_attributes(20, {"hidden": None})
    assert seen(mirror) == "menu\nx"
    mirror.set_attributes(10, {"style": {"display": ["none", "important"]}})
    assert seen(mirror) == "x"
    mirror.set_attributes(10, {"style": {"display": False}})
    assert seen(mirror) == "menu\nx"


def test_the_title_is_that_of_the_page_and_not_of_a_drawing() -> None:
    drawing = element(10, element(11, words(12, "An icon"), tag="title"), tag="svg")
    mirror = page(drawing, element(20, words(21, "A "), words(22, " page"), tag="title"))
    assert title_of(mirror) == "A page"
    assert seen(mirror) == ""
    assert title_of(page()) == ""


def test_a_name_is_cut_and_a_large_tree_is_not_walked_for_it() -> None:
    mirror = page(element(10, *(element(place, words(place + 1, "n" * 9)) for place in range(20, 20_000, 2))))
    assert text_of(mirror, 10) == " ".join(["n" * 9] * 20)
    assert mirror.looked < 100
    empty = page(element(10, *(element(place) for place in range(20, 3_000)), words(9_999, "far away")))
    assert name_of(empty, 10) == ""


def test_a_tree_that_names_a_node_twice_is_read_to_its_end() -> None:
    mirror = page(element(10, element(10, words(11, "a")), element(2, words(12, "b"))))
    assert seen(mirror) in {"", "a", "b"}


def test_a_label_that_is_renamed_or_gone_is_followed() -> None:
    field = element(20, tag="input", id="card", title="Fallback")
    mirror = page(element(10, words(11, "Card"), tag="label"), field)
    assert name_of(mirror, 20) == "Fallback"
    mirror.set_attributes(10, {"for": "card"})
    assert name_of(mirror, 20) == "Card"
    mirror.remove(10)
    assert name_of(mirror, 20) == "Fallback"


def test_reading_breaks_off_above_the_most_nodes() -> None:
    mirror = page(*(words(place, "a") for place in range(10, 20)))
    whole, read = visible_text(mirror, None, 12)
    assert (len(whole), read) == (10, 12)
    assert visible_text(mirror, None, 11)[1] == 12
    assert len(visible_text(mirror, None, 11)[0]) <= 10


STEPS = st.one_of(
    st.tuples(st.just("remove"), st.integers(2, 12), st.just(0), st.just(0)),
    st.tuples(st.just("add"), st.integers(2, 12), st.integers(1, 12), st.integers(1, 12)),
)


@given(st.lists(STEPS, max_size=25))
@example([("add", 2, 2, 2)])
@example([("add", 3, 2, 0), ("add", 3, 3, 0), ("add", 3, 2, 3)])
@example([("add", 3, 2, 0), ("add", 4, 3, 0), ("add", 3, 4, 0)])
def test_links_between_nodes_always_hold(steps: list[tuple[str, int, int, int]]) -> None:
    mirror = page()
    for what, place, parent, following in steps:
        if what == "remove":
            mirror.remove(place)
        else:
            mirror.add_all([{"parentId": parent, "nextId": following, "node": element(place, words(place + 100, "t"))}])
    for place, node in mirror.nodes.items():
        children = list(mirror.children(place))
        assert all(mirror.nodes[child].parent == place for child in children)
        assert (node.first, node.last) == ((children[0], children[-1]) if children else (None, None))
        assert [mirror.nodes[child].before for child in children] == [None, *children[:-1]][: len(children)]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("a" * 199 + " b", "a" * 199),
        ("a" * 200, "a" * 200),
        ("a" * 200 + " b", "a" * 200),
        ("to jane" + "a" * 200, "to"),
        ("a" * 201, "a" * 200),
    ],
)
def test_the_last_word_of_a_long_name_is_not_cut(text: str, name: str) -> None:
    assert text_of(page(element(10, words(11, text))), 10) == name
