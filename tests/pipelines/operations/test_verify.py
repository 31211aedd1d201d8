"""``keyveil verify`` from outside: what is sound passes, every kind of damage and of leak is named by its file."""

import base64
import json
import shutil
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipelines.cli.audit_texts import render_erasures
from pipelines.cli.main import main
from pipelines.operations.verify import VerifyReport
from schemas.errors import RefusedError
from tests.support.keysets import opened
from tests.support.release_parts import ALL_PARTS_OPTIONS
from transforms.dataset.catalog import CatalogEntry, parse_catalog, sign_catalog
from transforms.dataset.manifest import sign_manifest, verify_manifest
from transforms.dataset.publish import change_catalog
from transforms.dataset.verify.dataset import DatasetVerifier
from transforms.keys.key_pairs import fingerprint
from transforms.object_store.addresses import open_store

_EXAMPLES = Path(__file__).parents[3] / "examples"
_LOG = _EXAMPLES / "recordings" / "synthetic-office.jsonl"
_CANARY = "Zq7-planted value"


@dataclass(frozen=True)
class Made:
    keys: Path
    output: Path
    reader: Path


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Made:
    home = tmp_path_factory.mktemp("home")
    made = Made(home / "keys", home / "data", home / "reader.json")
    assert main(["keys", "init", str(made.keys)]) == 0
    assert main(["keys", "export", "--role", "reader", str(made.keys), "-o", str(made.reader)]) == 0
    for extra in ([], ["--set", "store.encryption=none"]):
        words = ["run", "--input", str(_LOG), "--consent", str(_EXAMPLES / "consent.csv"), "--keys", str(made.keys)]
        assert main([*words, "--output", str(made.output), "--dataset", "demo", *ALL_PARTS_OPTIONS, *extra]) == 0
    return made


@pytest.fixture
def made(original: Made, tmp_path: Path) -> Made:
    shutil.copytree(original.output, tmp_path / "data")
    return Made(original.keys, tmp_path / "data", original.reader)


def verified(capsys: pytest.CaptureFixture[str], *words: str | Path) -> tuple[int, dict[str, object], str]:
    capsys.readouterr()
    code = main(["verify", *map(str, words), "--json"])
    shown = capsys.readouterr()
    return code, json.loads(shown.out) if shown.out else {}, shown.err


def files(result: dict[str, object]) -> set[str]:
    findings = result["findings"]
    assert isinstance(findings, list)
    return {Path(finding["file"]).name for finding in findings}


def clear_release(made: Made) -> Path:
    """Return the release whose shards are not sealed."""
    first = {path.read_bytes()[:4]: path.parents[1] for path in made.output.rglob("events/*.parquet")}
    return first[b"PAR1"]


def test_a_sound_output_dataset_and_release_pass_with_every_kind_of_key(
    made: Made, capsys: pytest.CaptureFixture[str]
) -> None:
    places = [made.output, made.output / "demo", clear_release(made)]
    for store, releases in zip(places, (2, 2, 1), strict=True):
        for keys, decoded in (
            (made.keys, True),
            (made.reader, True),
            (made.keys / "signing.public.pem", releases == 1),
        ):
            code, result, errors = verified(capsys, store, "--keys", keys)
            assert (code, errors, result["decoded"]) == (0, "", decoded)
            assert len(result["releases"]) == releases  # type: ignore[arg-type]


