from pathlib import Path

import pytest

from schemas.errors import FailedError, UsageError
from transforms.dataset.layout import release_layout

RELEASE = "r" * 26


def test_names_are_those_of_the_contract(tmp_path: Path) -> None:
    for output in (str(tmp_path), f"file:{tmp_path}", f"file://{tmp_path}", f"file://localhost{tmp_path}"):
        assert release_layout(output, "typing", RELEASE).home == f"{tmp_path}/typing"
    for output in ("gs://bucket/data", "gs://bucket/data/"):
        layout = release_layout(output, "typing", RELEASE)
        assert layout.home == "gs://bucket/data/typing"
        assert layout.folder == f"gs://bucket/data/typing/releases/{RELEASE}"
        assert layout.manifest == f"releases/{RELEASE}/manifest.dsse.json"
        assert layout.file("events/00000-ab.parquet") == f"releases/{RELEASE}/events/00000-ab.parquet"
        assert layout.file("aggregates/by_app/00000-ab.parquet").endswith("/aggregates/by_app/00000-ab.parquet")


@pytest.mark.parametrize(
    "output",
    [
        "",
        "s3:bucket",
        "s3://",
        "s3://b//c",
        "s4://bucket",
        "file://host/data",
        "file:",
        "http://a.example/b",
        "gs:bucket",
        "gs://",
        "gs://b/../c",
        "gs://b//c",
    ],
)
def test_other_places_are_wrong_use(output: str) -> None:
    with pytest.raises(UsageError):
        release_layout(output, "typing", RELEASE)


@pytest.mark.parametrize("dataset", ["", ".", "..", "a/b", "../a", "A", "-a", "_a", "a b", "a\n", "é", "a" * 64])
def test_dataset_names_cannot_lead_elsewhere(dataset: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="dataset"):
        release_layout(str(tmp_path), dataset, RELEASE)


@pytest.mark.parametrize(
    "dataset", ["catalog.json", "pause.json", "manifest.dsse.json", "a.part", "releases", "a..b", "a.", "x.parquet"]
)
def test_a_dataset_is_not_called_like_something_that_lies_in_an_output(dataset: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="dataset"):
        release_layout(str(tmp_path), dataset, RELEASE)


@pytest.mark.parametrize("dataset", ["a.b", "a--b", "a._b", "catalog", "releases2", "json", "v1.0", "a" * 63])
def test_a_dataset_may_have_any_other_plain_name(dataset: str, tmp_path: Path) -> None:
    assert release_layout(str(tmp_path), dataset, RELEASE).home == f"{tmp_path}/{dataset}"


@pytest.mark.parametrize("release", ["", "short", "../../../etc", "R" * 26, "r" * 65, "r" * 26 + "\n"])
def test_release_ids_cannot_lead_elsewhere(release: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="release"):
        release_layout(str(tmp_path), "typing", release)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "x.parquet",
        "events/../../x.parquet",
        "/etc/passwd",
        "events/a.txt",
        "events/a/b.parquet",
        "aggregates/x.parquet",
        "events/a.parquet\n",
        "catalog.json",
    ],
)
def test_data_files_cannot_lie_elsewhere(name: str, tmp_path: Path) -> None:
    with pytest.raises(FailedError, match="outside"):
        release_layout(str(tmp_path), "typing", RELEASE).file(name)
