"""Organisations that mail addresses name go wherever the text mentions them; all names here are made up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.redact.detect.business.mail_domains import find_mail_organisations


def found(text: str) -> list[str]:
    return [
        text[start:end] for start, end in sorted({(start, end) for start, end, *_ in find_mail_organisations(text)})
    ]


@pytest.mark.parametrize(
    ("text", "mentions"),
    [
        ("ana@heronix.example: Heronix, heronix, www.heronix.example", ["heronix", "Heronix", "heronix", "heronix"]),
        ("To: Ana <ana@mail.heronix.co.uk>\nHeronix Ltd.", ["heronix", "Heronix"]),
        ("ana@heronix.co.uk, Heronix", ["heronix", "Heronix"]),
        ("bo@blue-heron.example at Blue Heron, in ~/code/blue-heron", ["blue-heron", "Blue Heron", "blue-heron"]),
        ("bo@blue-heron.example saw a blue heron", ["blue-heron"]),
        ("bo@blue-heronix.example of blue heronix", ["blue-heronix", "blue heronix"]),
        ("bo@blue-heron.example\nBlueHeron", ["blue-heron", "BlueHeron"]),
        ("ana@heronix.example, bo@ekvista.example: Ekvista", ["heronix", "ekvista", "Ekvista"]),
    ],
)
def test_mentions_are_found_however_they_are_written(text: str, mentions: list[str]) -> None:
    assert found(text) == mentions


@pytest.mark.parametrize(
    "text",
    [
        "ana@gmail.com writes to Gmail, bo@gmx.de, cy@t-online.de, eve@fastmail.com and Fastmail",
        "x@python.org for Python, y@lists.debian.org for Debian, z@example.com for Example",
        "ana@smith.example for Smith",
        "heronix.example belongs to Heronix",
        "@heronix.example and ana @ heronix.example for Heronix",
        "ana@mail.co.uk, Mail",
        "ana@co.uk",
    ],
)
def test_words_names_and_providers_stay(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(("name", "counts"), [("qzrtw", True), ("qzrt", False), ("qz-rtw", True), ("qz-rt", False)])
def test_a_name_has_five_letters_at_least(name: str, *, counts: bool) -> None:
    assert bool(found(f"ana@{name}.example")) == counts


@pytest.mark.parametrize(("labels", "counts"), [(4, True), (5, False)])
def test_a_host_has_six_labels_at_most(labels: int, *, counts: bool) -> None:
    assert bool(found(f"ana@{'a.' * labels}heronix.example")) == counts


@pytest.mark.parametrize(
    ("host", "counts"),
    [
        (f"{'qz' * 31}q.example", True),  # 63 characters
        (f"{'qz' * 32}.example", False),
        (f"heronix.{'a' * 24}", True),
        (f"heronix.{'a' * 25}", False),
        ("heronix.ab", True),
        ("heronix.a", False),
    ],
)
def test_a_label_has_63_characters_at_most_and_the_last_two_to_24_letters(host: str, *, counts: bool) -> None:
    assert bool(found(f"ana@{host}")) == counts


_NO_ADDRESS = st.text("ahx.- \n", max_size=30)


@given(_NO_ADDRESS, _NO_ADDRESS)
def test_a_text_without_an_address_names_nobody(before: str, behind: str) -> None:
    assert found(f"{before}Heronix{behind}") == []
