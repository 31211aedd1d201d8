"""The main job on Beam's job service, with workers in processes of their own: the clear bytes of the local run."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.runners.portability.fn_api_runner import FnApiRunner
from apache_beam.runners.portability.portable_runner import PortableRunner

from pipelines.cli.main import main
from pipelines.runner.beam_options import BeamEngine, RunnerKind
from pipelines.runner.shuffle_check import find_clear_shuffles
from tests.support.days import days_from, make_sessions, write_days
from tests.support.gcs import hold_port, wait_for
from tests.support.graphs import coders, steps, working
from tests.support.keysets import forget_state
from tests.support.nights import Company, span
from tests.support.release_parts import ALL_PARTS
from tests.support.shards import shards

_ROOT = Path(__file__).parents[2]
_EXAMPLES = _ROOT / "examples"
_SETTINGS = ("store.encryption=none", "noise.run_key=derived", "redact.profile=fast", "store.shards=2", *ALL_PARTS)
_READY_S = 120


def _environment() -> dict[str, str]:
    """Return the environment of a process of its own."""
    return {"PATH": os.environ["PATH"], "PYTHONPATH": str(_ROOT), "PYTHONSAFEPATH": "1", "OMP_NUM_THREADS": "1"}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("portable")
    assert main(["keys", "init", str(home / "keys")]) == 0
    return home


@pytest.fixture(scope="module")
def job_service(home: Path) -> Iterator[str]:
    """Run Beam's job service as a process."""
    port = home / "port"
    words = [sys.executable, "-m", "apache_beam.runners.portability.local_job_service_main", "--port_file", str(port)]
    with subprocess.Popen(
        words, env=_environment(), cwd=home, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as service:
        try:
            deadline = time.monotonic() + _READY_S
            while not port.exists():
                assert time.monotonic() < deadline, "the job service did not start"
                time.sleep(0.05)
            yield f"localhost:{port.read_text()}"
        finally:
            service.terminate()


@pytest.fixture(scope="module")
def worker_pool(home: Path) -> Iterator[str]:
    """Run Beam's pool of external workers as a process."""
    with hold_port() as port:
        words = [sys.executable, "-P", str(_ROOT / "tests" / "support" / "worker_pool.py"), str(port)]
        with subprocess.Popen(
            words, env=_environment(), cwd=home, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as pool:
            try:
                wait_for(f"http://127.0.0.1:{port}")
                yield f"localhost:{port}"
            finally:
                pool.terminate()


def _release(home: Path, name: str, capsys: pytest.CaptureFixture[str], *runner: str) -> Path:
    words = ["run", "--input", str(_EXAMPLES / "recordings" / "synthetic-office.jsonl"), "--json"]
    words += ["--consent", str(_EXAMPLES / "consent.csv"), "--keys", str(home / "keys")]
    words += ["--output", str(home / name), "--state", str(home / f"{name}-state")]
    words += [word for setting in _SETTINGS for word in ("--set", setting)]
    capsys.readouterr()
    with forget_state(home / "keys"):
        assert main([*words, *runner]) == 0, capsys.readouterr().err
    return Path(json.loads(capsys.readouterr().out)["release"])


@dataclass
class Submitted:
    """The graphs that were handed to runners, in order."""

    protos: list[Any] = field(default_factory=list)


@pytest.fixture
def submitted(monkeypatch: pytest.MonkeyPatch) -> Submitted:
    found = Submitted()

    class Spy(FnApiRunner):
        def run_via_runner_api(self, proto: Any, options: PipelineOptions) -> Any:
            found.protos.append(proto)
            return super().run_via_runner_api(proto, options)

    def optimized(proto: Any, options: PipelineOptions) -> Any:
        found.protos.append(before(proto, options))
        return found.protos[-1]

    before = PortableRunner._optimize_pipeline
    monkeypatch.setattr(PortableRunner, "_optimize_pipeline", staticmethod(optimized))
    runner = BeamEngine.runner
    monkeypatch.setattr(BeamEngine, "runner", lambda run: Spy() if run.where is RunnerKind.HERE else runner(run))
    return found


@pytest.fixture
def external(job_service: str, worker_pool: str) -> tuple[str, ...]:
    """Give the flags of a run with workers of the pool."""
    return (f"--job_endpoint={job_service}", "--environment_type=EXTERNAL", f"--environment_config={worker_pool}")


@pytest.fixture
def local(home: Path, submitted: Submitted, capsys: pytest.CaptureFixture[str]) -> Path:
    """Give the release of a local run; its graph is the first that was submitted."""
    release = _release(home, "local", capsys)
    assert len(submitted.protos) < 2, "made here, or found where a test before made it"
    return release


def test_an_external_pool_gives_the_same_bytes(
    home: Path, local: Path, submitted: Submitted, external: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    release = _release(home, "external", capsys, "--runner", "PortableRunner", "--", *external)
    assert release.name == local.name
    assert len(shards(local)) >= 2 + 8  # of events and sessions, and tables
    assert shards(release) == shards(local)
    here, there = submitted.protos
    assert working(steps(there)) == working(steps(here))
    ours, theirs = coders(here), coders(there)
    assert {name: ours[name] for name in theirs} == theirs
    assert find_clear_shuffles(there) == []


def test_subprocess_workers_give_the_same_bytes(
    home: Path, local: Path, job_service: str, capsys: pytest.CaptureFixture[str]
) -> None:
    kind = "beam:env:harness_subprocess_python:v1"
    command = f"env PYTHONPATH={_ROOT} {sys.executable} -P -m pipelines.runner.worker"
    flags = (f"--job_endpoint={job_service}", f"--environment_type={kind}", f"--environment_config={command}")
    release = _release(home, "subprocess", capsys, "--runner", "PortableRunner", "--", *flags)
    assert shards(release) == shards(local)
    left = [path for path in (home / "subprocess-state" / "runs").rglob("*") if path.is_file()]
    assert left == []


def test_a_night_that_goes_on_with_held_sessions_gives_the_same_bytes_on_the_job_service(
    job_service: str, worker_pool: str, tmp_path: Path
) -> None:
    company = Company(tmp_path, ("--set", "schedule.window_days=1", "--set", "noise.run_key=derived"))
    days = days_from(date(2026, 11, 3), 3)
    write_days(company.logs, [*make_sessions(days, 2, 5)])
    assert company.run(*span(days[:2])).json["nights"][1]["held"] > 0
    places = (company.output, Path(company.state))
    for place in places:
        shutil.copytree(place, tmp_path / "kept" / place.name)
    assert company.run(*span(days[2:])).code == 0
    here = company.shards()
    for place in places:
        shutil.rmtree(place)
        shutil.copytree(tmp_path / "kept" / place.name, place)
    flags = (f"--job_endpoint={job_service}", "--environment_type=EXTERNAL", f"--environment_config={worker_pool}")
    assert company.run(*span(days[2:]), "--runner", "PortableRunner", "--", *flags).code == 0
    assert company.shards() == here
