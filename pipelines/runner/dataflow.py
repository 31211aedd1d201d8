"""Checks of a Dataflow job before anything of it is sent."""

import json
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from apache_beam.options.pipeline_options import (
    DebugOptions,
    GoogleCloudOptions,
    PipelineOptions,
    SetupOptions,
    StandardOptions,
    WorkerOptions,
)

from pipelines.origin import wheel_is_ours
from schemas.errors import RefusedError, UsageError
from transforms.object_store.addresses import bucket_of, is_google_bucket
from transforms.object_store.interface import BUCKET_SCHEME

DIGEST = re.compile(r"\S+@sha256:[0-9a-f]{64}")
KMS_KEY = re.compile(r"projects/[^/]+/locations/[^/]+/keyRings/[^/]+/cryptoKeys/[^/]+")
NEEDED_LABELS = frozenset({"data_class", "dpia"})
_ENDPOINT = "https://dataflow.googleapis.com"
_STAND_INS = frozenset({"localhost", "127.0.0.1"})
_THREADS = 1
"""Redaction is bound by the CPU: a second thread in a process only waits for the first."""

_SAMPLING = frozenset({"enable_data_sampling", "enable_always_on_exception_sampling"})
_NO_SAMPLING = "disable_always_on_exception_sampling"
_PLUGIN = "pipelines.runner.worker_plugin"


@dataclass(frozen=True, slots=True)
class JobPlaces:
    """Addresses that a job uses, its output included."""

    output: str
    state: str | None
    keys: str
    inputs: tuple[str, ...]
    trace: str | None


def is_default_account(email: str) -> bool:
    """Check whether an account is Compute Engine's default one, or no service account at all."""
    return not email.endswith(".gserviceaccount.com") or "-compute@developer." in email


def is_full_subnetwork(name: str) -> bool:
    """Check whether ``name`` is the full name of a subnetwork."""
    return name.startswith(("regions/", "https://www.googleapis.com/compute/v1/projects/"))


def key_region(key: str) -> str:
    """Return the location in the name of a KMS key."""
    return key.split("/")[3]


def check_dataflow(options: PipelineOptions) -> None:
    """Raise ``RefusedError`` or ``UsageError``, naming the flag and what to set, unless the job is as it must be."""
    cloud = options.view_as(GoogleCloudOptions)
    for name, value in (("project", cloud.project), ("region", cloud.region)):
        if not value:
            raise UsageError(f"--{name} is missing; a job on Dataflow needs it")
    _check_workers(cloud, options.view_as(WorkerOptions))
    _check_labels(cloud.labels or [])
    _check_buckets(cloud)
    _check_code(options.view_as(SetupOptions))
    _check_service(cloud)
    if options.view_as(StandardOptions).streaming:
        raise UsageError("--streaming is for endless input; leave it out")
    if _SAMPLING & set(options.view_as(DebugOptions).experiments or ()) or cloud.enable_hot_key_logging:
        raise RefusedError("sampled elements and keys would be shown in the console and logged; leave the flag out")
    if cloud.update or cloud.create_from_snapshot:
        raise RefusedError("a job may not take over the state of another (--update, --create_from_snapshot)")


def _check_workers(cloud: GoogleCloudOptions, worker: WorkerOptions) -> None:
    if worker.use_public_ips is not False:
        raise RefusedError("workers would get public addresses; set --no_use_public_ips")
    if not is_full_subnetwork(worker.subnetwork or ""):
        raise RefusedError("--subnetwork must name a private one; set regions/REGION/subnetworks/NAME")
    if not KMS_KEY.fullmatch(cloud.dataflow_kms_key or ""):
        raise RefusedError(
            "--dataflow_kms_key is missing or no key: what a job shuffles and keeps must rest under a key of your own; "
            "set projects/P/locations/L/keyRings/R/cryptoKeys/K"
        )
    if key_region(cloud.dataflow_kms_key) != cloud.region:
        raise RefusedError("--dataflow_kms_key lies in another location than --region; name a key of the job's region")
    if is_default_account(cloud.service_account_email or ""):
        raise RefusedError("--service_account_email is missing or the default account; set one for workers alone")
    if not DIGEST.fullmatch(worker.sdk_container_image or ""):
        raise RefusedError("--sdk_container_image must be named by digest (NAME@sha256:...): a tag can be moved")


