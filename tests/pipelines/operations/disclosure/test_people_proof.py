"""Names in the rows of a release tell whose they are, whatever registry its manifest states."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipelines.cli.audit_texts import render_people
from pipelines.cli.main import main
from pipelines.operations.disclosure.people_proof import (
    ReleasePeople,
    find_last_obeyed,
    find_people_faults,
    match_people,
)
from pipelines.operations.report import read_manifest
from pipelines.operations.sealed_releases import SealedRelease
from pipelines.state.private_state import PrivateState
from transforms.dataset.manifest import Manifest
from transforms.dataset.signing import Verifying
from transforms.keys.key_set import KeyReference, KeyRole
from transforms.keys.rotation import rotate

_LOG = Path(__file__).parents[4] / "examples" / "recordings" / "synthetic-office.jsonl"
_HEAD = "user_id,purpose,version,granted_at,withdrawn_at\n"
_NOW = datetime(2100, 1, 1, tzinfo=UTC)
_FOUR = ("user-a", "user-b", "user-c", "user-d")


def registry(folder: Path, *agreed: str, withdrew: str = "", at: str = "2090-01-01T00:00:00Z") -> Path:
    rows = [f"{name},training,1,2024-01-01T00:00:00Z,{at if name == withdrew else ''}\n" for name in agreed]
    target = folder / "consent.csv"
    target.write_text(_HEAD + "".join(rows))
    return target


def make_release(home: Path, setting: str) -> None:
    """Make keys and a release of the rows of user-a, user-b and user-c, of four who are recorded."""
    assert main(["keys", "init", str(home / "keys")]) == 0
    words = ["run", "--input", str(_LOG), "--consent", str(registry(home, *_FOUR[:3])), "--keys", str(home / "keys")]
    parts = ["--set", "aggregates.people=4", "--set", setting]
    assert main([*words, "--output", str(home / "data"), *parts]) == 0


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("home")
    make_release(home, "store.shards=3")
    return home


def matched(home: Path, consent: Path, purpose: str = "training", data: Path | None = None) -> ReleasePeople:
    private = PrivateState.of(KeyReference.parse(str(home / "keys")), str(home / "keyveil-state"))
    [found] = match_people(str(data or home / "data"), str(consent), purpose, private, _NOW)
    return found


def counts(found: ReleasePeople) -> tuple[int, int, int, int]:
    return found.agree, found.withdrew, found.unknown, found.refused


def test_people_are_counted_by_what_a_registry_says_of_them(home: Path, tmp_path: Path) -> None:
    assert counts(matched(home, registry(tmp_path, *_FOUR))) == (3, 0, 0, 0)
    assert counts(matched(home, registry(tmp_path, "USER-A", "user-b"))) == (2, 0, 1, 1)
    assert matched(home, registry(tmp_path, "user-a", "user-b")).refused_by_day == 0  # the registry does not name her
    assert counts(matched(home, registry(tmp_path, "user-d"))) == (0, 0, 3, 3)


def test_the_purpose_that_a_manifest_states_counts_before_that_of_the_command(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert counts(matched(home, registry(tmp_path, *_FOUR), "support")) == (3, 0, 0, 0)
    monkeypatch.setattr(
        "pipelines.operations.disclosure.people_proof.read_manifest",
        lambda *of: replace(read_manifest(*of), purpose=None),
    )
    assert counts(matched(home, registry(tmp_path, *_FOUR), "support")) == (0, 0, 3, 3)


@pytest.mark.parametrize(("kind", "people"), [("sessions/", 3), ("events/", 3), ("aggregates/", 0)])
def test_people_are_read_from_the_rows_of_sessions_and_of_events(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, people: int
) -> None:
    def read_some(release: SealedRelease, verifying: Verifying) -> Manifest:
        manifest = read_manifest(release, verifying)
        return replace(manifest, shards=tuple(shard for shard in manifest.shards if shard.path.startswith(kind)))

    monkeypatch.setattr("pipelines.operations.disclosure.people_proof.read_manifest", read_some)
    assert counts(matched(home, registry(tmp_path, *_FOUR))) == (people, 0, 0, 0)


def test_who_withdraws_later_is_told_from_who_had_not_agreed(home: Path, tmp_path: Path) -> None:
    assert counts(matched(home, registry(tmp_path, *_FOUR, withdrew="user-b"))) == (2, 1, 0, 0)
    before = registry(tmp_path, *_FOUR, withdrew="user-b", at="2024-02-01T00:00:00Z")
    assert counts(matched(home, before)) == (2, 1, 0, 1)


def test_names_of_before_a_rotation_are_known(home: Path, tmp_path: Path) -> None:
    rotate(home / "keys", KeyRole.PSEUDONYM)
    assert counts(matched(home, registry(tmp_path, *_FOUR))) == (3, 0, 0, 0)


def test_rows_of_short_chunks_name_nobody(tmp_path: Path) -> None:
    make_release(tmp_path, "noise.profile=events")
    assert counts(matched(tmp_path, registry(tmp_path, *_FOUR))) == (0, 0, 0, 0)


def test_a_release_under_the_registry_with_somebody_who_had_not_agreed_is_a_finding() -> None:
    people = [ReleasePeople(f"data/{name}", name, 1, 0, 0, refused) for name, refused in (("a", 0), ("b", 1), ("c", 2))]
    told = [(fault.file, fault.problem) for fault in find_people_faults(people, ("a", "b"))]
    assert [file for file, _ in told] == ["data/b"]
    assert "rows of a person who had not agreed" in told[0][1]
    [fault] = find_people_faults(people, ("c",))
    assert fault.file == "data/c"
    assert "rows of 2 people who had not agreed" in fault.problem
    [fault] = find_people_faults([replace(people[0], refused=1_200)], ("a",))
    assert "rows of 1,200 people" in fault.problem


_DAYS = {name: f"2026-01-0{day}T00:00:00+00:00" for day, name in enumerate("abcd", 1)}


@pytest.mark.parametrize(
    ("obeyed", "faults", "untold"),
    [
        (("c",), ["data/a"], {"a": 1, "b": 2, "d": 3}),  # a and b were made before the last one under this registry
        (("b",), ["data/a", "data/b"], {"a": 1, "d": 3}),
        (("a",), ["data/a"], {"b": 2, "d": 3}),
        ((), [], {"a": 3, "b": 2, "d": 3}),
        (("d",), ["data/a", "data/d"], {"a": 1, "b": 2}),
    ],
)
def test_a_registry_that_grew_tells_of_releases_before_what_it_says_of_their_day(
    obeyed: tuple[str, ...], faults: list[str], untold: dict[str, int]
) -> None:
    refused = {"a": (3, 2), "b": (2, 0), "c": (0, 0), "d": (3, 3)}
    people = [
        ReleasePeople(f"data/{name}", name, 4, 0, of - known, of, known, _DAYS[name])
        for name, (of, known) in refused.items()
    ]
    found = list(find_people_faults(people, obeyed))
    assert [fault.file for fault in found] == faults
    assert all(("line was changed since" in fault.problem) is (fault.file[-1] not in obeyed) for fault in found)
    lines = [*render_people(people, obeyed)]
    told = {
        lines[place - 1].split()[2][:-1]: int(line.split()[1])
        for place, line in enumerate(lines)
        if line.startswith("  whether ")
    }
    assert told == untold


def test_the_last_release_under_a_registry_is_the_newest_that_states_it() -> None:
    people = [ReleasePeople(f"data/{name}", name, 1, 0, 0, 0, sealed=day) for name, day in _DAYS.items()]
    assert [find_last_obeyed(people, obeyed) for obeyed in (("c", "a"), ("b",), ())] == [_DAYS["c"], _DAYS["b"], ""]


def test_a_release_that_the_ledger_does_not_date_is_judged_by_its_own_registry_alone() -> None:
    people = [
        ReleasePeople("data/a", "a", 1, 1, 0, 1, 1, ""),
        ReleasePeople("data/b", "b", 1, 0, 0, 0, 0, _DAYS["b"]),
        ReleasePeople("data/c", "c", 1, 1, 0, 1, 1, _DAYS["b"]),  # of the same second: before or after nobody knows
    ]
    assert list(find_people_faults(people, ("b",))) == []
    assert "only the registry of that release tells" in "".join(render_people(people, ("b",)))


def test_a_person_who_agreed_after_a_release_is_found_in_it_by_the_registry_of_a_later_one(
    home: Path, tmp_path: Path
) -> None:
    later = tmp_path / "consent.csv"
    rows = [f"{name},training,1,2024-01-01T00:00:00Z,\n" for name in _FOUR[:2]]
    later.write_text(_HEAD + "".join(rows) + "user-c,training,1,2090-01-01T00:00:00Z,\n")
    found = matched(home, later)
    assert (counts(found), found.refused_by_day) == ((3, 0, 0, 1), 1)
    assert found.sealed.startswith("20")
    assert found.sealed.endswith("+00:00")
    after = ReleasePeople("data/later", "later", 3, 0, 0, 0, 0, "2999-01-01T00:00:00+00:00")
    assert [fault.file for fault in find_people_faults([found, after], ("later",))] == [found.address]


def test_verify_says_whose_rows_lie_there_also_where_no_release_states_the_registry(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["verify", str(home / "data"), "--keys", str(home / "keys"), "--consent"]
    assert main([*words, str(registry(tmp_path, *_FOUR[:3]))]) == 0
    assert ": 3 people, of whom 3 agree now\n" in capsys.readouterr().out
    assert main([*words, str(registry(tmp_path, "user-a"))]) == 4
    shown = capsys.readouterr()
    assert ": 3 people, of whom 1 agree now, 2 are not in this registry\n" in shown.out
    assert "matches no release here" in shown.err
    assert "as after every change of the registry until the next release" in shown.err
    assert main([*words, str(registry(tmp_path, "user-a")), "--json"]) == 4
    [found] = json.loads(capsys.readouterr().out)["people"]
    assert (found["agree"], found["unknown"]) == (1, 2)


def test_a_release_without_names_says_so() -> None:
    assert [*render_people([ReleasePeople("data/a", "a", 0, 0, 0, 0)], ())] == [
        "rows of a: none with the name of a person"
    ]
    one = [*render_people([ReleasePeople("data/a", "a", 1, 1, 1, 0)], ("a",))]
    assert one == ["rows of a: 3 people, of whom 1 agree now, 1 withdrew, and is not erased, 1 is not in this registry"]


def test_verify_counts_the_pauses_that_the_last_run_obeyed(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pauses = tmp_path / "pauses.csv"
    head = "user_id,kind,starts_at,ends_at,granted_by\n"
    pauses.write_text(head + "user-a,pause,2027-01-01T00:00:00Z,2027-01-02T00:00:00Z,\n")
    words = ["verify", str(home / "data"), "--pauses", str(pauses), "--keys"]
    assert main([*words, str(home / "keys")]) == 0
    told = "pauses that the last run of sessions obeyed: 0 of 1; 1 is longer or newer than what it knew, or not obeyed"
    assert told in capsys.readouterr().out
    log, keys = ["--input", str(_LOG)], ["--keys", str(home / "keys")]
    run = ["run", *log, *keys, "--consent", str(registry(tmp_path, *_FOUR)), "--output", str(tmp_path / "more")]
    assert main([*run, "--pauses", str(pauses), "--state", str(home / "keyveil-state")]) == 0
    capsys.readouterr()
    assert counts(matched(home, tmp_path / "consent.csv", data=tmp_path / "more")) == (4, 0, 0, 0)
    assert main([*words, str(home / "keys"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["pauses"] == [{"dataset": "sessions", "obeyed": 1, "pauses": 1}]
    assert main([*words, str(home / "keys" / "signing.public.pem")]) == 2
    assert "--pauses needs the key set" in capsys.readouterr().err