def test_what_a_record_holds_is_not_read_again_but_for_one_release_in_turn(
    made: Made, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = (made.output, "--keys", made.keys / "signing.public.pem", "--record", tmp_path / "verified.json")
    assert [verified(capsys, *words)[1]["read"] for _ in range(3)] == [2, 1, 1]
    assert main(["verify", *map(str, words)]) == 0
    assert "read whole: 1; unchanged since they were read, by their listing: 1" in capsys.readouterr().out
    code, result, _ = verified(capsys, *words)
    assert (code, result["read"], len(result["compared"])) == (0, 1, 1), "what is not read is named"
    assert set(result["compared"]) < set(result["releases"])
    code, result, _ = verified(capsys, made.output, "--keys", made.reader, "--record", tmp_path / "verified.json")
    assert (code, result["read"]) == (0, 2), "the sealed release, whose rows nobody has read, and the other in turn"
    clear = clear_release(made)
    path = next(path for path in made.output.rglob("sessions/*.parquet") if clear not in path.parents)
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    for _ in range(2):
        code, result, _ = verified(capsys, *words)
        assert (code, result["read"], files(result)) == (4, 2, {path.name}), "what has a finding is read every time"
    (tmp_path / "verified.json").write_text('{"form": "another"}')
    code, _, errors = verified(capsys, *words)
    assert code == 2
    assert "no record of a verification" in errors


def test_a_release_that_was_signed_without_a_charge_is_named(made: Made, capsys: pytest.CaptureFixture[str]) -> None:
    """Sign a manifest that states no budget, as a thief of the signing key alone can."""
    keys, release = opened(made.keys), clear_release(made)
    manifest = verify_manifest((release / "manifest.dsse.json").read_bytes(), keys.verifying(), "it")
    forged = replace(manifest, release_id="forged", budget=None)
    (release.parent / "forged").mkdir()
    (release.parent / "forged" / "manifest.dsse.json").write_bytes(sign_manifest(forged, keys.signing_private()))
    code, result, errors = verified(capsys, made.output, "--keys", made.keys)
    assert (code, result["charges"]) == (4, 2)
    assert "forged was charged to another ledger" in errors


@pytest.mark.parametrize("name", ["catalog.json", "manifest.dsse.json", "events/*.parquet", "sessions/*.parquet"])
@pytest.mark.parametrize("damage", ["flip", "cut", "gone"])
def test_every_damaged_file_is_named(made: Made, name: str, damage: str, capsys: pytest.CaptureFixture[str]) -> None:
    for path in sorted(made.output.rglob(name)):
        content = path.read_bytes()
        middle = len(content) // 2
        altered = {
            "flip": content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :],
            "cut": content[:middle],
        }
        if damage == "gone":
            path.unlink()
        else:
            path.write_bytes(altered[damage])
        code, result, errors = verified(capsys, made.output, "--keys", made.keys / "signing.public.pem")
        path.write_bytes(content)
        assert code == 4
        assert path.name in files(result)
        assert str(path) in errors
    assert verified(capsys, made.output, "--keys", made.keys)[0] == 0


def test_a_release_with_an_unsound_manifest_is_one_finding_and_not_one_for_each_file(
    made: Made, capsys: pytest.CaptureFixture[str]
) -> None:
    one, two = sorted((made.output / "demo" / "releases").iterdir())
    one.rename(made.output / "aside")
    two.rename(one)
    (made.output / "aside").rename(two)
    code, result, shown = verified(capsys, made.output, "--keys", made.keys / "signing.public.pem")
    assert (code, shown.count("belongs to another release"), len(shown.splitlines())) == (4, 2, 2)
    assert files(result) == {"manifest.dsse.json"}


def test_orphans_and_strays_are_named(made: Made, capsys: pytest.CaptureFixture[str]) -> None:
    (made.output / "stray.txt").write_text("x")
    (made.output / "demo" / "releases" / "0" / "events").mkdir(parents=True)
    (made.output / "demo" / "releases" / "0" / "events" / "half.parquet").write_text("x")
    (clear_release(made) / "events" / ".0a.part").write_text("x")
    code, result, _ = verified(capsys, made.output, "--keys", made.keys)
    assert code == 4
    assert {"stray.txt", "half.parquet", ".0a.part"} <= files(result)


def test_another_signing_key_is_refused(made: Made, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["keys", "init", str(tmp_path / "other")]) == 0
    assert main(["verify", str(made.output), "--keys", str(tmp_path / "other" / "signing.public.pem")]) == 3
    says = capsys.readouterr().err
    assert "nothing was checked" in says
    assert says.count("\n") == 1
    assert "remove" not in says


def test_a_release_that_the_catalog_lists_and_a_rolled_back_manifest_are_noticed(
    made: Made, capsys: pytest.CaptureFixture[str]
) -> None:
    release = clear_release(made)
    other = next(path for path in release.parent.iterdir() if path != release)
    shutil.copy(other / "manifest.dsse.json", release / "manifest.dsse.json")
    assert "manifest.dsse.json" in files(verified(capsys, made.output, "--keys", made.keys)[1])
    shutil.rmtree(release)
    code, result, errors = verified(capsys, made.output, "--keys", made.keys)
    assert (code, files(result)) == (4, {"manifest.dsse.json"})
    assert "named by the catalog" in errors


