"""A file of pauses or wishes says one thing, or stops the run with the place of the doubt and none of its content."""

import json
from pathlib import Path
from typing import Any

import pytest

from schemas.errors import RefusedError
from transforms.consent.restriction_files import read_restrictions
from transforms.consent.restrictions import Restrictions

_HEADER = "user_id,kind,starts_at,ends_at,granted_by\n"
_DAY = 86_400_000_000


def pauses(tmp_path: Path, content: str | bytes) -> Restrictions:
    path = tmp_path / "pauses.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_restrictions(str(path), (), fold_case=True)


def test_pauses_and_exemptions_are_intervals_of_their_person(tmp_path: Path) -> None:
    content = (
        _HEADER
        + "Ann,pause,1970-01-02T01:00:00+01:00,1970-01-02T00:30:00Z,\n"
        + "ann,exemption,1970-01-03T00:00:00Z,,works council\n"
    )
    assert pauses(tmp_path, content).pauses == {"ann": ((_DAY, _DAY + 1_800_000_000), (2 * _DAY, 1 << 62))}


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        ("user_id,from,to\n", "exactly the columns"),
        ("", "exactly the columns"),
        (_HEADER + "zebrafish,pause,2026-01-01T00:00:00Z\n", "line 2: a field is missing"),
        (_HEADER + "zebrafish,pause,2026-01-01T00:00:00Z,,,x\n", "line 2: a field is missing or too many"),
        (_HEADER + "zebrafish,break,2026-01-01T00:00:00Z,,\n", "line 2: kind must be"),
        (_HEADER + "zebrafish,exemption,2026-01-01T00:00:00Z,, \n", "line 2: an exemption names in granted_by"),
        (_HEADER + "zebrafish,pause,2026-01-01T00:00:00,,\n", "line 2: starts_at is not"),
        (_HEADER + "zebrafish,pause,friday,,\n", "line 2: starts_at is not"),
        (_HEADER + "zebrafish,pause,2026-01-01T00:00:00Z,late,\n", "line 2: ends_at is not"),
        (_HEADER + "zebrafish,pause,2026-01-01T00:00:00Z,2026-01-01T00:00:00Z,\n", "line 2: ends_at is not after"),
        (_HEADER + ",pause,2026-01-01T00:00:00Z,,\n", "line 2: user_id is empty"),
        (b"\xff\xfe", "not CSV in UTF-8"),
    ],
)
def test_a_doubtful_file_of_pauses_stops_the_run(tmp_path: Path, content: str | bytes, rule: str) -> None:
    with pytest.raises(RefusedError) as refused:
        pauses(tmp_path, content)
    assert rule in str(refused.value)
    assert "zebrafish" not in str(refused.value)


def test_a_missing_file_stops_the_run(tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match="--pauses"):
        read_restrictions(str(tmp_path / "none.csv"), (), fold_case=True)
    with pytest.raises(RefusedError, match="file 1 of --wishes cannot be read"):
        read_restrictions(None, (str(tmp_path / "none.json"),), fold_case=True)


_WISHES: dict[str, Any] = {
    "format": "keyveil-wishes-1",
    "user": "Ann",
    "session": "s",
    "remove": [{"from_seq": 0, "to_seq": 4}],
    "private": ["Blue  Heron", "ab", "ab"],
}


def wishes(tmp_path: Path, told: object) -> Restrictions:
    path = tmp_path / "zebrafish.json"
    path.write_text(told if isinstance(told, str) else json.dumps(told))
    return read_restrictions(None, (str(path),), fold_case=True)


def test_wishes_are_stretches_of_a_session_and_words(tmp_path: Path) -> None:
    assert wishes(tmp_path, _WISHES) == Restrictions({}, {"ann": (("s", 0, 5),)}, ("Blue Heron", "ab"))
    assert wishes(tmp_path, _WISHES | {"remove": [], "private": []}) == Restrictions()


@pytest.mark.parametrize(
    ("told", "rule"),
    [
        ("{", "not JSON"),
        ("[]", "not of the format"),
        ({"format": "keyveil-wishes-2"}, "not of the format"),
        (_WISHES | {"more": 1}, "exactly"),
        (_WISHES | {"user": 7}, "user_id"),
        (_WISHES | {"session": ""}, "session is empty"),
        (_WISHES | {"remove": {}}, "remove must be a list"),
        (_WISHES | {"remove": ["zebrafish"]}, "remove 1 must hold"),
        (_WISHES | {"remove": [{"from_seq": True, "to_seq": 4}]}, "remove 1 must hold"),
        (_WISHES | {"remove": [{"from_seq": 0, "to_seq": 4, "x": 1}]}, "remove 1 must hold"),
        (_WISHES | {"remove": [{"from_seq": 5, "to_seq": 4}]}, "remove 1: from_seq"),
        (_WISHES | {"remove": [{"from_seq": -1, "to_seq": 4}]}, "remove 1: from_seq"),
        (_WISHES | {"private": ["x"]}, "private 1 must be"),
        (_WISHES | {"private": ["ok", "z" * 201]}, "private 2 must be"),
        (_WISHES | {"private": [3]}, "private 1 must be"),
        (_WISHES | {"private": ["ok"] * 10_001}, "private must be a list of at most 10000"),
    ],
)
def test_doubtful_wishes_stop_the_run(tmp_path: Path, told: object, rule: str) -> None:
    with pytest.raises(RefusedError) as refused:
        wishes(tmp_path, told)
    assert rule in str(refused.value)
    assert "zebrafish" not in str(refused.value)


@pytest.mark.parametrize(("raw", "rule"), [(None, "cannot be read"), (b"\xff", "not UTF-8"), (b"[]", "of the format")])
def test_a_file_of_wishes_is_named_by_its_number(tmp_path: Path, raw: bytes | None, rule: str) -> None:
    first, second = tmp_path / "wishes.json", tmp_path / "zebrafish.json"
    first.write_text(json.dumps(_WISHES))
    if raw is not None:
        second.write_bytes(raw)
    with pytest.raises(RefusedError, match=f"^file 2 of --wishes .*{rule}") as refused:
        read_restrictions(None, (str(first), str(second)), fold_case=True)
    assert "zebrafish" not in str(refused.value)


def test_a_word_of_two_and_of_200_characters_is_one(tmp_path: Path) -> None:
    assert wishes(tmp_path, _WISHES | {"private": ["ab", "z" * 200]}).words == ("ab", "z" * 200)


def test_a_stretch_may_reach_to_the_last_number_of_an_event_and_no_further(tmp_path: Path) -> None:
    last = (1 << 62) - 1
    stretch = {"from_seq": last, "to_seq": last}
    assert wishes(tmp_path, _WISHES | {"remove": [stretch]}).removed == {"ann": (("s", last, last + 1),)}
    with pytest.raises(RefusedError, match="remove 1: from_seq"):
        wishes(tmp_path, _WISHES | {"remove": [stretch | {"to_seq": last + 1}]})
