"""Launch the pipeline on Dataflow by its Flex Template."""

import json
import re
from dataclasses import dataclass, field
from typing import Any

import requests

from pipelines.preflight.google_api import Session
from pipelines.runner.dataflow import DIGEST, KMS_KEY, NEEDED_LABELS, is_default_account, is_full_subnetwork, key_region
from schemas.errors import FailedError, RefusedError, UsageError
from transforms.consent.tables import is_database
from transforms.object_store.addresses import bucket_of, is_google_bucket

ENDPOINT = "https://dataflow.googleapis.com"
_TIMEOUT_S = 60
_JOB = re.compile(r"[a-z]([a-z0-9-]{0,61}[a-z0-9])?")
_MOST_WORKERS = 1000
_APART = 3


@dataclass(frozen=True, slots=True)
class RunParameters:
    """Arguments of ``keyveil run`` in a job; addresses only, because a job has no local files."""

    input: tuple[str, ...]
    output: str
    consent: str = field(repr=False)
    config: str
    keys: str
    policy: str
    state: str
    dataset: str = "sessions"
    purpose: str = "training"


@dataclass(frozen=True, slots=True)
class LaunchSettings:
    """Place and account of the job. ``image`` serves launcher and workers; ``staging`` is a bucket of its own."""

    project: str
    region: str
    image: str
    worker: str
    subnetwork: str
    kms_key: str
    staging: str
    run: RunParameters
    job_name: str = "keyveil"
    max_workers: int = 20
    machine_type: str = "n2-highmem-4"
    launcher_machine_type: str = "n2-standard-4"
    labels: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Raise ``UsageError`` where a value is out of form, ``RefusedError`` where it would be unsafe."""
        if not _JOB.fullmatch(self.job_name):
            raise UsageError("job_name is a-z, 0-9 and hyphens, begins with a letter, 63 at most")
        if not 1 <= self.max_workers <= _MOST_WORKERS:
            raise UsageError(f"max_workers is 1 to {_MOST_WORKERS}")
        if not self.run.input:
            raise UsageError("run.input may not be empty; name at least one pattern")
        if not set(self.labels) >= NEEDED_LABELS:
            raise UsageError("labels need data_class and dpia at least")
        self._check_code_and_state()
        self._check_buckets()

    def _check_code_and_state(self) -> None:
        if not DIGEST.fullmatch(self.image):
            raise RefusedError("image must be named by digest (NAME@sha256:...): a tag can be moved to other code")
        if not KMS_KEY.fullmatch(self.kms_key):
            raise RefusedError("kms_key is missing or no key: the state of a job must be under a key of your own")
        if key_region(self.kms_key) != self.region:
            raise RefusedError("kms_key lies in another location than region; a job takes keys of its own region only")
        if not is_full_subnetwork(self.subnetwork):
            raise RefusedError("subnetwork is regions/REGION/subnetworks/NAME: workers get private addresses only")
        if is_default_account(self.worker):
            raise RefusedError("worker is a service account of its own, not the default one, which may do too much")

    def _check_buckets(self) -> None:
        run = self.run
        for name, address in (("staging", self.staging), ("run.output", run.output), ("run.state", run.state)):
            if not is_google_bucket(address):
                raise UsageError(f"{name} is gs://BUCKET or gs://BUCKET/PREFIX")
        if len({bucket_of(address) for address in (self.staging, run.output, run.state)}) != _APART:
            raise RefusedError(
                "staging, run.output and run.state are three buckets: each has readers or a life of its own"
            )
        if is_database(run.consent):
            raise RefusedError(
                "run.consent must not be a database: the console shows the parameters of a job, and a password among "
                "them; export the table as Parquet or CSV into a bucket and name that"
            )
        if not run.keys.startswith("secret:"):
            raise UsageError("run.keys is secret:projects/PROJECT/secrets/NAME: workers share no folder")


def launch_body(settings: LaunchSettings) -> dict[str, Any]:
    """Return the body of ``flexTemplates.launch``.

    The specification of the container stands in it, so that whoever launches needs no right to read a bucket. Every
    access to storage by the job carries the purpose into the audit log.
    """
    run = settings.run
    audit = json.dumps({"purpose": run.purpose, "dataset": run.dataset}, separators=(",", ":"))
    return {
        "launchParameter": {
            "jobName": settings.job_name,
            "containerSpec": {"image": settings.image, "sdkInfo": {"language": "PYTHON"}},
            "parameters": {
                "input": ",".join(run.input),
                "output": run.output,
                "consent": run.consent,
                "config": run.config,
                "keys": run.keys,
                "policy": run.policy,
                "state": run.state,
                "dataset": run.dataset,
                "purpose": run.purpose,
                "job_subnetwork": settings.subnetwork,
                "job_kms_key": settings.kms_key,
                "job_account": settings.worker,
                "job_image": settings.image,
                "job_labels": ",".join(f"{name}={value}" for name, value in sorted(settings.labels.items())),
            },
            "environment": {
                "serviceAccountEmail": settings.worker,
                "ipConfiguration": "WORKER_IP_PRIVATE",
                "subnetwork": settings.subnetwork,
                "kmsKeyName": settings.kms_key,
                "tempLocation": f"{settings.staging.rstrip('/')}/temp",
                "stagingLocation": f"{settings.staging.rstrip('/')}/staging",
                "sdkContainerImage": settings.image,
                "maxWorkers": settings.max_workers,
                "machineType": settings.machine_type,
                "launcherMachineType": settings.launcher_machine_type,
                "additionalUserLabels": settings.labels,
                "additionalPipelineOptions": [f"gcs_custom_audit_entries={audit}"],
            },
        }
    }


def launch(session: Session, settings: LaunchSettings, endpoint: str = ENDPOINT) -> str:
    """Launch the job and return its id; raise ``FailedError`` where the service does not take it.

    Sent once: a second request after a lost answer might start a second job.
    """
    url = f"{endpoint}/v1b3/projects/{settings.project}/locations/{settings.region}/flexTemplates:launch"
    try:
        answer = session.request("POST", url, json=launch_body(settings), timeout=_TIMEOUT_S, allow_redirects=False)
        if answer.status_code == requests.codes.ok:
            return str(answer.json()["job"]["id"])
        reason = f"HTTP {answer.status_code}"
    except (requests.RequestException, KeyError, TypeError) as error:
        reason = type(error).__name__
    raise FailedError(
        f"Dataflow did not confirm the job ({reason}); see whether {settings.job_name} runs before you submit again"
    )