@pytest.mark.parametrize(
    ("listed", "says"),
    [(False, "is not listed by the catalog, which is older"), (True, "one of the two is older")],
)
def test_an_older_catalog_is_told_by_the_public_key(
    made: Made, capsys: pytest.CaptureFixture[str], *, listed: bool, says: str
) -> None:
    file, keys, release = made.output / "demo" / "catalog.json", opened(made.keys), clear_release(made)
    catalog = parse_catalog(file.read_bytes(), "", keys.verifying())
    others = tuple(item for item in catalog.releases if item.release_id != release.name)
    before = (CatalogEntry(release.name, "0" * 64),) if listed else ()
    changed = replace(catalog, releases=(*others, *before), current=others[0].release_id)
    file.write_bytes(sign_catalog(changed, keys.signing_private()))
    code, result, errors = verified(capsys, made.output, "--keys", made.keys / "signing.public.pem")
    assert (code, files(result), says in errors) == (4, {"manifest.dsse.json"}, True)


def planted(made: Made, tmp_path: Path, *, hide: bool) -> Path:
    """Write the canary into a clear shard behind the signature's back."""
    path = next((clear_release(made) / "events").iterdir())
    table = pq.read_table(path)
    text = _CANARY[::-1].upper() if hide else f"see {_CANARY}."
    texts = pa.array([text, *table["text"].to_pylist()[1:]])
    pq.write_table(table.set_column(table.column_names.index("text"), "text", texts), path, compression="zstd")
    canaries = tmp_path / "canaries.txt"
    canaries.write_text(f"another value\n{_CANARY}\n")
    return canaries