def _check_labels(labels: list[str]) -> None:
    named = {name for label in labels for name, value in _pairs(label) if value}
    if missing := NEEDED_LABELS - named:
        raise UsageError(f"--labels lacks {', '.join(sorted(missing))}; set --labels=NAME=VALUE for each")


def _pairs(label: str) -> list[tuple[str, str]]:
    """Return the labels of one flag, which holds one as ``name=value`` or several as JSON."""
    if label.startswith("{"):
        try:
            return [(str(name), str(value)) for name, value in json.loads(label).items()]
        except ValueError:
            return []
    name, _, value = label.partition("=")
    return [(name, value)]


def _check_buckets(cloud: GoogleCloudOptions) -> None:
    for name, value in (("staging_location", cloud.staging_location), ("temp_location", cloud.temp_location)):
        if not is_google_bucket(value or ""):
            raise UsageError(f"--{name} is missing or no bucket; set gs://BUCKET/PREFIX in a bucket for staging alone")


def _check_code(setup: SetupOptions) -> None:
    """Check that code comes from an image named by its digest, and that an extra package holds exactly this code."""
    for name in ("requirements_file", "setup_file", "files_to_stage", "prebuild_sdk_container_engine"):
        if getattr(setup, name):
            raise RefusedError(f"--{name} would bring code that no digest names; build it into the image instead")
    if setup.gbek:
        raise RefusedError("--gbek changes the graph that was checked, which seals all that it groups; leave it out")
    for package in setup.extra_packages or ():
        if not wheel_is_ours(package):
            raise RefusedError(f"--extra_package {package} is not a wheel of the code that runs here; leave it out")


def _check_service(cloud: GoogleCloudOptions) -> None:
    endpoint = cloud.dataflow_endpoint or _ENDPOINT
    stands_in = urlsplit(endpoint).hostname in _STAND_INS
    if endpoint.rstrip("/") != _ENDPOINT and not stands_in:
        raise RefusedError(f"--dataflow_endpoint names another service than {_ENDPOINT}; leave it out")
    if cloud.no_auth and not stands_in:
        raise RefusedError("--no_auth is for a stand-in on this machine; leave it out")


def set_defaults(options: PipelineOptions) -> None:
    """Set defaults for options that were not given."""
    debug, setup = options.view_as(DebugOptions), options.view_as(SetupOptions)
    if debug.number_of_worker_harness_threads is None:
        debug.number_of_worker_harness_threads = _THREADS
    setup.sdk_location = "container"
    setup.beam_plugins = [*(setup.beam_plugins or ()), _PLUGIN]
    for experiment in ("use_runner_v2", _NO_SAMPLING):
        debug.add_experiment(experiment)


def list_private_buckets(options: PipelineOptions, places: JobPlaces) -> dict[str, bool]:
    """List the buckets of a job beside the output, and whether its files stay there for good.

    Each is to be checked as the output is. Raises ``RefusedError`` or ``UsageError`` where an address would not reach
    workers, would show readers of releases what is none of theirs, or would not last.
    """
    cloud = options.view_as(GoogleCloudOptions)
    if not is_google_bucket(places.output):
        raise UsageError("--output is a local folder, which workers on Dataflow do not see; set gs://BUCKET/PREFIX")
    if not is_google_bucket(places.state or ""):
        raise UsageError("--state is local, which workers on Dataflow do not see; set gs://BUCKET/PREFIX of its own")
    if not places.keys.startswith("secret:"):
        raise UsageError("--keys is a folder, which workers do not see; set secret:projects/PROJECT/secrets/NAME")
    if any(not is_google_bucket(pattern) for pattern in places.inputs):
        raise UsageError("--input names local files, which workers on Dataflow do not see; set gs://BUCKET/PATTERN")
    if places.trace:
        raise RefusedError("--trace is for runs on one machine; leave it out")
    passing = {"--staging_location": cloud.staging_location, "--temp_location": cloud.temp_location}
    for name, address in {**passing, "--state": places.state}.items():
        if _bucket(address) == _bucket(places.output):
            raise RefusedError(f"{name} lies in the bucket of --output, whose readers would see it; set another bucket")
    buckets = {_bucket(address): False for address in passing.values()}
    if _bucket(places.state) in buckets:
        raise RefusedError("--state lies in the bucket of temporary files, which are deleted; set another bucket")
    return {**buckets, _bucket(places.state): True}


def _bucket(address: str | None) -> str:
    return BUCKET_SCHEME + bucket_of(address or "")
