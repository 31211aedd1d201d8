"""Made-up pages and tasks come out of the real release as they went in, and are measured."""

import gzip
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from benchmarks import miniwob, utility
from benchmarks.agentnet_bench import find_tasks, read_targets
from benchmarks.clear_release import Nothing
from schemas.entities import EntityType, Span, Text

LABELS = ("Send", "Discard", "Attach")


def box(left: int, top: int, width: int, height: int, **more: Any) -> dict[str, Any]:
    return {"tag": "DIV", "left": left, "top": top, "width": width, "height": height, "children": [], **more}


def demo(wanted: int) -> dict[str, Any]:
    """Press the button that the task names; buttons stand below each other, in another order each time."""
    order = [LABELS[(wanted + turn) % 3] for turn in (2, 0, 1)]
    buttons = [box(10, 20 + 50 * row, 60, 30, tag="BUTTON", text=label) for row, label in enumerate(order)]
    page = box(0, 0, 160, 210, tag="BODY", children=[*buttons, box(400, 0, 5, 5, text="outside")])
    press = {"type": "mousedown", "timing": 1, "x": 30, "y": 30 + 50 * order.index(LABELS[wanted])}
    states = [
        {"dom": page, "action": None},
        {"dom": page, "action": press},
        {"dom": page, "action": {"type": "mouseup"}},
    ]
    return {"utterance": f"Click {LABELS[wanted]} now.", "states": states}


@pytest.fixture(scope="module")
def demos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("miniwob") / "demos.jsonl.gz"
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(demo(number % 3)) + "\n" for number in range(30))
    return path


def test_presses_come_out_on_the_leaf_that_they_went_in_on(demos: Path) -> None:
    presses = miniwob.read_presses(demos)
    assert [press.nodes[press.leaves[miniwob.find_leaf(press) or 0]][1] for press in presses[:3]] == list(LABELS)
    with miniwob.publish(miniwob.release_presses(presses, bytes(32))) as made:
        released = miniwob.read_steps(made, presses)
    assert [press and miniwob.find_leaf(press) for press in released] == list(map(miniwob.find_leaf, presses))
    assert {press.task for press in released if press} == {f"Click {label} now." for label in LABELS}
    assert any(one and (one.x, one.y) != (two.x, two.y) for one, two in zip(released, presses, strict=True))


def test_a_choice_is_learnt_from_the_release_as_from_the_recording(
    demos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(miniwob, "SEEDS", 2)
    monkeypatch.setattr(miniwob, "_EPOCHS", 40)
    figures = {name: (value, is_met) for name, value, is_met in miniwob.measure_choice(demos)}
    assert figures["MiniWoB++: presses that come out with a leaf, with the recorded one"] == ("100.0%, 100.0%", True)
    assert figures["MiniWoB++: points of steps that lie in the box of their node; bar 100 %"] == (
        "100.0% of 30; with a replacement on the page 0 of 0",
        True,
    )
    for name, bar in (("as released", "no bar"), ("by default", "bar >= -1")):
        value, is_met = figures[f"MiniWoB++: steps {name} minus recorded"]
        assert is_met
        assert value == f"+0.00 ± 0.00 points over 2 seeds; {bar}"


class _Labels(Nothing):
    """A detector that takes one label for a name."""

    def detect(self, texts: Sequence[Text]) -> list[tuple[Span, ...]]:
        found = [(text.content.find("Attach"), text) for text in texts]
        return [(Span(at, at + 6, EntityType.PERSON, 1.0),) if at >= 0 else () for at, _ in found]


def test_pages_that_are_laid_out_again_are_placed_by_those_that_are_not(demos: Path) -> None:
    presses = miniwob.read_presses(demos)[:3]
    kept, moved = (miniwob.release_presses(presses, bytes(32), detector) for detector in (None, _Labels()))
    with miniwob.publish([*kept, *moved]) as made:
        shown, placed = (miniwob.read_steps(made, presses * 2, places) for places in ("released", None))
    boxes = [[[box for _, _, box, _ in press.nodes] for press in read if press] for read in (shown, placed)]
    assert boxes[1][:3] == boxes[1][3:] == boxes[0][:3]
    assert all(own != learned for own, learned in zip(boxes[0][3:], boxes[1][3:], strict=True))
    assert [press and miniwob.find_leaf(press) for press in placed] == list(map(miniwob.find_leaf, presses * 2))


def bench(folder: Path, left: float) -> Path:
    position = {"x": 0.105, "y": 0.205}
    drawn = {"abs_bbox": [left, 150.0, 50.0, 20.0], "rel_bbox": [left / 1000, 150 / 800, 0.05, 0.025]}
    actions = [{"type": "click", "params": {"position": position}, "metadata": {"bboxes": [drawn]}}]
    actions += [{"type": "write", "params": {"content": "x"}}, {"type": "wait", "params": None, "metadata": None}]
    (folder / "task.json").write_text(json.dumps({"steps": [{"ground_truth_actions": actions}]}), encoding="utf-8")
    (folder / "other.json").write_text("{}", encoding="utf-8")
    return folder


def test_points_of_a_task_stay_in_the_recorded_target(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = bench(tmp_path, 100.0)
    assert find_tasks(folder) == [folder / "task.json"]
    [(x, y, target, size)] = read_targets(folder / "task.json")
    assert (x, y, *target) == pytest.approx((105, 164, 100, 150, 50, 20))
    assert size == pytest.approx((1000, 800))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.argv", ["utility", str(folder)])
        patch.setattr(utility, "_DRAWS", 3)
        assert utility.main() == 0
    assert "100.0% of 1 x 3; bar >= 97%" in capsys.readouterr().out


def test_a_position_outside_of_its_box_is_no_target(tmp_path: Path) -> None:
    assert list(read_targets(bench(tmp_path, 106.0) / "task.json")) == []


def test_what_is_not_there_is_skipped_with_a_word(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.argv", ["utility", "/nowhere/demos.jsonl.gz"])
    assert utility.main() == 0
    assert "skipped: /nowhere/demos.jsonl.gz holds none" in capsys.readouterr().err
