"""Limits on the memory of ingest and on the size of a session."""

from dataclasses import dataclass

from schemas.errors import UsageError

_MIB = 1 << 20
_MOST_DAYS = 90
_MOST_PIXELS = 100_000_000


@dataclass(frozen=True, slots=True)
class IngestSettings:
    """Sizes and limits of ingest; raises ``UsageError`` if they do not fit each other."""

    block_bytes: int = 8 * _MIB
    """Bytes of whole lines that are parsed at once, ``max_line_bytes`` to 512 MiB. More is faster and takes memory."""

    max_line_bytes: int = 4 * _MIB
    """Longest line in bytes, at least 1; a longer one is rejected."""

    max_recording_bytes: int = 512 * _MIB
    """Largest recording in bytes that must be parsed as one document, at least 1; a larger one is rejected."""

    max_session_events: int = 50_000
    """Most events of an episode, at least 1; a longer session is cut into episodes."""

    element_events: int = 32_000
    """Events of whole sessions in one Beam element, at least 1. More is faster and takes memory."""

    element_bytes: int = 16 * _MIB
    """Bytes of whole sessions in one Beam element, at least 1; applies if it is reached before ``element_events``."""

    max_rejects: int = 1_000
    """Bad lines of a block that are reported one by one, at least 1; above, lines that broke the same rule are
    grouped."""

    fold_user_case: bool = True
    """Take user ids that differ in case alone for one person."""

    keep_unnamed_days: int = 0
    """Days for which the quarantine keeps a record without a known user, 0 (keeps none) to 90. An erasure cannot find
    such a record."""

    ocr: bool = False
    """Read the text of screenshots, and of the frames of videos at actions, of recordings without another text of the
    screen; needs ``keyveil[ocr]``."""

    ocr_threads: int = 1
    """Threads that read a screenshot, at least 1; the cores of a machine are shared by its workers."""

    ocr_pictures: int = 5_000
    """Most screenshots and frames of a recording that are read, at least 1; those after them are counted, left out."""

    ocr_pixels: int = 40_000_000
    """Largest screenshot that is unpacked, in pixels, 1 to 100,000,000, of a video 15,000,000 at most; a larger one is
    counted and left out."""

    ocr_work: int = 10_000_000_000
    """Pixels of a recording's screenshots that networks look at, at least 1, counted again for each line of text; a
    million take a CPU second or two, and 256 decoded pixels of a video count as one. Screenshots after them are counted
    and left out."""

    def __post_init__(self) -> None:
        if not 1 <= self.max_line_bytes <= self.block_bytes <= 512 * _MIB:
            raise UsageError("ingest.max_line_bytes must be at least 1 and at most ingest.block_bytes (up to 512 MiB)")
        for name in ("max_recording_bytes", "max_session_events", "element_events", "element_bytes", "max_rejects",
                     "ocr_threads", "ocr_pictures", "ocr_work"):  # fmt: skip
            if getattr(self, name) < 1:
                raise UsageError(f"ingest.{name} must be at least 1")
        if not 1 <= self.ocr_pixels <= _MOST_PIXELS:
            raise UsageError(f"ingest.ocr_pixels must be from 1 to {_MOST_PIXELS}")
        if not 0 <= self.keep_unnamed_days <= _MOST_DAYS:
            raise UsageError(f"ingest.keep_unnamed_days must be from 0 (keep none) to {_MOST_DAYS}")
