"""The main job as a job on Dataflow: what is submitted is run by processes that hold the staged package alone."""

import base64
import bz2
import io
import json
import os
import re
import signal
import zlib
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import apache_beam as beam
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from apache_beam.internal.gcp import auth
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.pipeline import PipelineVisitor
from apache_beam.runners.portability.fn_api_runner import FnApiRunner
from google.cloud import storage
from google.cloud.dataflow_v1beta3 import WorkerIPAddressConfiguration

from pipelines.cli.main import main
from pipelines.config import load_config
from pipelines.origin import code_digest
from pipelines.output import Output
from pipelines.release import run as running
from pipelines.release.prepare import RunRequest, prepare
from pipelines.release.results import _WriteJson
from pipelines.runner.graph_run import GraphRun
from pipelines.runner.shuffle_check import find_clear_shuffles
from schemas.errors import FailedError
from tests.support.basis import SETTINGS as BASIS
from tests.support.dataflow import Dataflow, dataflow
from tests.support.gcs import client_of, fake_gcs
from tests.support.graphs import coders, steps, working
from tests.support.kill_points import KILLED, in_child
from tests.support.release_parts import ALL_PARTS
from tests.support.scripted_preflight import Scripted
from tests.support.wheel import build_wheel
from transforms.beamkit.safe_dofn import SafeErrorDoFn
from transforms.dataset.codec import decode
from transforms.keys import secret_manager as managed
from transforms.keys.key_set import KeyReference, KeySet
from transforms.object_store import gcs as bucket
from transforms.preflight.verdict import BucketState
from transforms.privacy.run_key import RunKeyReference, mint

_EXAMPLES = Path(__file__).parents[2] / "examples"
_SAME = BucketState("7", "etag")
_BUCKETS = {name: f"gs://acme-{name}" for name in ("keyveil", "staging", "state", "recordings", "consent")}
_NAMED = f"secret:projects/acme/secrets/{'keyveil-keys'}"
_SETTINGS = ("redact.profile=fast", "store.shards=2", *ALL_PARTS, *BASIS)
_LINES = 1020
"""Lines of the bundled log."""
_BAD = (
    '{"kind":"focus","session_id":"s9","user_id":"user-a","seq":0,"t_us":1767628506848402,"app":"a","extra":"hunter2"}'
)


@dataclass(frozen=True, slots=True)
class World:
    """Everything that the cloud would hold, on this machine."""

    home: Path
    client: storage.Client
    service: Dataflow
    wheel: Path

    @property
    def inputs(self) -> list[str]:
        consent = f"{_BUCKETS['consent']}/registry.csv"
        return ["--input", f"{_BUCKETS['recordings']}/day/*.jsonl", "--consent", consent, "--json"]

    @property
    def settings(self) -> list[str]:
        return [word for setting in _SETTINGS for word in ("--set", setting)]

    @property
    def own(self) -> list[str]:
        """Return the command without its runner."""
        places = ["--output", _BUCKETS["keyveil"], "--state", f"{_BUCKETS['state']}/keyveil", "--keys", _NAMED]
        return ["run", *self.inputs, *self.settings, *places]

    def words(self, **changes: str) -> list[str]:
        """Return the command of the job, with flags changed."""
        flags = {
            "project": "acme-telemetry",
            "region": "europe-west1",
            "no_use_public_ips": "",
            "subnetwork": "regions/europe-west1/subnetworks/keyveil",
            "dataflow_kms_key": "projects/acme/locations/europe-west1/keyRings/keyveil/cryptoKeys/dataflow",
            "service_account_email": "keyveil-worker@acme.iam.gserviceaccount.com",
            "sdk_container_image": f"acme/keyveil@sha256:{'0' * 64}",
            "labels": "data_class=restricted",
            "label": "dpia=dpia-12",
            "staging_location": f"{_BUCKETS['staging']}/staging",
            "temp_location": f"{_BUCKETS['staging']}/temp",
            "extra_package": str(self.wheel),
            "dataflow_endpoint": self.service.endpoint,
            "no_auth": "",
            **changes,
        }
        own = [*self.own, "--runner", "DataflowRunner", "--"]
        return own + [f"--{name}={value}" if value else f"--{name}" for name, value in flags.items()]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    home = tmp_path_factory.mktemp("world")
    assert main(["keys", "init", str(home / "keys")]) == 0
    assert main(["keys", "export", str(home / "keys"), "--role", "bundle", "-o", str(home / "secret.json")]) == 0
    with pytest.MonkeyPatch.context() as patch, fake_gcs() as url:
        client = client_of(url)
        for address in _BUCKETS.values():
            client.create_bucket(address.removeprefix("gs://"))
        log = (_EXAMPLES / "recordings" / "synthetic-office.jsonl").read_text()
        put = client.bucket("acme-recordings").blob
        put("day/grace.hopper.jsonl").upload_from_string(log + _BAD + "\n")
        consent = client.bucket("acme-consent").blob("registry.csv")
        consent.upload_from_string((_EXAMPLES / "consent.csv").read_bytes())
        patch.setenv("STORAGE_EMULATOR_HOST", url)  # where Beam stages to
        patch.setenv("XDG_STATE_HOME", str(home / "scratch"))
        patch.setattr(auth._Credentials, "_credentials_init", True)
        patch.setattr(bucket, "client", lambda: client)
        patch.setattr(managed, "access", lambda _: managed.SecretVersion(1, (home / "secret.json").read_bytes()))
        with dataflow(client, url, home / "secret.json", home / "dataflow") as service:
            yield World(home, client, service, build_wheel(home))


