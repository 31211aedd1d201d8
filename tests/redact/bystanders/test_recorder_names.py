"""A directory says whose names are whose, clear and hashed alike; what two people share is nobody's (all synthetic)."""

from pathlib import Path

import pyarrow as pa
import pytest

from schemas.entities import EntityType
from schemas.errors import UsageError
from schemas.raw import RAW_SCHEMA, RawSessions, TypedSessions
from transforms.keys.key_set import KeyReference, KeyRole, KeySet, create_key_set
from transforms.redact.bystanders.hashed_directory import HashedDirectory, hash_directory
from transforms.redact.bystanders.known_windows import KnownWindows
from transforms.redact.bystanders.recorder_names import (
    NO_OWNERS,
    OWNER,
    HashedOwners,
    ListedNames,
    Owners,
    find_owners,
    hash_owners,
    open_owners,
)
from transforms.redact.bystanders.withhold import withhold_incoming
from transforms.redact.deny_list import DenyList
from transforms.redact.detect.directory import Directory, read_rows
from transforms.redact.settings import Bystanders, RedactSettings

_CLEAR = """user_id,name,email,username,aliases
u1,"Quist, Nora",nora.quist@acme.example,nquist,the owl; N. Q.
u2,Per Olof Berg,,pberg,shared desk
u3,Per Olof Berg,,pberg2,
,Bela Toth,,btoth,
"""


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> KeySet:
    folder = tmp_path_factory.mktemp("home") / "keys"
    create_key_set(folder)
    return KeySet.open(KeyReference.parse(str(folder)))


@pytest.fixture(params=["clear", "hashed"])
def owners(request: pytest.FixtureRequest, keys: KeySet, tmp_path: Path) -> Owners:
    content = _CLEAR if request.param == "clear" else hash_directory(_CLEAR.encode(), keys)
    (tmp_path / "people.csv").write_text(content)
    return open_owners(RedactSettings(directory=str(tmp_path / "people.csv")), keys, fold_case=True)


@pytest.mark.parametrize(
    ("user_id", "name", "own", "others"),
    [
        ("u1", "nora quist", True, False),
        ("u1", "quist, nora", True, False),
        ("u1", "nora.quist@acme.example", True, False),
        ("u1", "nquist", True, False),
        ("u1", "the owl", True, False),
        ("u1", "n. q.", True, False),
        ("u1", "nora", False, False),
        ("u1", "quist", False, False),
        ("u1", "bela toth", False, True),
        ("u2", "nora quist", False, True),
        ("u2", "per olof berg", False, True),
        ("u2", "pberg", True, False),
        ("u9", "nora quist", False, True),
        ("", "bela toth", False, True),
        ("u1", "somebody", False, False),
    ],
)
def test_a_name_is_the_recorders_if_it_is_hers_alone(
    owners: Owners, user_id: str, name: str, *, own: bool, others: bool
) -> None:
    listed = ListedNames(owners, user_id)
    assert listed.is_own(name) is own
    assert listed.is_other(name) is others


