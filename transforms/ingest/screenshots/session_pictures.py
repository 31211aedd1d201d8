"""Pictures of several sessions of one recording, each read against the last one of its session."""

from collections import OrderedDict
from dataclasses import dataclass, field

from transforms.ingest.screenshots.decoding import Pixels
from transforms.ingest.screenshots.screen_reader import Line, ScreenReader, load_networks

_MOST_SESSIONS = 8
"""Sessions whose last picture is remembered; recordings of more at once are rare, and a picture is some megabytes."""


@dataclass(frozen=True, slots=True)
class _Session:
    """The reader of a session's pictures and what its last picture showed."""

    reader: ScreenReader = field(repr=False)
    lines: list[Line] = field(repr=False)


class SessionPictures:
    """Reads the pictures of sessions in turn."""

    def __init__(self, threads: int) -> None:
        self._networks = load_networks(threads)
        self._sessions: OrderedDict[str, _Session] = OrderedDict()
        self.work = 0
        """Pixels that the networks have looked at so far, over all sessions."""

    def read(self, session_id: str, pixels: Pixels) -> list[Line]:
        """Read the lines of the next picture of a session."""
        session = self._sessions.pop(session_id, None) or _Session(ScreenReader(self._networks), [])
        before = session.reader.work
        try:
            lines = session.reader.read(pixels)
        finally:
            self.work += session.reader.work - before
        lines = session.lines if lines is None else lines
        self._sessions[session_id] = _Session(session.reader, lines)
        if len(self._sessions) > _MOST_SESSIONS:
            self._sessions.popitem(last=False)
        return lines
