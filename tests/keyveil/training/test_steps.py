import json
import pickle
import warnings
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from torch.utils.data import DataLoader

import keyveil
from keyveil.records import read_box
from keyveil.training.session_steps import SessionSteps
from keyveil.training.split import SPLITS, split_of
from keyveil.training.step import StepPlan, build_step
from schemas.errors import UsageError
from tests.keyveil import recordings
from tests.keyveil.conftest import Published, published
from tests.support.keysets import opened
from transforms.keys.key_set import KeySet, create_key_set, export_reader
from transforms.keys.reader_keys import ReaderKeys

KINDS = ["type", "scroll", "drag", "hotkey", "click"]


@pytest.fixture(scope="module", params=["none", "sealed"])
def mails(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, keys: KeySet, reader: Path
) -> Published:
    folder = tmp_path_factory.mktemp("mails")
    return published(folder, keys, reader, [[1] * 3, [1] * 4], request.param, make=recordings.mail_session)


def steps(release: Published, **options: Any) -> keyveil.Steps:
    return keyveil.steps(str(release.home), keys=release.reader, **options)


def test_a_step_has_screen_history_and_next_action(mails: Published) -> None:
    step = steps(mails)[4]
    assert (step.session, step.user, step.number) == (mails.sessions[0], "u0", 4)
    assert step.task == "Tell Plevosti Quillonsedge that the room has changed"
    assert (step.goal, step.outcome) == ("It is sent", None)
    assert step.screen is not None
    assert (step.screen.app, step.screen.title, step.screen.size) == ("mail", "New message", (1_600, 900))
    assert step.screen.nodes[3].name == "Send"
    assert step.screen.nodes[3].box == step.action.box
    assert step.observation == step.screen.nodes
    assert step.next_action == {"action": "left_click", "coordinate": [1_360, 828], "text": "shift"}
    assert [call["action"] for call in step.history] == ["type", "scroll", "left_click_drag", "key"]


def test_address_and_keys_are_enough_and_a_release_may_be_named(mails: Published) -> None:
    home, name = str(mails.home), mails.folder.name
    expected = steps(mails)[4]
    assert keyveil.steps(home, mails.reader)[4] == expected
    assert (
        keyveil.steps(home, mails.reader, name)[4]
        == keyveil.steps(home, keys=mails.reader, release=name)[4]
        == expected
    )


def test_a_screen_that_repeats_another_shows_its_nodes(mails: Published) -> None:
    drag = steps(mails)[2]
    assert drag.action.kind == "drag"
    assert drag.screen is not None
    assert drag.screen.seq == 8
    assert [node.name for node in drag.screen.nodes] == ["New message", "To", "Urgent", "Send"]


def test_length_order_and_random_access_agree(mails: Published) -> None:
    found = steps(mails)
    every = list(found)
    assert len(found) == len(every) == len(KINDS) * len(mails.sessions)
    assert [step.action.kind for step in every] == KINDS * len(mails.sessions)
    assert [step.session for step in every] == [name for name in mails.sessions for _ in KINDS]
    again = steps(mails)
    for place in (17, 0, len(every) - 1, 5, -1, -len(every)):
        assert again[place] == every[place]
    assert found[3:6] == every[3:6]
    assert found.session(mails.sessions[2]) == every[10:15]
    for beyond in (len(every), -len(every) - 1):
        with pytest.raises(IndexError):
            found[beyond]


def test_an_action_at_no_known_place_is_no_step_and_stands_in_the_history_of_a_chat(mails: Published) -> None:
    step = steps(mails, format="messages").session(mails.sessions[0])[3]
    text = step.history[0]["content"][1]["text"]
    assert text.splitlines()[:6] == [
        "Task: Tell Plevosti Quillonsedge that the room has changed",
        "Done so far:",
        '1. type "Hi!" into textbox "To"',
        '2. scroll down button "Send"',
        '3. drag button "Send"',
        '4. click button "Send"',
    ]


@pytest.mark.parametrize(("most", "expected"), [(0, 0), (1, 1), (3, 1), (4, 2), (8, 4)])
def test_the_history_holds_at_most_what_was_asked_for(mails: Published, most: int, expected: int) -> None:
    # the second and third action before it have no place that a call could name
    calls = steps(mails, history=most)[4].history
    assert len(calls) == expected


def test_observations_are_nodes_text_or_a_picture(mails: Published) -> None:
    assert steps(mails, observation="text")[4].observation == "To Urgent Send"
    assert steps(mails, observation="image")[4].observation.size == (1_600, 900)
    small = steps(mails, observation="image", size=(400, 200), format="messages")[4]
    assert small.observation.size == (400, 200)
    assert small.history[0]["content"][0] == {"type": "image", "image": small.observation}
    assert '"coordinate": [340, 184]' in small.next_action["content"][0]["text"]
    nodes = steps(mails, format="messages")[4]
    assert '  [3] button "Send" focused (1280,810)-(1520,873)' in nodes.history[0]["content"][0]["text"]


