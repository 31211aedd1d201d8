from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageFont

from keyveil import render
from keyveil.records import Box, Node
from keyveil.wireframe.drawing import _load_font, legible, wrap_words
from keyveil.wireframe.icons import ICONS, find_icon
from keyveil.wireframe.themes import choose_theme
from schemas.errors import UsageError
from schemas.vocabulary import ROLES, STATES

SIZE = (320, 200)


@dataclass
class Screen:
    nodes: Sequence[Node] | None


def node(role: str, box: Box | None, name: str | None = None, **more: Any) -> Node:
    return Node(**({"role": role, "name": name, "value": None, "box": box, "depth": 0, "states": ()} | more))


def written(screen: Screen, seed: int = 0) -> list[str]:
    """Collect the texts that are drawn."""
    texts: list[str] = []

    def note(_: Any, __: Any, text: str, **___: Any) -> None:
        texts.append(text)

    with mock.patch.object(ImageDraw.ImageDraw, "text", note):
        render(screen, size=SIZE, seed=seed)
    return texts


WHOLE = Box(0, 0, 10_000, 10_000)
EDGES = st.integers(0, 10_000)
NODES = st.lists(
    st.builds(
        Node,
        role=st.sampled_from([*sorted(ROLES), "window", "made-up"]),
        name=st.none() | st.text(max_size=30),
        value=st.none() | st.text(max_size=10) | st.sampled_from(["50%", "0.2", "7", "nan", "inf"]),
        box=st.none() | st.builds(Box, EDGES, EDGES, EDGES, EDGES),
        depth=st.integers(0, 4),
        states=st.lists(st.sampled_from(sorted(STATES)), unique=True).map(tuple),
    ),
    max_size=8,
)


@settings(deadline=None)
@given(NODES, st.integers(0, 100))
def test_any_nodes_give_a_picture_of_the_size_and_the_same_again(nodes: list[Node], seed: int) -> None:
    image = render(Screen(nodes), size=SIZE, seed=seed)
    assert image.size == SIZE
    assert image.tobytes() == render(Screen(nodes), size=SIZE, seed=seed).tobytes()


@pytest.mark.parametrize(
    "role", sorted(ROLES - {"separator", "generic", "group", "list", "none", "toolbar", "scrollbar"})
)
def test_every_control_shows_its_name(role: str) -> None:
    assert "Quarterly" in " ".join(written(Screen([node(role, WHOLE, "Quarterly figures")])))


@pytest.mark.parametrize("state", sorted(STATES - {"expanded"}))
def test_states_are_seen(state: str) -> None:
    for role in ("checkbox", "tab", "button"):
        if role != "checkbox" or state != "selected":
            plain, marked = (
                render(Screen([node(role, WHOLE, "Mail", states=states)]), size=SIZE) for states in ((), (state,))
            )
            assert plain.tobytes() != marked.tobytes(), role
    opened, closed = (
        render(Screen([node("treeitem", WHOLE, "Mail", states=states)]), size=SIZE) for states in (("expanded",), ())
    )
    assert opened.tobytes() != closed.tobytes()


def test_what_stands_first_covers_what_stands_behind_it() -> None:
    front, behind = node("dialog", WHOLE, depth=0), node("button", Box(4_000, 4_000, 6_000, 6_000), depth=0)
    covered = render(Screen([front, behind]), size=SIZE)
    assert covered.tobytes() == render(Screen([front]), size=SIZE).tobytes()
    assert render(Screen([behind, front]), size=SIZE).tobytes() != covered.tobytes()


def test_seeds_give_several_looks() -> None:
    screen = Screen([node("button", WHOLE, "Send")])
    assert len({render(screen, size=SIZE, seed=seed).tobytes() for seed in range(30)}) > 6
    assert len({choose_theme(seed).desk for seed in range(60)}) == 6


