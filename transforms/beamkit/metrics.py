"""Progress counters of workers, numbers only: Beam metrics, and datagrams to a terminal on the same machine."""

import json
import os
import socket
from functools import cache

from apache_beam.metrics import Metrics

PORT_VARIABLE = "KEYVEIL_PROGRESS_PORT"
"""Port that the driver listens on, if it shows progress; local workers inherit the variable."""


METRICS = "keyveil"
"""Namespace of our counters among Beam's metrics."""


@cache
def _channel(port: str) -> socket.socket:
    channel = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    channel.setblocking(False)
    channel.connect(("127.0.0.1", int(port)))
    return channel


def tick(**counts: int) -> None:
    """Add ``counts`` to Beam's counters and send them to the terminal, if any; a lost datagram is harmless."""
    for name, count in counts.items():
        Metrics.counter(METRICS, name).inc(count)
    port = os.environ.get(PORT_VARIABLE)
    if port is None:
        return
    try:
        _channel(port).send(json.dumps(counts).encode())
    except OSError:
        return