def test_a_chat_tells_boxes_in_the_pixels_of_its_answer_and_the_window_with_its_size(mails: Published) -> None:
    for size, box, answer, shown in (
        (None, "(1280,810)-(1520,873)", [1_360, 828], "1600 by 900"),
        ((1_000, 500), "(800,450)-(950,485)", [850, 460], "1000 by 500"),
    ):
        step = steps(mails, format="messages", size=size)[4]
        screen, words = (part["text"] for part in step.history[0]["content"])
        assert f'[3] button "Send" focused {box}' in screen
        assert json.loads(step.next_action["content"][0]["text"])["coordinate"] == answer
        assert words.splitlines()[-2:] == [
            f'Window: mail "New message", {shown} pixels',
            "What is the next action?",
        ]


def test_a_trajectory_of_the_agent_data_protocol_tells_boxes_in_the_shares_of_its_calls(mails: Published) -> None:
    step = steps(mails, format="adp")[4]
    assert '[3] button "Send" focused (0.8,0.9)-(0.95,0.97)' in step.history[-1]["content"]
    click = next(call for call in step.next_action if call["function"] == "click")
    assert click["kwargs"] == {"x": 0.85, "y": 0.92}
    line = next(keyveil.export.adp(steps(mails)))
    assert any('"Send" focused (0.8,0.9)-(0.95,0.97)' in part.get("content", "") for part in line["content"])


def test_an_outline_may_be_in_pixels_and_hold_fewer_nodes(mails: Published) -> None:
    screen = steps(mails)[4].screen
    assert screen is not None
    lines = keyveil.outline(screen).splitlines()
    assert lines[3] == '  [3] button "Send" focused (8000,9000)-(9500,9700)'
    assert keyveil.outline(screen, size=(1_000, 500)).splitlines()[3].endswith("(800,450)-(950,485)")
    assert keyveil.outline(screen, nodes=4).splitlines() == lines
    assert keyveil.outline(screen, nodes=3).splitlines() == [*lines[:3], "(1 more)"]
    assert keyveil.outline(screen, nodes=0) == "(4 more)"
    assert keyveil.outline(keyveil.Screen(seq=0, text="To"), nodes=0) == "To"
    with pytest.raises(UsageError, match="nodes must be 0 or more"):
        keyveil.outline(screen, nodes=-1)


def test_an_action_says_what_its_box_is(mails: Published) -> None:
    found = steps(mails).session(mails.sessions[0])
    assert [step.action.place for step in found] == [None, "node", "node", None, "node"]


def test_a_screen_without_nodes_has_no_picture() -> None:
    rows = [{"kind": "screen", "text": "To Urgent Send"}, recordings.placed("click", screen=0, node=None)]
    session = SessionSteps(recordings.as_session(rows, "s", "u"))
    for observation, expected in (("image", None), ("text", "To Urgent Send"), ("nodes", ())):
        plan = StepPlan(observation=observation)
        assert build_step(session, 0, plan, 0)["observation"] == expected


@pytest.mark.parametrize(("up_to", "is_enough"), [("timing", False), ("pointer", True)])
def test_steps_are_refused_where_the_key_opens_nothing_that_they_are_made_of(
    up_to: str, is_enough: bool, tmp_path: Path
) -> None:
    create_key_set(tmp_path / "keys")
    export_reader(tmp_path / "keys", tmp_path / "some.json", up_to=up_to)
    made = published(tmp_path, opened(tmp_path / "keys"), tmp_path, [[1]], "sealed", make=recordings.mail_session)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", keyveil.WithheldColumnsWarning)
        if is_enough:
            assert len(keyveil.steps(str(made.home), tmp_path / "some.json")) > 0
        else:
            with pytest.raises(keyveil.RefusedError, match="pointer and text"):
                keyveil.steps(str(made.home), tmp_path / "some.json")


def test_pictures_take_a_font(mails: Published, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="font cannot be read"):
        steps(mails, observation="image", font=str(tmp_path / "none.ttf"))[4]


def test_wrong_words_are_refused_with_the_right_ones(mails: Published) -> None:
    for options, right in (
        ({"observation": "pixels"}, "nodes, text, image"),
        ({"format": "json"}, "tool, opencua, adp, messages"),
        ({"split": "dev"}, "train, validation, test"),
        ({"history": -1}, "0 or more actions"),
        ({"places": "guessed"}, "learned, released, or what keyveil.learn_places returned"),
        ({"size": (63, 64)}, "64 to 8192"),
        ({"size": (64, 8_193)}, "64 to 8192"),
    ):
        with pytest.raises(UsageError, match=right):
            steps(mails, **options)
    assert len(steps(mails, size=(64, 8_192), history=0)) == len(steps(mails))


