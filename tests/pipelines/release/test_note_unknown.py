"""A run says how many people an id or a purpose of the registry does not match, and never who."""

import io

from rich.console import Console

from pipelines.release.run import note_unknown
from transforms.consent.registry import ConsentSnapshot


def test_only_what_does_not_match_is_said() -> None:
    for unknown, elsewhere in ((0, 0), (0, 2), (1, 0), (1, 2)):
        said = io.StringIO()
        note_unknown(ConsentSnapshot("training", {}, unknown=unknown, elsewhere=elsewhere), Console(file=said))
        assert ("1 of those with pauses or wishes" in said.getvalue()) == bool(unknown)
        assert ("2 people of the consent registry have rows for other purposes alone" in said.getvalue()) == bool(
            elsewhere
        )
