"""Construction of the configured detector, once per process: its models are large and read-only."""

import threading
from collections.abc import Sequence
from pathlib import Path

from schemas.entities import EntityType
from transforms.keys.key_set import KeyRole, KeySet
from transforms.redact.detect.business.detect_business import business_sources
from transforms.redact.detect.detector import Detector, UnionDetector
from transforms.redact.detect.directory import Directory, WordDetector, lower
from transforms.redact.detect.misreadings.misread_names import MisreadNames
from transforms.redact.detect.named_entities import NamedEntityDetector
from transforms.redact.detect.patterns import PatternDetector
from transforms.redact.settings import RedactSettings
from transforms.redact.text.hyperscan_cache import PrefilterStore, use_prefilters
from transforms.redact.text.phrases import Phrases
from transforms.redact.text.word_lists import common_words

_LOCK = threading.Lock()
_BUILT: dict[str, Detector] = {}


def build_detector(settings: RedactSettings) -> Detector:
    """Build the detector; raise ``UsageError`` if a configured model is not installed."""
    names = NamedEntityDetector(settings)
    return UnionDetector(
        sources=(PatternDetector(settings), names, MisreadNames(names), *business_sources(settings)),
        common_words=common_words(),
        max_text_chars=settings.max_text_chars,
    )


def shared_detector(settings: RedactSettings, prefilters: PrefilterStore | None = None) -> Detector:
    """Return this process's detector for ``settings``, building it with the cached ``prefilters`` on first use."""
    name = repr(settings)
    with _LOCK:
        if name not in _BUILT:
            with use_prefilters(prefilters):
                _BUILT[name] = build_detector(settings)
        return _BUILT[name]


def add_words(detector: Detector, words: Sequence[str]) -> Detector:
    """Let ``detector`` find ``words`` too: what people made private, however it is written."""
    if not words:
        return detector
    spelled = _add_values(detector, dict.fromkeys(map(lower, words), EntityType.SECRET))
    return WordDetector(spelled, Phrases(words, EntityType.SECRET))


def add_marker(detector: Detector, marker: str, entity: EntityType) -> Detector:
    """Let ``detector`` find the ``marker`` that stands for what was withheld before, as the entity that it was."""
    return _add_values(detector, {lower(marker): entity})


def _add_values(detector: Detector, values: dict[str, EntityType]) -> Detector:
    return WordDetector(detector, Directory(values)) if values else detector


def prefilter_store(keys: KeySet, folder: str | Path) -> PrefilterStore:
    """Open the cache of compiled prefilters in ``folder``, authenticated with the key set."""
    return PrefilterStore(Path(folder), keys.derive(KeyRole.TRANSIT, "prefilters"))
