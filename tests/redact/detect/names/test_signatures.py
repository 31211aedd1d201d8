"""Names below the closing of a letter (all synthetic)."""

import pytest

from schemas.entities import EntityType, Span
from transforms.redact.detect.names.signatures import find_signers


def found(text: str, spans: tuple[Span, ...] = ()) -> list[str]:
    return [text[span.start : span.end] for span in find_signers(text, spans)]


@pytest.mark.parametrize(
    "closing",
    [
        "Best,",
        "Best regards",
        "Kind regards,",
        "Thanks!",
        "  > Regards,",
        "Mit freundlichen Gr\u00fc\u00dfen",
        "Saludos,",
        "MfG,",
    ],
)
@pytest.mark.parametrize("name", ["Georgia", "Zzyzxa"])
def test_a_name_alone_below_a_closing_is_one(closing: str, name: str) -> None:
    assert found(f"See you.\n{closing}\n{name}") == [name]
    assert found(f"{closing}\n\n{name}\nHead of Sales") == [name]


@pytest.mark.parametrize(
    "text",
    [
        "Best\nGeorgia",  # a heading of a table
        "Best,\ngeorgia",
        "Best,\nGeorgia and more",
        "Best,\nIs",
        "Best,\n\n\nGeorgia",
        "The best,\nGeorgia",
        "Countries,\nGeorgia",
        "Thanks, Georgia",
    ],
)
def test_elsewhere_it_is_none(text: str) -> None:
    assert found(text) == []


def test_what_is_a_person_already_is_not_found_again() -> None:
    assert found("Best,\nGeorgia", (Span(6, 13, EntityType.PERSON, 0.9),)) == []
    assert found("Best,\nGeorgia", (Span(6, 13, EntityType.LOCATION, 0.9),)) == ["Georgia"]
