"""Record of a release for the registry of differential-privacy deployments that OpenDP keeps.

Form: ``schemas/deployments-schema.yaml`` of the registry, tier 3. Every figure is one of the signed manifest.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import yaml

from transforms.dataset.documents import wording as claims
from transforms.dataset.manifest import BudgetStatement, Manifest, NoiseStatement

Fields = dict[str, Any]
MISSING = "not stated"
_DOMAIN = (
    "All finite sets of people who agreed, each with any recordings of computer use. Neighbouring sets differ in one "
    "person; the unit of each group of columns is stated with its mechanism."
)
_ACTORS = (
    "The curator runs the pipeline, sees the recordings and is trusted. Readers of the release hold its data key: "
    "they, alone or together, and anybody they pass it to are the adversaries. The storage provider cannot read "
    "sealed shards. Colleagues on a screen are protected by redaction, not by differential privacy."
)
_POST_PROCESSING = (
    "Tables: quantiles are computed from noisy counts, and cells follow from admitted values. Positions and times are "
    "drawn from a model by released rows alone. Values that were not admitted read other."
)
_PREPROCESSING = (
    "Recordings of people who did not agree are left out, and personal values are replaced by detectors before any "
    "mechanism; both act on each person alone. No parameter was tuned on the recordings."
)
_PRODUCTS = {True: "Summary statistics", False: "Dataset"}


@dataclass(frozen=True, slots=True)
class Publication:
    """Facts about a publication that no manifest holds; empty ones are written as not stated."""

    published: date
    curators: tuple[str, ...] = ()
    region: str = ""
    sector: str | None = None

    @property
    def missing(self) -> list[str]:
        """List the fields of the record that somebody must fill in."""
        stated = {"data_curators, registry_authors": self.curators, "data_product_region": self.region}
        return [name for name, words in stated.items() if not words]


class _Dumper(yaml.SafeDumper):
    """Writes texts of several lines as blocks."""


def _represent_text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _represent_text)


def render_record(record: Fields) -> str:
    """Render a record as YAML, in the order of the form."""
    return yaml.dump(record, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100)


def make_record(manifest: Manifest, publication: Publication) -> Fields:
    """Make the record, of tier 3; of tier 1 where the release was not charged."""
    budget = manifest.budget
    charged = {} if budget is None else _describe_guarantee(manifest, budget)
    curators = list(publication.curators) or [MISSING]
    deployment = {
        "basic": _describe_product(manifest, publication, curators),
        **charged,
        "administrative": {"registry_authors": list(curators), "notes": _write_notes(manifest)},
    }
    slug = re.sub(r"[^a-z0-9]+", "-", f"{manifest.dataset}-{manifest.release_id[:8]}".lower()).strip("-")
    return {"url_slug": slug, "status": "Draft", "tier": 3 if charged else 1, "deployment": deployment}


def _describe_product(manifest: Manifest, publication: Publication, curators: list[str]) -> Fields:
    tables = claims.is_tables_alone(manifest)
    beside = ", and noisy tables of them" if claims.has_tables(manifest) else ""
    held = "Noisy tables of what people do" if tables else f"Redacted sessions of computer use{beside}"
    sector = {} if publication.sector is None else {"data_product_sector": publication.sector}
    return {
        "name": f"{claims.TITLE}: {manifest.dataset}{claims.window(manifest)}",
        "data_curators": curators,
        "description": f"{held}. {claims.consent(manifest)}",
        "intended_use": claims.PURPOSE,
        "data_product_type": _PRODUCTS[tables],
        "data_product_region": publication.region or MISSING,
        "publication_date": publication.published.isoformat(),
        **sector,
    }


def _describe_guarantee(manifest: Manifest, budget: BudgetStatement) -> Fields:
    spending = [item for item in manifest.noise if item.epsilon]
    return {
        "dp_variant": {
            "variant_name": "Approximate DP",
            "data_domain": _DOMAIN,
            "unprotected_quantities": _list_unprotected(manifest, budget),
        },
        "privacy_loss": {
            "privacy_unit": budget.unit,
            "privacy_unit_details": _describe_units(spending),
            "privacy_parameters": {
                "epsilon": budget.epsilon,
                "delta": budget.delta if budget.epsilon else 0.0,
            },
            "privacy_parameters_details": _explain_parameters(budget),
        },
        "deployment_model": {
            "model_name": "Central",
            "actors": _ACTORS,
            "release_type": "Many releases",
            "release_type_details": _explain_lifetime(budget),
            "data_source_type": "Dynamic",
            "access_type": "Non-interactive",
        },
        "accounting": {"composition": _explain_composition(spending), "post_processing": _POST_PROCESSING},
        "implementation": {
            "preprocessing_and_hyperparameter_tuning": _PREPROCESSING,
            "mechanisms": _list_mechanisms(manifest),
            "justification": _explain_settings(budget),
        },
    }


def _list_unprotected(manifest: Manifest, budget: BudgetStatement) -> str:
    rows = () if claims.is_tables_alone(manifest) else claims.GAPS
    single = [f"{name}: protected for single events only." for name in budget.not_counted]
    said = (sentence for item in manifest.noise for sentence in item.not_covered)
    return _join([*rows, claims.exactness(manifest), *single, *said])


def _describe_units(spending: Iterable[NoiseStatement]) -> str:
    return _join(f"{', '.join(item.columns)}: {item.unit}; adjacent: {item.adjacency}." for item in spending)


def _explain_parameters(budget: BudgetStatement) -> str:
    said = [f"{claims.lifetime(budget).capitalize()}."]
    if budget.event_epsilon:
        said.append(f"One event, beside it: epsilon {budget.event_epsilon:g}, delta {budget.event_delta:g}.")
    return " ".join(said)


def _explain_lifetime(budget: BudgetStatement) -> str:
    return (
        f"A ledger adds up all releases about the same people, up to epsilon {budget.lifetime_epsilon:g} and delta "
        f"{budget.lifetime_delta:g} for one user; then no release that costs is made. Nothing renews it."
    )


def _explain_composition(spending: Iterable[NoiseStatement]) -> str:
    accountants = dict.fromkeys(item.accountant for item in spending)
    return _join([*accountants, "All steps of the release are composed; so are all releases about the same people."])


def _list_mechanisms(manifest: Manifest) -> str:
    made = f"keyveil {manifest.keyveil_version}, code {manifest.code_digest}."
    noise = "Draws are looked up in tables of integers, by keyed streams of random bits."
    # what is not covered stands with the unprotected quantities
    return _join([*(claims.guarantee(replace(item, not_covered=())) for item in manifest.noise), noise, made])


def _explain_settings(budget: BudgetStatement) -> str:
    if not budget.loosened:
        return "Every setting is at most as loose as the policy."
    return "Looser than the policy by a setting: " + "; ".join(budget.loosened) + "."


def _write_notes(manifest: Manifest) -> str:
    return f"Release {manifest.release_id}. {claims.storage(manifest)} {claims.erasures(manifest)}"


def _join(sentences: Iterable[str]) -> str:
    return "\n".join(f"- {sentence}" for sentence in dict.fromkeys(sentences))
