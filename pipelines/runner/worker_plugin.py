"""Worker plugin of Beam: a worker in a container imports it at its start.

From then on no library may log what it saw: a container starts Beam's own worker, whose log goes to Cloud Logging. An
error of ours reaches the driver by itself. What the worker reads and writes carries the purpose of the run.
"""

import json
import logging
import os
from collections.abc import Mapping
from pathlib import Path

from pipelines.runner.memory_settings import settle_memory
from transforms.object_store.access_note import AUDIT_HEADER, note_accesses

_OPTION = "beam:option:gcs_custom_audit_entries:v1"


def read_audit_entries(environment: Mapping[str, str]) -> dict[str, str]:
    """Read the audit entries of the job, by name without prefix, from the options that Beam hands to a worker."""
    file = environment.get("PIPELINE_OPTIONS_FILE")
    text = Path(file).read_text(encoding="utf-8") if file else environment.get("PIPELINE_OPTIONS") or "{}"
    found = json.loads(text).get(_OPTION) or {}
    return {name.removeprefix(AUDIT_HEADER): str(value) for name, value in found.items()}


logging.disable(logging.CRITICAL)
settle_memory()
note_accesses(read_audit_entries(os.environ))
