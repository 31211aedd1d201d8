"""Worker plugin of Beam: a worker in a container imports it at its start.

From then on no library may log what it saw: a container starts Beam's own worker, whose log goes to Cloud Logging. An
error of ours reaches the driver by itself.
"""

import logging

from pipelines.runner.memory_settings import settle_memory

logging.disable(logging.CRITICAL)
settle_memory()
