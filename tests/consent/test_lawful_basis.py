"""The record of the lawful basis: whole where it must be, and never after its last day."""

from dataclasses import fields, replace
from datetime import date

import pytest

from schemas.errors import RefusedError, UsageError
from transforms.consent.lawful_basis import LawfulBasis

_DAY = date(2026, 6, 1)
_WHOLE = LawfulBasis("consent", "DPIA-1", "WA-1", date(2026, 1, 1), "officer", _DAY, "privacy@example.com")


def test_a_whole_record_holds_up_to_its_last_day() -> None:
    _WHOLE.require(_DAY, complete=True)
    for complete in (True, False):
        with pytest.raises(RefusedError, match="has passed"):
            _WHOLE.require(date(2026, 6, 2), complete=complete)


@pytest.mark.parametrize("name", [item.name for item in fields(LawfulBasis)][:-7])
def test_a_record_that_lacks_anything_is_refused_where_it_must_be_whole(name: str) -> None:
    torn = replace(_WHOLE, **{name: getattr(LawfulBasis(), name)})
    assert torn.missing == (f"basis.{name}",)
    torn.require(_DAY, complete=False)
    with pytest.raises(RefusedError, match=f"basis.{name}"):
        torn.require(_DAY, complete=True)


def test_what_the_worker_sheet_alone_says_may_be_left_out() -> None:
    assert _WHOLE.works_council == ""
    assert (_WHOLE.telephone, _WHOLE.data_protection_officer) == ("", "")
    assert (_WHOLE.recordings_days, _WHOLE.releases_days, _WHOLE.organisation) == (None, None, "")
    assert _WHOLE.missing == ()


@pytest.mark.parametrize("name", ["recordings_days", "releases_days", "quarantine_days"])
def test_recordings_and_releases_are_kept_for_a_day_or_more(name: str) -> None:
    assert getattr(replace(_WHOLE, **{name: 1}), name) == 1
    with pytest.raises(UsageError, match=rf"basis\.{name} must be at least 1"):
        replace(_WHOLE, **{name: 0})


@pytest.mark.parametrize(
    "told",
    [
        {"ground": "habit"},
        {"dpia": "x" * 201},
        {"contact": "a\nb"},
        {"works_council": "a\nb"},
        {"organisation": "a\nb"},
        {"telephone": "a\nb"},
        {"telephone": "1" * 201},
        {"data_protection_officer": "a\nb"},
    ],
)
def test_a_malformed_record_is_wrong_use(told: dict[str, str]) -> None:
    with pytest.raises(UsageError, match=f"basis.{next(iter(told))}"):
        LawfulBasis(**told)  # type: ignore[arg-type]


def test_a_word_of_200_characters_is_told() -> None:
    assert LawfulBasis(dpia="x" * 200).missing[0] == "basis.ground"
