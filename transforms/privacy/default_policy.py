"""The shipped policy file, read once: defaults of the settings that a person answers for."""

from collections.abc import Mapping
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Final

import yaml


def _read() -> Mapping[str, Mapping[str, Any]]:
    sections = yaml.safe_load(files(__package__).joinpath("policy.yaml").read_text(encoding="utf-8"))
    return MappingProxyType({name: MappingProxyType(settings) for name, settings in sections.items()})


POLICY: Final = _read()
"""Settings by section and name."""