def test_a_button_too_small_for_its_words_shows_an_icon() -> None:
    small = Box(0, 0, 500, 800)
    assert written(Screen([node("button", small, "Close the window now")])) == []
    assert written(Screen([node("button", Box(0, 0, 1_500, 800), "Quarterly figures")])) != []
    assert find_icon("button", "Close tab") == ICONS["close"]
    assert find_icon("button", "Trash") == ICONS["delete"]
    assert find_icon("button", "Quarterly") == ()
    assert find_icon("img", None) != ()


def test_icons_stay_in_the_unit_square() -> None:
    for name, strokes in ICONS.items():
        for stroke in strokes:
            assert len(stroke) > 1, name
            assert all(0 <= x <= 1 and 0 <= y <= 1 for x, y in stroke), name


@given(st.text("ab ", max_size=60), st.integers(2, 30), st.integers(1, 4))
def test_lines_fit_and_only_what_does_not_fit_is_cut(text: str, width: int, most: int) -> None:
    lines = wrap_words(text, width, most, len)
    assert len(lines) <= most
    assert all(len(line) <= width for line in lines)
    words = text.split()
    if words and len(" ".join(words)) <= width:
        assert lines == [" ".join(words)]
    if not any("…" in line for line in lines) and len(lines) < most and all(len(word) <= width for word in words):
        assert " ".join(lines) == " ".join(words)


def test_glyphs_of_icon_fonts_are_left_out() -> None:
    assert legible("1366 \u00d7 768\ue8bb\n\u200b") == "1366 x 768 "


def test_letters_that_the_font_lacks_are_written_plainly() -> None:
    assert legible("Größe \u2013 señal • Łódź 5 €") == "Grosse - senal * Lodz 5 EUR"
    missing = bytes(_load_font(14, None).getmask("\ufffe"))
    drawn = "".join(map(chr, range(0x20, 0x7F))) + legible(
        "ÄÖÜäöüßàâçéèêëîïôùûœæñáíóúãõåøčďěňřšťůžąćęłńśźżığşőű\u2013—…•€£"
    )
    assert [letter for letter in drawn if bytes(_load_font(14, None).getmask(letter)) == missing] == []


def test_a_font_of_ones_own_draws_texts_as_they_are(tmp_path: Path) -> None:
    content = ImageFont.load_default(12).font_bytes  # type: ignore[union-attr]
    (tmp_path / "font.ttf").write_bytes(content)
    screen = Screen([node("button", WHOLE, "Größe")])
    own = str(tmp_path / "font.ttf")
    texts = []
    for font in (None, own):
        with mock.patch.object(ImageDraw.ImageDraw, "text", lambda *words, **_: texts.append(words[2])):
            render(screen, size=SIZE, font=font)
    assert texts == ["Grosse", "Größe"]
    with pytest.raises(UsageError, match="font cannot be read"):
        render(screen, size=SIZE, font=str(tmp_path / "none.ttf"))


@pytest.mark.parametrize(
    ("size", "fits"), [((64, 64), True), ((8_192, 64), True), ((63, 64), False), ((64, 8_193), False)]
)
def test_sizes_have_limits(size: tuple[int, int], fits: bool) -> None:
    if fits:
        assert render(Screen(None), size=size).size == size
    else:
        with pytest.raises(UsageError, match="64 to 8192"):
            render(Screen(None), size=size)


def test_without_pillow_the_extra_is_named() -> None:
    with (
        mock.patch("keyveil.wireframe.import_module", side_effect=ImportError),
        pytest.raises(UsageError, match=r"keyveil\[images\]"),
    ):
        render(Screen([]))


def test_the_picture_is_a_pillow_image() -> None:
    assert isinstance(render(Screen([])), Image.Image)
    assert render(Screen([])).size == (1_280, 720)


def test_words_that_hardly_fit_are_written_smaller_and_whole() -> None:
    for seed in range(12):
        assert written(Screen([node("link", Box(0, 0, 875, 900), "Sent")]), seed) == ["Sent"]
