import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations, product
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.claims import declare
from schemas.errors import RefusedError
from schemas.rejects import Reason
from transforms.consent.registry import ConsentSnapshot, count_later_withdrawals, read_registry, registered_users
from transforms.consent.restrictions import Restrictions

HEADER = "user_id,purpose,version,granted_at,withdrawn_at\n"
NOW = datetime(2024, 6, 1, tzinfo=UTC)
JANUARY = 1_704_067_200_000_000
"""2024-01-01T00:00:00Z in microseconds."""
HOUR = 3_600_000_000


def read(tmp_path: Path, *lines: str, purpose: str = "training", header: str = HEADER) -> ConsentSnapshot:
    path = tmp_path / "consent.csv"
    path.write_bytes((header + "".join(line + "\n" for line in lines)).encode())
    return read_registry(str(path), purpose, NOW)


def since(consent: ConsentSnapshot) -> dict[str, int]:
    return {user: min(versions.values()) for user, versions in consent.grants.items()}


def test_a_grant_holds_from_its_instant_on(tmp_path: Path) -> None:
    consent = read(tmp_path, "ann,training,1,2024-01-01T00:00:00Z,")
    assert since(consent) == {"ann": JANUARY}
    assert consent.has_agreed("ann", JANUARY)
    assert not consent.has_agreed("ann", JANUARY - 1)
    assert not consent.has_agreed("bob", JANUARY)
    assert consent.has_agreed("ann", None)


def test_people_who_took_something_out_and_stand_in_no_row_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "consent.csv"
    path.write_text(f"{HEADER}ann,training,1,2024-01-01T00:00:00Z,\nben,research,1,2024-01-01T00:00:00Z,\n")
    paused = Restrictions({"ann": ((1, 2),), "bem": ((1, 2),)}, {"ben": (("s", 1, 2),), "cid": (("s", 1, 2),)}, ("x",))
    found = read_registry(str(path), "training", NOW, restrictions=paused)
    assert (found.unknown, found.restrictions) == (2, paused)
    assert read_registry(str(path), "training", NOW).unknown == 0


def test_people_whose_rows_are_all_for_other_purposes_are_counted(tmp_path: Path) -> None:
    granted = "1,2024-01-01T00:00:00Z,"
    lines = [f"ann,training,{granted}", f"ann,research,{granted}", f"ben,trainig,{granted}", f"ben,research,{granted}"]
    consent = read(tmp_path, *lines)
    assert (consent.elsewhere, consent.registered, consent.elsewhere_lines) == (1, 1, (4, 5))
    assert read(tmp_path, *lines[:2]).elsewhere == 0
    assert consent == read(tmp_path, *lines[:1])  # what others agreed to elsewhere changes nothing here
    assert ConsentSnapshot.from_json(json.loads(json.dumps(consent.as_json()))) == consent


def test_who_agreed_to_the_purpose_of_another_dataset_alone_is_no_mistake_and_a_misspelt_row_still_is(
    tmp_path: Path,
) -> None:
    path = tmp_path / "consent.csv"
    granted = "1,2024-01-01T00:00:00Z,"
    path.write_text(f"{HEADER}ann,training,{granted}\nben,research,{granted}\ncid,trainig,{granted}\n")
    found = read_registry(str(path), "training", NOW, served=("Research", "training"))
    assert (found.elsewhere, found.elsewhere_lines) == (1, (4,))
    assert read_registry(str(path), "training", NOW).elsewhere == 2


def test_where_no_registry_is_read_nobody_is_counted_as_unknown() -> None:
    everybody = ConsentSnapshot("training", {}, everybody=True)
    assert (everybody.unknown, everybody.elsewhere, everybody.missing, everybody.registered) == (0, 0, 0, 0)


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
    assert since(read(tmp_path, f"ann,training,1,{written},")) == {"ann": us}


@pytest.mark.parametrize(("now", "coming"), [(NOW - timedelta(seconds=1), 2), (NOW, 1), (NOW + timedelta(days=2), 0)])
def test_withdrawals_to_come_are_counted_by_person_from_their_instant_on(
    now: datetime, coming: int, tmp_path: Path
) -> None:
    read(
        tmp_path,
        "ann,training,1,2024-01-01T00:00:00Z,2024-06-01T00:00:00Z",
        "bob,training,1,2024-01-01T00:00:00Z,2024-06-02T00:00:00Z",
        "bob,research,1,2024-01-01T00:00:00Z,2024-06-02T00:00:00Z",
        "cyd,training,1,2024-01-01T00:00:00Z,",
    )
    assert count_later_withdrawals(str(tmp_path / "consent.csv"), now, fold_case=True) == coming


