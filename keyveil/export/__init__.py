"""Hand steps and sessions to other projects: lines of their data sets, archives, Ray.

In: steps of a release. Out: lines of OpenCUA and of the Agent Data Protocol, WebDataset archives, Ray datasets.
Start reading in ``lines``.
"""

import os
from importlib import import_module
from typing import Any

from keyveil.export.lines import adp, opencua
from keyveil.export.webdataset import open_webdataset, write_webdataset

__all__ = ["adp", "open_webdataset", "opencua", "ray_dataset", "write_webdataset"]


def ray_dataset(uri: str, keys: str | os.PathLike[str], **options: Any) -> Any:
    """Read steps as a ``ray.data.Dataset``; arguments as for ``keyveil.steps``. Needs ``keyveil[ray]``."""
    return import_module("keyveil.export.ray_source").read_steps(uri, keys, **options)
