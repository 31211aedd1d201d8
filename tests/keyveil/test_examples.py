"""The training examples run on a small release and learn what is there to be learnt."""

import contextlib
import io
import random
import re
import runpy
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pytest

from tests.keyveil import recordings
from tests.keyveil.conftest import Publish, Published, published
from transforms.keys.key_set import KeySet

ROOT = Path(__file__).parents[2]
BUTTONS = ("Send", "Discard", "Attach")


def chosen_session(name: str, user: str, events: int, seed: int) -> pa.Table:
    """Make a session of ``events`` clicks on the button that the task names, wherever it stands."""
    draw = random.Random(seed)
    rows: list[dict[str, object]] = []
    for _ in range(events):
        wanted = draw.choice(BUTTONS)
        nodes = [recordings.MAIL[0]]
        for column, label in enumerate(draw.sample(BUTTONS, 3)):
            left = 500 + 3_000 * column
            nodes.append(recordings.node("button", label, (left, 4_000, left + 2_500, 6_000)))
        place = next(at for at, node in enumerate(nodes) if node["name"] == wanted)
        screen = len(rows) + 1
        edges = {edge: nodes[place][edge] for edge in ("left", "top", "right", "bottom")}
        rows += [
            {"kind": "task", "text": f"Please {wanted.lower()} it"},
            {"kind": "screen", "text": " ".join(BUTTONS), "nodes": nodes},
            recordings.placed(
                "click", x=edges["left"] + 1_250, y=5_000, box=edges, node=place, screen=screen, name=wanted
            ),
        ]
    return recordings.as_session(rows, name, user)


@pytest.fixture(scope="module")
def choices(tmp_path_factory: pytest.TempPathFactory, keys: KeySet, reader: Path) -> Published:
    return published(
        tmp_path_factory.mktemp("choices"), keys, reader, [[4] * 12, [4] * 12], "sealed", make=chosen_session
    )


def words_of(name: str, release: Published, *more: str) -> list[str]:
    return [str(ROOT / "examples" / name), "--release", str(release.home), "--keys", str(release.reader), *more]


def run_example(name: str, release: Published, *more: str) -> str:
    """Run an example in this process, which has imported torch, and return what it says."""
    words, said = words_of(name, release, *more), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(said):
        patch.setattr(sys, "argv", words)
        try:
            runpy.run_path(words[0], run_name="__main__")
        except SystemExit as ended:
            said.write(f"{ended}\n")
    return said.getvalue()


def test_element_choice_is_learnt_by_task_and_name(choices: Published) -> None:
    answer = run_example("train_next_action.py", choices)
    assert "64 steps to train, 32 of 1 other people to test" in answer
    found = re.search(r"element accuracy ([\d.]+)%, chance 25.0%", answer)
    assert found, answer
    assert float(found[1]) > 60


def test_a_vision_model_trains_on_wireframes(choices: Published, capsys: pytest.CaptureFixture[str]) -> None:
    answer = run_example("train_vlm.py", choices, "--epochs", "2")
    assert capsys.readouterr().err.splitlines()[-2:] == ["epoch 1 of 2", "epoch 2 of 2"]
    assert "64 steps to train, 32 of 1 other people to test" in answer
    assert re.search(r"clicks inside the box or cell [\d.]+%, one cell by chance 0.6%", answer), answer


def test_one_person_is_divided_by_steps(tmp_path: Path, keys: KeySet, reader: Path) -> None:
    made = published(tmp_path, keys, reader, [[8]], "none", make=chosen_session)
    answer = run_example("train_vlm.py", made, "--epochs", "1")
    assert "6 steps to train, 2 of the same person to test" in answer


@pytest.mark.parametrize("name", ["train_next_action.py", "train_vlm.py"])
def test_a_release_with_too_few_steps_is_told_in_one_line(name: str, publish_release: Publish) -> None:
    answer = run_example(name, publish_release([[1]], "none"))
    assert re.fullmatch(r"0 steps .*; it takes 5\n", answer)


def test_an_example_runs_as_a_program(publish_release: Publish) -> None:
    words = [sys.executable, *words_of("train_next_action.py", publish_release([[1]], "none"))]
    environment = {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    done = subprocess.run(words, capture_output=True, text=True, check=False, env=environment)
    assert re.fullmatch(r"0 steps .*; it takes 5\n", done.stdout + done.stderr)


def test_a_private_training_of_one_person_is_told_in_one_line(tmp_path: Path, keys: KeySet, reader: Path) -> None:
    made = published(tmp_path, keys, reader, [[8]], "none", make=chosen_session)
    request = tmp_path / "request.json"
    answer = run_example("train_privately.py", made, "--request", str(request))
    assert re.fullmatch(r"1 user in this release, .*; it takes 2\n", answer)
    assert not request.exists()


def test_a_private_training_asks_for_two_people(tmp_path: Path, keys: KeySet, reader: Path) -> None:
    made = published(tmp_path, keys, reader, [[4, 4]], "none", make=chosen_session)
    request = tmp_path / "request.json"
    run_example("train_privately.py", made, "--request", str(request))
    assert request.exists()


def test_a_private_training_pays_for_its_costliest_fold() -> None:
    costliest = runpy.run_path(str(ROOT / "examples" / "train_privately.py"))["costliest"]
    # of 11 users one fold trains on 6 in 6 batches, the other on 5 in 5: fewer steps, and each sees more of a user
    assert costliest(11)[1] == [(3.0, 1 / 5, 75)]
    assert costliest(200) == costliest(11)
    assert costliest(12)[1] == [(3.0, 1 / 6, 90)]


@pytest.mark.parametrize(("users", "few"), [(7, True), (59, True), (60, False), (200, False)])
def test_people_too_few_for_the_noise_of_a_private_training_are_told(
    users: int, few: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    runpy.run_path(str(ROOT / "examples" / "train_privately.py"))["warn_of_few"](users)
    assert ("too few for DP-SGD" in capsys.readouterr().err) is few