def test_whoever_withdrew_has_not_agreed_also_to_what_was_before(tmp_path: Path) -> None:
    assert since(read(tmp_path, "ann,training,1,2024-01-01T00:00:00Z,2024-02-01T00:00:00Z")) == {}
    older = "ann,training,1,2024-01-01T00:00:00Z,"
    assert since(read(tmp_path, older, "ann,training,2,2024-01-05T00:00:00Z,2024-02-01T00:00:00Z")) == {}


def test_a_grant_after_the_last_withdrawal_opens_what_follows(tmp_path: Path) -> None:
    lines = [
        "ann,training,1,2023-01-01T00:00:00Z,2023-02-01T00:00:00Z",
        "ann,training,2,2023-03-01T00:00:00Z,2023-04-01T00:00:00Z",
        "ann,training,3,2024-01-01T01:00:00Z,",
        "ann,training,3,2024-01-01T02:00:00Z,",
    ]
    for order in (lines, lines[::-1]):
        assert since(read(tmp_path, *order)) == {"ann": JANUARY + HOUR}


def test_a_withdrawal_or_a_grant_in_the_future_has_no_effect_yet(tmp_path: Path) -> None:
    consent = read(
        tmp_path,
        "ann,training,1,2024-01-01T00:00:00Z,2024-12-01T00:00:00Z",
        "bob,training,1,2024-12-01T00:00:00Z,",
    )
    # ann's will end; a run before that may still use what she agreed to only if the registry says so now
    assert since(consent) == {"ann": JANUARY}


def test_duplicates_agree_from_the_earliest_on(tmp_path: Path) -> None:
    late, early = "ann,training,1,2024-02-01T00:00:00Z,", "ann,training,1,2024-01-01T00:00:00Z,"
    assert since(read(tmp_path, late, early, early)) == {"ann": JANUARY}


def test_another_purpose_counts_for_nothing(tmp_path: Path) -> None:
    lines = ["ann,research,1,2024-01-01T00:00:00Z,", "bob,training,1,2024-01-01T00:00:00Z,"]
    assert since(read(tmp_path, *lines)) == {"bob": JANUARY}
    assert since(read(tmp_path, *lines, purpose="research")) == {"ann": JANUARY}


def test_blank_lines_quotes_and_a_byte_order_mark_are_read(tmp_path: Path) -> None:
    header = "\ufeff" + HEADER
    assert since(read(tmp_path, "", '"ann, a",training,1,2024-01-01T00:00:00Z,', header=header)) == {"ann, a": JANUARY}


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
    assert ConsentSnapshot("training", {}, everybody=True).has_agreed("anyone", -5)


@pytest.mark.parametrize(
    ("granted", "wanted"),
    [("2024-01-31T23:59:59Z", {}), ("2024-02-01T00:00:00Z", {}), ("2024-02-01T00:00:01Z", {"ann"})],
)
def test_a_grant_at_the_instant_of_a_withdrawal_is_withdrawn(tmp_path: Path, granted: str, wanted: set[str]) -> None:
    ended = "ann,training,1,2024-01-01T00:00:00Z,2024-02-01T00:00:00Z"
    assert read(tmp_path, ended, f"ann,training,1,{granted},").grants.keys() == set(wanted)


@pytest.mark.parametrize(
    ("ended", "agrees"),
    [("2024-05-31T23:59:59.999999Z", False), ("2024-06-01T00:00:00Z", False), ("2024-06-01T00:00:00.000001Z", True)],
)
def test_a_withdrawal_counts_from_its_own_instant_on(tmp_path: Path, ended: str, *, agrees: bool) -> None:
    assert ("ann" in read(tmp_path, f"ann,training,1,2024-01-01T00:00:00Z,{ended}").grants) is agrees


@pytest.mark.parametrize(
    ("granted", "agrees"), [("2024-06-01T00:00:00Z", True), ("2024-06-01T00:00:00.000001Z", False)]
)
def test_a_grant_counts_from_its_own_instant_on(tmp_path: Path, granted: str, *, agrees: bool) -> None:
    assert ("ann" in read(tmp_path, f"ann,training,1,{granted},").grants) is agrees


