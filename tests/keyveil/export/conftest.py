from pathlib import Path

import pytest

from tests.keyveil import recordings
from tests.keyveil.conftest import Published, published
from transforms.keys.key_set import KeySet


@pytest.fixture(scope="session")
def mails(tmp_path_factory: pytest.TempPathFactory, keys: KeySet, reader: Path) -> Published:
    """A release of sessions that hold everything a step can tell of."""
    folder = tmp_path_factory.mktemp("mails")
    return published(folder, keys, reader, [[1] * 3, [1] * 4], "sealed", make=recordings.mail_session)
