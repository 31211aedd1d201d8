"""Frames of the screen video of AgentNetTool: what was on the screen before each action.

OBS writes the video. Its first picture was taken between the two times at which OBS said that it was starting and had
started, about half a second apart. The second of the video that is asked for is counted from the later of them, so that
a frame shows the screen up to this half second before an action, and never what came of it::

    starting 10.1   started 10.6   action 14.0   asked for: 14.0 - 10.6 = 3.4   shown: from 13.5 to 14.0
"""

from schemas.tally import TallyGroup
from transforms.ingest.formats.foreign_format import SessionDraft
from transforms.ingest.formats.foreign_recording import Frame, TimedEvent
from transforms.ingest.formats.typed_steps import Event
from transforms.ingest.screenshots.action_stretches import go_on, name_action

_STATES = "obs_record_state_timings"
_LONGEST_S = 5.0
"""Longest time between starting and having started: a frame that is older tells too little of an action."""


def add_frames(draft: SessionDraft, metadata: Event) -> None:
    """Add the frame before each action, or stretch of typing or scrolling; none where the video's start is unknown.

    While the recorder pauses, the video does not go on: from the first pause on, no time of it is certain.
    """
    starting, started = (_first(metadata, f"OBS_WEBSOCKET_OUTPUT_{state}") for state in ("STARTING", "STARTED"))
    if starting is None or started is None or not 0 <= started - starting <= _LONGEST_S:
        return
    paused = _first(metadata, "OBS_WEBSOCKET_OUTPUT_PAUSED")
    if paused is None and TallyGroup.SUPPRESSED.of("recorder_control") in draft.recording.counts:
        return
    size = _size(metadata)
    for item in _first_of_actions(draft.recording.events, started - starting):
        at = item.at or 0.0
        if at >= started and (paused is None or at < paused):
            draft.add_picture(at - (started - starting), item.record, Frame("", at - started), size)


def _first_of_actions(events: list[TimedEvent], distance: float) -> list[TimedEvent]:
    """Return the event with which each action begins; one so near to another that its frame may show both is none."""
    found: list[TimedEvent] = []
    before = ""
    for item in sorted(events, key=lambda event: event.at or 0.0):
        action = name_action(item.event)
        if action and action != before and (not found or (item.at or 0.0) - (found[-1].at or 0.0) > distance):
            found.append(item)
        before = go_on(action, before)
    return found


def _first(metadata: Event, state: str) -> float | None:
    """Return when OBS was first in a state, on the recorder's clock."""
    states = metadata.get(_STATES)
    times = states.get(state) if isinstance(states, dict) else None
    known = [time for time in times if isinstance(time, int | float)] if isinstance(times, list) else []
    return float(min(known)) if known else None


def _size(metadata: Event) -> tuple[float, float] | None:
    width, height = metadata.get("screen_width"), metadata.get("screen_height")
    return (float(width), float(height)) if isinstance(width, int) and isinstance(height, int) else None
