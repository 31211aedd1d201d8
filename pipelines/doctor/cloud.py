"""Checks of nights on Dataflow: permissions, places, quotas, image and clock, by the account that runs them."""

import math
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC
from email.utils import parsedate_to_datetime

from apache_beam.options.pipeline_options import GoogleCloudOptions, WorkerOptions

from pipelines.doctor.common import PAUSES_FILE, PAUSES_PEOPLE, PEOPLE, NightsCheck
from pipelines.doctor.examination import Examination
from pipelines.doctor.settings import NightsSettings
from pipelines.observe.text_table import count
from pipelines.preflight.watch import open_bucket_preflight
from pipelines.runner.dataflow import DIGEST, JobPlaces, key_region, list_private_buckets
from transforms.object_store.addresses import bucket_of, is_google_bucket
from transforms.preflight.verdict import Check, CheckOutcome, JudgedFact, summarize

JOB_PERMISSIONS = (
    "dataflow.jobs.cancel",
    "dataflow.jobs.create",
    "dataflow.jobs.get",
    "dataflow.messages.list",
    "dataflow.metrics.get",
)
"""Permissions on the project of the runs to start a job, wait for it and read its counts."""
OBJECT_PERMISSIONS = tuple(f"storage.objects.{verb}" for verb in ("create", "delete", "get", "list"))
READ_PERMISSIONS = tuple(f"storage.objects.{verb}" for verb in ("get", "list"))
_ACT_AS = ("iam.serviceAccounts.actAs",)
_MOST_SKEW_S = 60
_IMAGE_PARTS = 3
"""Project, repository and name, behind the host of Artifact Registry."""
_DEFAULT_VCPUS = 4
_DISK_GB = 30
"""Boot disk of a worker in a job that shuffles in the service (Dataflow's documentation, from memory)."""


def _cloud(look: Examination) -> GoogleCloudOptions:
    return look.engine.options.view_as(GoogleCloudOptions)


def _worker(look: Examination) -> WorkerOptions:
    return look.engine.options.view_as(WorkerOptions)


def _permissions(look: Examination, settings: NightsSettings) -> JudgedFact:
    to, cloud = look.connection, _cloud(look)
    project = f"{to.endpoints.resource_manager}/v3/projects/{cloud.project}"
    account = f"{to.endpoints.iam}/v1/projects/-/serviceAccounts/{cloud.service_account_email}"
    missing = [f"{name} on the project" for name in _find_missing(to.test(project, JOB_PERMISSIONS), JOB_PERMISSIONS)]
    missing += [f"{name} on the worker's account" for name in _find_missing(to.test(account, _ACT_AS), _ACT_AS)]
    for bucket, wanted in _buckets(look, settings):
        held = to.get_as_own(
            f"{to.endpoints.storage}/storage/v1/b/{bucket}/iam/testPermissions", {"permissions": wanted}
        ).get("permissions", [])
        missing += [f"{name} on gs://{bucket}" for name in _find_missing(held, wanted)]
    return summarize("all that a night needs", [f"this account has no {name}" for name in missing])


def _find_missing(held: Sequence[str], wanted: Sequence[str]) -> list[str]:
    return [name for name in wanted if name not in held]


def _buckets(look: Examination, settings: NightsSettings) -> Iterator[tuple[str, Sequence[str]]]:
    """Yield the buckets of the nights, each with the permissions that the runs' account needs there."""
    cloud = _cloud(look)
    written = (settings.output, settings.state, cloud.staging_location, cloud.temp_location)
    read = (*settings.input, settings.consent, settings.config)
    names = dict.fromkeys(bucket_of(address) for address in written if address and is_google_bucket(address))
    yield from ((name, OBJECT_PERMISSIONS) for name in names)
    others = dict.fromkeys(bucket_of(address) for address in read if address and is_google_bucket(address))
    yield from ((name, READ_PERMISSIONS) for name in others if name not in names)


def _private_buckets(look: Examination, settings: NightsSettings) -> JudgedFact:
    places = JobPlaces(settings.output, settings.state, settings.keys, settings.input, None)
    wrong = []
    for bucket, keeps in list_private_buckets(look.engine.options, places).items():
        failed = open_bucket_preflight(bucket, settings.policy, keeps=keeps).look().of(CheckOutcome.FAILED)
        wrong += [f"{bucket}: {item.title}: read {item.read}" for item in failed]
    return summarize("closed as agreed", wrong)


