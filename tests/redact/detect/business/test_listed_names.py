"""Listed organisations and projects, however they are written."""

import pytest

from schemas.entities import EntityType
from transforms.redact.detect.business.listed_names import ListedNames

ORGANISATIONS = ListedNames.of(["Acme Corp", "Box", "Nordhavn Analytics GmbH"], EntityType.ORGANISATION)
PROJECTS = ListedNames.of(["Blue Heron", "Zelkova"], EntityType.PROJECT)


def found(names: ListedNames, text: str) -> list[str]:
    spans = sorted({span[:2] for span in names.find(text)})
    return [
        text[start:end]
        for start, end in spans
        if not any(s <= start and end <= e and (s, e) != (start, end) for s, e in spans)
    ]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Acme Corp, ACME-CORP, acme", ["Acme Corp", "ACME-CORP", "acme"]),
        ("https://jira.acme.example/x", ["acme"]),
        ("nordhavn analytics and Nordhavn Analytics GmbH", ["nordhavn analytics", "Nordhavn Analytics GmbH"]),
        ("acmes, pacme", []),
        ("put it in a box", []),
        ("Box, BOX, box.com, mail@box.com", ["Box", "BOX", "box", "box"]),
    ],
)
def test_organisations_with_and_without_legal_form(text: str, names: list[str]) -> None:
    assert found(ORGANISATIONS, text) == names


def test_projects_in_any_spelling() -> None:
    assert found(PROJECTS, "Blue-Heron, BlueHeron, blue_heron and zelkova") == [
        "Blue-Heron",
        "BlueHeron",
        "blue_heron",
        "zelkova",
    ]
    assert found(PROJECTS, "a blue heron") == ["blue heron"]
    assert found(PROJECTS, "herons are blue") == []


def test_it_shows_no_name() -> None:
    assert "acme" not in repr(ORGANISATIONS).lower()
