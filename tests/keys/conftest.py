"""A key set in a folder of its own, and how it is opened."""

from pathlib import Path

import pytest

from transforms.keys.key_set import create_key_set


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    create_key_set(tmp_path / "keys")
    return tmp_path / "keys"