def _places(look: Examination, settings: NightsSettings) -> JudgedFact:
    cloud, to = _cloud(look), look.reading
    region = cloud.region
    wrong = [] if key_region(cloud.dataflow_kms_key) == region else ["the job's key lies elsewhere"]
    if f"regions/{region}/" not in str(_worker(look).subnetwork):
        wrong.append("the subnetwork lies elsewhere")
    if region not in look.agreement.regions:
        wrong.append("the agreement names other regions")
    for bucket, wanted in _buckets(look, settings):
        if wanted is OBJECT_PERMISSIONS:
            place = str(to.get(f"{to.endpoints.storage}/storage/v1/b/{bucket}")["location"]).lower()
            wrong += [] if place == region else [f"gs://{bucket} lies in {place}"]
    return summarize(f"all in {region}", wrong)


def _quota(look: Examination, _: NightsSettings) -> JudgedFact:
    cloud, worker, to = _cloud(look), _worker(look), look.connection
    found = to.get_as_own(f"{to.endpoints.compute}/compute/v1/projects/{cloud.project}/regions/{cloud.region}")
    free = {item["metric"]: item["limit"] - item["usage"] for item in found["quotas"]}
    workers = worker.max_num_workers or 1
    needed = _count_needs(worker.machine_type, workers)
    wrong = [
        f"{math.floor(free[metric])} of {metric} are free, {number} are needed"
        for metric, number in needed.items()
        if metric in free and free[metric] < number
    ]
    return summarize(f"room for {count(workers, 'worker')}", wrong)


def _count_needs(machine_type: str | None, workers: int) -> Mapping[str, int]:
    """Count the quotas of a region that workers use, by the name of the machine (``n2-standard-4``)."""
    family, _, size = (machine_type or "").partition("-")
    last = size.rpartition("-")[2]
    vcpus = workers * (int(last) if last.isdigit() else _DEFAULT_VCPUS)
    own = {f"{family.upper()}_CPUS": vcpus} if family else {}
    return {"CPUS": vcpus, "DISKS_TOTAL_GB": workers * _DISK_GB, **own}


def _image(look: Examination, _: NightsSettings) -> JudgedFact:
    image = str(_worker(look).sdk_container_image)
    host, *parts = image.split("/")
    if not DIGEST.fullmatch(image) or not host.endswith("-docker.pkg.dev") or len(parts) < _IMAGE_PARTS:
        return JudgedFact(False, "it is no image by digest in Artifact Registry")
    project, repository, *name = parts
    region, to = host.removesuffix("-docker.pkg.dev"), look.connection
    home = f"{to.endpoints.artifact_registry}/v1/projects/{project}/locations/{region}/repositories/{repository}"
    to.get_as_own(f"{home}/dockerImages/{'%2F'.join(name)}")
    if region != _cloud(look).region:
        return JudgedFact(False, f"it lies in {region}, so every night pays for its transfer")
    return JudgedFact(True, "there, by its digest")


def _clock(look: Examination, _: NightsSettings) -> JudgedFact:
    said = look.connection.date(look.connection.endpoints.storage)
    skew = abs((parsedate_to_datetime(said).astimezone(UTC) - look.now.astimezone(UTC)).total_seconds())
    return JudgedFact(skew <= _MOST_SKEW_S, f"{skew:.0f} s from that of the service")


CLOUD: tuple[NightsCheck, ...] = (
    Check(
        "permissions",
        "the account that runs this check may do what a night does",
        "starting jobs, acting as the worker, objects of every bucket",
        "without one of these permissions a night fails after hours",
        "terraform apply in deploy/terraform, and run the check as the account of the nights (gcloud run jobs "
        "execute keyveil-nights --args=doctor,...)",
        _permissions,
    ),
    Check(
        "private-buckets",
        "the buckets of state and staging pass the preflight",
        "restricted as the output is, and its readers have no access",
        "a run refuses them before it reads anything",
        "keyveil preflight gs://BUCKET --policy FILE, which shows every check",
        _private_buckets,
    ),
    Check(
        "places",
        "job, key, subnetwork and buckets lie in one agreed region",
        "the region of the job",
        "data would leave its region, and a key of another one is refused at the start",
        "name resources of that region, or create them there",
        _places,
    ),
    Check(
        "quota",
        "the region has room for the workers",
        "processors and disks for max_num_workers",
        "a job that gets no workers waits, and is stopped after hours",
        "gcloud compute regions describe REGION (compute.regions.get); ask for more, or lower --max_num_workers",
        _quota,
    ),
    Check(
        "image",
        "the image is there, by its digest, in the job's region",
        "an image in Artifact Registry",
        "workers that find no image start again and again",
        "push it to the repository that terraform made, and name the digest that docker push prints",
        _image,
    ),
    Check(
        "clock",
        "the clock is right",
        f"within {_MOST_SKEW_S} s of the service",
        "days, withdrawals and grants are counted by it",
        "run the check on a machine whose clock is synchronised",
        _clock,
    ),
)
"""Checks in the order of the report."""

WARNING = frozenset({PAUSES_FILE, PAUSES_PEOPLE, PEOPLE, "quota"})
"""Failed checks that only warn: the worker's own account may not read quotas."""
