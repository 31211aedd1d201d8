"""A server that speaks S3's API over HTTP on this machine, in memory: moto's, one request at a time.

One at a time because moto compares a condition and writes in two steps: in parallel two writers could both win.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import boto3

from transforms.object_store.s3 import settings

REGION = "eu-central-1"
_SERVER = Path(__file__).with_name("s3_server.py")


@contextmanager
def moto_s3() -> Iterator[str]:
    """Run the server and yield its address."""
    words = [sys.executable, "-W", "ignore", str(_SERVER)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
        try:
            assert server.stdout is not None
            address = server.stdout.readline().strip()
            assert address, "the server did not start"
            yield address
        finally:
            server.kill()


def s3_client(address: str, service: str = "s3") -> Any:
    """Return a client of the server at ``address``."""
    credentials = {"aws_access_key_id": "made-up", "aws_secret_access_key": "made-up"}
    session = boto3.session.Session(region_name=REGION, **credentials)
    return session.client(service, endpoint_url=address, config=settings(address))


def kill_before_request(client: Any, at: int) -> None:
    """Kill this process as its ``at``-th request is about to be sent."""
    sent = 0

    def count(**_: object) -> None:
        nonlocal sent
        sent += 1
        if sent == at:
            os.kill(os.getpid(), signal.SIGKILL)

    client.meta.events.register("before-send.s3", count)


def create_bucket(client: Any, name: str) -> None:
    """Create a bucket in the server's region."""
    client.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
