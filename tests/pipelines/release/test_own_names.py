"""The organisation's list of names is read with its faults told by place, and decides the release by its content."""

from pathlib import Path

import pytest

from pipelines.budget.release_plan import plan_release
from pipelines.config import RunConfig, load_config
from pipelines.release.own_names import read_own_names
from schemas.errors import UsageError
from transforms.vocabulary import NO_NAMES, OwnNames


def config(path: str | Path, *more: str) -> RunConfig:
    return load_config(None, [f"noise.public_names={path}", *more], None)


def listed(folder: Path, text: str) -> Path:
    path = folder / "names.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_names_are_read_from_yaml(tmp_path: Path) -> None:
    path = listed(tmp_path, "applications:\n  Acme CRM: [acmecrm, com.acme.crm]\nhosts: [crm.acme.example]\n")
    assert read_own_names(config(path)) == OwnNames({"Acme CRM": ("acmecrm", "com.acme.crm")}, ("crm.acme.example",))
    assert read_own_names(load_config(None, [], None)) is NO_NAMES


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("applications: [zebracorp]\n", "must hold applications"),
        ("sites: [zebracorp.example]\n", "must hold applications"),
        ("zebracorp: [zebra]\n", "must hold applications"),
        ("applications: {zebracorp: 7}\n", "must hold applications"),
        ("applications: {zebracorp: [a], zebracorp: [b]}\n", "must hold applications"),
        ("applications: {zebracorp: ['']}\n", "a spelling of application 1 must have"),
        ("hosts: [zebracorp.example, zebracorp.example]\n", "a host stands twice"),
        ("hosts: [zebracorp]\n", "host 1 must read like"),
        ("applications: {zebracorp: [keepassxc]}\n", "application 1 is dropped as private; leave it out"),
        ("hosts: [a.example, zebracorp.mychart.org]\n", "host 2 is dropped as private; leave it out"),
        ("hosts: [zebracorp.example]\n", "host 1 is dropped as private; leave it out"),
        (": [", "must hold applications"),
    ],
)
def test_a_wrong_list_is_told_with_its_file_and_place(text: str, error: str, tmp_path: Path) -> None:
    path = listed(tmp_path, text)
    more = ["redact.denied=[zebracorp.example]"] if error.startswith("host 1 is dropped") else []
    with pytest.raises(UsageError, match=error) as told:
        read_own_names(config(path, *more))
    assert f"noise.public_names {path}: " in str(told.value)
    assert "zebracorp" not in str(told.value)


@pytest.mark.parametrize("raw", [b"\xff\xfe", None])
def test_a_file_that_cannot_be_read_is_told(raw: bytes | None, tmp_path: Path) -> None:
    if raw is not None:
        (tmp_path / "names.yaml").write_bytes(raw)
    with pytest.raises(UsageError, match="cannot be read as UTF-8 YAML; check the path"):
        read_own_names(config(tmp_path / "names.yaml"))


def test_an_empty_path_is_refused() -> None:
    with pytest.raises(UsageError, match="must be the path of a file"):
        config("''")


def test_where_the_list_lies_is_no_part_of_the_settings_and_whether_there_is_one_is(tmp_path: Path) -> None:
    here, there, none = config(tmp_path / "a"), config(tmp_path / "b"), load_config(None, [], None)
    assert here.canonical() == there.canonical() != none.canonical()


def test_the_statement_says_that_a_list_was_given(tmp_path: Path) -> None:
    own, none = (
        " ".join(text for item in plan_release(made).statements(None) for text in item.not_covered)
        for made in (config(tmp_path / "a"), load_config(None, [], None))
    )
    assert "noise.public_names" in own
    assert "noise.public_names" not in none