@pytest.mark.parametrize("hide", [False, True])
def test_a_planted_value_in_a_shard_is_named_by_its_ordinal_and_never_shown(
    made: Made, tmp_path: Path, hide: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    canaries = planted(made, tmp_path, hide=hide)
    code, result, errors = verified(capsys, made.output, "--keys", made.keys, "--canaries", canaries)
    assert code == 4
    assert "canary 2" in errors
    assert "canary 1" not in errors
    assert "planted value" not in errors + json.dumps(result)
    assert result["scanned_files"] == len([path for path in made.output.rglob("*") if path.is_file()])


def test_a_planted_value_in_a_name_a_log_or_a_manifest_is_found(
    made: Made, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    canaries = tmp_path / "canaries.txt"
    canaries.write_text(_CANARY)
    logs = tmp_path / "logs"
    logs.mkdir()
    (logs / "run.log").write_text("nothing here")
    common = (made.output, "--keys", made.keys, "--canaries", canaries, "--also", logs)
    assert verified(capsys, *common)[0] == 0
    (logs / "run.log").write_text(base64.b64encode(json.dumps({"seen": _CANARY}).encode()).decode())
    assert files(verified(capsys, *common)[1]) == {"run.log"}
    (logs / "run.log").rename(logs / f"{_CANARY}.log")
    assert verified(capsys, *common)[0] == 4
    manifest = clear_release(made) / "manifest.dsse.json"
    payload = base64.b64encode(b'{"note": "' + _CANARY.encode() + b'"}').decode()
    manifest.write_text(json.dumps({"payload": payload}))
    assert "canary 1" in verified(capsys, made.output, "--keys", made.keys, "--canaries", canaries)[2]


def test_canaries_in_sealed_shards_need_the_data_key(
    made: Made, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    canaries = tmp_path / "canaries.txt"
    canaries.write_text(_CANARY)
    code, _, errors = verified(capsys, made.output, "--keys", made.keys / "signing.public.pem", "--canaries", canaries)
    assert code == 3
    assert "reader's key" in errors


@pytest.mark.parametrize(("words", "code"), [(("nowhere",), 2), ((".", "--canaries", "missing.txt"), 2)])
def test_wrong_use_is_said(
    made: Made, words: tuple[str, ...], code: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert verified(capsys, tmp_path / words[0], "--keys", made.keys, *words[1:])[0] == code


def test_releases_of_the_ledger_that_a_copy_lacks_are_told(made: Made, capsys: pytest.CaptureFixture[str]) -> None:
    gone = clear_release(made)
    change_catalog(
        open_store(str(made.output / "demo")), "demo", opened(made.keys), lambda old: old.without_release(gone.name)
    )
    shutil.rmtree(gone)
    code, result, _ = verified(capsys, made.output, "--keys", made.keys)
    assert (code, result["elsewhere"]) == (0, [str(made.keys.parent / "data" / "demo" / "releases" / gone.name)])
    assert main(["verify", str(made.output), "--keys", str(made.keys)]) == 0
    assert "not looked at: 1 more release of the ledger, sealed at other addresses\n" in capsys.readouterr().out
    assert verified(capsys, made.output, "--keys", made.reader)[1]["elsewhere"] == []


def test_a_readers_file_of_some_columns_checks_signatures_and_hashes(
    made: Made, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for up_to in ("pointer", "text"):
        target = tmp_path / f"{up_to}.json"
        words = ["keys", "export", "--role", "reader", "--up-to", up_to, str(made.keys), "-o", str(target)]
        assert main(words) == 0
        code, result, _ = verified(capsys, made.output, "--keys", target)
        assert (code, result["decoded"], result["read"]) == (0, False, 2)


def test_a_public_key_that_is_not_there_is_told_from_a_file_that_is_none(
    made: Made, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, errors = verified(capsys, made.output, "--keys", tmp_path / "no.pem")
    assert (code, "no.pem cannot be read (No such file or directory)" in errors) == (3, True)
    (tmp_path / "no.pem").write_text("x")
    code, _, errors = verified(capsys, made.output, "--keys", tmp_path / "no.pem")
    assert (code, "no.pem is no verifying key" in errors) == (3, True)


def test_a_rotated_signing_key_still_verifies_old_releases(
    made: Made, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(made.keys, tmp_path / "keys")
    for role in ("signing", "data", "pseudonym"):
        assert main(["keys", "rotate", "--role", role, str(tmp_path / "keys")]) == 0
    state = made.keys.parent / "keyveil-state"
    code, result, _ = verified(capsys, made.output, "--keys", tmp_path / "keys", "--state", state)
    assert (code, result["decoded"]) == (0, True)


def test_an_auditor_with_the_key_of_before_a_rotation_follows_it_and_one_with_the_new_key_reads_the_old(
    made: Made, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(made.keys, tmp_path / "keys")
    old, new = tmp_path / "old.pem", tmp_path / "keys" / "signing.public.pem"
    shutil.copy(new, old)
    assert main(["keys", "rotate", "--role", "signing", str(tmp_path / "keys")]) == 0
    keys = opened(tmp_path / "keys")
    before, after = (fingerprint(key) for key in reversed(keys.verifying()))
    assert verified(capsys, made.output, "--keys", new)[0] == 3
    store = open_store(str(made.output / "demo"))
    change_catalog(store, "demo", keys, lambda catalog: replace(catalog, version=catalog.version + 1))
    for key, followed in ((old, after), (new, before)):
        code, result, errors = verified(capsys, made.output, "--keys", key)
        assert (code, errors, result["followed"]) == (0, "", [followed])
        signers = result["signed_by"]
        assert isinstance(signers, dict)
        assert {*signers.values()} == {before}
        assert main(["verify", str(made.output), "--keys", str(key)]) == 0
        reached = ", to which a signed rotation leads from the passed key" if key == new else ""
        assert f"signed by key {before}{reached}: 2 releases\n" in capsys.readouterr().out
    code, result, _ = verified(capsys, made.output, "--keys", made.reader)
    assert (code, result["followed"]) == (0, [after])


@pytest.mark.parametrize("keyid", ["\x1b[2Jhunter2", ["hunter2"], "hunter2"])
def test_a_catalog_that_names_no_key_is_a_finding_that_does_not_repeat_it(
    keyid: object, made: Made, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(made.output, tmp_path / "out")
    store = tmp_path / "out" / "demo" / "catalog.json"
    form = json.loads(store.read_text())
    form["signature"]["keyid"] = keyid
    store.write_text(json.dumps(form))
    code, result, errors = verified(
        capsys, tmp_path / "out", "--keys", made.keys.parent / "keys" / "signing.public.pem"
    )
    assert (code, "catalog.json" in files(result), "hunter2" in errors) == (4, True, False)


def test_a_registry_with_other_rows_is_another_one(
    made: Made, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    head, *rows = (_EXAMPLES / "consent.csv").read_text().splitlines()
    registry = tmp_path / "consent.csv"
    registry.write_text("\n".join([head, *reversed(rows)]) + "\n")
    words = [made.output, "--keys", made.keys, "--consent", registry]
    code, result, errors = verified(capsys, *words)
    assert (code, errors) == (0, "")
    assert result["consent"] == {"obeyed": result["releases"], "other": [], "unstated": []}
    registry.write_text("\n".join([head, *rows[1:]]) + "\n")
    code, result, errors = verified(capsys, *words)
    assert (code, result["consent"]["other"]) == (4, result["releases"])  # type: ignore[index]
    assert "their manifests state other rows" in errors
    assert verified(capsys, made.output, "--keys", made.reader, "--consent", registry)[0] == 2


def test_the_ledger_is_a_part_of_what_is_verified(
    made: Made, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, result, _ = verified(capsys, made.output, "--keys", made.keys)
    assert (code, result["charges"]) == (0, 2)
    assert verified(capsys, made.output, "--keys", made.reader)[1]["charges"] is None
    state = tmp_path / "state"
    shutil.copytree(made.keys.parent / "keyveil-state", state)
    (book,) = (state / "ledger").glob("*.jsonl")
    whole = book.read_bytes()
    book.write_bytes(whole.replace(b"demo", b"dem0", 1))
    code, result, said = verified(capsys, made.output, "--keys", made.keys, "--state", state)
    assert (code, files(result)) == (4, {book.name})
    book.unlink()
    code, result, said = verified(capsys, made.output, "--keys", made.keys, "--state", state)
    assert code == 4
    assert said.count("--state") == 2


def test_a_release_that_the_passed_keys_do_not_open_is_not_called_damaged(made: Made, tmp_path: Path) -> None:
    assert main(["keys", "init", str(tmp_path / "other")]) == 0
    home, own = open_store(str(made.output / "demo")), opened(made.keys).reader()
    other = replace(own, data=opened(tmp_path / "other").reader().data)
    with pytest.raises(RefusedError, match=r"is sealed under a data key that was not passed.*exported again"):
        DatasetVerifier(home, own.verifying, other).verify()
    assert DatasetVerifier(home, own.verifying, replace(other, retired=(own.data,))).verify().findings == ()


def test_the_erasures_that_releases_prove_are_counted(made: Made, capsys: pytest.CaptureFixture[str]) -> None:
    code, result, _ = verified(capsys, made.output, "--keys", made.reader)
    assert (code, result["erasures"]) == (0, 0)


@pytest.mark.parametrize(
    ("proofs", "proving", "erased", "said"),
    [
        (1, 1, None, "1 release holds a proof of an erasure"),
        (2, 2, 1, "2 releases hold a proof of an erasure, of 1 person in all, known to private state"),
        (2, 1, 2, "1 release holds 2 proofs of erasures, of 2 people in all, known to private state"),
    ],
)
def test_proofs_are_told_from_the_people_they_are_of(proofs: int, proving: int, erased: int | None, said: str) -> None:
    report = VerifyReport((), (), 0, 0, 0, True, 0, 0, None, proofs, (), None, proving, erased)
    assert render_erasures(report) == said


def test_before_the_first_release_there_is_nothing_to_find_for_a_key_set(
    original: Made, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    keys, empty = tmp_path / "keys", tmp_path / "data"
    assert main(["keys", "init", str(keys)]) == 0
    assert main(["verify", str(empty), "--keys", str(keys)]) == 0
    assert "no release is there, and the ledger knows of none" in capsys.readouterr().out
    assert verified(capsys, empty, "--keys", keys)[1]["releases"] == []
    assert verified(capsys, empty, "--keys", keys / "signing.public.pem")[0] == 2
    # where the ledger knows of releases elsewhere, the address may be misspelt, but for one of every night
    assert verified(capsys, empty, "--keys", original.keys)[0] == 2
    record = ("--record", tmp_path / "verified.json")
    assert verified(capsys, empty, "--keys", original.keys, *record)[0] == 0
    assert main(["pause", str(empty), "--reason", "test"]) == 0
    assert verified(capsys, empty, "--keys", original.keys, *record)[0] == 0
    (empty / "notes.txt").write_text("x")
    assert verified(capsys, empty, "--keys", original.keys, *record)[0] == 2


def test_an_output_whose_releases_are_all_gone_is_no_new_one(
    original: Made, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    record = ("--record", tmp_path / "verified.json")
    gone = original.output.rename(original.output.with_name("aside"))
    try:
        code, _, said = verified(capsys, original.output, "--keys", original.keys, *record)
        beside = verified(capsys, original.output.with_name("dat"), "--keys", original.keys, *record)[0]
    finally:
        gone.rename(original.output)
    assert (code, beside) == (2, 0)
    assert "holds no release" in said
