"""Read signed releases as datasets and as whole sessions, on pyarrow and cryptography alone.

In: the address of a dataset and a reader's keys. Out: episodes, Arrow datasets, actions.
Start reading in ``api``.
"""

from keyveil.api import episodes, open_dataset, open_release
from keyveil.episodes import Episodes
from keyveil.records import Episode, Event, Redaction
from keyveil.release import Release, WithheldColumnsWarning

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
