"""A release that lies there is summarised with the rows that are left after erasures, not with those of its run."""

from dataclasses import replace
from pathlib import Path

import pytest

from pipelines.release.manifest import summarise
from pipelines.state.private_state import PrivateState
from pipelines.state.tallies import keep_tallies
from tests.pipelines.test_old_copies import manifest
from transforms.dataset.layout import release_layout
from transforms.keys.key_set import KeyReference, create_key_set

_RUN = {"events.read": 90, "rows.released": 40, "sessions.released": 4, "suppressed.no_consent": 5}


@pytest.mark.parametrize(
    ("erased", "signed", "rows", "sessions"),
    [
        ([], {"rows.released": 40, "sessions.released": 4}, 40, 4),
        (["f1"], {"rows.released": 30, "sessions.released": 3, "events.read": 85}, 30, 3),
        (["f1"], {}, 40, 4),  # of tables alone, whose manifest has no counts
    ],
)
def test_rows_and_sessions_are_those_of_the_present_manifest(
    erased: list[str], signed: dict[str, int], rows: int, sessions: int, tmp_path: Path
) -> None:
    create_key_set(tmp_path / "keys")
    private = PrivateState.of(KeyReference.parse(str(tmp_path / "keys")), str(tmp_path / "state"))
    layout = release_layout(str(tmp_path / "out"), "typing", "r1r1r1r1")
    keep_tallies(private, layout.release_id, _RUN)
    told = summarise(layout, replace(manifest(erased), counts=signed), private, (), seconds=0.0)
    assert told.counts == {**_RUN, "rows.released": rows, "sessions.released": sessions}
