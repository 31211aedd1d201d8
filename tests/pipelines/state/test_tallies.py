"""Published tallies are as if what people took out, or never agreed to, had not been recorded."""

import pytest

from pipelines.state.tallies import select_publishable
from schemas.privacy import Profile

_LEFT = {"events.read": 10, "outcome.kept": 7, "outcome.suppressed": 3, "suppressed.unreadable": 3}
_OTHER = {"sessions.released": 2}


@pytest.mark.parametrize("reason", ["paused", "no_consent", "erased", "other_purpose", "other_version"])
def test_refused_events_are_in_no_published_number(reason: str) -> None:
    more = {f"suppressed.{reason}": 5, f"sessions.{reason}": 1, "events.read": 15, "outcome.suppressed": 8}
    assert select_publishable(_LEFT | _OTHER | more, Profile.RESTRICTED) == _LEFT | _OTHER


def test_several_reasons_are_subtracted_together() -> None:
    counts = {"events.read": 16, "outcome.kept": 7, "outcome.suppressed": 9}
    counts |= {"suppressed.paused": 4, "suppressed.no_consent": 5}
    assert select_publishable(counts, Profile.EVENTS) == {"events.read": 7, "outcome.kept": 7}


def test_without_any_nothing_changes_and_of_tables_alone_nothing_is_published() -> None:
    assert select_publishable(_LEFT, Profile.RESTRICTED) == _LEFT
    assert select_publishable(_LEFT, Profile.AGGREGATES) == {}
