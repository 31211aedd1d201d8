"""Tasks of AgentNet, OpenCUA and AgentNetBench: an instruction, and steps of pyautogui beside screenshots."""

from collections.abc import Iterator

from transforms.ingest.formats.adapter import MapRow
from transforms.ingest.formats.agents.pyautogui import HEIGHT, WIDTH, UnknownStatementError, read_code
from transforms.ingest.formats.foreign_format import UNKNOWN, ForeignFormat, SessionDraft
from transforms.ingest.formats.json_documents import dicts, documents, has_names
from transforms.ingest.formats.record_values import text
from transforms.ingest.formats.typed_steps import Field

_GOALS = ("high_level_task_description", "natural_language_task")
_INSTRUCTIONS = ("instruction", "user_task_description", "task_description")


def _knows(head: bytes) -> bool:
    return has_names(head, "task_id") and (
        has_names(head, "traj", "value") or has_names(head, "steps", "step_num", "action")
    )


def _tell(content: bytes, source: int) -> Iterator[SessionDraft]:
    """Yield one session a task: the whole file is one, or each line."""
    broken = SessionDraft(source)
    for number, task in documents(content, broken):
        yield _tell_task(task, number, SessionDraft(source))
    if broken.recording.faults:
        yield broken


def _tell_task(task: object, number: int, draft: SessionDraft) -> SessionDraft:
    draft.each([task], lambda record, item: _tell_steps(item, record, draft), number)
    return draft


def _tell_steps(task: dict[str, object], number: int, draft: SessionDraft) -> None:
    instruction = next((name for name in _INSTRUCTIONS if isinstance(task.get(name), str)), _INSTRUCTIONS[0])
    screen = {"x": 0, "y": 0, "width": WIDTH, "height": HEIGHT, "scale": 1}
    draft.header = {"recorder": "opencua", "screens": [screen]}
    goal = next((task[name] for name in _GOALS if isinstance(task.get(name), str)), None)
    draft.add(None, number, {"kind": "task", "instruction": text(task, instruction), "goal": goal})
    field = Field()
    steps = dicts(task.get("traj")) or dicts(task.get("steps"))
    draft.each(steps, lambda record, step: _tell_step(step, record, draft, field), number)


def _tell_step(step: dict[str, object], number: int, draft: SessionDraft, field: Field) -> None:
    value = step.get("value")
    code = text(value, "code") if isinstance(value, dict) else text(step, "action")
    if isinstance(image := step.get("image"), str):
        draft.add_picture(None, number, image, (WIDTH, HEIGHT))
    if step.get("inner_monologue") or (isinstance(value, dict) and len(value) > 1):
        draft.leave_out("monologue")
    try:
        for event in read_code(code, field):
            draft.leave_out("control") if event is None else draft.add(None, number, event)
    except UnknownStatementError:
        draft.refuse(UNKNOWN, number, code)


OPENCUA = ForeignFormat(
    name="opencua",
    summary="AgentNet, OpenCUA and AgentNetBench tasks: .json or .jsonl with steps of pyautogui",
    mapping=(
        MapRow("instruction, user_task_description", "`task`: `instruction`"),
        MapRow(
            "high_level_task_description, natural_language_task",
            "`task`: `goal`, redacted and released like the instruction",
        ),
        MapRow(
            "click, doubleClick, tripleClick, rightClick, middleClick, moveTo, dragTo, mouseDown, mouseUp", "`pointer`"
        ),
        MapRow("scroll, vscroll, hscroll", "`pointer`: `scroll`, 100 px a notch"),
        MapRow("x, y from 0 to 1", "parts of a screen of 1920 by 1080"),
        MapRow("write, typewrite", "`field` and `input_value`: another field after each click and Tab"),
        MapRow("press, hotkey, keyDown, keyUp", "`key`"),
        MapRow("wait, terminate and other control of the agent", "left out, counted: `control`"),
        MapRow(
            "image",
            "left out, counted: `screenshot`; `screen` where `ingest.ocr` is on: a file beside it or in `images` there",
        ),
        MapRow(
            "inner_monologue, thought, observation",
            "left out, counted: `monologue`; an agent's words, not the person's",
        ),
        MapRow("task_id, meta_info, ground_truth_actions and other fields of a task", "not read"),
        MapRow("any other statement", "refused; code is parsed and never run"),
        MapRow("times", "none are recorded: steps keep their order"),
    ),
    knows=_knows,
    tell=_tell,
)
"""The adapter."""
