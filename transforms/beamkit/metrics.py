"""What workers count while they work, numbers only: Beam's metrics, and ticks to a terminal on the same machine."""

import json
import os
import socket
from functools import cache

from apache_beam.metrics import Metrics

PORT_VARIABLE = "KEYVEIL_PROGRESS_PORT"
"""Set by the driver where somebody watches; local workers inherit it."""


METRICS = "keyveil"
"""Namespace of our counters among Beam's metrics."""


@cache
def _channel(port: str) -> socket.socket:
    channel = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    channel.setblocking(False)
    channel.connect(("127.0.0.1", int(port)))
    return channel


def tick(**counts: int) -> None:
    """Count that ``counts`` more were done and tell whoever watches the terminal; a tick is lost without harm."""
    for name, count in counts.items():
        Metrics.counter(METRICS, name).inc(count)
    port = os.environ.get(PORT_VARIABLE)
    if port is None:
        return
    try:
        _channel(port).send(json.dumps(counts).encode())
    except OSError:
        return
