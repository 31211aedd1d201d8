"""The whole nightly path on a stand-in that enforces IAM, and again with one thing taken out of deploy/."""

import sys
from datetime import date, timedelta

import pytest

from tests.deploy.cloud import NOW, Cloud, workflows
from tests.deploy.iam import DeniedError
from tests.deploy.module_variables import GIVEN, RUNS
from tests.deploy.mutants import Mutant, mutants
from tests.deploy.rules import check_all
from tests.deploy.terraform import Files, parsed
from tests.deploy.workflow import RaisedError

_TRIED = 64
_PERSON = GIVEN["erasers"][0]
_ELSEWHERE = {
    "resourcemanager.folders.get",
    "resourcemanager.folders.getIamPolicy",
    "storage.managedFolders.getIamPolicy",
}
"""Asked of folders, and there are none in these tests."""


@pytest.fixture(scope="module")
def files() -> Files:
    return parsed()


def bootstrap(files: Files, texts: dict[str, str]) -> Cloud:
    """Apply both modules and write what a person writes: the key set and its public half."""
    cloud = Cloud(files, texts)
    cloud.filled |= {"keyveil-keys", "keyveil-verifying-key"}
    return cloud


def erase(cloud: Cloud) -> None:
    """Erase a person as the runbook says: write the id, run the job, destroy the version."""
    secret = f"projects/{GIVEN['project']}/secrets/keyveil-erasure"
    job = next(name for name in cloud.jobs if name.endswith("/keyveil-erase"))
    cloud.iam.require(_PERSON, "secretmanager.versions.add", secret)
    cloud.filled.add("keyveil-erasure")
    cloud.iam.require(_PERSON, "run.jobs.run", job)
    assert cloud.run_job(job) == 0
    for permission in ("run.operations.get", "run.executions.get", "run.jobs.get"):
        cloud.iam.require(_PERSON, permission, cloud.home)
    cloud.iam.require(_PERSON, "secretmanager.versions.destroy", secret)
    cloud.filled.remove("keyveil-erasure")


_NIGHT = ("keyveil-preflight", "keyveil-nights", "keyveil-retain", "keyveil-backup", "keyveil-verify")
_ONCE = ("keyveil-preflight", "keyveil-once", "keyveil-verify")


def once(cloud: Cloud, pattern: str = "gs://acme-recordings/2026-11-20/*.jsonl") -> None:
    """Run the workflow for a run by hand."""
    (name,) = (item["id"] for item in cloud.runs.all("google_workflows_workflow") if item["name"] == "keyveil-once")
    cloud.start(cloud.account("launcher"), name, {"input": pattern})


def walk(cloud: Cloud, nights: int = 3) -> None:
    """A look ahead, some nights, a run by hand, jobs that end badly, an erasure; readers read and others do not."""
    cloud.examine()
    for night in range(nights):
        cloud.now = NOW + timedelta(days=night)
        cloud.night()
    assert cloud.days == [date(2026, 11, 22) + timedelta(days=n) for n in range(nights + 1)]
    once(cloud)
    assert cloud.exits == [(name, 0) for name in ("keyveil-doctor", *_NIGHT * nights, *_ONCE)]
    for job, run, path in (
        ("keyveil-nights", cloud.night, _NIGHT),
        ("keyveil-retain", cloud.night, _NIGHT),
        ("keyveil-backup", cloud.night, _NIGHT),
        ("keyveil-once", lambda: once(cloud), _ONCE),
    ):
        cloud.ends, cloud.exits = {job: 1}, []
        with pytest.raises(RaisedError, match=job):
            run()
        assert tuple(name for name, _ in cloud.exits) == path, "what was released is verified"
    cloud.ends = {}
    erase(cloud)
    for reader in GIVEN["readers"]:
        cloud.touch(reader, GIVEN["bucket"], ("storage.objects.get", "storage.objects.list"))
        cloud.open_shards(reader)


def test_three_nights_a_run_by_hand_failures_and_an_erasure(files: Files) -> None:
    walk(bootstrap(files, workflows()))


def test_the_doctor_looks_as_the_account_of_the_nights(files: Files) -> None:
    cloud = bootstrap(files, workflows())
    cloud.examine()
    assert cloud.exits == [("keyveil-doctor", 0)]


def test_a_backup_is_put_back_and_checked_by_the_jobs_of_the_eraser(files: Files) -> None:
    cloud = bootstrap(files, workflows())
    backup, retain = (f"{cloud.home}/locations/{GIVEN['region']}/jobs/keyveil-{name}" for name in ("backup", "retain"))
    state, copy = "gs://acme-keyveil-state/restored-1", "gs://acme-keyveil-backup/20261124T120000Z"
    assert cloud.run_job(backup, ["state", "restore", copy, state, "--json"]) == 0
    secret = cloud.foundation.output("foundation")["secrets"]["keyveil-keys"]
    words = ["verify", f"gs://{GIVEN['bucket']}", "--keys", f"secret:{secret}", "--state", state]
    assert cloud.run_job(retain, words) == 0


