import pytest

from transforms.ingest.screenshots.screen_reader import Networks, load_networks


@pytest.fixture(scope="session")
def networks() -> Networks:
    return load_networks(1)
