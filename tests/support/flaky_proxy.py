"""A proxy on 127.0.0.1 before a storage server: it loses requests, loses answers, answers 503, and cuts bodies."""

import random
import threading
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

_HOP = frozenset({"host", "connection", "transfer-encoding", "content-length", "accept-encoding", "content-encoding"})


class Flaky:
    """Rates of each fault; ``seen`` counts them. The same seed gives the same mischief to serial requests."""

    def __init__(self, seed: int, share: float) -> None:
        self._random, self._share, self._lock = random.Random(seed), share, threading.Lock()
        self.seen: Counter[str] = Counter()

    def next(self) -> str:
        """Draw the fate of the next request."""
        with self._lock:
            kinds = ("503", "lost request", "lost answer", "503 after success", "cut answer")
            kind = self._random.choice(kinds) if self._random.random() < self._share else "served"
            self.seen[kind] += 1
            return kind


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, upstream: str, mischief: Flaky) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.upstream, self.mischief = upstream, mischief
        self.address = f"http://127.0.0.1:{self.server_address[1]}"

    def handle_error(self, *_: object) -> None:
        """Say nothing of a client that hung up."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def _serve(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        kind = self.server.mischief.next()
        if kind == "503":
            self._answer(503, {}, b"try again")
            return
        if kind == "lost request":
            self.close_connection = True
            return
        status, headers, content = self._forward(body)
        if kind == "lost answer":
            self.close_connection = True
        elif kind == "503 after success":
            self._answer(503, {}, b"try again")
        else:
            self.close_connection = kind == "cut answer"
            self._answer(status, headers, content, len(content) // 2 if kind == "cut answer" else len(content))

    do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = _serve  # noqa: N815 - names that the base class looks up

    def _forward(self, body: bytes) -> tuple[int, dict[str, str], bytes]:
        headers = {name: value for name, value in self.headers.items() if name.lower() not in _HOP}
        url = self.server.upstream + self.path
        request = urllib.request.Request(url, data=body or None, headers=headers, method=self.command)  # noqa: S310
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 - http on 127.0.0.1
                status, found, content = answer.status, dict(answer.headers.items()), answer.read()
        except urllib.error.HTTPError as error:
            with error:
                status, found, content = error.code, dict(error.headers.items()), error.read()
        if found.get("Content-Type", "").startswith("application/json"):  # its links lead past the proxy
            content = content.replace(self.server.upstream.encode(), self.server.address.encode())
        return status, found, content

    def _answer(self, status: int, headers: dict[str, str], content: bytes, sent: int | None = None) -> None:
        self.send_response_only(status)
        for name, value in headers.items():
            if name.lower() not in _HOP:
                self.send_header(name, value.replace(self.server.upstream, self.server.address))
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content[:sent])

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def flaky(upstream: str, mischief: Flaky) -> Iterator[str]:
    """Run the proxy and yield its address."""
    with _Server(upstream, mischief) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server.address
        server.shutdown()
        thread.join()
