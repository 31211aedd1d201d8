"""Erasure from sealed releases, in a folder and in a bucket: nothing of the person is left, the rest is untouched."""

import hashlib
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from schemas.errors import FailedError
from schemas.safe import EVENTS_SCHEMAS
from tests.dataset.conftest import make_batch
from tests.dataset.test_publish import LENGTHS, RELEASES, Runs
from transforms.dataset import erase as erasing
from transforms.dataset.codec import FileHeader, decode, encode
from transforms.dataset.coverage import POINTER, count_coverage
from transforms.dataset.erase import Eraser
from transforms.dataset.layout import CATALOG
from transforms.dataset.manifest import Erasure, ShardRecord
from transforms.dataset.publish import publish
from transforms.dataset.settings import StoreSettings
from transforms.dataset.verify.dataset import DatasetVerifier
from transforms.keys.key_set import KeySet

PERSON = frozenset({"user-2"})
"""Has sessions in both batches of ``Runs``, together with others."""


@pytest.fixture
def runs(home: str, tmp_path: Path, keys: KeySet) -> Runs:
    return Runs(home, tmp_path / "staging", keys)


@pytest.fixture
def local(tmp_path: Path, keys: KeySet) -> Runs:
    return Runs(str(tmp_path / "out"), tmp_path / "staging", keys)


def users(runs: Runs) -> set[str]:
    tables = [
        decode(content, runs.keys.reader()) for name, content in runs.content().items() if name.endswith("parquet")
    ]
    return {user for table in tables for user in table["user"].to_pylist()}


def rows_of_others(runs: Runs) -> list[dict[str, object]]:
    tables = [decode(content, runs.keys.reader()) for name, content in runs.content().items() if "/events/" in name]
    rows = [row for table in tables for row in table.to_pylist() if row["user"] not in PERSON]
    return sorted(rows, key=lambda row: (str(row["session"]), int(str(row["seq"]))))


def sound(runs: Runs) -> bool:
    return not DatasetVerifier(runs.store, runs.keys.verifying(), runs.keys.reader()).verify().findings


def test_the_person_is_gone_the_others_stay_and_the_change_is_proven(runs: Runs) -> None:
    before = runs.publish()
    assert users(runs) >= PERSON
    others, old = rows_of_others(runs), runs.content()
    proof = Eraser(runs.store, runs.keys).erase(runs.layout(), PERSON)
    assert proof is not None
    assert not PERSON & users(runs)
    assert rows_of_others(runs) == others
    assert sound(runs)
    after = runs.sealed()
    assert after is not None
    assert after.erasures == (proof,)
    assert [shard.path for shard in after.shards] == sorted(shard.path for shard in after.shards)
    assert after.supersedes == hashlib.sha256(old[runs.layout().manifest]).hexdigest()
    digests = {shard.path: shard.sha256 for shard in before.shards}
    assert all(digests[file.path] == file.sha256 for file in proof.removed)
    kept = {shard.path: shard.sha256 for shard in after.shards}
    assert all(kept[file.path] == file.sha256 for file in proof.added)
    assert not {file.path for file in proof.removed} & set(kept)
    assert after.counts["rows.released"] == len(others)


def test_a_shard_without_the_person_stays_the_same_object(local: Runs) -> None:
    # 40 sessions in 64 shards, 8 of them the person's: that 8 shards or fewer hold all has a chance of 3e-27
    spread = replace(local, shards=64)
    before = spread.publish()
    proof = Eraser(spread.store, spread.keys).erase(spread.layout(), PERSON)
    after = spread.sealed()
    assert proof is not None
    assert after is not None
    removed = {file.path for file in proof.removed}
    untouched = {shard.path for shard in before.shards} - removed
    assert untouched
    assert untouched <= {shard.path for shard in after.shards}
    assert len(removed) <= 2 * 8  # rows and headers of each session


def test_the_coverage_that_is_left_is_that_of_the_rows_of_others(local: Runs) -> None:
    entries, batches = local.write(), [make_batch(1, LENGTHS), make_batch(2, LENGTHS)]
    coverage = count_coverage(pa.concat_tables(batches).unify_dictionaries())
    manifest = replace(local.manifest(entries), counts={"outcome.kept": 3, **coverage})
    publish(local.store, local.layout(), manifest, entries, local.keys)
    Eraser(local.store, local.keys).erase(local.layout(), PERSON)
    after = local.sealed()
    assert after is not None
    left = [batch.filter(pc.invert(pc.is_in(batch["user"], pa.array(sorted(PERSON))))) for batch in batches]
    expected = count_coverage(pa.concat_tables(left).unify_dictionaries())
    assert 0 < expected[POINTER] < coverage[POINTER]
    assert {name: after.counts[name] for name in coverage} == expected
    assert after.counts["outcome.kept"] == 3


def test_an_erasure_adds_no_coverage_to_a_release_that_did_not_count_it(local: Runs) -> None:
    local.publish()
    Eraser(local.store, local.keys).erase(local.layout(), PERSON)
    after = local.sealed()
    assert after is not None
    assert not [name for name in after.counts if name.startswith("coverage.")]


def test_a_second_erasure_of_the_same_person_changes_nothing(runs: Runs) -> None:
    runs.publish()
    eraser = Eraser(runs.store, runs.keys)
    assert eraser.find(runs.layout(), PERSON)
    eraser.erase(runs.layout(), PERSON)
    content = runs.content()
    assert eraser.find(runs.layout(), PERSON) == []
    assert eraser.erase(runs.layout(), PERSON) is None
    assert runs.content() == content


