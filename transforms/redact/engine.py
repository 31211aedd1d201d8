"""Builds the detector that the settings name, once per process: its models are large and read-only."""

import threading

from transforms.redact.detector import Detector, UnionDetector
from transforms.redact.names import common_words
from transforms.redact.patterns import PatternDetector
from transforms.redact.settings import RedactSettings
from transforms.redact.union import NamedEntityDetector

_LOCK = threading.Lock()
_BUILT: dict[str, Detector] = {}


def build_detector(settings: RedactSettings) -> Detector:
    """Return a detector; raise ``UsageError`` where the settings name a model that is not installed."""
    return UnionDetector(
        sources=(PatternDetector(settings), NamedEntityDetector(settings)),
        common_words=common_words(),
        max_text_chars=settings.max_text_chars,
    )


def shared_detector(settings: RedactSettings) -> Detector:
    """Return this process's detector for ``settings``."""
    name = repr(settings)
    with _LOCK:
        if name not in _BUILT:
            _BUILT[name] = build_detector(settings)
        return _BUILT[name]