def test_the_latest_of_several_withdrawals_counts_in_any_order(tmp_path: Path) -> None:
    lines = [
        "ann,training,1,2024-01-01T00:00:00Z,2024-02-01T00:00:00Z",
        "ann,training,1,2024-03-01T00:00:00Z,",
        "ann,training,1,2024-01-01T00:00:00Z,2024-04-01T00:00:00Z",
    ]
    for order in permutations(lines):
        assert read(tmp_path, *order).grants == {}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("jos\u00e9", "jose\u0301"),
        ("anna", "anna "),
        ("bob", "BOB"),
        ("anna b", "anna\u00a0b"),
        ("anna", "\uff41nna"),
        ("stra\u00dfe", "STRASSE"),
    ],
)
def test_a_registry_that_spells_an_id_or_a_purpose_in_two_ways_is_refused_by_lines(
    tmp_path: Path, one: str, other: str
) -> None:
    first, second = "2024-01-01T00:00:00Z,", "2024-01-01T00:00:00Z,2024-02-01T00:00:00Z"
    for lines in (
        (f"{one},training,1,{first}", "cat,training,1,2024-01-01T00:00:00Z,", f"{other},training,1,{second}"),
        (f"ann,{one},1,{first}", "cat,training,1,2024-01-01T00:00:00Z,", f"ann,{other},1,{second}"),
    ):
        with pytest.raises(RefusedError, match="lines 2 and 4") as caught:
            read(tmp_path, *lines)
        assert one not in str(caught.value)


def test_users_of_other_case_are_two_where_case_counts(tmp_path: Path) -> None:
    path = tmp_path / "consent.csv"
    path.write_text(
        HEADER + "Ann,training,1,2024-01-01T00:00:00Z,\nann,training,1,2024-01-01T00:00:00Z,2024-02-01T00:00:00Z\n"
    )
    assert read_registry(str(path), "training", NOW, fold_case=False).grants.keys() == {"Ann"}
    assert registered_users(str(path), fold_case=False) == {"Ann", "ann"}
    with pytest.raises(RefusedError, match="lines 2 and 3"):
        read_registry(str(path), "training", NOW, fold_case=True)


def test_ids_and_purposes_are_read_in_their_canonical_form(tmp_path: Path) -> None:
    consent = read(tmp_path, " Jose\u0301 , Training , V1 ,2024-01-01T00:00:00Z,", purpose="TRAINING")
    assert consent.grants == {"jos\u00e9": {"v1": JANUARY}}
    assert consent.has_agreed("jos\u00e9", None, declare("training", "v1"))


@pytest.mark.parametrize(
    "line", ["a\x00b,training,1", "a\u200bb,training,1", "ann,tra\x7fining,1", "ann,training,1\x002"]
)
def test_a_control_character_in_a_registry_is_refused_by_line(tmp_path: Path, line: str) -> None:
    with pytest.raises(RefusedError, match=r"line 3.*control"):
        read(tmp_path, "cat,training,1,2024-01-01T00:00:00Z,", f"{line},2024-01-01T00:00:00Z,")


def test_a_recording_may_be_used_for_the_purpose_and_versions_that_it_declares_alone(tmp_path: Path) -> None:
    consent = read(
        tmp_path,
        "ann,training,1,2024-01-01T00:00:00Z,",
        "ann,training,2,2024-01-01T02:00:00Z,",
        "ann,training,3,2024-01-01T00:00:00Z,2024-12-01T00:00:00Z",
        "ann,research,4,2024-01-01T00:00:00Z,",
        "ann,training,5,2024-12-01T00:00:00Z,",
    )
    assert consent.refusal("ann", JANUARY) is None
    assert consent.refusal("ann", JANUARY, declare("training", "1")) is None
    assert consent.refusal("ann", JANUARY, declare("research", "1")) is Reason.OTHER_PURPOSE
    for version in ("4", "5", "6"):
        assert consent.refusal("ann", None, declare("training", version)) is Reason.OTHER_VERSION
    for at, refusal in ((2 * HOUR - 1, Reason.NO_CONSENT), (2 * HOUR, None)):
        assert consent.refusal("ann", JANUARY + at, declare(None, "2")) is refusal
        assert consent.refusal("ann", JANUARY + at, declare(None, "1") | declare(None, "2")) is refusal
    assert consent.refusal("bob", JANUARY, declare("research", "1")) is Reason.NO_CONSENT
    assert ConsentSnapshot("training", {}, everybody=True).refusal("bob", 0, declare("research", "9")) is None


