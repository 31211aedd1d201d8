import json

import mlcroissant
import pytest

from tests.keyveil.conftest import Publish


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")
def test_croissant_is_valid_without_an_issue_and_loads(publish_release: Publish) -> None:
    made = publish_release([[12, 5], [9]])
    path = made.folder / "croissant.json"
    dataset = mlcroissant.Dataset(jsonld=str(path))
    assert not dataset.metadata.ctx.issues.errors
    missing = dataset.metadata.ctx.issues.warnings  # a release without a window discloses no date
    assert len(missing) == 1
    assert "date_published" in next(iter(missing)) or "datePublished" in next(iter(missing))
    rows = list(dataset.records("events"))
    assert len(rows) == 26
    assert {row["events/session"].decode() for row in rows} == set(made.sessions)
    form = json.loads(path.read_text())
    assert len([name for name in form if name.startswith("rai:")]) >= 8
    signed = {item["@id"]: item["sha256"] for item in form["distribution"] if item["@type"] == "cr:FileObject"}
    assert len(signed) == 4