def test_splits_part_people_and_hold_every_session_once(mails: Published) -> None:
    parts = {split: steps(mails, split=split, seed=3) for split in SPLITS}
    users = {split: set(part.users) for split, part in parts.items()}
    assert sum(len(part) for part in parts.values()) == len(steps(mails))
    assert Counter(name for part in parts.values() for name in part.sessions) == Counter(mails.sessions)
    assert sum(len(found) for found in users.values()) == 3
    for split, part in parts.items():
        assert all(split_of(user, 3) == split for user in part.users)
        other = next(name for name in mails.sessions if name not in part.sessions)
        with pytest.raises(UsageError, match="another split"):
            part.session(other)


def test_shares_of_the_splits_are_four_fifths_and_two_tenths() -> None:
    drawn = Counter(split_of(f"user-{number}") for number in range(10_000))
    # binomial, sd 40 and 30: 5 sigma, false alarm about 2e-6, and the hash is fixed: no luck on any machine
    assert abs(drawn["train"] - 8_000) < 200
    assert abs(drawn["validation"] - 1_000) < 150
    assert abs(drawn["test"] - 1_000) < 150
    other = [split_of(f"user-{number}", 1) for number in range(10_000)]
    assert other != [split_of(f"user-{number}") for number in range(10_000)]


def test_a_release_without_users_cannot_be_split(tmp_path: Path, keys: KeySet, reader: Path) -> None:
    def make(name: str, user: str, events: int, seed: int) -> Any:  # noqa: ARG001 - a maker of sessions
        return recordings.as_session(recordings.mail_rows(), name, None)

    made = published(tmp_path, keys, reader, [[1, 1]], "none", make=make)
    assert {step.user for step in steps(made)} == {None}
    with pytest.raises(UsageError, match="names no users"):
        steps(made, split="train")


def test_steps_travel_by_address_and_keys_do_not(mails: Published) -> None:
    found = steps(mails)
    expected = found[6]
    content = pickle.dumps(found)
    assert b"BEGIN" not in content
    assert mails.sessions[0].encode() not in content
    assert pickle.loads(content)[6] == expected  # noqa: S301 - our own
    held = keyveil.steps(str(mails.home), keys=ReaderKeys.open(mails.reader))
    assert held[6] == expected
    with pytest.raises(UsageError, match="path of the reader's key file"):
        pickle.dumps(held)


@pytest.mark.parametrize("workers", [0, 2])
def test_a_torch_loader_reads_every_step_once(mails: Published, workers: int) -> None:
    found = steps(mails)
    loader: Any = DataLoader(found, batch_size=4, shuffle=True, num_workers=workers, collate_fn=list)  # type: ignore[arg-type]
    seen = Counter((step.session, step.number) for batch in loader for step in batch)
    assert seen == Counter((step.session, step.number) for step in found)


def test_keys_without_texts_give_places_alone(mails: Published, tmp_path: Path) -> None:
    export_reader(mails.keys.folder, tmp_path / "part.json", "pointer")
    sealed = keyveil.open_release(str(mails.home), keys=mails.reader).manifest.encryption == "sealed"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", keyveil.WithheldColumnsWarning)
        found = list(keyveil.steps(str(mails.home), keys=tmp_path / "part.json"))
    if sealed:
        assert [step.action.kind for step in found[:3]] == ["scroll", "drag", "click"]
        assert found[2].screen is not None
        assert (found[2].screen.nodes, found[2].screen.text, found[2].task) == ((), None, None)
    else:
        assert len(found) == len(steps(mails))


def test_a_release_from_before_nodes_gives_what_it_has(release: Published) -> None:
    found = steps(release)
    assert {step.action.kind for step in found} <= {"type", "hotkey", "click"}
    assert len(found) == sum(1 for _ in found)


def test_screens_with_replacements_and_what_was_done_on_them_are_placed_by_the_others(
    tmp_path: Path, keys: KeySet, reader: Path
) -> None:
    made = published(tmp_path, keys, reader, [[1, 1]], "none", make=recordings.replaced_session)
    released, placed = steps(made, format="opencua", places="released"), steps(made, format="opencua")
    given = steps(made, format="opencua", places=keyveil.learn_places(released.screens()))
    name = made.sessions[1]
    for found in (placed, given, *(pickle.loads(pickle.dumps(each)) for each in (placed, given))):  # noqa: S301 - our own
        first, second = found.session(name)
        assert first.screen is not None
        assert [node.box for node in first.screen.nodes] == [read_box(node) for node in recordings.MAIL]
        assert [node.value for node in first.screen.nodes] == [None, "Ada", None, None]
        assert first.action.box == second.action.box == keyveil.Box(8_000, 9_000, 9_500, 9_700)
        assert first.action.at == (8_750, 9_233)
        assert second.history == (first.next_action,) == ("pyautogui.click(x=0.875, y=0.9233)",)
    assert [step.next_action for step in released.session(name)] != [step.next_action for step in placed.session(name)]
    assert placed.session(made.sessions[0]) == released.session(made.sessions[0])