def _same_run_key(world: World) -> str:
    """Put one run secret where both runs look for it, and return the id of their release."""
    request = RunRequest(
        inputs=(world.inputs[1],),
        output=Output.at(_BUCKETS["keyveil"]),
        consent=world.inputs[3],
        keys=_NAMED,
        dataset="sessions",
        format=None,
        user=None,
        subjects=None,
        state=f"{_BUCKETS['state']}/keyveil",
        runner="DirectRunner",
        trace=None,
        trace_clear=False,
        beam_flags=(),
    )
    prepared = prepare(request, load_config(None, _SETTINGS, None))
    local = world.home / "local-state" / "run-keys" / prepared.release_id
    local.parent.mkdir(parents=True, mode=0o700)
    mint(prepared.private.keys, RunKeyReference(prepared.release_id, str(local)))
    world.client.bucket("acme-state").blob(f"keyveil/run-keys/{prepared.release_id}").upload_from_string(
        local.read_bytes()
    )
    return prepared.release_id


def _clear(content: bytes, keys: KeySet) -> bytes:
    """Return the bytes of the file without its sealing."""
    sink = pa.BufferOutputStream()
    pq.write_table(decode(content, keys.reader()), sink)
    return sink.getvalue().to_pybytes()


@dataclass(frozen=True, slots=True)
class Made:
    """One release made twice, and the graph that ran locally."""

    looked_at: list[tuple[str, bool]]
    job: dict[str, Any]
    local: dict[str, Any]
    local_proto: Any
    local_steps: list[beam.PTransform]


