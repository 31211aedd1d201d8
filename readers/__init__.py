"""What ML engineers import: signed releases as datasets and as whole sessions, on pyarrow and cryptography."""

from readers.episodes import Episodes
from readers.opening import episodes, open_dataset, open_release
from readers.records import Episode, Event, Redaction
from readers.release import Release, WithheldColumnsWarning

__all__ = [
    "Episode",
    "Episodes",
    "Event",
    "Redaction",
    "Release",
    "WithheldColumnsWarning",
    "episodes",
    "open_dataset",
    "open_release",
]
