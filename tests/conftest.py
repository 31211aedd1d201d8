"""What every test may rely on."""

from collections.abc import Iterator

import pytest
from apache_beam import coders


@pytest.fixture(autouse=True)
def _beam_registry() -> Iterator[None]:
    """Put Beam's coder registry back: a run registers coders for the whole process."""
    kept = dict(coders.registry._coders)
    yield
    coders.registry._coders = kept
