"""Ticks from workers to the terminal: numbers only, over the loopback interface, lost without harm."""

import json
import os
import socket
from functools import cache

PORT_VARIABLE = "KEYVEIL_PROGRESS_PORT"
"""Set by the driver where somebody watches; local workers inherit it."""


@cache
def _channel(port: str) -> socket.socket:
    channel = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    channel.setblocking(False)
    channel.connect(("127.0.0.1", int(port)))
    return channel


def tick(**counts: int) -> None:
    """Tell the terminal that ``counts`` more were done; does nothing where nobody watches."""
    port = os.environ.get(PORT_VARIABLE)
    if port is None:
        return
    try:
        _channel(port).send(json.dumps(counts).encode())
    except OSError:
        return
