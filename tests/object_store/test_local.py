"""Files of a folder that are no regular files are refused at once: a pipe would be waited for without end."""

import os
from pathlib import Path

import pytest

from schemas.errors import FailedError
from transforms.object_store.local import FolderStore


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir])
def test_a_pipe_or_folder_in_place_of_a_file_is_refused(make: object, tmp_path: Path) -> None:
    make(tmp_path / "catalog")  # type: ignore[operator]
    store = FolderStore(tmp_path)
    with pytest.raises(FailedError, match="cannot be read"), store.open("catalog"):
        pass
    with pytest.raises(FailedError, match="no regular file"):
        store.get("catalog")


def test_a_link_is_followed_by_no_reader_of_shards(tmp_path: Path) -> None:
    (tmp_path / "real").write_bytes(b"x")
    (tmp_path / "link").symlink_to("real")
    store = FolderStore(tmp_path)
    with store.open("real") as file:
        assert file.read() == b"x"
    with pytest.raises(FailedError), store.open("link"):
        pass
