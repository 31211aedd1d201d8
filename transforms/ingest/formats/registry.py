"""Every format that can be read, in the order in which they are asked: the raw log, known by name alone, is last."""

from pathlib import Path

from schemas.errors import UsageError
from transforms.ingest.formats.adapter import Adapter
from transforms.ingest.formats.agents.agent_data_protocol import AGENT_DATA_PROTOCOL
from transforms.ingest.formats.agents.chrome_recorder import CHROME_RECORDER
from transforms.ingest.formats.agents.openadapt_flow import OPENADAPT_FLOW
from transforms.ingest.formats.agents.opencua import OPENCUA
from transforms.ingest.formats.agents.playwright import PLAYWRIGHT
from transforms.ingest.formats.canonical import CanonicalLog
from transforms.ingest.formats.desktop.activitywatch import ACTIVITYWATCH
from transforms.ingest.formats.desktop.agentnet import AgentNetRecording
from transforms.ingest.formats.desktop.crowd_cast import CROWD_CAST
from transforms.ingest.formats.desktop.openadapt import OPENADAPT
from transforms.ingest.formats.desktop.otlp import OTLP
from transforms.ingest.formats.desktop.owamcap import OWAMCAP
from transforms.ingest.formats.desktop.screenpipe import SCREENPIPE
from transforms.ingest.formats.desktop.steps_recorder import STEPS_RECORDER
from transforms.ingest.formats.rrweb.recording import RrwebRecording
from transforms.ingest.formats.sealed_log import SealedLog

SEALED = SealedLog()
"""Only format that needs a key, which ``inputs.read`` passes."""

ADAPTERS: tuple[Adapter, ...] = (
    AgentNetRecording(),
    RrwebRecording(),
    OPENCUA,
    OPENADAPT,
    OPENADAPT_FLOW,
    ACTIVITYWATCH,
    PLAYWRIGHT,
    CHROME_RECORDER,
    AGENT_DATA_PROTOCOL,
    OWAMCAP,
    CROWD_CAST,
    SCREENPIPE,
    STEPS_RECORDER,
    OTLP,
    SEALED,
    CanonicalLog(),
)


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
