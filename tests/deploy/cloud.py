"""A stand-in for the two projects: schedules, workflows, jobs and what they call, with IAM enforced at every step."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from pipelines.cli.main import COMMANDS
from pipelines.cli.parser import parse
from pipelines.config import parse_record
from pipelines.doctor.cloud import JOB_PERMISSIONS
from pipelines.doctor.settings import NightsSettings
from pipelines.nightly.days import fill_in_day, parse_day
from pipelines.preflight.collect_bucket import collect_bucket
from pipelines.preflight.watch import derive_policy
from pipelines.runner.beam_options import BeamEngine, select_engine
from pipelines.runner.dataflow import JobPlaces, list_private_buckets
from schemas.errors import KeyveilError, RefusedError, UsageError
from tests.deploy.iam import Iam
from tests.deploy.module_variables import GIVEN, RUNS
from tests.deploy.preflight_calls import connect
from tests.deploy.terraform import FOLDER, Files, Module, number
from tests.deploy.workflow import Execution, RaisedError
from transforms.preflight.judge_bucket import judge_bucket
from transforms.preflight.policy import BucketPolicy
from transforms.preflight.verdict import CheckOutcome

NOW = datetime(2026, 11, 24, 2, 17, tzinfo=UTC)
_OBJECTS = ("storage.objects.create", "storage.objects.delete", "storage.objects.get", "storage.objects.list")
_READS = ("storage.objects.get", "storage.objects.list")
_WORKS = (
    "dataflow.jobs.get", "dataflow.shuffle.read", "dataflow.shuffle.write", "dataflow.workItems.lease",
    "dataflow.workItems.update", "logging.logEntries.create",
)  # fmt: skip
_STARTS = (
    "dataflow.jobs.create", "dataflow.jobs.get", "dataflow.messages.list", "dataflow.metrics.get",
    "dataflow.jobs.cancel",
)  # fmt: skip


@dataclass
class Cloud:
    """Both projects after Terraform was applied; ``filled`` are the secrets that somebody wrote a version of.

    ``exits`` are the jobs that ran, with their exit codes; ``ends`` lets a job end with another one.
    """

    files: Files
    workflows: Mapping[str, str]
    filled: set[str] = field(default_factory=set)
    days: list[date] = field(default_factory=list)
    exits: list[tuple[str, int]] = field(default_factory=list)
    ends: dict[str, int] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)
    now: datetime = NOW

    def __post_init__(self) -> None:
        self.foundation = Module(self.files, "foundation", GIVEN)
        self.foundation.apply()
        self.runs = Module(self.files, "runs", {"foundation": self.foundation.output("foundation"), **RUNS})
        self.runs.apply()
        self.iam = Iam(self.foundation, self.runs)
        self.jobs = {item["id"]: item for item in self.runs.all("google_cloud_run_v2_job")}
        self.agreed = parse_record(BucketPolicy, self.foundation.output("preflight_policy"), "agreement")
        self.home = f"projects/{GIVEN['runs_project']}"

    def account(self, task: str) -> str:
        """Return the member of a task."""
        return f"serviceAccount:keyveil-{task}@{GIVEN['runs_project']}.iam.gserviceaccount.com"

    def agent(self, name: str, project: str = "runs_project") -> str:
        """Return one of Google's agents."""
        return f"serviceAccount:service-{number(GIVEN[project])}@{name}.iam.gserviceaccount.com"

    def act_as(self, caller: str, member: str, permission: str = "iam.serviceAccounts.getAccessToken") -> None:
        """Require that ``caller`` may act as an account of ours."""
        email = member.removeprefix("serviceAccount:")
        self.iam.require(caller, permission, f"{self.home}/serviceAccounts/{email}")

    def night(self) -> Execution:
        """Let the scheduler start the nightly workflow."""
        (schedule,) = self.runs.all("google_cloud_scheduler_job")
        target = schedule["http_target"][0]
        caller = f"serviceAccount:{target['oauth_token'][0]['service_account_email']}"
        self.act_as(self.agent("gcp-sa-cloudscheduler"), caller)
        assert (target["http_method"], schedule["retry_config"][0]["retry_count"]) == ("POST", 0)
        host, _, rest = target["uri"].removeprefix("https://").partition("/v1/")
        assert (host, rest.rpartition("/")[2]) == ("workflowexecutions.googleapis.com", "executions")
        return self.start(caller, rest.removesuffix("/executions"), {})

    def examine(self) -> None:
        """Run the doctor before the first night, as whoever made the projects."""
        (job,) = (name for name in self.jobs if name.endswith("/keyveil-doctor"))
        assert self.run_job(job) == 0, self.told

    def start(self, caller: str, name: str, argument: Any) -> Execution:
        """Execute a workflow, which fails with ``RaisedError``."""
        self.iam.require(caller, "workflows.executions.create", self.home)
        made = {item["id"]: item for item in self.runs.all("google_workflows_workflow")}[name]
        member = f"serviceAccount:{made['service_account'].rpartition('/')[2]}"
        self.act_as(self.agent("gcp-sa-workflows"), member)
        self.iam.require(member, "logging.logEntries.create", self.home)
        execution = Execution(lambda called, words: self._connect(member, called, words), made["user_env_vars"])
        execution.run(self.workflows[Path(made["source_contents"]).name], argument)
        return execution

    def _connect(self, member: str, called: str, words: Mapping[str, Any]) -> None:
        """Make the call of a connector, which waits for the operation that it starts."""
        assert called == "googleapis.run.v2.projects.locations.jobs.run"
        assert set(words) <= {"name", "body", "connector_params"}
        overrides = words.get("body", {}).get("overrides", {}).get("containerOverrides", [])
        job = self.jobs[words["name"]]["template"][0]["template"][0]
        if words["connector_params"]["timeout"] <= int(job["timeout"].removesuffix("s")):
            raise RaisedError("the connector stops waiting before the job is stopped")
        for permission in ("run.jobs.run", "run.jobs.runWithOverrides")[: 2 if overrides else 1]:
            self.iam.require(member, permission, words["name"])
        code = self.run_job(words["name"], overrides[0]["args"] if overrides else None)
        for permission in ("run.operations.get", "run.executions.get", "run.jobs.get"):
            self.iam.require(member, permission, self.home)
        if code:
            raise RaisedError({"job": words["name"], "exit_code": code})

    def run_job(self, name: str, words: list[str] | None = None) -> int:
        """Run a job of Cloud Run as its account; return the exit code of its command."""
        job = self.jobs[name]["template"][0]["template"][0]
        (container,) = job["containers"]
        member = f"serviceAccount:{job['service_account']}"
        agent = self.agent("serverless-robot-prod")
        self.act_as(agent, member)
        self.iam.require(agent, "artifactregistry.repositories.downloadArtifacts", "repositories/keyveil")
        (way,) = job["vpc_access"]
        (network,) = self.foundation.all("google_compute_network")
        assert way["egress"] == "ALL_TRAFFIC"
        assert way["network_interfaces"] == [
            {"network": network["id"], "subnetwork": self.foundation.output("foundation")["subnetwork"]}
        ]
        assert (job["max_retries"], container["command"]) == (0, ["keyveil"])
        assert int(container["resources"][0]["limits"]["memory"].removesuffix("Gi")) >= 2
        files = self._mounted(member, job, container)
        try:
            arguments = _parse(tuple(words or container["args"]))
            getattr(self, f"_{arguments.command.name}")(member, arguments, files)
        except KeyveilError as error:
            self.exits.append((name.rpartition("/")[2], error.exit_code))
            self.told.append(str(error))
            return error.exit_code
        code = self.ends.get(name.rpartition("/")[2], 0)
        self.exits.append((name.rpartition("/")[2], code))
        return code

    def _mounted(self, member: str, job: Mapping[str, Any], container: Mapping[str, Any]) -> set[str]:
        """Return the files that the job sees, each from a secret that its account may read."""
        places = {item["name"]: item["mount_path"] for item in container.get("volume_mounts", [])}
        files = set()
        for volume in job.get("volumes", []):
            secret = volume["secret"][0]
            self.read_secret(member, secret["secret"])
            assert secret["items"][0]["version"] == "latest"
            files.add(f"{places[volume['name']]}/{secret['items'][0]['path']}")
        return files

    def read_secret(self, member: str, reference: str) -> None:
        """Require that the account reads the latest version of a secret, which there is."""
        name = reference.removeprefix("secret:").rpartition("/")[2]
        made = [
            item["secret"].rpartition("/")[2]
            for module in (self.foundation, self.runs)
            for item in module.all("google_secret_manager_secret_version")
        ]
        if name not in {*self.filled, *made}:
            raise RefusedError(f"the secret {name} has no version")
        project = f"projects/{GIVEN['project']}"
        assert reference.removeprefix("secret:").startswith(f"projects/{number(GIVEN['project'])}/")
        self.iam.require(member, "secretmanager.versions.access", f"{project}/secrets/{name}")
        keys = f"{self._ring}/keys"
        self.iam.require(self.agent("gcp-sa-secretmanager", "project"), "cloudkms.cryptoKeyVersions.useToDecrypt", keys)

    @property
    def _ring(self) -> str:
        return f"projects/{GIVEN['project']}/locations/{GIVEN['region']}/keyRings/keyveil/cryptoKeys"

    def touch(self, member: str, address: str, permissions: tuple[str, ...] = _OBJECTS) -> None:
        """Require every permission on the objects of an address, and the key of the bucket for the service."""
        bucket = address.removeprefix("gs://").partition("/")[0]
        for permission in permissions:
            self.iam.require(member, permission, f"buckets/{bucket}")
        if bucket.startswith(GIVEN["bucket"]):
            agent = self.agent("gs-project-accounts", "project")
            for use in ("useToEncrypt", "useToDecrypt"):
                self.iam.require(agent, f"cloudkms.cryptoKeyVersions.{use}", f"{self._ring}/bucket")

    def look(self, member: str, agreed: BucketPolicy, *, writing: bool = True) -> None:
        """Make the preflight of a bucket as an account; raise ``RefusedError`` where it refuses."""
        reading, canary = agreed.accounts.preflight, agreed.accounts.canary
        for other in {reading, canary} - {member}:
            self.act_as(member, other)
        facts = collect_bucket(connect(self.iam, member, reading, canary), agreed, self.now, writing=writing)
        failed = judge_bucket(facts, agreed).of(CheckOutcome.FAILED)
        if failed:
            raise RefusedError("; ".join(f"{item.check}: {item.read}" for item in failed))

    def open_shards(self, member: str, *, sealing: bool = False) -> None:
        names = [
            item["name"] for item in self.foundation.all("google_kms_crypto_key") if item["name"].startswith("shards-")
        ]
        for name in names:
            self.iam.require(member, "cloudkms.cryptoKeyVersions.useToDecrypt", f"{self._ring}/{name}")
            if sealing:
                self.iam.require(member, "cloudkms.cryptoKeyVersions.useToEncrypt", f"{self._ring}/{name}")

    def _preflight(self, member: str, arguments: Any, _: set[str]) -> None:
        self.read_secret(member, arguments.policy)
        assert arguments.uri == f"gs://{self.agreed.bucket}"
        self.look(member, self.agreed, writing=False)

    def _verify(self, member: str, arguments: Any, files: set[str]) -> None:
        self.touch(member, arguments.uri, _READS)
        if arguments.keys in files:
            self.touch(member, arguments.record, _OBJECTS)
            return
        self.read_secret(member, arguments.keys)
        self.open_shards(member)
        self.touch(member, arguments.state, _READS)

    def _retain(self, member: str, arguments: Any, _: set[str]) -> None:
        assert (arguments.days, arguments.missing) == (None, False)
        for secret in (arguments.policy, arguments.keys):
            self.read_secret(member, secret)
        for address in (arguments.uri, arguments.state):
            self.touch(member, address)

    def _backup(self, member: str, arguments: Any, _: set[str]) -> None:
        self.touch(member, arguments.state, _READS)
        self.touch(member, arguments.to)

    def _restore(self, member: str, arguments: Any, _: set[str]) -> None:
        self.touch(member, arguments.backup, _READS)
        self.touch(member, arguments.state)

    def _erase(self, member: str, arguments: Any, files: set[str]) -> None:
        assert arguments.user_file in files
        self.read_secret(member, arguments.keys)
        self.open_shards(member, sealing=True)
        for address in (arguments.uri, arguments.state):
            self.touch(member, address)

    def _run(self, member: str, arguments: Any, _: set[str]) -> None:
        """Stage days or make one release: checks, preflight of three buckets, a job on Dataflow, publication."""
        engine = _select(arguments.runner, arguments.beam_flags)
        places = JobPlaces(arguments.output, arguments.state, arguments.keys, tuple(arguments.input), arguments.trace)
        beside_it = list_private_buckets(engine.options, places)
        assert {arguments.purpose, arguments.journal} == {"training", "-"}
        days = self._due(arguments)
        for secret in (arguments.policy, arguments.keys):
            self.read_secret(member, secret)
        self.look(member, self.agreed)
        for address, keeps in beside_it.items():
            self.look(member, derive_policy(self.agreed, address.removeprefix("gs://"), keeps=keeps))
        for address in (*arguments.input, arguments.consent, arguments.config):
            self.touch(member, address, _READS)
        self._compute(member, engine.options.get_all_options())
        self.open_shards(member, sealing=True)
        for address in (arguments.output, arguments.state):
            self.touch(member, address)
        self.days += days

    def _doctor(self, member: str, arguments: Any, files: set[str]) -> None:
        """Look at what a night needs, by settings that are the words of the nights."""
        assert str(arguments.config) in files
        (version,) = self.runs.all("google_secret_manager_secret_version")
        settings = parse_record(NightsSettings, version["secret_data"], "settings")
        (job,) = (item for name, item in self.jobs.items() if name.endswith("/keyveil-nights"))
        night = _parse(tuple(job["template"][0]["template"][0]["containers"][0]["args"]))
        for name in ("output", "policy", "consent", "config", "dataset", "purpose", "keys", "state", "runner"):
            assert getattr(settings, name) == getattr(night, name), name
        assert (settings.first_day, settings.input) == (night.first, tuple(night.input))
        assert settings.flags == tuple(night.beam_flags)
        for secret in (settings.policy, settings.keys):
            self.read_secret(member, str(secret))
        self.look(member, self.agreed, writing=False)
        for permission in JOB_PERMISSIONS:
            self.iam.require(member, permission, self.home)
        self.act_as(member, self.account("worker"), "iam.serviceAccounts.actAs")

    def _due(self, arguments: Any) -> list[date]:
        if not arguments.since_last:
            if not {"{", "}"}.isdisjoint("".join(arguments.input)):
                raise UsageError("a run by hand takes braces literally")
            return []
        yesterday = self.now.date() - timedelta(days=1)
        first = self.days[-1] + timedelta(days=1) if self.days else arguments.first and parse_day(arguments.first)
        if not first:
            raise UsageError("no day of this dataset was run yet")
        fill_in_day(yesterday, arguments.input)
        return [first + timedelta(days=n) for n in range((yesterday - first).days + 1)]

    def _compute(self, member: str, options: Mapping[str, Any]) -> None:
        """Start a job on Dataflow, work in it, look at it until it ends."""
        worker = f"serviceAccount:{options['service_account_email']}"
        self.act_as(member, worker, "iam.serviceAccounts.actAs")
        for permission in _STARTS:
            self.iam.require(member, permission, f"projects/{options['project']}")
        for permission in _WORKS:
            self.iam.require(worker, permission, f"projects/{options['project']}")
        self.iam.require(worker, "artifactregistry.repositories.downloadArtifacts", "repositories/keyveil")
        agent = self.agent("dataflow-service-producer-prod")
        self.act_as(agent, worker)
        for place in ("staging_location", "temp_location"):
            self.touch(worker, options[place])
            self.touch(agent, options[place])
        for service in (agent, self.agent("compute-system")):
            for use in ("useToEncrypt", "useToDecrypt"):
                self.iam.require(service, f"cloudkms.cryptoKeyVersions.{use}", options["dataflow_kms_key"])


@cache
def _parse(words: tuple[str, ...]) -> Any:
    return parse(COMMANDS, words)


@cache
def _select(runner: str, flags: tuple[str, ...]) -> BeamEngine:
    return select_engine(runner, flags)


def workflows() -> dict[str, str]:
    """Return the texts of both workflows by name."""
    return {
        path.name: path.read_text(encoding="utf-8")
        for path in (FOLDER.parent / "nights.workflow.yaml", FOLDER.parent / "once.workflow.yaml")
    }
