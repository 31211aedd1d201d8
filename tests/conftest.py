"""What every test may rely on."""

import tempfile
from collections.abc import Iterator

import pytest
from apache_beam import coders
from hypothesis import settings

# how long it takes is measured in benchmarks/; no database of examples: a checkout may be read-only, and no run may
# depend on the one before (a failure prints what replays it)
settings.register_profile("keyveil", deadline=None, print_blob=True, database=None)
settings.load_profile("keyveil")


_REGISTERED = dict(coders.registry._coders)


@pytest.fixture(autouse=True)
def _beam_registry() -> Iterator[None]:
    """Let every test begin with Beam's own coders: a run registers more of them for the whole process."""
    coders.registry._coders = dict(_REGISTERED)
    yield
    coders.registry._coders = dict(_REGISTERED)


@pytest.fixture(autouse=True, scope="session")
def _temporary_files(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep temporary files of the tests together: Beam makes a folder for each graph, even for one that never runs."""
    before, tempfile.tempdir = tempfile.tempdir, str(tmp_path_factory.mktemp("temporary"))
    yield
    tempfile.tempdir = before
