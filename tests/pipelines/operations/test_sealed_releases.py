"""Releases are found at the address of an output, a dataset or a release, and each dataset is opened once."""

from pathlib import Path

import pytest

from pipelines.operations.sealed_releases import find_releases, require_releases
from schemas.errors import UsageError
from transforms.object_store.local import FolderStore

FIRST, SECOND = "a" * 26, "b" * 26


@pytest.fixture
def output(tmp_path: Path) -> Path:
    for dataset, release in (("office", SECOND), ("office", FIRST), ("other", FIRST)):
        folder = tmp_path / dataset / "releases" / release
        (folder / "events").mkdir(parents=True)
        (folder / "manifest.dsse.json").write_text("{}")
        (folder / "events" / "manifest.dsse.json").write_text("{}")  # too deep: no release
    (tmp_path / "other" / "releases" / SECOND).mkdir()
    (tmp_path / "other" / "releases" / SECOND / "README.md").write_text("begun, never sealed")
    (tmp_path / "manifest.dsse.json").write_text("{}")
    return tmp_path


@pytest.mark.parametrize(
    ("below", "names"),
    [
        ("", [("office", FIRST), ("office", SECOND), ("other", FIRST)]),
        ("office", [("office", FIRST), ("office", SECOND)]),
        (f"office/releases/{SECOND}", [("office", SECOND)]),
        (f"other/releases/{SECOND}", []),
    ],
)
def test_sealed_releases_are_found_at_every_kind_of_address(
    output: Path, below: str, names: list[tuple[str, str]]
) -> None:
    found = find_releases([FolderStore(output / below)])
    assert [(release.layout.dataset, release.layout.release_id) for release in found] == names
    assert [release.folder for release in found] == [
        str(output / dataset / "releases" / release) for dataset, release in names
    ]


def test_a_release_at_two_addresses_is_listed_once_and_its_dataset_opened_once(output: Path) -> None:
    found = find_releases([FolderStore(output), FolderStore(output / "office")])
    assert len(found) == 3
    assert found[0].home is found[1].home
    assert [release.home.uri for release in found] == [str(output / name) for name in ("office", "office", "other")]


def test_an_address_without_a_release_is_refused_with_what_to_pass(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="holds no release; pass an output"):
        require_releases(FolderStore(tmp_path))


def test_a_release_that_was_copied_alone_is_told_from_no_release(output: Path, tmp_path: Path) -> None:
    alone = tmp_path / "alone"
    alone.mkdir()
    with pytest.raises(UsageError, match="holds no release"):
        require_releases(FolderStore(alone))
    (alone / "manifest.dsse.json").write_text("{}")
    with pytest.raises(UsageError, match="taken out of its dataset: put the folder back at DATASET/releases/ID"):
        require_releases(FolderStore(alone))
    assert len(require_releases(FolderStore(output / "office" / "releases" / FIRST))) == 1
