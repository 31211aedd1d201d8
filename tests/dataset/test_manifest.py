import base64
import json
from dataclasses import replace
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from schemas.errors import FailedError
from schemas.safe import ShardEntry
from transforms.dataset.manifest import (
    PAYLOAD_TYPE,
    BasisRecord,
    BudgetStatement,
    LeftOutRecord,
    Manifest,
    NoiseStatement,
    ShardRecord,
    shard_records,
    sign_manifest,
    verify_manifest,
)
from transforms.dataset.signing import sign

PRIVATE = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = PRIVATE.public_key()
MANIFEST = Manifest(
    release_id="r" * 26,
    dataset="typing",
    schema_version=1,
    keyveil_version="0.1.0",
    config_fingerprint="c0",
    code_digest="c1",
    model_digest="c2",
    inputs_digest="c3",
    consent_digest="c4",
    consent_mode="registry",
    run_key="ephemeral",
    noise=(
        NoiseStatement(("x", "y"), "gaussian", "user", "add-remove", 1.5, 1e-06, "rdp"),
        NoiseStatement(
            ("t_ms",), "population model", "user", "add-remove", None, None, "none", ("Not the order.", "x.")
        ),
    ),
    encryption="sealed",
    data_key="k0",
    counts={"outcome.kept": 3, "entity.PERSON": 1},
    shards=(ShardRecord("events/00000-ab.parquet", 3, 100, "aa"),),
    left_out=(LeftOutRecord("names", None, 300), LeftOutRecord("tables", 931, 300)),
)

BUDGET = BudgetStatement(
    ledger_id="1f" * 8,
    charge_id="r" * 26,
    entry=3,
    digest="d" * 64,
    unit="user",
    epsilon=0.9,
    delta=1e-7,
    lifetime_epsilon=8.0,
    lifetime_delta=1e-6,
    spent_epsilon=2.5,
    fits_epsilon=4.125,
    not_counted=("scroll directions",),
    loosened=("noise.epsilon=2.0 (policy: 1.0)",),
    event_epsilon=8.0,
    event_delta=1e-10,
)


def statement() -> Any:
    return json.loads(base64.b64decode(json.loads(sign_manifest(MANIFEST, PRIVATE))["payload"]))


def test_it_comes_back_as_it_was() -> None:
    assert verify_manifest(sign_manifest(MANIFEST, PRIVATE), PUBLIC, "it") == MANIFEST


def test_a_manifest_of_before_gaps_were_stated_is_read() -> None:
    found = statement()
    assert [item.pop("not_covered") for item in found["predicate"]["noise"]] == [[], ["Not the order.", "x."]]
    noise = tuple(replace(item, not_covered=()) for item in MANIFEST.noise)
    assert verify_manifest(sign(found, PAYLOAD_TYPE, PRIVATE), PUBLIC, "it") == replace(MANIFEST, noise=noise)


def test_a_manifest_of_before_parts_were_left_out_is_read() -> None:
    found = statement()
    del found["predicate"]["left_out"]
    assert verify_manifest(sign(found, PAYLOAD_TYPE, PRIVATE), PUBLIC, "it") == replace(MANIFEST, left_out=())


def test_it_is_an_in_toto_statement_about_the_files() -> None:
    found = statement()
    assert found["_type"] == "https://in-toto.io/Statement/v1"
    assert found["predicateType"] == "urn:keyveil:manifest:v1"
    assert found["subject"] == [{"name": "events/00000-ab.parquet", "digest": {"sha256": "aa"}}]
    assert found["predicate"]["noise"][0]["epsilon"] == 1.5
    assert found["predicate"]["noise"][1]["epsilon"] is None
    assert found["predicate"]["counts"] == {"outcome.kept": 3, "entity.PERSON": 1}


def test_the_order_of_counts_changes_no_byte() -> None:
    turned = replace(MANIFEST, counts=dict(reversed(MANIFEST.counts.items())))
    assert sign_manifest(turned, PRIVATE) == sign_manifest(MANIFEST, PRIVATE)


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_a_budget_that_is_no_number_is_not_signed(number: float) -> None:
    wrong = replace(MANIFEST, noise=(replace(MANIFEST.noise[0], epsilon=number),))
    with pytest.raises(ValueError, match="JSON compliant"):
        sign_manifest(wrong, PRIVATE)


def changed(**parts: Any) -> bytes:
    return sign(statement() | parts, PAYLOAD_TYPE, PRIVATE)


def test_signed_statements_that_are_no_manifest_are_refused() -> None:
    predicate = statement()["predicate"]
    for envelope in (
        sign([], PAYLOAD_TYPE, PRIVATE),
        sign({}, PAYLOAD_TYPE, PRIVATE),
        changed(predicate=predicate | {"more": 1}),
        changed(predicate={name: predicate[name] for name in predicate if name != "dataset"}),
        changed(predicate=predicate | {"shards": [{"path": "x"}]}),
        changed(predicate=predicate | {"noise": 3}),
        changed(predicateType="urn:other"),
        changed(_type="other"),
    ):
        with pytest.raises(FailedError, match="it is signed but"):
            verify_manifest(envelope, PUBLIC, "it")


def test_subjects_and_shards_must_agree() -> None:
    for subject in ([], [{"name": "events/00000-ab.parquet", "digest": {"sha256": "bb"}}]):
        with pytest.raises(FailedError, match="contradicts"):
            verify_manifest(changed(subject=subject), PUBLIC, "it")


def test_records_come_by_path_and_one_path_is_claimed_once() -> None:
    entries = [ShardEntry(f"events/{name}.parquet", 1, 2, "aa", f"/staging/{name}") for name in ("b", "a")]
    assert [record.path for record in shard_records(entries)] == ["events/a.parquet", "events/b.parquet"]
    with pytest.raises(FailedError, match="one name"):
        shard_records([*entries, entries[0]])


def test_a_charge_comes_back_as_it_was() -> None:
    charged = replace(MANIFEST, budget=BUDGET)
    assert verify_manifest(sign_manifest(charged, PRIVATE), (PUBLIC,), "manifest") == charged
    assert verify_manifest(sign_manifest(MANIFEST, PRIVATE), (PUBLIC,), "manifest").budget is None


def test_a_manifest_of_before_the_days_of_releases_were_stated_is_read() -> None:
    basis = BasisRecord("consent", "D", "W", None, "officer", None, "c", 30)
    stated = replace(MANIFEST, basis=basis)
    assert verify_manifest(sign_manifest(stated, PRIVATE), PUBLIC, "it") == stated
    found = json.loads(base64.b64decode(json.loads(sign_manifest(stated, PRIVATE))["payload"]))
    del found["predicate"]["basis"]["releases_days"]
    older = replace(MANIFEST, basis=replace(basis, releases_days=None))
    assert verify_manifest(sign(found, PAYLOAD_TYPE, PRIVATE), PUBLIC, "it") == older
