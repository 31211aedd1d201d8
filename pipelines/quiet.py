"""Imported by a worker when it starts (Beam calls it a plugin): from then on no library may log what it saw.

A container starts Beam's own worker, whose log goes to Cloud Logging; an error of ours reaches the driver by itself.
"""

import logging

logging.disable(logging.CRITICAL)
