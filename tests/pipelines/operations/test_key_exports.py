"""Each export of keys is on record, and the record cannot be changed by hand."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from pipelines.cli.main import main
from pipelines.operations.key_exports import KeyExport, describe_export, read_exports, render_export
from schemas.errors import FailedError, UsageError
from transforms.keys.key_set import EXPORTS, SECRET_ROLES, KeyReference, KeyRole, KeySet, create_key_set
from transforms.keys.pipeline_copy import export_pipeline
from transforms.keys.rotation import rotate

TODAY = date(2026, 11, 29)


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    create_key_set(tmp_path / "keys")
    return tmp_path / "keys"


def export(keys: Path, name: str, *words: str) -> int:
    return main(["keys", "export", "--role", "reader", str(keys), "-o", str(keys.parent / name), *words])


def test_an_export_is_recorded_with_role_holder_and_end(keys: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert export(keys, "a.json") == 0
    assert export(keys, "b.json", "--holder", "ML team", "--until", "9999-12-31", "--up-to", "timing") == 0
    first, second = read_exports(keys)
    assert (first.role, first.holder, first.end, first.up_to) == ("reader", "not stated", None, None)
    assert (second.holder, second.end, second.up_to) == ("ML team", "9999-12-31", "timing")
    capsys.readouterr()
    assert main(["keys", "holders", str(keys)]) == 0
    assert "ML team, until 9999-12-31" in capsys.readouterr().out
    assert main(["keys", "holders", str(keys), "--json"]) == 0
    assert [item["ended"] for item in json.loads(capsys.readouterr().out)["exports"]] == [False, False]


def test_a_refused_export_is_not_recorded(keys: Path) -> None:
    assert export(keys, "a.json") == 0
    assert export(keys, "a.json") == 3
    assert len(read_exports(keys)) == 1


@pytest.mark.parametrize("role", ["reader", "bundle", "pipeline"])
def test_an_export_is_on_record_before_its_keys_are_written(keys: Path, role: str) -> None:
    missing = keys.parent / "none" / "a"
    words = ["keys", "export", "--role", role, str(keys), "--holder", "a team", "-o"]
    assert main([*words, str(missing)]) in {2, 3}
    assert [item.role for item in read_exports(keys)] == [role]
    dangling = keys.parent / "link"
    dangling.symlink_to(missing)
    assert main([*words, str(dangling)]) == 3
    assert len(read_exports(keys)) == 1


def test_two_exports_at_once_are_both_recorded(keys: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(lambda number: export(keys, f"{number}.json"), range(8))) == {0}
    assert len(read_exports(keys)) == 8


@pytest.mark.parametrize(("role", "up_to"), [("bundle", "timing"), ("pipeline", "timing"), ("reader", "none")])
def test_a_sensitivity_that_an_export_does_not_obey_is_refused(keys: Path, role: str, up_to: str) -> None:
    words = ["keys", "export", "--role", role, "--up-to", up_to, str(keys), "-o", str(keys.parent / "a")]
    assert main(words) == 2
    assert read_exports(keys) == ()


def test_the_record_survives_rotations_and_does_not_travel(keys: Path, tmp_path: Path) -> None:
    assert export(keys, "a.json") == 0
    for role in (KeyRole.TRANSIT, KeyRole.DATA):
        rotate(keys, role)
    assert export(keys, "b.json") == 0
    assert len({item.data_key for item in read_exports(keys)}) == 2
    export_pipeline(keys, tmp_path / "pipeline")
    assert not (tmp_path / "pipeline" / EXPORTS).exists()


@pytest.mark.parametrize("change", [("reader", "bundle"), ('"exports"', '"export"'), ("{", "")])
def test_an_altered_record_stops_the_next_export(keys: Path, change: tuple[str, str]) -> None:
    assert export(keys, "a.json") == 0
    place = keys / EXPORTS
    place.write_text(place.read_text().replace(*change, 1))
    with pytest.raises(FailedError, match="restore"):
        read_exports(keys)
    assert export(keys, "b.json") == 4
    assert not (keys.parent / "b.json").exists()


@pytest.mark.parametrize(("end", "ended"), [("2026-11-28", True), ("2026-11-29", False), (None, False)])
def test_an_end_is_the_last_day(end: str | None, ended: bool) -> None:
    assert KeyExport("reader", "a team", "2026-01-01", end, None, "k").has_ended(TODAY) is ended


@pytest.mark.parametrize(
    ("holder", "end"), [("", None), (" ", None), ("a\nb", None), ("a" * 101, None), ("a", "2026-11-28")]
)
def test_a_holder_is_one_line_and_an_end_has_not_passed(keys: Path, holder: str, end: str | None) -> None:
    with pytest.raises(UsageError):
        describe_export(keys, "reader", holder, None if end is None else date.fromisoformat(end), None, today=TODAY)


def test_the_longest_holder_and_an_end_of_today_are_accepted(keys: Path) -> None:
    assert describe_export(keys, "reader", "a" * 100, TODAY, None, today=TODAY).end == TODAY.isoformat()


def test_who_leaves_is_ended_today_and_nobody_else(keys: Path, capsys: pytest.CaptureFixture[str]) -> None:
    today = datetime.now(UTC).date().isoformat()
    for name, words in {
        "a": ["--holder", "ML team"],
        "b": ["--holder", "ML team", "--until", "2999-01-01"],
        "c": ["--holder", "ML team", "--until", today],
        "d": ["--holder", "audit"],
    }.items():
        assert export(keys, f"{name}.json", *words) == 0
    capsys.readouterr()
    assert main(["keys", "end", str(keys), "--holder", "ML team"]) == 0
    shown = capsys.readouterr().out
    assert ("2 exports ended" in shown, "keyveil keys rotate --role data" in shown.replace("\n", " ")) == (True, True)
    assert [item.end for item in read_exports(keys)] == [today, today, today, None]
    assert main(["keys", "end", str(keys), "--holder", "ML team", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"ended": 0}
    assert main(["keys", "end", str(keys), "--holder", "ML"]) == 2
    assert "lists them" in capsys.readouterr().err


def read_key_ids(folder: Path) -> list[str]:
    return [json.loads((folder / f"{role}.json").read_text())["key_id"] for role in SECRET_ROLES]


def test_a_copy_is_renewed_from_its_original_and_never_rotated_or_exported_itself(
    keys: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = keys.parent / "copy"
    renew = ["keys", "export", "--role", "pipeline", str(keys), "-o", str(copy), "--holder", "nights"]
    assert main(renew) == 0
    capsys.readouterr()
    for words in (["rotate", "--role", "data"], ["holders"], ["export", "--role", "reader", "-o", f"{copy}.json"]):
        assert main(["keys", words[0], str(copy), *words[1:]]) == 3
        assert "is a copy of a key set" in capsys.readouterr().err
    before = read_key_ids(copy)
    for role in KeyRole:
        rotate(keys, role)
    assert read_key_ids(copy) == before != read_key_ids(keys)
    assert main(renew) == 0
    assert read_key_ids(copy) == read_key_ids(keys)
    assert not list(copy.glob("quarantine*private*"))
    assert len(KeySet.open(KeyReference.parse(str(copy))).verifying()) == 2
    assert [item.role for item in read_exports(keys)] == ["pipeline"] * 2


def test_a_copy_of_another_key_set_and_a_folder_that_is_no_copy_are_not_written_over(keys: Path) -> None:
    other = keys.parent / "other"
    create_key_set(other)
    export_pipeline(other, keys.parent / "copy")
    held = {path.name: path.read_bytes() for path in (keys.parent / "copy").iterdir()}
    for target in ("copy", "other"):
        assert main(["keys", "export", "--role", "pipeline", str(keys), "-o", str(keys.parent / target)]) == 3
    assert {path.name: path.read_bytes() for path in (keys.parent / "copy").iterdir()} == held


def test_a_new_signing_key_is_given_to_auditors_after_the_next_release(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["keys", "init", str(tmp_path / "keys")]) == 0
    assert main(["keys", "rotate", "--role", "signing", str(tmp_path / "keys")]) == 0
    said = "give auditors the new signing.public.pem after the next release: until then they use the old one"
    assert said in capsys.readouterr().out


def test_a_rotation_says_that_copies_go_on_with_the_earlier_key_and_they_do(
    tmp_path: Path, keys: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    export_pipeline(keys, tmp_path / "copy")
    earlier = KeySet.open(KeyReference.parse(str(keys))).reader().data.key_id
    assert main(["keys", "rotate", "--role", "data", str(keys)]) == 0
    assert "Renew each copy and bundle that runs use" in capsys.readouterr().out
    assert KeySet.open(KeyReference.parse(str(tmp_path / "copy"))).reader().data.key_id == earlier


def test_an_export_opens_all_older_data_keys_and_says_so(keys: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["keys", "rotate", "--role", "data", str(keys)]) == 0
    assert export(keys, "a.json", "--holder", "ML team") == 0
    (made,) = read_exports(keys)
    said = f"opens every release sealed until {made.at}, whatever its data key, and later ones under {made.data_key}"
    capsys.readouterr()
    assert main(["keys", "holders", str(keys)]) == 0
    shown = capsys.readouterr().out
    assert " ".join(shown.split()).endswith(f"holder ML team, without end; {said}")
    assert main(["keys", "holders", str(keys), "--json"]) == 0
    assert [item["opens"] for item in json.loads(capsys.readouterr().out)["exports"]] == [said]


@pytest.mark.parametrize(
    ("end", "newest", "says"),
    [
        ("2026-11-28", None, "(ended: rotate that key)"),
        ("2026-11-28", "k", "(ended: rotate that key)"),
        ("2026-11-28", "later", "that key was rotated; what it opens remains open until you erase or retain it"),
        (
            "2026-11-29",
            "later",
            "opens every release sealed under k or an earlier data key, and none under a later one",
        ),
        ("2026-11-29", "k", "whatever its data key, and later ones under k"),
    ],
)
def test_an_ended_export_says_what_is_left_to_do(end: str, newest: str | None, says: str) -> None:
    export = KeyExport("reader", "a team", "2026-01-01", end, None, "k")
    assert says in render_export(export, TODAY, newest)


def test_holders_are_asked_of_the_folder_and_not_of_a_part_of_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["keys", "init", str(tmp_path / "keys")]) == 0
    assert main(["keys", "holders", str(tmp_path / "keys" / "signing.public.pem")]) == 2
    assert "its record lies in the folder" in capsys.readouterr().err
