"""The looks of a value and its surrogate: sign, case and legal form."""

import pytest

from schemas.entities import EntityType
from transforms.redact.surrogates.reserved_values import placeholder
from transforms.redact.surrogates.surface import is_telling, plain_value, without_legal_form, write_like


@pytest.mark.parametrize(
    ("entity", "surrogate", "surface", "written"),
    [
        (EntityType.USERNAME, "bralano123", "@anna", "@bralano123"),
        (EntityType.USERNAME, "bralano123", "anna", "bralano123"),
        (EntityType.CHANNEL, "channel-1234", "#general", "#channel-1234"),
        (EntityType.CHANNEL, "channel-1234", "general", "channel-1234"),
        (EntityType.ORGANISATION, "Norvarrowmills", "acme", "norvarrowmills"),
        (EntityType.ORGANISATION, "Norvarrowmills", "ACME", "NORVARROWMILLS"),
        (EntityType.TICKET, "TICKET-12345", "pay-1", "ticket-12345"),
        (EntityType.REPOSITORY, "repo-1234", "ROCKET", "repo-1234"),
        (EntityType.ORGANISATION, "", "acme", ""),
    ],
)
def test_a_surrogate_is_written_like_its_value(entity: EntityType, surrogate: str, surface: str, written: str) -> None:
    assert write_like(entity, surrogate, surface) == written


@pytest.mark.parametrize("entity", [EntityType.ORGANISATION, EntityType.TICKET])
def test_a_marker_keeps_its_case(entity: EntityType) -> None:
    assert write_like(entity, placeholder(entity), "acme") == placeholder(entity)


def test_legal_forms_and_writing_make_no_other_organisation() -> None:
    names = ("Acme", "ACME Ltd.", "acme GmbH & Co. KG", "Acme, Inc.", "a-c-m-e")
    assert {plain_value(EntityType.ORGANISATION, name) for name in names} == {"acme"}
    assert plain_value(EntityType.PROJECT, "Acme Ltd.") == "acmeltd"
    assert without_legal_form("Group") == "Group"


def test_a_technical_word_is_no_secret_elsewhere() -> None:
    assert not is_telling(EntityType.REPOSITORY, "kubectl")
    assert is_telling(EntityType.REPOSITORY, "kubectl-rocket")
    assert is_telling(EntityType.USERNAME, "kubectl")
