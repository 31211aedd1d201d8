"""Records for the registry of deployments: in its form, with the figures of the manifest, and silent on nothing."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from tests.dataset.documents.test_render import FREE, MANIFEST, NOISE
from tests.dataset.test_manifest import BUDGET
from transforms.dataset.documents.dp_record import MISSING, Publication, make_record, render_record
from transforms.dataset.manifest import ShardRecord

FORM = yaml.safe_load((Path(__file__).parent / "opendp" / "deployments-schema.yaml").read_text(encoding="utf-8"))
CHARGED = replace(
    MANIFEST,
    noise=(replace(NOISE, not_covered=("Not the order.",)), FREE),
    budget=BUDGET,
    window="2026-10-05..2026-10-11",
)
STATED = Publication(date(2026, 11, 30), ("Example Ltd",), "EU", "Technology")


def record(manifest: Any = CHARGED, publication: Publication = STATED) -> dict[str, Any]:
    made = make_record(manifest, publication)
    jsonschema.validate(yaml.safe_load(render_record(made)), FORM)
    assert yaml.safe_load(render_record(made)) == made
    return made["deployment"]


def test_the_figures_are_those_of_the_manifest() -> None:
    made = record()
    loss = made["privacy_loss"]
    assert loss["privacy_parameters"] == {"epsilon": 0.9, "delta": 1e-7}
    assert "tables of opt-outs): epsilon 2.5 of 8 for one user at delta 1e-06." in loss["privacy_parameters_details"]
    assert "epsilon 8, delta 1e-10" in loss["privacy_parameters_details"]
    assert "epsilon 8 and delta 1e-06" in made["deployment_model"]["release_type_details"]
    assert made["basic"]["name"].endswith("typing, days 2026-10-05 to 2026-10-11")
    assert made["implementation"]["justification"].endswith("noise.epsilon=2.0 (policy: 1.0).")


def test_what_is_not_protected_is_listed_once() -> None:
    made = record()
    unprotected = made["dp_variant"]["unprotected_quantities"]
    for sentence in ("Not the order.", "scroll directions: protected for single events only", "Exact, without noise"):
        assert unprotected.count(sentence) == 1
    assert "Not the order." not in made["implementation"]["mechanisms"]


def test_groups_without_a_charge_are_mechanisms_but_no_part_of_the_unit() -> None:
    made = record()
    assert "constant model" in made["implementation"]["mechanisms"]
    assert made["privacy_loss"]["privacy_unit_details"] == "- x, y: one pointer event; adjacent: replaced."
    assert "none" not in made["accounting"]["composition"]


def test_a_release_of_tables_alone_is_of_statistics() -> None:
    made = record(replace(CHARGED, profile="aggregates"))
    assert made["basic"]["data_product_type"] == "Summary statistics"
    assert "what people click on" not in made["dp_variant"]["unprotected_quantities"].lower()
    assert record()["basic"]["data_product_type"] == "Dataset"


def test_a_release_that_spends_nothing_states_neither_epsilon_nor_delta() -> None:
    made = record(replace(CHARGED, budget=replace(BUDGET, epsilon=0.0)))
    assert made["privacy_loss"]["privacy_parameters"] == {"epsilon": 0, "delta": 0}


def test_tables_are_named_where_the_release_holds_some() -> None:
    assert record()["basic"]["description"].startswith("Redacted sessions of computer use. ")
    table = ShardRecord("aggregates/typing_speed/0-c.parquet", 3, 9, "2")
    made = record(replace(CHARGED, shards=(*CHARGED.shards, table)))
    assert made["basic"]["description"].startswith("Redacted sessions of computer use, and noisy tables of them. ")


def test_a_release_without_a_charge_claims_no_guarantee() -> None:
    made = make_record(MANIFEST, STATED)
    jsonschema.validate(made, FORM)
    assert made["tier"] == 1
    assert set(made["deployment"]) == {"basic", "administrative"}


@pytest.mark.parametrize(
    ("publication", "missing"),
    [
        (STATED, []),
        (replace(STATED, region=""), ["data_product_region"]),
        (Publication(date(2026, 11, 30)), ["data_curators, registry_authors", "data_product_region"]),
    ],
)
def test_facts_that_nobody_stated_are_named(publication: Publication, missing: list[str]) -> None:
    made = record(CHARGED, publication)
    assert publication.missing == missing
    assert (made["basic"]["data_product_region"] == MISSING) is ("data_product_region" in missing)
    assert ("data_product_sector" in made["basic"]) is (publication.sector is not None)