def test_everybody_can_be_erased_one_after_the_other(runs: Runs) -> None:
    runs.publish()
    eraser = Eraser(runs.store, runs.keys)
    everybody = sorted(users(runs))
    for erased, user in enumerate(everybody, start=1):
        proof = eraser.erase(runs.layout(), frozenset({user}))
        assert sound(runs)
        after = runs.sealed()
        assert after is not None
        assert len(after.erasures) == erased
        assert after.erasures[-1] == proof
    assert users(runs) == set()
    sealed = runs.sealed()
    assert sealed is not None
    assert sealed.shards == ()
    assert len(sealed.erasures) == len(everybody) > 1


def test_other_releases_are_left_alone(local: Runs) -> None:
    local.publish(RELEASES[0])
    local.publish(RELEASES[1])
    folder = local.layout(RELEASES[1]).manifest.rpartition("/")[0]
    before = {name: content for name, content in local.content().items() if name.startswith(folder)}
    Eraser(local.store, local.keys).erase(local.layout(RELEASES[0]), PERSON)
    assert before == {name: content for name, content in local.content().items() if name.startswith(folder)}
    catalog = local.catalog()
    assert catalog is not None
    assert catalog.current == RELEASES[1]


@pytest.mark.parametrize("content", ["another's", "cut"])
def test_a_file_that_is_not_the_signed_one_is_neither_rewritten_nor_signed(runs: Runs, content: str) -> None:
    for release in RELEASES[:2]:
        runs.publish(release)
    before = runs.content()
    mine, theirs = (next(n for n in before if f"{r}/events/" in n) for r in RELEASES[:2])
    runs.put(mine, before[theirs] if content == "another's" else before[mine][:-1])
    altered = runs.content()
    for step in (Eraser(runs.store, runs.keys).find, Eraser(runs.store, runs.keys).erase):
        with pytest.raises(FailedError, match="not the file that the manifest signed"):
            step(runs.layout(), PERSON)
    assert runs.content() == altered


def test_the_proof_is_given_away_before_the_manifest_holds_it(runs: Runs) -> None:
    runs.publish()
    given = []

    def before(proof: Erasure) -> None:
        sealed = runs.sealed()
        assert sealed is not None
        given.append((proof, sealed.erasures))

    proof = Eraser(runs.store, runs.keys).erase(runs.layout(), PERSON, before)
    assert given == [(proof, ())]


STEPS = ("encode", "sign_manifest", "change_catalog", "sweep")


@pytest.mark.parametrize("step", STEPS)
def test_a_crash_at_any_step_is_repaired_by_the_same_erasure(
    runs: Runs, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = replace(runs, shards=1)  # the person shares every file with others: each is rewritten, none just removed
    runs.publish()
    others = rows_of_others(runs)

    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(Eraser if step == "sweep" else erasing, step, crash)
        with pytest.raises(KeyboardInterrupt):
            Eraser(runs.store, runs.keys).erase(runs.layout(), PERSON)
    examined = DatasetVerifier(runs.store, runs.keys.verifying(), runs.keys.reader()).verify()
    assert {finding.problem.partition(":")[0] for finding in examined.findings} <= {"is listed by no signed manifest"}
    Eraser(runs.store, runs.keys).erase(runs.layout(), PERSON)
    assert not PERSON & users(runs)
    assert rows_of_others(runs) == others
    assert sound(runs)
    catalog = runs.catalog()
    assert catalog is not None
    assert catalog.lists(RELEASES[0], hashlib.sha256(runs.content()[runs.layout().manifest]).hexdigest())


def test_no_entry_of_a_dictionary_stays_behind(local: Runs) -> None:
    local.publish()
    Eraser(local.store, local.keys).erase(local.layout(), PERSON)
    for name, content in local.content().items():
        if "/events/" in name:
            table = decode(content, local.keys.reader())
            for column in table.columns:
                if hasattr(column.type, "index_type"):
                    values = column.combine_chunks().dictionary.to_pylist()
                    assert set(values) == set(column.drop_null().to_pylist())


def test_an_orphan_of_the_release_goes_whatever_it_holds(local: Runs) -> None:
    local.publish()
    local.put(local.layout().file("events/00009-ab.parquet"), b"left by a stopped run")
    assert Eraser(local.store, local.keys).erase(local.layout(), frozenset({"nobody"})) is None
    assert sound(local)
    assert CATALOG in local.content()


def test_a_file_of_the_format_before_is_written_again_as_it_was(keys: KeySet) -> None:
    old, header = make_batch(1), FileHeader(RELEASES[0], "noised", 2)
    at = old.schema.get_field_index("redactions")
    plain = pa.array([None] * len(old), EVENTS_SCHEMAS[2].field(at).type)
    old = old.set_column(at, EVENTS_SCHEMAS[2].field(at), plain)
    stored = decode(encode(old, header, StoreSettings(), keys.reader()).to_pybytes(), keys.reader())
    theirs = pc.is_in(stored["user"], pa.array(sorted(PERSON)))
    found = erasing._rewritten(ShardRecord("events/0-x.parquet", len(old), 1, "0"), stored, theirs)
    assert found.header == header
    assert found.table is not None
    again = decode(encode(found.table, found.header, StoreSettings(), keys.reader()).to_pybytes(), keys.reader())
    assert again.schema.equals(EVENTS_SCHEMAS[2])
    assert again.schema.metadata[b"keyveil.schema_version"] == b"2"
