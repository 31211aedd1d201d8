"""Builds the detector that the settings name, once per process: its models are large and read-only."""

import threading

from transforms.redact.detector import Detector, UnionDetector
from transforms.redact.patterns import PatternDetector
from transforms.redact.settings import RedactSettings

_LOCK = threading.Lock()
_BUILT: dict[str, Detector] = {}


def build_detector(settings: RedactSettings) -> Detector:
    """Return a detector; raise ``UsageError`` where the settings name a model that is not installed."""
    return UnionDetector(
        sources=(PatternDetector(settings),),
        common_words=frozenset(),
        max_text_chars=settings.max_text_chars,
    )


def shared_detector(settings: RedactSettings) -> Detector:
    """Return this process's detector for ``settings``."""
    name = repr(settings)
    with _LOCK:
        if name not in _BUILT:
            _BUILT[name] = build_detector(settings)
        return _BUILT[name]
