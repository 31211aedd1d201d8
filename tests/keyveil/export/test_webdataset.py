import io
import json
import os
import tarfile
from pathlib import Path
from unittest import mock

import pytest
from PIL import Image

import keyveil
from keyveil.export import open_webdataset, webdataset, write_webdataset
from schemas.errors import FailedError, RefusedError, UsageError
from tests.keyveil.conftest import Published

MOUNTS = """\
22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
30 22 0:25 / /memory rw,nosuid shared:3 - tmpfs tmpfs rw
31 30 254:1 / /memory/disk rw shared:4 - xfs /dev/vdb rw
32 22 0:26 / /with\\040space rw - ramfs none rw
"""


def steps(release: Published, observation: str = "image") -> keyveil.Steps:
    return keyveil.steps(
        str(release.home), keys=release.reader, observation=observation, size=(200, 100), format="messages"  # type: ignore[arg-type]
    )  # fmt: skip


def names(release: Published, *kinds: str) -> list[str]:
    return [f"{name}-{number:06d}.{kind}" for name in release.sessions for number in range(5) for kind in kinds]


def test_an_archive_in_memory_holds_json_and_picture_of_each_step(mails: Published) -> None:
    file = io.BytesIO()
    assert write_webdataset(steps(mails), file) == 5 * len(mails.sessions)
    first = mails.sessions[0]
    with tarfile.open(fileobj=io.BytesIO(file.getvalue())) as archive:
        assert archive.getnames() == names(mails, "json", "png")
        row = json.load(archive.extractfile(f"{first}-000004.json"))  # type: ignore[arg-type]
        picture = Image.open(archive.extractfile(f"{first}-000004.png"))  # type: ignore[arg-type]
    assert row["session"] == first
    turns = json.loads(row["history"])
    assert turns[0]["content"][0] == {"type": "image", "image": f"{first}-000004.png"}
    assert json.loads(row["next_action"])["role"] == "assistant"
    assert picture.size == (200, 100)
    again = io.BytesIO()
    write_webdataset(steps(mails), again)
    assert again.getvalue() == file.getvalue()


def test_nodes_are_written_without_a_picture(mails: Published) -> None:
    file = io.BytesIO()
    write_webdataset(steps(mails, "nodes"), file)
    with tarfile.open(fileobj=io.BytesIO(file.getvalue())) as archive:
        assert archive.getnames() == names(mails, "json")


def test_a_clear_archive_on_a_disk_is_refused_before_a_byte_is_written(mails: Published, tmp_path: Path) -> None:
    path = tmp_path / "steps.tar"
    with mock.patch.object(webdataset, "is_in_memory", return_value=False):
        with pytest.raises(RefusedError, match="must be sealed"):
            write_webdataset(steps(mails), path)
        assert not path.exists()
        with path.open("wb") as file, pytest.raises(RefusedError, match="must be sealed"):
            write_webdataset(steps(mails), file)
        assert path.read_bytes() == b""

        class Unknown(io.RawIOBase):
            pass

        with pytest.raises(RefusedError):
            write_webdataset(steps(mails), Unknown())  # type: ignore[arg-type]


def test_a_sealed_archive_may_lie_anywhere_and_is_private(mails: Published, tmp_path: Path) -> None:
    path = tmp_path / "steps.sealed"
    write_webdataset(steps(mails, "text"), path, keys=mails.reader)
    content = path.read_bytes()
    assert path.stat().st_mode & 0o777 == 0o600
    assert not any(
        name.encode() in content for name in (*names(mails, "json"), *mails.sessions, "Plevosti", "000.json")
    )
    with open_webdataset(path, keys=mails.reader) as stream, tarfile.open(fileobj=stream, mode="r|") as archive:
        assert archive.getnames() == names(mails, "json")
    path.with_name("other").write_bytes(content[:-1])
    with open_webdataset(path.with_name("other"), keys=mails.reader) as stream, pytest.raises(FailedError):
        stream.read()
    path.with_name("tar").write_bytes(b"no archive")
    with pytest.raises(FailedError, match="no sealed archive"):
        open_webdataset(path.with_name("tar"), keys=mails.reader)
    with pytest.raises(UsageError, match=r"exists; name a new file"):
        write_webdataset(steps(mails, "text"), path, keys=mails.reader)


def test_pipes_and_files_in_memory_take_a_clear_archive(mails: Published, tmp_path: Path) -> None:
    out, into = os.pipe()
    with os.fdopen(out, "rb") as read, os.fdopen(into, "wb") as written:
        with mock.patch.object(webdataset, "_write", return_value=7) as writing:
            assert write_webdataset(steps(mails), written) == 7
        assert writing.call_args.args[1] is written
        assert read.readable()
    with mock.patch.object(webdataset, "is_in_memory", return_value=True):
        assert write_webdataset(steps(mails, "text"), tmp_path / "a.tar") == 5 * len(mails.sessions)
        with (tmp_path / "b.tar").open("wb") as file:
            assert write_webdataset(steps(mails, "text"), file) == 5 * len(mails.sessions)
    assert (tmp_path / "a.tar").read_bytes() == (tmp_path / "b.tar").read_bytes()


@pytest.mark.parametrize(
    ("folder", "expected"),
    [
        ("/memory", True),
        ("/memory/a/b", True),
        ("/memory/disk/a", False),
        ("/memoryless", False),
        ("/", False),
        ("/with space/a", True),
    ],
)
def test_the_deepest_mount_tells_whether_a_folder_is_in_memory(folder: str, expected: bool, tmp_path: Path) -> None:
    mounts = tmp_path / "mountinfo"
    mounts.write_text(MOUNTS, encoding="utf-8")
    with (
        mock.patch.object(webdataset, "_MOUNTS", mounts),
        mock.patch.object(webdataset.os.path, "realpath", side_effect=str),
    ):
        assert webdataset.is_in_memory(Path(folder)) is expected


def test_without_a_list_of_mounts_nothing_counts_as_memory(tmp_path: Path) -> None:
    with mock.patch.object(webdataset, "_MOUNTS", tmp_path / "none"):
        assert not webdataset.is_in_memory(tmp_path)
