"""Proofs beside a verification: whose rows lie there, with which settings they were made, which pauses were obeyed."""

import argparse
from datetime import UTC, datetime
from typing import NamedTuple

from pipelines.config import load_config
from pipelines.operations.audit_keys import AuditKeys
from pipelines.operations.consent_proof import find_consent_fault
from pipelines.operations.disclosure.people_proof import ReleasePeople, find_people_faults, match_people
from pipelines.operations.disclosure.settings_proof import SettingsProof, prove_settings
from pipelines.operations.report import read_manifests
from pipelines.operations.verify import VerifyReport
from pipelines.state.id_case import folds_case
from pipelines.state.stretch_record import count_obeyed
from schemas.errors import UsageError
from transforms.consent.restriction_files import read_pauses
from transforms.dataset.verify.dataset import Defect
from transforms.object_store.addresses import normal_uri, open_store


class PauseProof(NamedTuple):
    """Number of pauses of a file that the last run of a dataset obeyed, of all."""

    dataset: str
    obeyed: int
    pauses: int


class Proofs(NamedTuple):
    """Proofs of one command line; ``None`` for what it did not ask."""

    settings: SettingsProof | None
    people: list[ReleasePeople] | None
    pauses: list[PauseProof] | None
    faults: list[Defect]


def gather_proofs(arguments: argparse.Namespace, keys: AuditKeys, verdict: VerifyReport) -> Proofs:
    """Gather what the command line asks; raise ``UsageError`` where that takes a key set."""
    settings, pauses = _compare_settings(arguments, keys), _count_pauses(arguments, keys)
    people, faults = _match_people(arguments, keys, verdict)
    return Proofs(settings, people, pauses, faults)


def _match_people(
    arguments: argparse.Namespace, keys: AuditKeys, verdict: VerifyReport
) -> tuple[list[ReleasePeople] | None, list[Defect]]:
    """Compare people in rows with the registry of the command line, where there is one and the releases are sound."""
    if keys.private is None or verdict.proof is None:
        return None, []
    if [*verdict.findings] != find_consent_fault(arguments.consent, verdict.proof):
        return None, []
    purpose = load_config(arguments.config, arguments.settings, None).purpose
    people = match_people(arguments.uri, arguments.consent, purpose, keys.private, datetime.now(UTC))
    return people, [*find_people_faults(people, verdict.proof.obeyed)]


def _compare_settings(arguments: argparse.Namespace, keys: AuditKeys) -> SettingsProof | None:
    """Compare the settings of the command line with those of the releases; ``None`` where none were passed."""
    if arguments.config is None and not arguments.settings:
        return None
    config = load_config(arguments.config, arguments.settings, None)
    return prove_settings(config, keys.private, read_manifests(open_store(normal_uri(arguments.uri)), keys.verifying))


def _count_pauses(arguments: argparse.Namespace, keys: AuditKeys) -> list[PauseProof] | None:
    """Count the pauses of the command line that the last run of each dataset at the address obeyed."""
    if arguments.pauses is None:
        return None
    if keys.private is None:
        raise UsageError("--pauses needs the key set: what runs obeyed lies in private state; pass --keys DIR")
    asked = read_pauses(arguments.pauses, fold_case=folds_case(keys.private))
    manifests = read_manifests(open_store(normal_uri(arguments.uri)), keys.verifying)
    datasets = sorted({manifest.dataset for manifest in manifests})
    return [PauseProof(name, *count_obeyed(keys.private, name, asked)) for name in datasets]