def test_no_key_set_yet_is_told_and_nothing_is_run(files: Files) -> None:
    cloud = Cloud(files, workflows(), filled={"keyveil-verifying-key"})
    with pytest.raises(RaisedError, match="keyveil-"):
        cloud.night()
    assert cloud.days == []


def test_a_run_by_hand_takes_no_braces(files: Files) -> None:
    cloud = bootstrap(files, workflows())
    with pytest.raises(RaisedError, match="keyveil-once"):
        once(cloud, RUNS["inputs"])


@pytest.mark.parametrize(
    ("task", "permission", "resource"),
    [
        ("launcher", "storage.objects.get", "buckets/acme-keyveil"),
        ("launcher", "secretmanager.versions.access", "projects/acme-keyveil-data/secrets/keyveil-keys"),
        ("launcher", "dataflow.jobs.create", "projects/acme-keyveil-runs"),
        ("launcher", "run.jobs.run", "projects/acme-keyveil-runs/locations/europe-west1/jobs/keyveil-erase"),
        ("preflight", "storage.objects.get", "buckets/acme-keyveil"),
        ("verifier", "storage.objects.get", "buckets/acme-keyveil-state"),
        ("verifier", "secretmanager.versions.access", "projects/acme-keyveil-data/secrets/keyveil-keys"),
        ("worker", "storage.objects.delete", "buckets/acme-keyveil-backup"),
        ("verifier", "storage.objects.get", "buckets/acme-keyveil-backup"),
        ("verifier", "storage.objects.create", "buckets/acme-keyveil"),
        ("worker", "storage.objects.create", "buckets/acme-keyveil-verified"),
        ("eraser", "storage.objects.create", "buckets/acme-keyveil-verified"),
        ("eraser", "storage.objects.get", "buckets/acme-recordings"),
        ("worker", "storage.buckets.update", "buckets/acme-keyveil"),
        ("canary", "storage.objects.list", "buckets/acme-keyveil"),
    ],
)
def test_an_account_may_do_nothing_but_its_task(files: Files, task: str, permission: str, resource: str) -> None:
    cloud = bootstrap(files, workflows())
    with pytest.raises(DeniedError):
        cloud.iam.require(cloud.account(task), permission, resource)


@pytest.mark.parametrize("agent", ["serverless-robot-prod", "gcp-sa-workflows", "dataflow-service-producer-prod"])
def test_no_agent_of_the_jobs_reaches_a_release(files: Files, agent: str) -> None:
    cloud = bootstrap(files, workflows())
    for bucket in ("acme-keyveil", "acme-keyveil-state"):
        for permission in ("storage.objects.get", "storage.objects.delete", "storage.buckets.setIamPolicy"):
            with pytest.raises(DeniedError):
                cloud.iam.require(cloud.agent(agent), permission, f"buckets/{bucket}")


def test_our_own_roles_hold_nothing_that_nobody_asks_for(files: Files) -> None:
    cloud = bootstrap(files, workflows())
    walk(cloud)
    asked = {permission for _, permission, _ in cloud.iam.asked}
    own = {name: held for name, held in cloud.iam.roles.items() if not name.startswith("roles/")}
    assert not {name for held in own.values() for name in held} - asked - _ELSEWHERE


def caught(mutant: Mutant) -> bool:
    """Return whether the path or the rules of ``test_terraform`` fail with the mutant in place."""
    with mutant.applied() as (files, texts):
        try:
            cloud = bootstrap(files, texts)
            check_all(cloud)
            walk(cloud, nights=1)
        except (Exception, pytest.fail.Exception):  # noqa: BLE001 - however it fails, it is seen
            return True
    return False


def test_whatever_is_taken_out_is_missed() -> None:
    """A sample of all mutants; ``python -m tests.deploy.test_nights`` tries every one."""
    every = list(mutants(parsed(), workflows()))
    chosen = every[:: len(every) // _TRIED]
    assert len(chosen) >= _TRIED
    assert [mutant.name for mutant in chosen if not caught(mutant)] == []


def _try_all() -> int:
    every = list(mutants(parsed(), workflows()))
    missed = [mutant.name for mutant in every if not caught(mutant)]
    sys.stdout.write("".join(f"{name}\n" for name in missed) + f"{len(every) - len(missed)} of {len(every)} caught\n")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(_try_all())