def test_canonical_bytes_tell_every_part_of_consent_apart() -> None:
    two = ConsentSnapshot("p", {"a": {"1": 1}, "b": {"1": 2}})
    for other in (
        ConsentSnapshot("p", {"a\x001\nb": {"1": 2}}),
        ConsentSnapshot("p", {"a": {"1": 1}, "b": {"2": 2}}),
        ConsentSnapshot("p", {"a": {"1": 1, "b": 2}}),
        ConsentSnapshot("pa", {"a": {"1": 1}, "b": {"1": 2}}),
        replace(two, everybody=True),
        replace(two, erased=frozenset({"t"})),
    ):
        assert two.canonical() != other.canonical()


def test_an_erasure_changes_the_digest_of_consent_in_evaluation_mode_too() -> None:
    everybody = ConsentSnapshot("p", {}, everybody=True)
    some = {
        names: replace(everybody, erased=frozenset(names)).canonical() for names in ((), ("t",), ("u",), ("t", "u"))
    }
    assert len(set(some.values())) == len(some)


WORDS = st.text(max_size=3)
SNAPSHOTS = st.builds(
    ConsentSnapshot,
    WORDS,
    st.dictionaries(WORDS, st.dictionaries(WORDS, st.integers(0, 3), min_size=1, max_size=2), max_size=3),
    st.booleans(),
    st.frozensets(WORDS, max_size=2),
)


@given(SNAPSHOTS, SNAPSHOTS)
def test_canonical_bytes_are_equal_exactly_where_consent_is(one: ConsentSnapshot, other: ConsentSnapshot) -> None:
    assert (one.canonical() == other.canonical()) is (one == other)
    assert ConsentSnapshot.from_json(json.loads(json.dumps(one.as_json()))) == one


INSTANTS = [NOW + timedelta(microseconds=shift) for shift in (-3, -2, -1, 0, 1)]
LINES = st.lists(
    st.tuples(
        st.sampled_from(["ann", "bob"]),
        st.sampled_from(["training", "research"]),
        st.sampled_from(["1", "2"]),
        st.sampled_from(INSTANTS),
        st.sampled_from(INSTANTS) | st.none(),
    ).filter(lambda row: row[4] is None or row[4] >= row[3]),
    max_size=7,
)


def agreed_slowly(lines: list[Any], user: str, at: int | None, version: str | None) -> bool:
    """Decide consent to training as the registry's page says it, a row and a sentence at a time."""
    mine = [line for line in lines if line[:2] == (user, "training")]
    withdrawn = [ended for *_, ended in mine if ended is not None and ended <= NOW]
    for *_, agreed_to, granted, ended in mine:
        if version not in (None, agreed_to) or granted > NOW or (ended is not None and ended <= NOW):
            continue
        if all(granted > end for end in withdrawn) and (at is None or _us(granted) <= at):
            return True
    return False


def _us(instant: datetime) -> int:
    return (instant - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


@given(LINES, st.randoms(use_true_random=False))
def test_any_registry_agrees_with_a_plain_reading_of_it(lines: list[Any], random: Random) -> None:
    with TemporaryDirectory() as folder:
        written = [
            f"{user},{purpose},{version},{granted.isoformat()},{ended.isoformat() if ended else ''}"
            for user, purpose, version, granted, ended in lines
        ]
        random.shuffle(written)
        consent = read(Path(folder), *written)
    times = [None, *(_us(instant) + shift for instant in INSTANTS for shift in (-1, 0))]
    for user, at, version in product(("ann", "bob", "cat"), times, (None, "1", "2", "3")):
        assert consent.has_agreed(user, at, declare(None, version)) is agreed_slowly(lines, user, at, version)


SPELLINGS = {"ann": ["ann", " ann", "ANN"], "jos\u00e9": ["jos\u00e9", "jose\u0301"]}


@given(st.lists(st.sampled_from(sorted(SPELLINGS)).flatmap(lambda user: st.sampled_from(SPELLINGS[user])), max_size=5))
def test_a_registry_is_read_exactly_where_it_spells_everybody_in_one_way(spelled: list[str]) -> None:
    once = all(len(set(forms) & set(spelled)) <= 1 for forms in SPELLINGS.values())
    with TemporaryDirectory() as folder:
        lines = [f"{user},training,1,2024-01-01T00:00:00Z," for user in spelled]
        if once:
            assert read(Path(folder), *lines).grants.keys() <= SPELLINGS.keys()
        else:
            with pytest.raises(RefusedError, match="two ways"):
                read(Path(folder), *lines)
