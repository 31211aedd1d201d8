"""What every test may rely on."""

from collections.abc import Iterator

import pytest
from apache_beam import coders
from hypothesis import settings

settings.register_profile("keyveil", deadline=None, print_blob=True)  # how long it takes is measured in benchmarks/
settings.load_profile("keyveil")


@pytest.fixture(autouse=True)
def _beam_registry() -> Iterator[None]:
    """Put Beam's coder registry back: a run registers coders for the whole process."""
    kept = dict(coders.registry._coders)
    yield
    coders.registry._coders = kept
