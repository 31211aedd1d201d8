from datetime import UTC, datetime
from pathlib import Path

import pytest

from schemas.errors import RefusedError
from transforms.consent.registry import ConsentSnapshot, read_registry

HEADER = "user_id,purpose,version,granted_at,withdrawn_at\n"
NOW = datetime(2024, 6, 1, tzinfo=UTC)
JANUARY = 1_704_067_200_000_000
"""2024-01-01T00:00:00Z in microseconds."""
HOUR = 3_600_000_000


def read(tmp_path: Path, *lines: str, purpose: str = "training", header: str = HEADER) -> ConsentSnapshot:
    path = tmp_path / "consent.csv"
    path.write_bytes((header + "".join(line + "\n" for line in lines)).encode())
    return read_registry(str(path), purpose, NOW)


def test_a_grant_holds_from_its_instant_on(tmp_path: Path) -> None:
    consent = read(tmp_path, "ann,training,1,2024-01-01T00:00:00Z,")
    assert consent.granted_us == {"ann": JANUARY}
    assert consent.agreed("ann", JANUARY)
    assert not consent.agreed("ann", JANUARY - 1)
    assert not consent.agreed("bob", JANUARY)
    assert consent.agreed("ann", None)


@pytest.mark.parametrize(
    ("written", "us"),
    [
        ("2024-01-01T01:00:00+01:00", JANUARY),
        ("2023-12-31T19:00:00-05:00", JANUARY),
        ("2024-01-01T00:00:00.000001Z", JANUARY + 1),
        ("1969-12-31T23:59:59.5Z", -500_000),
    ],
)
def test_times_of_any_zone_are_instants(tmp_path: Path, written: str, us: int) -> None:
    assert read(tmp_path, f"ann,training,1,{written},").granted_us == {"ann": us}


def test_whoever_withdrew_has_not_agreed_also_to_what_was_before(tmp_path: Path) -> None:
    assert read(tmp_path, "ann,training,1,2024-01-01T00:00:00Z,2024-02-01T00:00:00Z").granted_us == {}
    older = "ann,training,1,2024-01-01T00:00:00Z,"
    assert read(tmp_path, older, "ann,training,2,2024-01-05T00:00:00Z,2024-02-01T00:00:00Z").granted_us == {}


def test_a_grant_after_the_last_withdrawal_opens_what_follows(tmp_path: Path) -> None:
    lines = [
        "ann,training,1,2023-01-01T00:00:00Z,2023-02-01T00:00:00Z",
        "ann,training,2,2023-03-01T00:00:00Z,2023-04-01T00:00:00Z",
        "ann,training,3,2024-01-01T01:00:00Z,",
        "ann,training,3,2024-01-01T02:00:00Z,",
    ]
    for order in (lines, lines[::-1]):
        assert read(tmp_path, *order).granted_us == {"ann": JANUARY + HOUR}


def test_a_withdrawal_or_a_grant_in_the_future_has_no_effect_yet(tmp_path: Path) -> None:
    consent = read(
        tmp_path,
        "ann,training,1,2024-01-01T00:00:00Z,2024-12-01T00:00:00Z",
        "bob,training,1,2024-12-01T00:00:00Z,",
    )
    # ann's will end; a run before that may still use what she agreed to only if the registry says so now
    assert consent.granted_us == {"ann": JANUARY}


def test_duplicates_agree_from_the_earliest_on(tmp_path: Path) -> None:
    late, early = "ann,training,1,2024-02-01T00:00:00Z,", "ann,training,1,2024-01-01T00:00:00Z,"
    assert read(tmp_path, late, early, early).granted_us == {"ann": JANUARY}


def test_another_purpose_counts_for_nothing(tmp_path: Path) -> None:
    lines = ["ann,research,1,2024-01-01T00:00:00Z,", "bob,training,1,2024-01-01T00:00:00Z,"]
    assert read(tmp_path, *lines).granted_us == {"bob": JANUARY}
    assert read(tmp_path, *lines, purpose="research").granted_us == {"ann": JANUARY}


def test_blank_lines_quotes_and_a_byte_order_mark_are_read(tmp_path: Path) -> None:
    header = "\ufeff" + HEADER
    assert read(tmp_path, "", '"ann, a",training,1,2024-01-01T00:00:00Z,', header=header).granted_us == {
        "ann, a": JANUARY
    }


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("ann,training,1,2024-01-01T00:00:00,", "granted_at"),
        ("ann,training,1,yesterday,", "granted_at"),
        ("ann,training,1,,", "granted_at"),
        ("ann,training,1,2024-01-01T00:00:00Z,soon", "withdrawn_at"),
        ("ann,training,1,2024-01-01T00:00:00Z,2023-01-01T00:00:00Z", "before"),
        ("ann,research,1,bad,", "granted_at"),
        ("ann,training,1,2024-01-01T00:00:00Z", "field"),
        ("ann,training,1,2024-01-01T00:00:00Z,,x", "field"),
        (",training,1,2024-01-01T00:00:00Z,", "field"),
        ("ann,,1,2024-01-01T00:00:00Z,", "field"),
    ],
)
def test_a_line_in_doubt_refuses_the_registry_by_file_and_line(tmp_path: Path, line: str, says: str) -> None:
    with pytest.raises(RefusedError, match=rf"consent\.csv, line 3.*{says}") as caught:
        read(tmp_path, "bob,training,1,2024-01-01T00:00:00Z,", line)
    assert "ann" not in str(caught.value).replace("cannot", "")


@pytest.mark.parametrize("header", ["user_id,purpose\n", HEADER.replace("version", "v"), "", "a\x00b\n"])
def test_a_registry_with_other_columns_is_refused(tmp_path: Path, header: str) -> None:
    with pytest.raises(RefusedError, match="columns"):
        read(tmp_path, header=header)


def test_a_registry_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match="cannot be read"):
        read_registry(str(tmp_path / "nothing.csv"), "training", NOW)
    (tmp_path / "latin.csv").write_bytes(HEADER.encode() + b"\xe9")
    with pytest.raises(RefusedError, match="UTF-8"):
        read_registry(str(tmp_path / "latin.csv"), "training", NOW)
    (tmp_path / "long.csv").write_text(HEADER + "x" * 200_000)
    with pytest.raises(RefusedError, match="CSV"):
        read_registry(str(tmp_path / "long.csv"), "training", NOW)


def test_canonical_bytes_tell_consent_and_nothing_else(tmp_path: Path) -> None:
    lines = ["ann,training,1,2024-01-01T00:00:00Z,", "bob,training,1,2024-01-01T00:00:00Z,"]
    one = read(tmp_path, *lines).canonical()
    assert one == read(tmp_path, *lines[::-1], "ann,research,1,2024-01-01T00:00:00Z,").canonical()
    assert one != read(tmp_path, lines[0]).canonical()
    assert one != ConsentSnapshot("training", {}, everybody=True).canonical()


def test_everybody_is_everybody() -> None:
    assert ConsentSnapshot("training", {}, everybody=True).agreed("anyone", -5)