@pytest.fixture(scope="module")
def made(world: World) -> Made:
    release_id = _same_run_key(world)
    looked_at: list[tuple[str, bool]] = []

    def beside(address: str, _: str | None, *, keeps: bool) -> Scripted:
        looked_at.append((address, keeps))
        return Scripted(_SAME)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(running, "open_preflight", lambda *_: Scripted(_SAME, _SAME))
        patch.setattr(running, "open_bucket_preflight", beside)
        job = _run(world.words())
    assert job["release_id"] == release_id, world.service.jobs[-1].said
    graphs: list[Any] = []
    local_steps: list[beam.PTransform] = []

    class Visitor(PipelineVisitor):
        def visit_transform(self, transform_node: Any) -> None:
            local_steps.append(transform_node.transform)

    class Spy(FnApiRunner):
        def run_pipeline(self, pipeline: beam.Pipeline, options: PipelineOptions) -> Any:
            pipeline.visit(Visitor())
            return super().run_pipeline(pipeline, options)

        def run_via_runner_api(self, proto: Any, options: PipelineOptions) -> Any:
            graphs.append(proto)
            return super().run_via_runner_api(proto, options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(running.BeamEngine, "runner", lambda _: Spy())
        own = ["--output", str(world.home / "out"), "--keys", str(world.home / "keys")]
        own += ["--state", str(world.home / "local-state")]
        local = _run(["run", *world.inputs, *world.settings, *own])
    assert local["release_id"] == release_id
    return Made(looked_at, job, local, graphs[0], local_steps)


def _run(words: list[str]) -> dict[str, Any]:
    shown = io.StringIO()
    with redirect_stdout(shown), redirect_stderr(io.StringIO()) as said:
        code = main(words)
    assert code == 1, f"{code}: {said.getvalue()}"
    return json.loads(shown.getvalue())


def test_a_job_gives_the_clear_bytes_of_the_local_run(world: World, made: Made) -> None:
    assert world.service.jobs[0].state == "JOB_STATE_DONE"
    assert made.job["counts"] == made.local["counts"]
    keys = KeySet.open(KeyReference.parse(str(world.home / "keys")))
    here, there = Path(made.local["release"]), f"sessions/releases/{made.job['release_id']}/"
    names = sorted(str(path.relative_to(here)) for path in here.rglob("*.parquet"))
    found = world.client.list_blobs("acme-keyveil", prefix=there)
    assert sorted(blob.name.removeprefix(there) for blob in found if blob.name.endswith(".parquet")) == names
    assert len(names) >= 2 + 8  # of events and sessions, and tables
    for name in names:
        content = world.client.bucket("acme-keyveil").blob(there + name).download_as_bytes()
        assert content != (here / name).read_bytes(), "each was sealed by itself"
        assert _clear(content, keys) == _clear((here / name).read_bytes(), keys)


def test_the_job_is_as_private_as_it_was_checked_to_be(world: World, made: Made) -> None:
    environment = world.service.jobs[0].body["environment"]
    (pool,) = environment["workerPools"]
    options = environment["sdkPipelineOptions"]["options"]
    assert pool["ipConfiguration"] == WorkerIPAddressConfiguration.WORKER_IP_PRIVATE
    assert pool["subnetwork"] == "regions/europe-west1/subnetworks/keyveil"
    assert environment["serviceKmsKeyName"].startswith("projects/acme/locations/")
    assert environment["serviceAccountEmail"] == "keyveil-worker@acme.iam.gserviceaccount.com"
    assert {image["containerImage"] for image in pool["sdkHarnessContainerImages"]} == {
        f"acme/keyveil@sha256:{'0' * 64}"
    }
    assert world.service.jobs[0].body["labels"] == {"data_class": "restricted", "dpia": "dpia-12"}
    assert options["gcs_custom_audit_entries"]["x-goog-custom-audit-purpose"] == "training"
    assert options["gcs_custom_audit_entries"]["x-goog-custom-audit-release"] == made.job["release_id"]
    assert "pipelines.runner.worker_plugin" in options["beam_plugins"]
    assert "disable_always_on_exception_sampling" in options["experiments"]
    assert made.looked_at == [("gs://acme-staging", False), ("gs://acme-state", True)]


def test_nothing_that_is_staged_or_submitted_names_a_person_or_holds_a_key(world: World, made: Made) -> None:
    secrets = json.loads((world.home / "secret.json").read_bytes())
    private = [json.loads(text)["secret"].encode() for name, text in secrets.items() if name.endswith(".json")]
    private += [b"user-a", b"user-b", b"grace.hopper", b"hunter2", b"PRIVATE KEY"]
    staged = [
        blob.download_as_bytes() for blob in world.client.list_blobs("acme-staging") if not blob.name.endswith(".whl")
    ]
    payloads = list(_unpacked(staged))
    assert any(made.job["release_id"].encode() in payload for payload in payloads), "payloads are looked into"
    contents = [*staged, *payloads, json.dumps(world.service.jobs[0].body).encode()]
    assert [word for word in private for content in contents if word in content] == []


def _unpacked(contents: list[bytes]) -> Iterator[bytes]:
    """Yield what the payloads in a staged graph hold behind their packing."""
    for content in contents:
        for packed in re.findall(rb"[A-Za-z0-9+/=]{64,}", content):
            with suppress(ValueError, zlib.error, OSError, EOFError):
                yield from _opened(base64.b64decode(packed, validate=True))


def _opened(content: bytes) -> Iterator[bytes]:
    for opener in (zlib.decompress, bz2.decompress):
        with suppress(ValueError, zlib.error, OSError):
            yield opener(content)


def test_the_graph_that_was_submitted_is_the_one_that_runs_locally(world: World, made: Made) -> None:
    here, there = (working(steps(proto)) for proto in (made.local_proto, world.service.proto))
    assert here == there
    ours, theirs = coders(made.local_proto), coders(world.service.proto)
    assert {name: ours[name] for name in theirs} == theirs


def test_nothing_clear_is_shuffled_before_redaction(world: World, made: Made) -> None:
    assert find_clear_shuffles(made.local_proto) == find_clear_shuffles(world.service.proto) == []


def test_no_step_of_ours_raises_errors_that_quote(made: Made) -> None:
    dofns = [step.fn for step in made.local_steps if isinstance(step, beam.ParDo)]
    ours = [dofn for dofn in dofns if type(dofn).__module__.startswith(("transforms.", "pipelines."))]
    assert len(ours) > 20
    assert [dofn for dofn in ours if not isinstance(dofn, SafeErrorDoFn)] == []


def test_what_was_set_aside_lies_in_the_bucket_of_private_state(
    world: World, made: Made, capsys: pytest.CaptureFixture[str]
) -> None:
    state = f"{_BUCKETS['state']}/keyveil"
    capsys.readouterr()
    assert main(["quarantine", "list", "--json", "--keys", str(world.home / "keys"), "--state", state]) == 0
    (record,) = (item for item in json.loads(capsys.readouterr().out) if item["release_id"] == made.job["release_id"])
    assert (record["reason"], record["line"]) == ("unknown_field", _LINES + 1)
    assert record["source"] == f"{_BUCKETS['recordings']}/day/grace.hopper.jsonl"
    reveal = ["--reveal", "--keys", str(world.home / "keys"), "--state", state]
    assert main(["quarantine", "show", record["locator"], *reveal]) == 0
    assert "hunter2" in capsys.readouterr().out
    left = {blob.name.split("/")[1] for blob in world.client.list_blobs("acme-state")}
    lasting = {"consent", "ledger", "models", "owner.json", "preflight", "quarantine", "spelling.json", "tallies"}
    assert left <= lasting, "nothing that only an unsealed release needs"


def test_workers_with_other_code_hand_nothing_back() -> None:
    curated_elsewhere = _WriteJson("nowhere", "0" * 64)
    with pytest.raises(FailedError, match="other code than the launcher"):
        curated_elsewhere.setup()
    _WriteJson("nowhere", code_digest()).setup()


def test_a_template_is_handed_over_and_finished_when_its_job_is_done(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(running, "open_preflight", lambda *_: Scripted(_SAME, _SAME))
    monkeypatch.setattr(running, "open_bucket_preflight", lambda *_, **__: Scripted(_SAME))
    launch, finish = (
        [word.replace("store.shards=2", "store.shards=1") for word in words]
        for words in (
            world.words(template_location=f"{_BUCKETS['staging']}/launches/job_object"),
            [*world.own, "--finish"],
        )
    )
    capsys.readouterr()
    assert main(launch) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["submitted"], told["shards"]) == (True, 0)
    assert main(finish) == 3
    assert "no job has computed release" in capsys.readouterr().err
    made = world.client.bucket("acme-staging").blob("launches/job_object").download_as_bytes()
    job = world.service.start(json.loads(made))
    job.done.wait()
    assert job.state == "JOB_STATE_DONE", job.said
    results = f"keyveil/runs/{told['release_id']}/results/"
    parts = [blob.name for blob in world.client.list_blobs("acme-state", prefix=results)]
    assert [name.removeprefix(results) for name in parts] == [
        "consent.sealed",  # what the workers read
        "rejects.json",
        "shards.json",
        "tally.json",
    ]
    for name in parts[1:]:
        part = world.client.bucket("acme-state").blob(name)
        content = part.download_as_bytes()
        part.delete()
        assert main(finish) == 3, f"the job has not written {name} yet"
        assert "no job has computed release" in capsys.readouterr().err
        part.upload_from_string(content)
    assert main(finish) == 1, "one line of the log is set aside"
    finished = json.loads(capsys.readouterr().out)
    assert finished["release_id"] == told["release_id"]
    assert finished["counts"]["events.read"] == _LINES + 1
    state = f"{_BUCKETS['state']}/keyveil"
    assert main(["verify", _BUCKETS["keyveil"], "--keys", str(world.home / "keys"), "--state", state]) == 0


def _by_days(world: World, dataset: str, day: str) -> list[str]:
    """Return the command of a night that is a window of its own."""
    words = [word.replace("/day/*.jsonl", "/{day}/*.jsonl") for word in world.words()]
    place = words.index("--runner")
    words[place:place] = ["--dataset", dataset, "--day", day, "--set", "schedule.window_days=1"]
    return words


def test_a_second_job_of_a_release_is_refused_while_the_first_runs(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(running, "open_preflight", lambda *_: Scripted(_SAME, _SAME))
    monkeypatch.setattr(running, "open_bucket_preflight", lambda *_, **__: Scripted(_SAME))
    monkeypatch.setattr(world.service, "busy", True)
    capsys.readouterr()
    words = world.words()
    words[words.index("store.shards=2")] = "store.shards=4"
    assert main(words) == 3
    refused = capsys.readouterr().err
    assert "a job of this release is under way" in refused
    assert "--finish" in refused


def test_a_night_and_its_release_are_two_jobs_and_that_of_a_killed_launcher_is_cancelled(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    log = (_EXAMPLES / "recordings" / "synthetic-office.jsonl").read_bytes()
    world.client.bucket("acme-recordings").blob("2026-11-20/a.jsonl").upload_from_string(log)
    monkeypatch.setattr(running, "open_preflight", lambda *_: Scripted(_SAME, _SAME))
    monkeypatch.setattr(running, "open_bucket_preflight", lambda *_, **__: Scripted(_SAME))
    words, before = _by_days(world, "nights", "2026-11-20"), len(world.service.jobs)

    def be_killed() -> int:
        fresh = client_of(world.service.storage_url)  # of its own connections
        bucket.client = lambda: fresh
        GraphRun._wait = lambda *_: os.kill(os.getpid(), signal.SIGKILL)  # type: ignore[method-assign]
        return main(words)

    monkeypatch.setattr(world.service, "stalls", True)
    assert in_child(be_killed) == KILLED
    monkeypatch.setattr(world.service, "stalls", False)
    capsys.readouterr()
    assert main(words) == 0
    told = json.loads(capsys.readouterr().out)
    orphan, night, release = world.service.jobs[before:]
    assert [orphan.state, night.state, release.state] == ["JOB_STATE_CANCELLED", "JOB_STATE_DONE", "JOB_STATE_DONE"]
    assert orphan.body["name"] == night.body["name"] != release.body["name"]
    assert release.body["name"] == f"keyveil-{told['releases'][0]['release_id'][:24]}"
    assert find_clear_shuffles(world.service.proto) == []
    assert told["nights"][0]["events"] == log.count(b"\n")


def test_a_job_that_fails_publishes_nothing_and_quotes_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = {blob.name for blob in world.client.list_blobs("acme-keyveil")}
    monkeypatch.setattr(running, "open_preflight", lambda *_: Scripted(_SAME, _SAME))
    monkeypatch.setattr(running, "open_bucket_preflight", lambda *_, **__: Scripted(_SAME))
    said = "schemas.errors.FailedError: a step failed (KeyError, transforms/x.py:1); report it [while running 'Redact']"
    world.service.breaks_with = f"Traceback of grace.hopper: hunter2\n{said}"
    capsys.readouterr()
    words = world.words()
    words[words.index("store.shards=2")] = "store.shards=3"
    assert main(words) == 4
    shown = capsys.readouterr().err
    assert shown == "keyveil: a step failed (KeyError, transforms/x.py:1); report it\n"
    assert {blob.name for blob in world.client.list_blobs("acme-keyveil")} == before
