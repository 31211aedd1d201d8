"""Places are learned from a whole release, by one pass, from whom the split allows."""

from pathlib import Path
from typing import Any
from unittest import mock

import pyarrow as pa
import pytest

import keyveil
from keyveil.release import Release
from keyveil.training import learned_places
from keyveil.training.learned_places import learn_from_release
from keyveil.training.screen import Screen
from keyveil.training.split import split_of
from tests.keyveil import recordings
from tests.keyveil.conftest import Published, published
from transforms.keys.key_set import KeySet, export_reader

MARK = {"column": "nodes.name", "start": 0, "end": 3, "entity": "PERSON", "node": 1}
FOCUS = {"kind": "focus", "app": "mail"}
CHAT = {"kind": "focus", "app": "chat"}


def page(left: int, links: int = 1, **more: Any) -> dict[str, Any]:
    """Show a list of links, the first of which stands at ``left``."""
    nodes = [recordings.node("list", None, (0, 0, 10_000, 10_000), 0)]
    nodes += [recordings.node("link", "Ada", (left, 50 * place, left + 100, 50 * place + 40)) for place in range(links)]
    return {"kind": "screen", "text": "words", "nodes": nodes} | more


def hidden(left: int) -> dict[str, Any]:
    return page(left, redactions=[MARK])


@pytest.fixture(autouse=True)
def _nothing_at_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(learned_places, "_learned", type(learned_places._learned)())


@pytest.fixture
def publish_rows(tmp_path: Path, keys: KeySet, reader: Path) -> Any:
    def publish(*sessions: list[dict[str, Any]], in_first: int = 0) -> Published:
        def make(name: str, user: str, _: int, seed: int) -> pa.Table:
            return recordings.as_session(sessions[seed], name, user)

        shards = [part for part in ([1] * in_first, [1] * (len(sessions) - in_first)) if part]
        return published(tmp_path, keys, reader, shards, "sealed", make=make)

    return publish


def opened(made: Published) -> Release:
    return keyveil.open_release(str(made.home), keys=made.reader)


def place(places: keyveil.Places, app: str | None = "mail", links: int = 1) -> int | None:
    """Return the left edge of the first link of a page in ``app``, null for one that is not placed."""
    shown = page(1, links)["nodes"]
    screen = Screen(seq=0, nodes=keyveil.records.read_nodes(shown), app=app, replaced=frozenset({1}), is_replaced=True)
    box = places.place(screen).nodes[1].box
    return None if box is None or box.left == 1 else box.left


def test_every_screen_without_a_replacement_teaches_and_of_equal_trees_the_first(publish_rows: Any) -> None:
    made = publish_rows(
        [page(10), FOCUS, hidden(20), page(30), {"kind": "screen", "same_as": 3}, CHAT],
        [FOCUS, page(40), page(50, links=3), CHAT, page(60)],
        [CHAT, page(70), page(80, links=9, redactions=[MARK])],
        in_first=1,
    )
    places = learn_from_release(opened(made))
    assert [place(places, app) for app in (None, "mail", "chat", "other")] == [10, 30, 60, None]
    assert place(places, "mail", links=3) == 50
    assert place(places, "chat", links=9) is None


def test_what_is_learned_is_what_screens_of_the_steps_teach(publish_rows: Any) -> None:
    sessions = [[FOCUS, page(10 * (n + 1), links=1 + n % 3), hidden(5), CHAT, page(7, links=n + 1)] for n in range(6)]
    made = publish_rows(*sessions, in_first=2)
    expected = keyveil.learn_places(keyveil.steps(str(made.home), keys=made.reader).screens())
    found = learn_from_release(opened(made))
    for app in ("mail", "chat"):
        assert [place(found, app, links) for links in range(1, 9)] == [
            place(expected, app, links) for links in range(1, 9)
        ]


def test_screens_without_a_box_do_not_keep_others_of_their_tree_out(publish_rows: Any) -> None:
    bare = page(10)
    bare["nodes"] = [node | dict.fromkeys(("left", "top", "right", "bottom")) for node in bare["nodes"]]
    places = learn_from_release(opened(publish_rows([FOCUS, bare, page(20)])))
    assert place(places) == 20


def test_only_new_trees_are_decoded(publish_rows: Any) -> None:
    release = opened(publish_rows(*[[FOCUS, page(10), page(20)]] * 4))
    with mock.patch.object(learned_places, "read_nodes", wraps=learned_places.read_nodes) as read:
        learn_from_release(release)
    assert read.call_count == 1


def test_people_of_train_alone_teach_where_a_split_is_asked_for(publish_rows: Any) -> None:
    made = publish_rows(*[[FOCUS, page(10 * (number + 1), links=number + 1)] for number in range(3)])
    seed = next(
        seed for seed in range(100) if [split_of(f"u{n}", seed) for n in range(3)] == ["train", "test", "train"]
    )
    for split in ("train", "test"):
        steps = keyveil.steps(str(made.home), keys=made.reader, split=split, seed=seed)
        assert [place(steps.places, links=links) for links in (1, 2, 3)] == [10, 30, 30]
    everybody = keyveil.steps(str(made.home), keys=made.reader, seed=seed)
    assert [place(everybody.places, links=links) for links in (1, 2, 3)] == [10, 20, 30]


def test_a_release_is_learned_once_and_few_stay_at_hand(publish_rows: Any) -> None:
    made = publish_rows([FOCUS, page(10)], [FOCUS, page(20)])
    first = learn_from_release(opened(made))
    assert learn_from_release(opened(made)) is first
    assert learn_from_release(opened(made), 0) is not first
    assert learn_from_release(opened(made)) is first
    learn_from_release(opened(made), 1)
    assert len(learned_places._learned) == 2
    assert learn_from_release(opened(made)) is first


def test_without_a_key_for_nodes_nothing_is_learned(publish_rows: Any, tmp_path: Path) -> None:
    made = publish_rows([FOCUS, page(10), hidden(20)])
    learn_from_release(opened(made))
    export_reader(made.keys.folder, tmp_path / "part.json", "pointer")
    with pytest.warns(keyveil.WithheldColumnsWarning):
        release = keyveil.open_release(str(made.home), keys=tmp_path / "part.json")
    assert place(learn_from_release(release)) is None


@pytest.mark.parametrize(("places", "learned"), [("learned", 1), ("released", 0), (keyveil.Places(), 0)])
def test_steps_learn_when_they_come_to_a_replacement(publish_rows: Any, places: Any, learned: int) -> None:
    click = recordings.placed("click", node=1, screen=1)
    made = publish_rows([FOCUS, page(10), click], [FOCUS, hidden(20), click])
    steps = keyveil.steps(str(made.home), keys=made.reader, places=places)
    with mock.patch("keyveil.training.step_sequence.learn_from_release", wraps=learn_from_release) as learn:
        assert len(steps) == 2
        assert steps[0].screen is not None
        assert learn.call_count == 0
        assert [step.screen.is_placed for step in steps if step.screen] == [False, bool(learned)]
        assert learn.call_count == learned
