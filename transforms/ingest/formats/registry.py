"""Every format that can be read, in the order in which they are asked."""

from pathlib import Path

from schemas.errors import UsageError
from transforms.ingest.formats.adapter import Adapter
from transforms.ingest.formats.agentnet import AgentNetRecording
from transforms.ingest.formats.canonical import CanonicalLog
from transforms.ingest.formats.rrweb import RrwebRecording

ADAPTERS: tuple[Adapter, ...] = (CanonicalLog(), AgentNetRecording(), RrwebRecording())


def find_adapter(name: str) -> Adapter:
    """Return the adapter of that name; raise ``UsageError`` with the names there are."""
    for adapter in ADAPTERS:
        if adapter.name == name:
            return adapter
    names = ", ".join(adapter.name for adapter in ADAPTERS)
    raise UsageError(f"--format must be one of: {names}")


def recognise(path: Path) -> str:
    """Return the name of the first adapter that recognises ``path``, '' where none does."""
    return next((adapter.name for adapter in ADAPTERS if adapter.recognises(path)), "")
