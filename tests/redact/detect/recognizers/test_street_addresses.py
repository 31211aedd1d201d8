import pytest

from tests.redact.detect.recognizers.conftest import Find

FOUND = [
    "221B Baker Street, London, NW1 6XE",
    "1600 Amphitheatre Parkway, Mountain View, CA 94043",
    "742 Evergreen Terrace\nSpringfield, OR 97475",
    "350 Fifth Avenue Suite 3301",
    "Lindenstraße 12a, 10969 Berlin",
    "Am Hang 3, 79098 Freiburg",
    "12, rue de la Paix\n75002 Paris",
    "Calle de Alcalá 45, 28014 Madrid",
    "Via Garibaldi 7, 20121 Milano (MI)",
    "Rua Augusta, 1508\n01304-001 São Paulo / SP",
    "Prinsengracht 263\n1016 GV Amsterdam",
    "Storgatan 5, 111 51 Stockholm",
    "Mannerheimintie 12\n00100 Helsinki",
    "ul. Piękna 18/3, 00-549 Warszawa",
    "Vodičkova 30\n110 00 Praha",
    "Váci utca 15, 1052 Budapest",
    "P.O. Box 4711",
    "henselweg 22, 77227 ludwigslust",
    "東京都千代田区丸の内1丁目9番1号",
    "704 Redbud Drive\nCite Zzyzxvar\n, 32\n 60810",
]
NOT_FOUND = [
    "5 ways to drive traffic",
    "Windows 10 Pro",
    "Page 3 of 12",
    "21 open tabs",
    "Chapter 4 The Road",
    "December 12, 2014 at 04:32",
    "2 minutes close to midnight",
    "We moved to the cloud in 2019",
    "iPhone 15 Pro",
    "the way home",
    "Street view",
    "She lives at 5 now",
    "lives at 45%",
    "the address is 8080:80",
    "the server is at 8080",
]


@pytest.mark.parametrize("address", FOUND)
def test_addresses_are_found_whole(find: Find, address: str) -> None:
    found = find(f"it is {address}")
    assert [name for name, _ in found] == ["ADDRESS"], found
    assert found[0][1].endswith(address.rstrip("."))


@pytest.mark.parametrize("text", NOT_FOUND)
def test_numbers_beside_words_are_left(find: Find, text: str) -> None:
    assert find(text) == []


def test_an_address_goes_on_over_the_nodes_of_an_accessibility_tree(find: Find) -> None:
    nodes = ("text '77 Linden Lane'", "text 'Apt. 12'", "text 'Springfield'", "text 'Canada 12345'", "button 'Save'")
    tree = "\n".join(f"[{number}] {node}" for number, node in enumerate(nodes, 4))
    [(entity, surface)] = find(tree)
    assert entity == "ADDRESS"
    assert surface.startswith("77 Linden")
    assert surface.endswith("12345")


def test_a_zip_code_needs_its_cue(find: Find) -> None:
    assert ("ADDRESS", "94110") in find("my zip code is 94110")
    assert find("it costs 94110") == []


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("She lives at 10252   184, upstairs", "10252   184"),
        ("staying at 22 for now", "22"),
        ("their address is 123456", "123456"),
        ("Home address: 12", "12"),
        ("residing at 123456   12345", "123456   12345"),
        ("living at 12 apples", "12"),
    ],
)
def test_a_number_where_somebody_lives_is_an_address(find: Find, text: str, number: str) -> None:
    assert find(text) == [("ADDRESS", number)]
