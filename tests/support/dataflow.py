"""A stand-in of the Dataflow API on this machine that does run the jobs it is given.

A job's own graph and packages are taken from where the launcher staged them. They run in a process with an environment
of its own, from another folder: a worker finds nothing but the staged package, the storage server and the secret.
"""

import json
import os
import re
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from apache_beam.portability.api import beam_runner_api_pb2
from google.cloud import storage

from tests.support.http_server import Request, answering

_SUPPORT = Path(__file__).parent
_JOB = re.compile(r"/v1b3/projects/[^/]+/locations/[^/]+/jobs/([^/?]+)(/messages|/metrics)?")
_CANCELLED = ("JOB_STATE_CANCELLED", 5)
"""The state by its name and by its number: clients send either."""


@dataclass
class Job:
    """One job as it was submitted, and how it goes."""

    body: dict[str, Any]
    state: str = "JOB_STATE_RUNNING"
    said: str = ""
    done: threading.Event = field(default_factory=threading.Event)

    def answer(self) -> dict[str, Any]:
        return {"id": "job-1", "name": self.body["name"], "currentState": self.state}

    def cancel(self) -> None:
        """End it, as the service does when it is asked to."""
        self.state = "JOB_STATE_CANCELLED"
        self.done.set()

    def messages(self) -> dict[str, Any]:
        failed = self.state == "JOB_STATE_FAILED"
        message = {"id": "1", "time": "2026-11-24T00:00:00Z", "messageText": self.said[-4000:]}
        return {"jobMessages": [message | {"messageImportance": "JOB_MESSAGE_ERROR"}] if failed else []}


@dataclass
class Dataflow:
    """Jobs by order of submission.

    ``breaks_with`` is what the next one says instead of being run, ``stalls``: it runs without an end, and
    ``busy``: another of its name is under way.
    ``site`` is where the staged packages of the last one were unpacked.
    """

    storage: storage.Client
    storage_url: str
    secret: Path
    home: Path
    endpoint: str = ""
    jobs: list[Job] = field(default_factory=list)
    breaks_with: str = ""
    stalls: bool = False
    busy: bool = False
    proto: Any = None
    _process: subprocess.Popen[str] | None = None

    @property
    def site(self) -> Path:
        return self.home / "site"

    def submit(self, body: dict[str, Any]) -> dict[str, Any]:
        """Take a job and answer as the service does; of a name that is taken it gives the job there is."""
        names = {job.body["name"] for job in self.jobs if job.state == "JOB_STATE_RUNNING"}
        if self.busy or body["name"] in names:
            return {"id": "job-0", "name": body["name"], "clientRequestId": "of another launcher"}
        return self.start(body).answer() | {"currentState": "JOB_STATE_RUNNING"}

    def start(self, body: dict[str, Any]) -> Job:
        """Run a job, or break it, and return it at once."""
        job = Job(body)
        self.jobs.append(job)
        if self.breaks_with:
            job.state, job.said = "JOB_STATE_FAILED", self.breaks_with
            job.done.set()
        elif not self.stalls:
            threading.Thread(target=self._run, args=(job,), daemon=True).start()
        return job

    def _run(self, job: Job) -> None:
        try:
            options = job.body["environment"]["sdkPipelineOptions"]["options"]
            (self.home / "pipeline.pb").write_bytes(content := self._object(options["pipelineUrl"]))
            self.proto = beam_runner_api_pb2.Pipeline.FromString(content)
            for environment in self.proto.components.environments.values():
                for dependency in environment.dependencies:
                    url = beam_runner_api_pb2.ArtifactUrlPayload.FromString(dependency.type_payload).url
                    if url.endswith(".whl"):
                        (self.home / "staged.whl").write_bytes(self._object(url))
                        zipfile.ZipFile(self.home / "staged.whl").extractall(self.site)
            job.said = self._execute()
            job.state = "JOB_STATE_FAILED" if job.said else "JOB_STATE_DONE"
        except Exception as error:  # noqa: BLE001 - a job that cannot be run has failed
            job.said, job.state = repr(error), "JOB_STATE_FAILED"
        finally:
            job.done.set()

    def _execute(self) -> str:
        """Run the staged graph in a process that later jobs find warm; return what went wrong."""
        if self._process is None:
            self._process = subprocess.Popen(
                [sys.executable, "-P", str(_SUPPORT / "execute.py")],
                cwd="/",
                env={
                    "PATH": os.environ["PATH"],
                    "PYTHONPATH": str(self.site),
                    "OMP_NUM_THREADS": "1",
                    "STAND_IN_STORAGE": self.storage_url,
                    "STAND_IN_SECRET": str(self.secret),
                },
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
            )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{self.home / 'pipeline.pb'}\n")
        self._process.stdin.flush()
        return str(json.loads(self._process.stdout.readline() or '"the process of the workers ended"'))

    def close(self) -> None:
        """End the process that ran the jobs."""
        if self._process is not None:
            self._process.communicate()

    def _object(self, uri: str) -> bytes:
        bucket, _, name = uri.removeprefix("gs://").partition("/")
        return self.storage.bucket(bucket).blob(name).download_as_bytes()


@contextmanager
def dataflow(storage_client: storage.Client, storage_url: str, secret: Path, home: Path) -> Iterator[Dataflow]:
    """Serve on the loopback interface; ``secret`` is a file with what Secret Manager would give."""
    service = Dataflow(storage_client, storage_url, secret, home)
    service.site.mkdir(parents=True)

    def answer(request: Request) -> tuple[int, Any]:
        if request.method == "POST":
            return 200, service.submit(request.json())
        found = _JOB.match(request.path)
        if found is None:
            return 200, {"jobs": [job.answer() for job in service.jobs]}
        job = service.jobs[-1]
        if request.method == "PUT" and request.json()["requestedState"] in _CANCELLED:
            job.cancel()
        return 200, {"/messages": job.messages(), "/metrics": {"metrics": []}}.get(found[2] or "", job.answer())

    with answering(answer) as address:
        service.endpoint = address.replace("127.0.0.1", "localhost")  # Beam asks for no credentials there
        try:
            yield service
        finally:
            service.close()
