from pathlib import Path

import pytest

from transforms.ingest.screenshots.beside import find_beside, load_named, named_pictures


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    folder = tmp_path / "tasks"
    (folder / "images").mkdir(parents=True)
    (tmp_path / "outside.png").write_bytes(b"outside")
    (folder / "a.png").write_bytes(b"a")
    (folder / "images" / "b.PNG").write_bytes(b"b")
    (folder / "link.png").symlink_to(tmp_path / "outside.png")
    path = folder / "task.json"
    path.write_bytes(
        b'{"steps": [{"image": "b.PNG"}, {"image":"a.png"}, {"image": "a.png"}, {"image": "../outside.png"}]}'
    )
    return path


def test_pictures_of_the_folder_and_of_images_in_it_are_found(recording: Path) -> None:
    assert load_named(str(recording), "a.png") == b"a"
    assert load_named(str(recording), "b.PNG") == b"b"
    assert [path.name for path in named_pictures(recording)] == ["a.png", "b.PNG"]


@pytest.mark.parametrize(
    "name", ["../outside.png", "/etc/passwd", "images/b.PNG", "link.png", "task.json", "none.png", "..", "", "a.png\0"]
)
def test_a_name_is_no_way_and_a_link_is_not_followed(name: str, recording: Path) -> None:
    assert find_beside(str(recording), name) is None
    with pytest.raises(ValueError, match="picture"):
        load_named(str(recording), name)


def test_a_picture_in_an_address_is_unpacked_or_refused(recording: Path) -> None:
    assert load_named(str(recording), "data:image/png;base64,aGk=") == b"hi"
    assert load_named(str(recording), "data:image/png,hi") == b""
    with pytest.raises(ValueError, match="base64"):
        load_named(str(recording), "data:image/png;base64,a!")


def test_a_recording_in_a_bucket_or_without_a_file_has_none_beside_it(recording: Path) -> None:
    assert find_beside("gs://bucket/task.json", "a.png") is None
    assert list(named_pictures(recording.parent / "gone.json")) == []


def test_a_linked_folder_of_images_is_not_entered(recording: Path) -> None:
    other = recording.parent / "other"
    other.mkdir()
    (other / "images").symlink_to(recording.parent / "images")
    assert find_beside(str(other / "task.json"), "b.PNG") is None