def test_ids_are_no_values_and_a_hashed_directory_finds_what_it_found(keys: KeySet, tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text(_CLEAR)
    assert not Directory.read(str(tmp_path / "people.csv")).find("u1 and u2")
    hashed = hash_directory(_CLEAR.encode(), keys)
    assert "u1" not in hashed.split(",")
    found = HashedDirectory.of(read_rows(hashed.encode()), keys).find("ask Nora Quist")
    assert {span.entity for span in found} == {EntityType.PERSON}


def test_a_directory_without_ids_says_nothing_of_owners(keys: KeySet, tmp_path: Path) -> None:
    plain = "name\nNora Quist\n"
    assert "OWNER" not in hash_directory(plain.encode(), keys)
    assert "LISTED" not in hash_directory(plain.encode(), keys)
    assert open_owners(RedactSettings(), keys, fold_case=True) is NO_OWNERS
    (tmp_path / "people.csv").write_text(plain)
    owners = open_owners(RedactSettings(directory=str(tmp_path / "people.csv")), keys, fold_case=True)
    assert ListedNames(owners, "u1").is_other("nora quist")


@pytest.mark.parametrize("form", ["clear", "hashed"])
@pytest.mark.parametrize(
    ("written", "fold_case", "own"),
    [
        (" Nora-Q ", True, ["nora-q"]),
        ("NORA-Q", True, ["nora-q"]),
        ("Nora-Q", False, ["Nora-Q"]),
        ("nora-q", False, ["nora-q"]),
    ],
)
def test_ids_of_the_directory_are_compared_as_those_of_recordings_are(
    keys: KeySet, tmp_path: Path, form: str, written: str, own: list[str], *, fold_case: bool
) -> None:
    content = f"user_id,name\n{written},Nora Quist\n"
    (tmp_path / "people.csv").write_text(content if form == "clear" else hash_directory(content.encode(), keys))
    owners = open_owners(RedactSettings(directory=str(tmp_path / "people.csv")), keys, fold_case=fold_case)
    recorded = ("nora-q", "nora-p") if fold_case else ("nora-q", "Nora-Q", "NORA-Q")
    assert [each for each in recorded if owners.has("nora quist", each)] == own


def test_a_hashed_directory_of_before_still_tells_ids_as_they_were_written(keys: KeySet) -> None:
    written = hash_owners([{"user_id": "nq", "name": "Nora Quist"}], keys.derive(KeyRole.TRANSIT, "directory"))
    first = next(digest for entity, digest in written if entity == OWNER)
    owners = HashedOwners(keys.derive(KeyRole.TRANSIT, "directory"), frozenset({first}), frozenset(), fold_case=True)
    assert [owners.has(f"{given} quist", user) for given, user in (("nora", "nq"), ("nora", "nr"), ("ann", "nq"))] == [
        True,
        False,
        False,
    ]


@pytest.mark.parametrize("form", ["clear", "hashed"])
@pytest.mark.parametrize(("fold_case", "owned"), [(True, True), (False, False)])
def test_a_name_under_two_spellings_of_an_id_is_one_persons_where_case_does_not_count(
    keys: KeySet, tmp_path: Path, form: str, *, fold_case: bool, owned: bool
) -> None:
    content = "user_id,name\nnq,Nora Quist\nNQ,Nora Quist\n"
    (tmp_path / "people.csv").write_text(content if form == "clear" else hash_directory(content.encode(), keys))
    owners = open_owners(RedactSettings(directory=str(tmp_path / "people.csv")), keys, fold_case=fold_case)
    assert owners.has("nora quist", "nq") is owned


def test_an_id_of_the_directory_that_nobody_can_see_whole_is_refused() -> None:
    with pytest.raises(UsageError, match="user_id holds a control or invisible character"):
        find_owners([{"user_id": "n\u200bq", "name": "Nora Quist"}], fold_case=True)
    assert find_owners([{"user_id": "  ", "name": "Nora Quist"}], fold_case=True)["nora quist"] == {"\0" + "0"}


@pytest.mark.parametrize(("user_id", "stays"), [("u1", True), ("u2", False)])
def test_the_names_of_whoever_was_recorded_count_in_a_session(owners: Owners, user_id: str, *, stays: bool) -> None:
    nodes = [{"depth": 0, "role": "window", "name": "Talk"}, {"depth": 1, "role": "list", "name": "Chat"}]
    for name, line in (("Bela Toth", "nobody tells the board"), ("Nora Quist", "I will bring the drawings on Monday")):
        nodes += [{"depth": 2, "role": "listitem", "name": None}]
        nodes += [{"depth": 3, "role": "text", "name": text} for text in (name, "10:42", line)]
    rows = [{"kind": "focus", "app": "slack"}, {"kind": "screen", "text": "", "nodes": nodes}]
    listed = [{"session_id": "s", "user_id": user_id, "seq": seq, "episode": 0, **row} for seq, row in enumerate(rows)]
    typed = TypedSessions(RawSessions(pa.Table.from_pylist(listed, schema=RAW_SCHEMA)), ())
    after = withhold_incoming(typed, Bystanders.WITHHOLD_INCOMING, DenyList(), KnownWindows(), owners)
    left = {node["name"] for node in after.sessions.table.to_pylist()[1]["nodes"]}
    assert ("I will bring the drawings on Monday" in left) is stays
    assert "nobody tells the board" not in left


def test_a_column_of_another_name_is_still_refused(tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text("user,name\nu1,Nora Quist\n")
    with pytest.raises(UsageError, match="user_id"):
        Directory.read(str(tmp_path / "people.csv"))
